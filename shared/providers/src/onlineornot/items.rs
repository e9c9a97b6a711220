//! Incidents and maintenances, gathered from the several places that list them.
//!
//! Deliberately absent: where these places are.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use statusphere_domain::{
    ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update,
};

use super::stream::Node;
use crate::{Target, field, words};

pub(super) fn component_status(word: &str) -> ComponentStatus {
    match word {
        "MAINTENANCE" => ComponentStatus::UnderMaintenance,
        _ => words::component(&word.to_ascii_lowercase()),
    }
}

pub(super) fn impact(word: &str) -> Indicator {
    Indicator::parse(&word.to_ascii_lowercase()).unwrap_or_else(|| words::severity(component_status(word)))
}

/// Components that one incident names, at most.
const MAX_NAMES: usize = 200;

/// All that the page lists, each once.
#[derive(Default)]
pub(super) struct Posts {
    all: Vec<Post>,
    places: HashMap<String, usize>,
    planned: HashSet<String>,
    detail: Option<Detail>,
    /// Rows that could not be read.
    pub(super) lost: usize,
}

struct Post {
    id: String,
    title: String,
    started: DateTime<Utc>,
    ended: Option<DateTime<Utc>>,
    impact: Option<Indicator>,
    components: Vec<String>,
    /// Oldest to newest.
    updates: Vec<Update>,
}

impl Posts {
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Adds the rows of one list; `component` is the one whose list it is.
    pub(super) fn add_all(&mut self, rows: &[Node<'_>], component: Option<&str>) {
        for row in rows {
            match Post::read(*row, component) {
                // What ended and has no impact is a maintenance: without its messages nothing else tells so.
                Some(post) if component.is_some() && post.is_bare() && !self.places.contains_key(&post.id) => {}
                Some(post) => self.add(post),
                None => self.lost += 1,
            }
        }
    }

    /// Adds the list of planned maintenance; false when a row could not be read.
    pub(super) fn add_planned(&mut self, rows: &[Node<'_>]) -> bool {
        let read: Vec<_> = rows.iter().filter_map(|row| Post::read(*row, None)).collect();
        let all = read.len() == rows.len();
        for post in read {
            self.planned.insert(post.id.clone());
            self.add(post);
        }
        all
    }

    /// Says that the lists held one message of each only.
    pub(super) fn as_rows(&mut self) {
        self.detail = Some(Detail::Row);
    }

    fn add(&mut self, post: Post) {
        if let Some(known) = self.places.get(&post.id).and_then(|place| self.all.get_mut(*place)) {
            known.merge(post);
        } else {
            self.places.insert(post.id.clone(), self.all.len());
            self.all.push(post);
        }
    }

    pub(super) fn items(self, target: &Target<'_>) -> Vec<Item> {
        let (planned, detail) = (self.planned, self.detail);
        self.all.into_iter().map(|post| post.item(target, &planned, detail)).collect()
    }
}

impl Post {
    /// `None` when it cannot be read.
    fn read(row: Node<'_>, component: Option<&str>) -> Option<Self> {
        let id = row.text("id").or_else(|| row.text("incidentId"))?.to_owned();
        let ended = match row.field("ended") {
            None => None,
            Some(ended) => Some(field::at(ended.value())?),
        };
        let impact = row.text("impact").map(impact);
        Some(Self {
            id,
            title: row.text("title")?.to_owned(),
            started: field::at(row.field("started")?.value())?,
            ended,
            impact,
            components: component.filter(|name| !name.is_empty()).map(str::to_owned).into_iter().collect(),
            updates: updates(row),
        })
    }

    fn is_bare(&self) -> bool {
        self.impact.is_none() && self.ended.is_some() && self.updates.is_empty()
    }

    /// Takes what another copy knows better. A copy may be older than the end that the other one tells.
    fn merge(&mut self, other: Self) {
        self.ended = self.ended.or(other.ended);
        self.impact = self.impact.max(other.impact);
        let known = &self.components;
        if known.len() < MAX_NAMES && !other.components.iter().any(|name| known.contains(name)) {
            self.components.extend(other.components);
        }
        if other.updates.len() > self.updates.len() {
            self.updates = other.updates;
        }
    }

    fn item(self, target: &Target<'_>, planned: &HashSet<String>, detail: Option<Detail>) -> Item {
        let newest = self.updates.last().map_or("", |update| update.title.as_str());
        let link = target.at(&format!("/incidents/{}", self.id));
        let detail = detail.unwrap_or(if self.updates.is_empty() { Detail::Row } else { Detail::Full });
        let ended_at = self.ended.map(|end| end.max(self.started));
        let is_completed = newest == "Completed";
        if is_completed || planned.contains(&self.id) || self.impact == Some(Indicator::Maintenance) {
            let by_window = words::window(self.started, ended_at, target.as_of);
            return Item::Maintenance(Maintenance {
                id: self.id,
                title: self.title,
                link,
                status: if is_completed { MaintenanceStatus::Completed } else { by_window },
                starts_at: self.started,
                ends_at: ended_at,
                updates: self.updates,
                components: self.components,
                detail,
            });
        }
        let stage = words::incident(&newest.to_lowercase());
        let told = self.impact.unwrap_or(Indicator::None);
        Item::Incident(Incident {
            id: self.id,
            title: self.title,
            link,
            impact: if ended_at.is_some() { told } else { told.max(Indicator::Minor) },
            status: match ended_at {
                Some(_) => IncidentStatus::Resolved,
                // Only an end ends an incident.
                None if stage.is_over() => IncidentStatus::Unknown,
                None => stage,
            },
            started_at: self.started,
            ended_at,
            updates: self.updates,
            components: self.components,
            detail,
        })
    }
}

fn updates(row: Node<'_>) -> Vec<Update> {
    let messages = row.field("updates").and_then(Node::list).unwrap_or_default();
    let read = messages.into_iter().filter_map(|message| {
        let at = ["dateHappened", "createdAt"].iter().find_map(|key| field::at(message.field(key)?.value()))?;
        let title = words::shown(&message.text("status").unwrap_or_default().to_ascii_lowercase());
        Some(Update { at, title, body: message.text("description").unwrap_or_default().to_owned() })
    });
    let mut updates: Vec<_> = read.collect();
    // The newest stands first in the data, so that equal stamps have to be turned round before they are sorted.
    updates.reverse();
    updates.sort_by_key(|update| update.at);
    updates
}

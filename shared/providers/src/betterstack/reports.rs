//! Reports: what the vendor tells of an incident or of planned work.
//!
//! Deliberately absent: stages. The platform has none; an update says how the components that it names fare.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{
    Component, Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update,
};

use super::words;
use crate::field::{at, id, list, text};
use crate::{Target, words as common};

/// What reports refer to.
pub(super) struct Context<'a> {
    target: &'a Target<'a>,
    names: HashMap<String, String>,
    updates: HashMap<String, &'a Value>,
}

impl<'a> Context<'a> {
    pub(super) fn new(target: &'a Target<'a>, components: &[Component], updates: &[&'a Value]) -> Self {
        let names = components.iter().map(|component| (component.id.clone(), component.name.clone())).collect();
        let updates = updates.iter().filter_map(|row| Some((id(&row["id"])?, *row))).collect();
        Self { target, names, updates }
    }

    /// A report; `None` when it has no id, no state or no readable time.
    pub(super) fn item(&self, report: &Value) -> Option<Item> {
        let attributes = &report["attributes"];
        let own = id(&report["id"])?;
        let state = attributes["aggregate_state"].as_str()?.trim();
        let rows: Vec<&Value> = list(&report["relationships"]["status_updates"]["data"])
            .iter()
            .filter_map(|row| self.updates.get(&id(&row["id"])?).copied())
            .collect();
        let mut updates: Vec<Update> = rows.iter().filter_map(|row| update(row)).collect();
        updates.sort_by_key(|update| update.at);
        let first = updates.first().map(|update| update.at);
        let starts_at = at(&attributes["starts_at"]).or(first)?;
        let affected = rows.iter().flat_map(|row| list(&row["attributes"]["affected_resources"]));
        let affected: Vec<&Value> = list(&attributes["affected_resources"]).iter().chain(affected).collect();
        let told = Told {
            title: text(&attributes["title"]).to_owned(),
            link: self.target.at(&format!("/incident/{own}")),
            components: self.named(&affected),
            id: own,
        };
        let ends_at = at(&attributes["ends_at"]).filter(|end| *end >= starts_at);
        let over = words::is_over(state);
        let named = affected.iter().filter_map(|row| words::state(text(&row["status"]))).max();
        let worst = named.max(words::state(state)).unwrap_or(Indicator::None);
        // A report that was written by hand is planned work as well, if it never named anything worse.
        let planned = attributes["report_type"] == "maintenance" || worst == Indicator::Maintenance;
        if planned {
            let status =
                if over { MaintenanceStatus::Completed } else { common::window(starts_at, ends_at, self.target.as_of) };
            return Some(told.maintenance(status, starts_at, ends_at, updates));
        }
        let last = updates.last().map(|update| update.at);
        Some(Item::Incident(Incident {
            id: told.id,
            title: told.title,
            link: told.link,
            impact: if over { worst } else { worst.max(Indicator::Minor) },
            status: if over { IncidentStatus::Resolved } else { IncidentStatus::Unknown },
            started_at: first.map_or(starts_at, |first| first.min(starts_at)),
            ended_at: over.then(|| ends_at.or(last).unwrap_or(starts_at).max(starts_at)),
            updates,
            components: told.components,
            detail: Detail::Full,
        }))
    }

    /// The names of resources, each once.
    fn named(&self, affected: &[&Value]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut known = HashSet::new();
        for own in affected.iter().filter_map(|row| id(&row["status_page_resource_id"])) {
            if known.insert(own.clone()) {
                names.extend(self.names.get(&own).cloned());
            }
        }
        names
    }
}

/// What incidents and maintenances share.
struct Told {
    id: String,
    title: String,
    link: String,
    components: Vec<String>,
}

impl Told {
    fn maintenance(
        self,
        status: MaintenanceStatus,
        starts_at: DateTime<Utc>,
        ends_at: Option<DateTime<Utc>>,
        updates: Vec<Update>,
    ) -> Item {
        let Self { id, title, link, components } = self;
        let detail = Detail::Full;
        Item::Maintenance(Maintenance { id, title, link, status, starts_at, ends_at, updates, components, detail })
    }
}

fn update(row: &Value) -> Option<Update> {
    let attributes = &row["attributes"];
    let at = at(&attributes["published_at"])?;
    Some(Update { at, title: title(&attributes["affected_resources"]), body: text(&attributes["message"]).to_owned() })
}

/// The worst state that an update gives to a component: "Degraded". Empty when it names none.
fn title(affected: &Value) -> String {
    let said = list(affected).iter().map(|row| text(&row["status"]));
    let worst = said.max_by_key(|word| (words::state(word), *word == "resolved"));
    common::shown(worst.unwrap_or_default())
}

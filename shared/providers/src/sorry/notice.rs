//! Notices and components, which the page's own documents and the platform's API write alike.
//!
//! Deliberately absent: degrees of trouble. The platform has none.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Item, ItemKey, Maintenance,
    MaintenanceStatus, Reading, Update,
};

use crate::field::{at, id, list, text};
use crate::{Target, words};

/// The page's state in the field's words; `None` for a word that is not known.
pub(super) fn indicator(word: &str) -> Option<Indicator> {
    match component(word) {
        ComponentStatus::Unknown => None,
        status => Some(words::severity(status)),
    }
}

fn component(word: &str) -> ComponentStatus {
    match word.replace('-', "_").as_str() {
        "operational" => ComponentStatus::Operational,
        "degraded" | "partially_degraded" => ComponentStatus::DegradedPerformance,
        "under_maintenance" => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}

/// Components in the given order. One that has children fares in its own right and is the group of these. A component
/// that is unreadable is unknown.
pub(super) fn components(rows: &[&Value]) -> Vec<Component> {
    let names: BTreeMap<String, &str> =
        rows.iter().filter_map(|row| Some((id(&row["id"])?, text(&row["name"])))).collect();
    let read = |row: &&Value| {
        let name = text(&row["name"]);
        let own = id(&row["id"]);
        let parent = id(&row["parent_id"]).and_then(|parent| names.get(&parent));
        Component {
            id: own.clone().unwrap_or_else(|| if name.is_empty() { "?".to_owned() } else { name.to_owned() }),
            name: if name.is_empty() { own.unwrap_or_else(|| "?".to_owned()) } else { name.to_owned() },
            group: parent.filter(|name| !name.is_empty()).map(|name| (*name).to_owned()),
            status: component(text(&row["state"])),
        }
    };
    rows.iter().map(read).collect()
}

/// Where a notice that is not over has its whole timeline.
pub(super) fn detail(row: &Value) -> Option<String> {
    let id = id(&row["id"]).filter(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
    matches!(text(&row["timeline_state"]), "present").then(|| format!("{}/{id}", super::NOTICES))
}

/// The notices of a page, each once.
#[derive(Default)]
pub(super) struct Notices {
    items: Vec<Item>,
    known: BTreeSet<ItemKey>,
    details: Vec<String>,
    listed: usize,
    complete: bool,
}

impl Notices {
    /// Adds a row, with the whole notice where it was given.
    pub(super) fn add(&mut self, target: &Target<'_>, row: &Value, whole: Option<&Value>) {
        if text(&row["type"]) == "general" {
            return;
        }
        self.listed += 1;
        let Some(item) = item(target, row, whole) else { return };
        if !self.known.insert(item.key()) {
            self.listed -= 1;
            return;
        }
        if item.is_open() {
            self.details.extend(detail(row));
        }
        self.items.push(item);
    }

    /// An error when there are rows and not one can be read.
    pub(super) fn finish(mut self, complete: bool) -> Result<Self, String> {
        if self.items.is_empty() && self.listed > 0 {
            return Err("no row of the notices can be read".to_owned());
        }
        self.complete = complete && self.items.len() == self.listed;
        Ok(self)
    }

    /// Where the whole timelines of the open ones are.
    pub(super) fn details(&self) -> Vec<String> {
        self.details.iter().take(super::MAX_DETAILS).cloned().collect()
    }

    pub(super) fn fill(self, reading: &mut Reading) {
        (reading.lists_all_open, reading.lists_all_planned) = (self.complete, self.complete);
        for item in self.items {
            reading.push(item);
        }
    }
}

/// The item of a row; `None` without an id or a start, and for what is neither planned nor unplanned.
pub(super) fn item(target: &Target<'_>, row: &Value, whole: Option<&Value>) -> Option<Item> {
    let id = id(&row["id"])?;
    let title = text(&row["subject"]).to_owned();
    let link = [&row["url"], &row["link"]].into_iter().map(text).find(|link| link.starts_with("http"));
    let link = link.map_or_else(|| target.at(&format!("/notices/{id}")), str::to_owned);
    let updates = updates(row, whole);
    let components = whole.map_or(&[][..], |whole| list(&whole["components"])).iter();
    let components: Vec<_> =
        components.map(|part| text(&part["name"]).to_owned()).filter(|name| !name.is_empty()).collect();
    let detail = if whole.is_some_and(|whole| whole["updates"].is_array()) { Detail::Full } else { Detail::Row };
    let (began, ended, created) = (at(&row["began_at"]), at(&row["ended_at"]), at(&row["created_at"]));
    let past = text(&row["timeline_state"]).starts_with("past_");
    let last = ended.or_else(|| updates.last().map(|update| update.at)).or_else(|| at(&row["updated_at"]));
    if text(&row["type"]) == "planned" {
        let starts_at = at(&row["begins_at"]).or(began).or(created)?;
        let status = match text(&row["state"]) {
            "scheduled" => MaintenanceStatus::Scheduled,
            "underway" => MaintenanceStatus::InProgress,
            "complete" | "cancelled" => MaintenanceStatus::Completed,
            _ if past || ended.is_some() => MaintenanceStatus::Completed,
            _ => words::window(starts_at, None, target.as_of),
        };
        let ends_at = at(&row["ends_at"]);
        let ends_at = if status == MaintenanceStatus::Completed { ended.or(ends_at) } else { ends_at };
        return Some(Item::Maintenance(Maintenance {
            id,
            title,
            link,
            status,
            starts_at,
            ends_at,
            updates,
            components,
            detail,
        }));
    }
    let started_at = began.or(created)?;
    let status = match text(&row["state"]) {
        "investigating" => IncidentStatus::Investigating,
        "identified" => IncidentStatus::Identified,
        "recovering" => IncidentStatus::Monitoring,
        "resolved" | "false_alarm" => IncidentStatus::Resolved,
        _ if past => IncidentStatus::Resolved,
        _ => IncidentStatus::Unknown,
    };
    let ended_at = status.is_over().then(|| last.unwrap_or(started_at).max(started_at));
    Some(Item::Incident(Incident {
        id,
        title,
        link,
        impact: Indicator::Minor,
        status,
        started_at,
        ended_at,
        updates,
        components,
        detail,
    }))
}

/// All updates of the whole notice, else the newest one, else the first in short; oldest to newest.
fn updates(row: &Value, whole: Option<&Value>) -> Vec<Update> {
    let all = whole.map_or(&[][..], |whole| list(&whole["updates"]));
    let rows = if all.is_empty() { std::slice::from_ref(&row["latest_update"]) } else { all };
    let read = |update: &Value| {
        let body = update["content"].as_str().filter(|body| !body.trim().is_empty())?;
        Some(Update { at: at(&update["created_at"])?, title: shown(text(&update["state"])), body: body.to_owned() })
    };
    let mut updates: Vec<_> = rows.iter().filter_map(read).collect();
    updates.sort_by_key(|update| update.at);
    if let (true, Some(at), Some(body)) = (updates.is_empty(), at(&row["created_at"]), row["synopsis"].as_str()) {
        updates.push(Update { at, title: String::new(), body: body.to_owned() });
    }
    updates
}

fn shown(word: &str) -> String {
    words::shown(&word.replace('-', "_"))
}

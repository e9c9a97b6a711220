//! One incident or maintenance of the v2 JSON. Fields are read one by one: a field of the wrong type costs that field,
//! not the row.

use std::collections::BTreeSet;

use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use super::Permalinks;
use super::words::{self, Stage};
use crate::field::{at, id, list};
use crate::{Target, words::shown};

/// The item of a row; `None` without an identity or a start. `planned`: the row stands among the maintenances.
pub(super) fn item(target: &Target<'_>, permalinks: &Permalinks, row: &Value, planned: bool) -> Option<Item> {
    let id = id(&row["id"])?;
    let title = row["name"].as_str().unwrap_or_default().trim().to_owned();
    let link = permalinks.to(&id);
    let updates = updates(&row["incident_updates"]);
    let components = components(row);
    let word = row["status"].as_str().unwrap_or_default();
    let resolved = at(&row["resolved_at"]);
    let first = updates.first().map(|update| update.at);
    let created = at(&row["created_at"]);
    let earliest = first.into_iter().chain(created).min();
    // When it was over: as stated, else by the first update that says so, else by the last word of all.
    let over = || {
        let said = updates.iter().find(|update| Stage::parse(&update.title).is_some_and(Stage::is_over));
        let touched = at(&row["updated_at"]).max(updates.last().map(|update| update.at));
        resolved.or(said.map(|update| update.at)).or(touched)
    };

    let window = at(&row["scheduled_for"]);
    if planned || (row["impact"] == "maintenance" && window.is_some()) {
        let starts_at = window.or_else(|| at(&row["started_at"])).or(earliest)?;
        let status = match Stage::parse(word) {
            Some(Stage::Maintenance(status)) => status,
            Some(stage) if stage.is_over() => MaintenanceStatus::Completed,
            _ if target.as_of < starts_at => MaintenanceStatus::Scheduled,
            _ => MaintenanceStatus::InProgress,
        };
        let planned_end = at(&row["scheduled_until"]);
        let ends_at = if status == MaintenanceStatus::Completed { over().or(planned_end) } else { planned_end };
        let detail = Detail::Full;
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

    let started_at = at(&row["started_at"]).or(earliest)?;
    let status = match Stage::parse(word) {
        Some(Stage::Incident(status)) => status,
        Some(Stage::Maintenance(MaintenanceStatus::Completed)) => IncidentStatus::Resolved,
        _ => IncidentStatus::Unknown,
    };
    let ended_at = match status {
        IncidentStatus::Resolved | IncidentStatus::Postmortem => Some(over().unwrap_or(started_at).max(started_at)),
        // The word is new to us, the date is not.
        IncidentStatus::Unknown => resolved,
        _ => None,
    };
    let impact = row["impact"].as_str().map_or(Indicator::Minor, words::indicator);
    let detail = Detail::Full;
    Some(Item::Incident(Incident {
        id,
        title,
        link,
        impact,
        status,
        started_at,
        ended_at,
        updates,
        components,
        detail,
    }))
}

/// Oldest to newest. The vendor lists the newest first, so equal stamps are turned around as well.
fn updates(rows: &Value) -> Vec<Update> {
    let mut updates: Vec<_> = list(rows)
        .iter()
        .rev()
        .filter_map(|row| {
            let at = at(&row["display_at"]).or_else(|| at(&row["created_at"])).or_else(|| at(&row["updated_at"]))?;
            let title = shown(row["status"].as_str().unwrap_or_default());
            Some(Update { at, title, body: row["body"].as_str().unwrap_or_default().to_owned() })
        })
        .collect();
    updates.sort_by_key(|update| update.at);
    updates
}

/// The names of the components, from the row itself, else from its updates in the order of the story.
fn components(row: &Value) -> Vec<String> {
    let own = list(&row["components"]).iter().filter(|component| component["group"] != true);
    let updates = list(&row["incident_updates"]).iter().rev();
    let own = names(own);
    if own.is_empty() { names(updates.flat_map(|update| list(&update["affected_components"]))) } else { own }
}

/// Each name once, in order.
fn names<'a>(components: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let mut known = BTreeSet::new();
    let every = components.filter_map(|component| component["name"].as_str().map(str::trim));
    every.filter(|name| !name.is_empty() && known.insert(*name)).map(str::to_owned).collect()
}

//! `summary.json`: Statuspage's shape, without ids of the page and of components.
//!
//! Deliberately absent: groups and what incidents touch. The document has neither.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Maintenance, MaintenanceStatus, Reading,
    Update,
};

use crate::field::{at, id, list, text};
use crate::{Target, words};

const LISTS: [&str; 3] = ["components", "incidents", "scheduled_maintenances"];

/// True for the platform's summary, readable or not.
pub(super) fn is_mine(document: &Value) -> bool {
    let page = &document["page"];
    page["name"].is_string()
        && page["id"].is_null()
        && page["time_zone"].is_null()
        && document["status"]["indicator"].is_string()
        && LISTS.iter().any(|key| document[key].is_array())
}

/// Reads a document that [`is_mine`]; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    if let Some(missing) = LISTS.iter().find(|key| !document[**key].is_array()) {
        return Err(format!("`{missing}` is no list"));
    }
    let incidents = list(&document["incidents"]);
    let planned = list(&document["scheduled_maintenances"]);
    let mut reading = Reading::new(super::PROVIDER.name);
    reading.components = Some(distinct(list(&document["components"]).iter().filter_map(component)));
    reading.maintenances = planned.iter().filter_map(|row| maintenance(target, row)).collect();
    reading.lists_all_planned = reading.maintenances.len() == planned.len();
    let found = words::indicator(&reading, target.as_of).unwrap_or(Indicator::None);
    reading.incidents = incidents.iter().filter_map(|row| incident(target, row)).collect();
    reading.lists_all_open = reading.incidents.len() == incidents.len();
    if reading.incidents.is_empty() && !incidents.is_empty() || reading.maintenances.is_empty() && !planned.is_empty() {
        return Err("not one of its incidents or of its maintenances can be read".to_owned());
    }
    let stated = Indicator::parse(text(&document["status"]["indicator"]));
    reading.indicator = worst(stated, found, reading.lists_all_open);
    Ok(reading)
}

/// The page's word. Where it is calm, or not known, what was found to be wrong; calm only if nothing was left out.
pub(super) fn worst(stated: Option<Indicator>, found: Indicator, complete: bool) -> Option<Indicator> {
    match stated {
        Some(Indicator::None) if complete => Some(found),
        Some(Indicator::None) | None => Some(found).filter(|found| *found > Indicator::None),
        stated => stated,
    }
}

fn component(row: &Value) -> Option<Component> {
    let name = text(&row["name"]).to_owned();
    let status = words::component(text(&row["status"]));
    (!name.is_empty()).then(|| Component { id: name.clone(), name, group: None, status })
}

/// Components by their names, which stand for ids: of two with one name the worse counts.
pub(super) fn distinct(rows: impl Iterator<Item = Component>) -> Vec<Component> {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut components: Vec<Component> = Vec::new();
    for component in rows {
        match known.get(&component.id).and_then(|at| components.get_mut(*at)) {
            Some(twin) if is_worse(component.status, twin.status) => twin.status = component.status,
            Some(_) => {}
            None => {
                known.insert(component.id.clone(), components.len());
                components.push(component);
            }
        }
    }
    components
}

fn is_worse(status: ComponentStatus, than: ComponentStatus) -> bool {
    let rank = |status| (words::severity(status), status == ComponentStatus::Unknown);
    rank(status) > rank(than)
}

fn incident(target: &Target<'_>, row: &Value) -> Option<Incident> {
    let id = id(&row["id"])?;
    let mut updates: Vec<Update> = list(&row["incident_updates"]).iter().filter_map(update).collect();
    updates.sort_by_key(|update| update.at);
    let first = updates.first().map(|update| update.at);
    let touched = at(&row["updated_at"]);
    let started_at = first.or(touched)?;
    let status = words::incident(text(&row["status"]));
    let over = matches!(status, IncidentStatus::Resolved | IncidentStatus::Postmortem);
    Some(Incident {
        link: target.at(&format!("/events/report/{id}")),
        id,
        title: text(&row["name"]).to_owned(),
        impact: if over { Indicator::None } else { Indicator::Minor },
        status,
        started_at,
        ended_at: over.then(|| touched.unwrap_or(started_at).max(started_at)),
        updates,
        components: Vec::new(),
        detail: Detail::Full,
    })
}

fn update(row: &Value) -> Option<Update> {
    let at = at(&row["created_at"])?;
    Some(Update { at, title: words::shown(text(&row["status"])), body: text(&row["body"]).to_owned() })
}

fn maintenance(target: &Target<'_>, row: &Value) -> Option<Maintenance> {
    let id = id(&row["id"])?;
    let starts_at = at(&row["scheduled_for"])?;
    let ends_at = at(&row["scheduled_until"]).filter(|end| *end >= starts_at);
    let status = match text(&row["status"]) {
        "scheduled" => MaintenanceStatus::Scheduled,
        "in_progress" => MaintenanceStatus::InProgress,
        "completed" => MaintenanceStatus::Completed,
        _ if target.as_of < starts_at => MaintenanceStatus::Scheduled,
        _ => MaintenanceStatus::InProgress,
    };
    Some(Maintenance {
        link: target.at(&format!("/events/maintenance/{id}")),
        id,
        title: text(&row["name"]).to_owned(),
        status,
        starts_at,
        ends_at,
        updates: Vec::new(),
        components: Vec::new(),
        detail: Detail::Row,
    })
}

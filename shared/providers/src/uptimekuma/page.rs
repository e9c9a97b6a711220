//! The page's document and its heartbeats.
//!
//! Deliberately absent: `uptimeList`, which tells of the past, and certificates.

use std::collections::HashSet;

use serde_json::{Map, Value};
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, MaintenanceStatus, Reading, Update,
};

use super::maintenance;
use crate::{Target, field, probes};

/// True when a document is a page of this platform.
pub(super) fn is_mine(document: &Value) -> bool {
    !document["publicGroupList"].is_null() || document["config"]["slug"].is_string()
}

/// Reads a page that [`is_mine`]; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, slug: &str, page: &Value, beats: &Value) -> Result<Reading, String> {
    if !page["config"].is_object() {
        return Err("the page has no `config`".to_owned());
    }
    let groups = page["publicGroupList"].as_array().ok_or("the page has no list `publicGroupList`")?;
    let beats = beats["heartbeatList"].as_object().ok_or("the heartbeats have no `heartbeatList`")?;
    let rows = incidents(page)?;

    let mut reading = Reading::new(super::PROVIDER.name);
    reading.key = Some(slug.to_owned());
    let components = components(groups, beats);
    let listed: HashSet<&str> = components.iter().map(|component| component.id.as_str()).collect();
    let all_listed = beats.keys().all(|id| listed.contains(id.as_str()));
    reading.components = Some(components);

    reading.incidents = rows.iter().filter_map(|row| incident(target, row)).collect();
    reading.lists_all_open = reading.incidents.len() == rows.len();

    let planned = field::list(&page["maintenanceList"]);
    reading.maintenances = planned.iter().filter_map(|row| maintenance::read(target, row)).collect();
    let running = planned.iter().any(|row| maintenance::status(row) == Some(MaintenanceStatus::InProgress));

    let told = probes::indicator(&reading, target.as_of).filter(|worst| *worst > Indicator::Maintenance || all_listed);
    // What is listed and cannot be read is going on all the same.
    reading.indicator = match told {
        told if !reading.lists_all_open => told.max(Some(Indicator::Minor)),
        Some(Indicator::None) if running => Some(Indicator::Maintenance),
        told => told,
    };
    Ok(reading)
}

/// Incidents in the form of version 2, a list, or of version 1, one or `null`.
fn incidents(page: &Value) -> Result<Vec<&Value>, String> {
    let many = match page.get("incidents") {
        None | Some(Value::Null) => None,
        Some(Value::Array(rows)) => Some(rows.iter().collect()),
        Some(_) => return Err("the page's `incidents` are no list".to_owned()),
    };
    let one = match page.get("incident") {
        None => None,
        Some(Value::Null) => Some(Vec::new()),
        Some(row @ Value::Object(_)) => Some(vec![row]),
        Some(_) => return Err("the page's `incident` is none".to_owned()),
    };
    many.or(one).ok_or_else(|| "the page has neither `incidents` nor `incident`".to_owned())
}

fn components(groups: &[Value], beats: &Map<String, Value>) -> Vec<Component> {
    let mut components = Vec::new();
    for group in groups {
        let name = Some(field::text(&group["name"])).filter(|name| !name.is_empty());
        match group["monitorList"].as_array() {
            Some(monitors) => components.extend(monitors.iter().map(|monitor| component(monitor, name, beats))),
            None => components.push(unreadable("group", name, None)),
        }
    }
    // A monitor may stand in several groups.
    probes::unique(components.into_iter())
}

fn component(monitor: &Value, group: Option<&str>, beats: &Map<String, Value>) -> Component {
    let name = Some(field::text(&monitor["name"])).filter(|name| !name.is_empty());
    let Some(id) = field::id(&monitor["id"]) else { return unreadable("monitor", name, group) };
    let status = status(beats.get(&id));
    let name = name.unwrap_or(&id).to_owned();
    Component { id, name, group: group.map(str::to_owned), status }
}

fn unreadable(kind: &str, name: Option<&str>, group: Option<&str>) -> Component {
    let name = name.unwrap_or("?").to_owned();
    Component { id: format!("{kind} {name}"), name, group: group.map(str::to_owned), status: ComponentStatus::Unknown }
}

/// What the newest heartbeat says; the newest stands last.
fn status(beats: Option<&Value>) -> ComponentStatus {
    let newest = beats.and_then(Value::as_array).and_then(|beats| beats.last());
    match newest.and_then(|beat| beat["status"].as_i64()) {
        Some(0) => ComponentStatus::MajorOutage,
        Some(1) => ComponentStatus::Operational,
        Some(2) => ComponentStatus::DegradedPerformance,
        Some(3) => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}

fn incident(target: &Target<'_>, row: &Value) -> Option<Incident> {
    let created = field::at(&row["createdDate"]);
    let updated = field::at(&row["lastUpdatedDate"]);
    let started_at = created.or(updated)?;
    let at = updated.unwrap_or(started_at).max(started_at);
    let over = row["active"] == Value::Bool(false);
    Some(Incident {
        id: field::id(&row["id"]).unwrap_or_else(|| started_at.to_rfc3339()),
        title: field::text(&row["title"]).to_owned(),
        link: target.url.to_owned(),
        impact: if row["style"] == "danger" { Indicator::Major } else { Indicator::Minor },
        status: if over { IncidentStatus::Resolved } else { IncidentStatus::Unknown },
        started_at,
        ended_at: over.then_some(at),
        updates: vec![Update { at, title: String::new(), body: field::text(&row["content"]).to_owned() }],
        components: Vec::new(),
        detail: Detail::Full,
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    #[test]
    fn heartbeats_of_a_monitor_that_is_not_listed_make_no_calm_page() {
        let target = Target::new("https://kuma.example", DateTime::UNIX_EPOCH);
        let groups = json!([{ "name": "Product", "monitorList": [{ "id": 1, "name": "API" }] }]);
        let page = json!({ "config": {}, "incident": null, "publicGroupList": groups });
        let indicator = |beats| {
            let beats = json!({ "heartbeatList": beats });
            read(&target, "main", &page, &beats).unwrap().indicator
        };
        assert_eq!(indicator(json!({ "1": [{ "status": 1 }] })), Some(Indicator::None));
        assert_eq!(indicator(json!({ "1": [{ "status": 1 }], "2": [{ "status": 0 }] })), None);
        assert_eq!(indicator(json!({ "1": [{ "status": 0 }], "2": [{ "status": 0 }] })), Some(Indicator::Critical));
    }
}

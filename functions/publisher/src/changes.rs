//! What happened, told by the old and the new image of one item.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use statusphere_bus::Change;
use statusphere_domain::{Incident, Item, Maintenance, MaintenanceStatus, PageId, Transition, Update};
use statusphere_store::Image;

/// The event of a record; `None` when it is a baseline, or says nothing new.
pub(crate) fn change(page: &PageId, new: &Image, old: Option<&Image>) -> Option<Change> {
    match new {
        Image::State(_) => None,
        Image::Item { baseline: true, .. } | Image::Transition { baseline: true, .. } => None,
        Image::Item { key, item, sequence, at, .. } => {
            let before = match old {
                Some(Image::Item { item, sequence: known, .. }) if known != sequence => Some(item.as_ref()),
                Some(Image::Item { .. }) => return None,
                _ => None,
            };
            let (name, field, value) = match item.as_ref() {
                Item::Incident(incident) => (incident_event(incident, before), "incident", incident_json(incident)),
                Item::Maintenance(planned) => {
                    (maintenance_event(planned, before)?, "maintenance", maintenance_json(planned))
                }
            };
            let mut fields = json!({"sequence": sequence});
            fields[field] = value;
            Some(Change { name, id: format!("{page}/{key}/{sequence}"), page: page.clone(), at: time(*at)?, fields })
        }
        Image::Transition { .. } if old.is_some() => None,
        Image::Transition { key, transition, at, .. } => {
            let (name, fields) = match transition {
                Transition::Indicator { from, to } => ("IndicatorChanged", json!({"from": from, "to": to})),
                Transition::Component { id, name, from, to } => {
                    ("ComponentChanged", json!({"component": {"id": id, "name": name}, "from": from, "to": to}))
                }
                Transition::Readable { to: true } => ("PageReadable", json!({})),
                Transition::Readable { to: false } => ("PageUnreadable", json!({})),
            };
            Some(Change { name, id: format!("{page}/{key}"), page: page.clone(), at: time(*at)?, fields })
        }
    }
}

fn incident_event(incident: &Incident, before: Option<&Item>) -> &'static str {
    let was_open = before.map(Item::is_open);
    match (was_open, incident.is_open()) {
        (None | Some(false), true) => "IncidentOpened",
        (None | Some(true), false) => "IncidentResolved",
        _ => "IncidentUpdated",
    }
}

/// A maintenance that is first seen when it is over is history, not news.
fn maintenance_event(maintenance: &Maintenance, before: Option<&Item>) -> Option<&'static str> {
    let was = match before {
        Some(Item::Maintenance(before)) => Some(before.status),
        _ => None,
    };
    match (was, maintenance.status) {
        (None, MaintenanceStatus::Completed) => None,
        (was, now) if was == Some(now) => Some("MaintenanceUpdated"),
        (_, MaintenanceStatus::Scheduled) => Some("MaintenanceScheduled"),
        (_, MaintenanceStatus::InProgress) => Some("MaintenanceStarted"),
        (_, MaintenanceStatus::Completed) => Some("MaintenanceEnded"),
    }
}

fn incident_json(incident: &Incident) -> Value {
    json!({
        "id": incident.id,
        "title": incident.title,
        "status": incident.status,
        "impact": incident.impact,
        "link": incident.link,
        "startTime": incident.started_at,
        "endTime": incident.ended_at,
        "components": incident.components,
        "update": update_json(incident.updates.last()),
    })
}

fn maintenance_json(maintenance: &Maintenance) -> Value {
    json!({
        "id": maintenance.id,
        "title": maintenance.title,
        "status": maintenance.status,
        "link": maintenance.link,
        "startTime": maintenance.starts_at,
        "endTime": maintenance.ends_at,
        "components": maintenance.components,
        "update": update_json(maintenance.updates.last()),
    })
}

fn update_json(update: Option<&Update>) -> Value {
    update.map_or(Value::Null, |update| json!({"title": update.title, "body": update.body, "time": update.at}))
}

fn time(millis: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis)
}

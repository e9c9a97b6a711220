//! What happened, told by the old and the new image of one item.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use statusphere_bus::Change;
use statusphere_domain::{Incident, Item, Maintenance, MaintenanceStatus, PageId, Step, Transition, Update};
use statusphere_store::Image;

/// Bytes of a message's body that are announced: an event must fit into 256 KB, however its text is escaped.
const BODY: usize = 16 * 1024;
/// Bytes of any other text that are announced.
const TEXT: usize = 1024;
/// Components of an item that are named in an event, and bytes of each name.
const COMPONENTS: (usize, usize) = (100, 200);

/// The events of a record; none when it is a baseline, or says nothing new.
pub(crate) fn changes(page: &PageId, new: &Image, old: Option<&Image>) -> Vec<Change> {
    match new {
        Image::State(_) | Image::Item { baseline: true, .. } | Image::Transitions { baseline: true, .. } => Vec::new(),
        Image::Item { key, item, sequence, at, .. } => {
            let before = match old {
                Some(Image::Item { sequence: known, .. }) if known == sequence => return Vec::new(),
                Some(Image::Item { item, .. }) => Some(item.as_ref()),
                _ => None,
            };
            let event = match item.as_ref() {
                Item::Incident(incident) => {
                    Some((incident_event(incident, before), "incident", incident_json(incident)))
                }
                Item::Maintenance(planned) => {
                    maintenance_event(planned, before).map(|name| (name, "maintenance", maintenance_json(planned)))
                }
            };
            let change = event.zip(time(*at)).map(|((name, field, value), at)| {
                let mut fields = json!({"sequence": sequence});
                fields[field] = value;
                Change { name, id: format!("{page}/{key}/{sequence}"), page: page.clone(), at, fields }
            });
            change.into_iter().collect()
        }
        // Written once and never again, so a record that has an old image tells nothing new.
        Image::Transitions { key, steps, at, .. } => {
            let Some(at) = time(*at).filter(|_| old.is_none()) else { return Vec::new() };
            let change = |step: &Step| {
                let (name, what, mut fields) = transition_event(&step.transition);
                fields["since"] = json!(step.since);
                Change { name, id: format!("{page}/{key}/{what}"), page: page.clone(), at, fields }
            };
            steps.iter().map(change).collect()
        }
    }
}

fn transition_event(transition: &Transition) -> (&'static str, String, Value) {
    match transition {
        Transition::Indicator { from, to } => {
            ("IndicatorChanged", "indicator".to_owned(), json!({"from": from, "to": to}))
        }
        Transition::Component { id, name, from, to } => (
            "ComponentChanged",
            format!("component/{}", cut(id, TEXT)),
            json!({"component": {"id": cut(id, TEXT), "name": cut(name, TEXT)}, "from": from, "to": to}),
        ),
        Transition::Readable { to: true } => ("PageReadable", "readable".to_owned(), json!({})),
        Transition::Readable { to: false } => ("PageUnreadable", "readable".to_owned(), json!({})),
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
        "id": cut(&incident.id, TEXT),
        "title": cut(&incident.title, TEXT),
        "status": incident.status,
        "impact": incident.impact,
        "link": cut(&incident.link, TEXT),
        "startTime": incident.started_at,
        "endTime": incident.ended_at,
        "components": names(&incident.components),
        "update": update_json(incident.updates.last()),
    })
}

fn maintenance_json(maintenance: &Maintenance) -> Value {
    json!({
        "id": cut(&maintenance.id, TEXT),
        "title": cut(&maintenance.title, TEXT),
        "status": maintenance.status,
        "link": cut(&maintenance.link, TEXT),
        "startTime": maintenance.starts_at,
        "endTime": maintenance.ends_at,
        "components": names(&maintenance.components),
        "update": update_json(maintenance.updates.last()),
    })
}

fn update_json(update: Option<&Update>) -> Value {
    update.map_or(
        Value::Null,
        |update| json!({"title": cut(&update.title, TEXT), "body": cut(&update.body, BODY), "time": update.at}),
    )
}

fn names(components: &[String]) -> Vec<&str> {
    let (count, bytes) = COMPONENTS;
    components.iter().take(count).map(|name| cut(name, bytes)).collect()
}

/// The beginning of a vendor's text, in so many bytes at most.
fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

fn time(millis: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis)
}

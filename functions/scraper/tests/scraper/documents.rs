//! What the invented vendor Acme says, in the shape of the platform that most pages use.

use serde_json::{Value, json};

use crate::support::ACME;

/// A current document: indicator, components by name and status, incidents.
pub(crate) fn summary(indicator: &str, components: &[(&str, &str)], incidents: &[Value]) -> Value {
    let component = |(name, status): &(&str, &str)| {
        let id = name.to_lowercase();
        json!({"id": id, "name": name, "status": status, "position": 1, "group": false, "group_id": null})
    };
    json!({
        "page": {"id": "acme0000page", "name": "Acme", "url": ACME, "time_zone": "Etc/UTC"},
        "status": {"indicator": indicator, "description": "In our own words"},
        "components": components.iter().map(component).collect::<Vec<_>>(),
        "incidents": incidents,
        "scheduled_maintenances": [],
    })
}

/// A page on which all is well.
pub(crate) fn calm() -> Value {
    summary("none", &[("Parcels", "operational"), ("Returns", "operational")], &[])
}

/// A page with one open incident.
pub(crate) fn trouble() -> Value {
    let parcels = incident("k1", "major", &[("investigating", "2026-03-01T11:40:00Z")]);
    summary("major", &[("Parcels", "major_outage"), ("Returns", "operational")], &[parcels])
}

/// An incident with its updates, oldest first; the last one's word is its status.
pub(crate) fn incident(id: &str, impact: &str, updates: &[(&str, &str)]) -> Value {
    let update = |(status, at): &(&str, &str)| json!({"id": at, "status": status, "body": format!("Now {status}."), "display_at": at, "created_at": at});
    let status = updates.last().map_or("investigating", |(status, _)| status);
    let over = updates.last().filter(|(status, _)| *status == "resolved").map(|(_, at)| at);
    json!({
        "id": id,
        "name": format!("Trouble {id}"),
        "status": status,
        "impact": impact,
        "started_at": updates.first().map_or("2026-03-01T11:00:00Z", |(_, at)| at),
        "resolved_at": over,
        "incident_updates": updates.iter().rev().map(update).collect::<Vec<_>>(),
        "components": [{"id": "parcels", "name": "Parcels", "group": false}],
    })
}

/// Planned work with its window.
pub(crate) fn maintenance(id: &str, status: &str, from: &str, until: &str) -> Value {
    json!({
        "id": id,
        "name": format!("Works {id}"),
        "status": status,
        "impact": "maintenance",
        "scheduled_for": from,
        "scheduled_until": until,
        "incident_updates": [],
    })
}

/// The lists of the newest items, as the first step of a history reads them.
pub(crate) fn newest(incidents: &[Value]) -> Value {
    json!({"page": {"id": "acme0000page", "name": "Acme", "url": ACME}, "incidents": incidents})
}

/// A page of the history: rows of one month.
pub(crate) fn quarter(month: &str, year: i32, rows: &[Value]) -> Value {
    json!({
        "page_status": {"page": {"id": "acme0000page", "time_zone": "UTC", "created_at": "2025-12-01T10:00:00Z"}},
        "months": [{"name": month, "year": year, "incidents": rows}],
        "end_time": format!("{year}-03-31T23:59:59Z"),
    })
}

/// A row of the history: only its last message, and a stamp without a year.
pub(crate) fn row(code: &str, stamp: &str) -> Value {
    json!({"code": code, "name": format!("Trouble {code}"), "message": "Sorted out.", "impact": "minor", "timestamp": stamp})
}

/// "Feb 9, 10:00 - 11:30 UTC" as the platform marks it up.
pub(crate) fn stamp(day: u32, from: &str, until: &str) -> String {
    format!(
        "Feb <var data-var='date'>{day}</var>, <var data-var='time'>{from}</var> - <var data-var='time'>{until}</var> UTC"
    )
}

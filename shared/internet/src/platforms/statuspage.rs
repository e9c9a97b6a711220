//! Atlassian Statuspage: `summary.json`, the lists of the newest items, and the page.
//!
//! Deliberately absent: the history by quarter.

use serde_json::{Value, json};
use statusphere_domain::{Component, Indicator, MaintenanceStatus};

use super::{About, Document, stamp};
use crate::{Incident, Maintenance, Truth};

pub(super) fn document(about: &About<'_>, truth: &Truth, path: &str) -> Option<Document> {
    let head = json!({
        "id": format!("{:0>12.12}", about.slug),
        "name": about.slug,
        "url": about.url,
        "time_zone": "Etc/UTC",
        "updated_at": stamp(truth.changed_at),
    });
    let parts = |item: &[String]| truth.names(item).map(component).collect::<Vec<_>>();
    let incident = |row: &Incident| incident(row, &parts(&row.components));
    let planned = |row: &Maintenance| planned(row, truth, &parts(&row.components));
    Some(match path {
        "/api/v2/summary.json" => Document::json(&json!({
            "page": head,
            "components": rows(truth),
            "incidents": truth.open().map(incident).collect::<Vec<_>>(),
            "scheduled_maintenances": truth.maintenances.iter().map(planned).collect::<Vec<_>>(),
            "status": { "indicator": truth.indicator.as_str(), "description": description(truth.indicator) },
        })),
        "/api/v2/incidents.json" => Document::json(&json!({
            "page": head,
            "incidents": truth.incidents.iter().rev().take(50).map(incident).collect::<Vec<_>>(),
        })),
        "/api/v2/scheduled-maintenances.json" => Document::json(&json!({
            "page": head,
            "scheduled_maintenances": truth.maintenances.iter().map(planned).collect::<Vec<_>>(),
        })),
        "/" => Document::html(about, "", "<div class=\"layout-content status status-index\"></div>"),
        _ => return None,
    })
}

fn description(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None => "All Systems Operational",
        Indicator::Maintenance => "Service Under Maintenance",
        Indicator::Minor => "Minor Service Outage",
        Indicator::Major => "Partial System Outage",
        Indicator::Critical => "Major Service Outage",
    }
}

/// A group is a row of its own, at the place of its first member.
fn rows(truth: &Truth) -> Vec<Value> {
    let mut rows = Vec::with_capacity(truth.components.len());
    let mut last = None;
    for part in &truth.components {
        if part.group != last
            && let Some(name) = &part.group
        {
            let mut group = component(part);
            (group["id"], group["name"]) = (json!(group_id(name)), json!(name));
            (group["group"], group["group_id"]) = (json!(true), json!(null));
            rows.push(group);
        }
        last.clone_from(&part.group);
        rows.push(component(part));
    }
    rows
}

fn group_id(name: &str) -> String {
    format!("group-{name}")
}

fn component(component: &Component) -> Value {
    json!({
        "id": component.id,
        "name": component.name,
        "status": component.status.as_str(),
        "position": component.id.parse::<u32>().unwrap_or_default(),
        "group": false,
        "group_id": component.group.as_deref().map(group_id),
        "only_show_if_degraded": false,
    })
}

fn incident(incident: &Incident, parts: &[Value]) -> Value {
    let updates = incident.updates.iter().rev().map(|update| {
        json!({
            "id": format!("{}u{}", incident.id, update.at.timestamp()),
            "status": update.status.as_str(),
            "body": update.body,
            "created_at": stamp(update.at),
            "updated_at": stamp(update.at),
            "display_at": stamp(update.at),
        })
    });
    let touched = incident.updates.last().map(|update| stamp(update.at));
    json!({
        "id": incident.id,
        "name": incident.title,
        "status": incident.status().as_str(),
        "impact": incident.impact.as_str(),
        "created_at": stamp(incident.started_at),
        "started_at": stamp(incident.started_at),
        "updated_at": touched,
        "resolved_at": incident.ended_at().map(stamp),
        "incident_updates": updates.collect::<Vec<_>>(),
        "components": parts,
    })
}

fn planned(work: &Maintenance, truth: &Truth, parts: &[Value]) -> Value {
    let mut updates = vec![("scheduled", work.announced_at)];
    if work.status(truth.now) == MaintenanceStatus::InProgress {
        updates.insert(0, ("in_progress", work.starts_at));
    }
    let update = |(status, at): &(&str, _)| {
        json!({
            "id": format!("{}{status}", work.id),
            "status": status,
            "body": "",
            "created_at": stamp(*at),
            "display_at": stamp(*at),
        })
    };
    json!({
        "id": work.id,
        "name": work.title,
        "status": work.status(truth.now).as_str(),
        "impact": "maintenance",
        "created_at": stamp(work.announced_at),
        "started_at": stamp(work.announced_at),
        "updated_at": stamp(updates[0].1),
        "resolved_at": null,
        "scheduled_for": stamp(work.starts_at),
        "scheduled_until": stamp(work.ends_at),
        "incident_updates": updates.iter().map(update).collect::<Vec<_>>(),
        "components": parts,
    })
}

//! Cachet 2.4: the lists of its API, and a page with its credit.
//!
//! Deliberately absent: groups, and lists of more than one page.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use statusphere_domain::{Component, ComponentStatus, IncidentStatus, Indicator, MaintenanceStatus};

use super::Document;
use crate::platforms::About;
use crate::{Incident, Maintenance, Truth, Update};

/// Incidents have no severity and one component each; planned work changes no status.
pub(super) fn tells(truth: &mut Truth) {
    for incident in &mut truth.incidents {
        incident.impact = Indicator::Minor;
        incident.components.truncate(1);
    }
    for component in truth.components.iter_mut().filter(|part| part.status == ComponentStatus::UnderMaintenance) {
        component.status = ComponentStatus::Operational;
    }
    let troubled = truth.open().next().is_some();
    truth.indicator = if troubled { Indicator::Minor } else { Indicator::None };
}

pub(super) fn document(about: &About<'_>, truth: &Truth, path: &str) -> Option<Document> {
    let path = path.split('?').next().unwrap_or_default();
    let list = match path {
        "/" => {
            let credit = "<footer><a href=\"https://cachethq.io\">Cachet</a></footer>";
            return Some(Document::html(about, "", credit));
        }
        "/api/v1/status" => {
            let troubled = truth.indicator > Indicator::None;
            let (status, message) = if troubled {
                ("info", "Some systems are experiencing issues")
            } else {
                ("success", "All systems are functional")
            };
            return Some(Document::json(&json!({ "data": { "status": status, "message": message } })));
        }
        "/api/v1/components" => truth.components.iter().map(component).collect(),
        "/api/v1/components/groups" => Vec::new(),
        "/api/v1/incidents" => truth.incidents.iter().map(incident).collect(),
        "/api/v1/schedules" => truth.maintenances.iter().map(|work| schedule(work, truth.now)).collect::<Vec<_>>(),
        _ => return None,
    };
    let pagination =
        json!({ "total": list.len(), "count": list.len(), "per_page": 20, "current_page": 1, "total_pages": 1 });
    Some(Document::json(&json!({ "meta": { "pagination": pagination }, "data": list })))
}

fn component(part: &Component) -> Value {
    let status = match part.status {
        ComponentStatus::Operational | ComponentStatus::UnderMaintenance => 1,
        ComponentStatus::DegradedPerformance => 2,
        ComponentStatus::PartialOutage => 3,
        ComponentStatus::MajorOutage => 4,
        ComponentStatus::Unknown => 0,
    };
    json!({ "id": number(&part.id), "name": part.name, "status": status, "order": number(&part.id), "group_id": 0,
        "enabled": true })
}

/// The first message is the incident's own.
fn incident(incident: &Incident) -> Value {
    let update = |update: &Update| {
        json!({
            "id": update.at.timestamp(),
            "incident_id": number(&incident.id),
            "status": code(update.status),
            "message": update.body,
            "human_status": human(update.status),
            "created_at": stamp(update.at),
            "updated_at": stamp(update.at),
        })
    };
    let status = incident.status();
    json!({
        "id": number(&incident.id),
        "component_id": incident.components.first().map_or(0, |id| number(id)),
        "name": incident.title,
        "status": code(status),
        "latest_status": code(status),
        "human_status": human(status),
        "visible": 1,
        "message": incident.updates.first().map(|update| &update.body),
        "occurred_at": stamp(incident.started_at),
        "created_at": stamp(incident.started_at),
        "updated_at": incident.updates.last().map(|update| stamp(update.at)),
        "is_resolved": status.is_over(),
        "updates": incident.updates.iter().skip(1).rev().map(update).collect::<Vec<_>>(),
    })
}

fn schedule(work: &Maintenance, now: DateTime<Utc>) -> Value {
    let (status, human) = match work.status(now) {
        MaintenanceStatus::Scheduled => (0, "Upcoming"),
        MaintenanceStatus::InProgress => (1, "In Progress"),
        MaintenanceStatus::Completed => (2, "Complete"),
    };
    let part = |id: &String| json!({ "component_id": number(id), "component_status": 1 });
    json!({
        "id": number(&work.id),
        "name": work.title,
        "status": status,
        "human_status": human,
        "message": "",
        "scheduled_at": stamp(work.starts_at),
        "completed_at": stamp(work.ends_at),
        "created_at": stamp(work.announced_at),
        "components": work.components.iter().map(part).collect::<Vec<_>>(),
    })
}

fn code(status: IncidentStatus) -> u8 {
    match status {
        IncidentStatus::Investigating | IncidentStatus::Unknown => 1,
        IncidentStatus::Identified => 2,
        IncidentStatus::Monitoring => 3,
        IncidentStatus::Resolved | IncidentStatus::Postmortem => 4,
    }
}

fn human(status: IncidentStatus) -> &'static str {
    ["Investigating", "Identified", "Watching", "Fixed"][usize::from(code(status)) - 1]
}

fn number(id: &str) -> u32 {
    id.parse().unwrap_or_default()
}

/// Without a zone, as the API writes it.
fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

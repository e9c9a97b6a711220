//! Better Stack: `index.json`, and a page without data.
//!
//! Deliberately absent: sections, and the daily states.

use serde_json::{Value, json};
use statusphere_domain::{Component, ComponentStatus, Indicator};

use super::{About, Document, forget_stages, stamp};
use crate::{Incident, Maintenance, Truth, Update};

/// What fails is down, wholly or not; there are no stages.
pub(super) fn tells(truth: &mut Truth) {
    for incident in &mut truth.incidents {
        incident.impact = incident.impact.min(Indicator::Major);
    }
    for part in truth.components.iter_mut().filter(|part| part.status == ComponentStatus::PartialOutage) {
        part.status = ComponentStatus::MajorOutage;
    }
    truth.indicator = truth.indicator.min(Indicator::Major);
    forget_stages(truth);
}

pub(super) fn document(about: &About<'_>, truth: &Truth, path: &str) -> Option<Document> {
    match path {
        "/index.json" => Some(Document::json(&index(about, truth))),
        "/" => Some(Document::html(about, "", "<main></main>")),
        _ => None,
    }
}

fn index(about: &About<'_>, truth: &Truth) -> Value {
    let mut included: Vec<Value> = truth.components.iter().map(resource).collect();
    included.extend(
        truth.incidents.iter().flat_map(|incident| incident.updates.iter().map(|update| told(incident, update))),
    );
    included.extend(truth.incidents.iter().map(report));
    included.extend(truth.maintenances.iter().map(planned));
    let refer = |kind: &str| -> Vec<Value> {
        let rows = included.iter().filter(|row| row["type"] == kind);
        rows.map(|row| json!({ "id": row["id"], "type": kind })).collect()
    };
    let data = json!({
        "id": "700100",
        "type": "status_page",
        "attributes": {
            "company_name": about.slug,
            "custom_domain": about.url,
            "aggregate_state": state(truth.indicator),
            "updated_at": stamp(truth.changed_at),
        },
        "relationships": {
            "sections": { "data": [] },
            "resources": { "data": refer("status_page_resource") },
            "status_reports": { "data": refer("status_report") },
        },
    });
    json!({ "data": data, "included": included })
}

fn resource(part: &Component) -> Value {
    let status = match part.status {
        ComponentStatus::Operational => "operational",
        ComponentStatus::DegradedPerformance => "degraded",
        ComponentStatus::UnderMaintenance => "maintenance",
        ComponentStatus::PartialOutage | ComponentStatus::MajorOutage => "downtime",
        ComponentStatus::Unknown => "not_monitored",
    };
    json!({
        "id": part.id,
        "type": "status_page_resource",
        "attributes": { "public_name": part.name, "position": part.id.parse::<u32>().ok(), "status": status },
    })
}

fn affected(ids: &[String], status: &str) -> Value {
    ids.iter().map(|id| json!({ "status_page_resource_id": id, "status": status })).collect()
}

fn told(incident: &Incident, update: &Update) -> Value {
    let status = if update.status.is_over() { "resolved" } else { state(incident.impact) };
    json!({
        "id": format!("{}{}", incident.id, update.at.timestamp()),
        "type": "status_update",
        "attributes": {
            "message": update.body,
            "published_at": stamp(update.at),
            "affected_resources": affected(&incident.components, status),
        },
    })
}

fn report(incident: &Incident) -> Value {
    let status = if incident.is_open() { state(incident.impact) } else { "resolved" };
    let update =
        |update: &Update| json!({ "id": format!("{}{}", incident.id, update.at.timestamp()), "type": "status_update" });
    json!({
        "id": incident.id,
        "type": "status_report",
        "attributes": {
            "title": incident.title,
            "report_type": "manual",
            "starts_at": stamp(incident.started_at),
            "ends_at": incident.ended_at().map(stamp),
            "aggregate_state": status,
            "affected_resources": affected(&incident.components, status),
        },
        "relationships": { "status_updates": { "data": incident.updates.iter().map(update).collect::<Vec<_>>() } },
    })
}

fn planned(work: &Maintenance) -> Value {
    json!({
        "id": work.id,
        "type": "status_report",
        "attributes": {
            "title": work.title,
            "report_type": "maintenance",
            "starts_at": stamp(work.starts_at),
            "ends_at": stamp(work.ends_at),
            "aggregate_state": "maintenance",
            "affected_resources": affected(&work.components, "maintenance"),
        },
        "relationships": { "status_updates": { "data": [] } },
    })
}

fn state(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None => "operational",
        Indicator::Maintenance => "maintenance",
        Indicator::Minor => "degraded",
        Indicator::Major | Indicator::Critical => "downtime",
    }
}

//! Instatus: the summary, the components, and the page with its data.
//!
//! Deliberately absent: groups, languages but the default one, and the history.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use statusphere_domain::{Component, ComponentStatus, Indicator, MaintenanceStatus};

use super::{About, Document, stamp};
use crate::{Incident, Maintenance, Truth};

pub(super) fn document(about: &About<'_>, truth: &Truth, path: &str) -> Option<Document> {
    match path {
        "/summary.json" | "/api/v2/summary.json" => Some(Document::json(&summary(about, truth))),
        "/v3/components.json" => Some(Document::json(&json!({ "components": components(truth) }))),
        "/" => Some(page(about, truth)),
        _ => None,
    }
}

/// Empty lists are left out.
fn summary(about: &About<'_>, truth: &Truth) -> Value {
    let mut summary = json!({ "page": { "name": about.slug, "url": about.url, "status": status(truth.indicator) } });
    if truth.open().next().is_some() {
        let row = |row: &Incident| incident(row, about, &json!(null));
        summary["activeIncidents"] = truth.open().map(row).collect();
    }
    if !truth.maintenances.is_empty() {
        let row = |row: &Maintenance| maintenance(row, about, truth.now);
        summary["activeMaintenances"] = truth.maintenances.iter().map(row).collect();
    }
    summary
}

/// The data of the page in chunks, as its framework sends it.
fn page(about: &About<'_>, truth: &Truth) -> Document {
    let open = truth.open().map(|row| {
        let parts: Value = truth
            .names(&row.components)
            .map(|part| json!({ "id": part.id, "name": { "default": part.name } }))
            .collect();
        incident(row, about, &parts)
    });
    let data = json!({
        "site": {
            "id": format!("site-{}", about.slug),
            "status": status(truth.indicator),
            "mainStatus": status(truth.indicator),
            "name": { "default": about.slug },
            "components": components(truth),
        },
        "activeIncidents": open.collect::<Vec<_>>(),
        "activeMaintenances": truth.maintenances.iter().map(|row| maintenance(row, about, truth.now)).collect::<Vec<_>>(),
    });
    let mut chunks = String::new();
    let text: Vec<char> = format!("5:[\"$\",\"$L14\",null,{data}]\n").chars().collect();
    for chunk in text.chunks(700) {
        let quoted = Value::from(chunk.iter().collect::<String>()).to_string().replace('<', "\\u003c");
        chunks.push_str("<script>self.__next_f.push([1,");
        chunks.push_str(&quoted);
        chunks.push_str("])</script>\n");
    }
    Document::html(about, "<link rel=\"icon\" href=\"https://instatus.com/user-content/icon.svg\">", &chunks)
}

fn components(truth: &Truth) -> Value {
    let row = |part: &Component| {
        json!({ "id": part.id, "name": { "default": part.name }, "status": component(part.status), "group": null,
            "children": [], "isParent": false, "archivedAt": null })
    };
    truth.components.iter().map(row).collect()
}

/// With `parts` as the page has it, with messages; without as the summary.
fn incident(incident: &Incident, about: &About<'_>, parts: &Value) -> Value {
    let mut row = json!({
        "id": incident.id,
        "name": incident.title,
        "started": stamp(incident.started_at),
        "status": incident.status().as_str().to_uppercase(),
        "impact": impact(incident.impact),
        "url": format!("{}/{}", about.url, incident.id),
        "updatedAt": incident.updates.last().map(|update| stamp(update.at)),
    });
    if parts.is_array() {
        let update = |update: &crate::Update| {
            json!({ "id": format!("{}{}", incident.id, update.at.timestamp()), "started": stamp(update.at),
                "status": update.status.as_str().to_uppercase(), "message": { "default": update.body } })
        };
        row["components"] = parts.clone();
        row["updates"] = incident.updates.iter().rev().map(update).collect();
    }
    row
}

fn maintenance(work: &Maintenance, about: &About<'_>, now: DateTime<Utc>) -> Value {
    let status = match work.status(now) {
        MaintenanceStatus::Scheduled => "NOTSTARTEDYET",
        MaintenanceStatus::InProgress => "INPROGRESS",
        MaintenanceStatus::Completed => "COMPLETED",
    };
    json!({
        "id": work.id,
        "name": work.title,
        "start": stamp(work.starts_at),
        "status": status,
        "duration": (work.ends_at - work.starts_at).num_minutes(),
        "url": format!("{}/{}", about.url, work.id),
        "updatedAt": stamp(work.announced_at),
    })
}

fn status(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None => "UP",
        Indicator::Maintenance => "UNDERMAINTENANCE",
        _ => "HASISSUES",
    }
}

fn impact(impact: Indicator) -> &'static str {
    match impact {
        Indicator::None | Indicator::Maintenance => "OPERATIONAL",
        Indicator::Minor => "DEGRADEDPERFORMANCE",
        Indicator::Major => "PARTIALOUTAGE",
        Indicator::Critical => "MAJOROUTAGE",
    }
}

fn component(status: ComponentStatus) -> &'static str {
    match status {
        ComponentStatus::Operational | ComponentStatus::Unknown => "OPERATIONAL",
        ComponentStatus::DegradedPerformance => "DEGRADEDPERFORMANCE",
        ComponentStatus::PartialOutage => "PARTIALOUTAGE",
        ComponentStatus::MajorOutage => "MAJOROUTAGE",
        ComponentStatus::UnderMaintenance => "UNDERMAINTENANCE",
    }
}

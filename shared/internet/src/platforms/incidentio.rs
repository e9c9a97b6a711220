//! incident.io: the summary that imitates Statuspage's, and a page without data.
//!
//! Deliberately absent: what only the page's data tells: groups, maintenances, components of incidents.

use serde_json::{Value, json};

use super::{About, Document, stamp};
use crate::{Incident, Truth};

pub(super) fn tells(truth: &mut Truth) {
    truth.maintenances.clear();
    truth.incidents.iter_mut().for_each(|incident| incident.components.clear());
}

pub(super) fn document(about: &About<'_>, truth: &Truth, path: &str) -> Option<Document> {
    match path {
        "/api/v2/summary.json" => Some(Document::json(&summary(about, truth))),
        "/" => Some(Document::html(about, "", "<main></main>")),
        _ => None,
    }
}

fn summary(about: &About<'_>, truth: &Truth) -> Value {
    let components = truth.components.iter().enumerate().map(|(position, part)| {
        json!({ "id": part.id, "name": part.name, "status": part.status.as_str(), "position": position })
    });
    json!({
        "page": {
            "id": "01HZXCTESTPAGE000000000001",
            "name": about.slug,
            "url": about.url,
            "updated_at": stamp(truth.changed_at),
        },
        "status": { "indicator": truth.indicator.as_str(), "description": "" },
        "components": components.collect::<Vec<_>>(),
        "incidents": truth.open().map(incident).collect::<Vec<_>>(),
    })
}

fn incident(incident: &Incident) -> Value {
    let updates = incident.updates.iter().rev().map(|update| {
        json!({
            "id": format!("{}{}", incident.id, update.at.timestamp()),
            "incident_id": incident.id,
            "body": update.body,
            "status": update.status.as_str(),
            "created_at": stamp(update.at),
            "display_at": stamp(update.at),
            "updated_at": stamp(update.at),
        })
    });
    json!({
        "id": incident.id,
        "name": incident.title,
        "status": incident.status().as_str(),
        "impact": incident.impact.as_str(),
        "created_at": stamp(incident.started_at),
        "updated_at": incident.updates.last().map(|update| stamp(update.at)),
        "incident_updates": updates.collect::<Vec<_>>(),
    })
}

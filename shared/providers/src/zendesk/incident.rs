//! One incident, or one piece of planned work.
//!
//! Deliberately absent: which document it came from.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Maintenance, Update};

use super::document::{Incidents, attribute, is_open};
use crate::{Target, field, words};

/// The incident of a row; `None` when it has no id or no start. `active` is where its updates are, if it is open.
pub(super) fn read(
    target: &Target<'_>,
    row: &Value,
    listed: &Incidents,
    active: Option<&Incidents>,
    names: &HashMap<String, String>,
) -> Option<Incident> {
    let id = field::id(&row["id"])?;
    let updates = [Some(listed), active].into_iter().flatten().flat_map(|document| document.updates(&id));
    let mut updates: Vec<_> = updates.filter_map(update).collect();
    updates.sort_by_key(|update| update.at);
    updates.dedup();
    let stated = attribute(row, "startedAt", "started_at").and_then(field::at);
    let started_at = stated.or(updates.first().map(|update| update.at))?;
    let open = is_open(row);
    let attributes = &row["attributes"];
    let end = attribute(row, "resolvedAt", "resolved_at").and_then(field::at);
    Some(Incident {
        title: title(row),
        link: target.at("/"),
        impact: impact(attributes),
        status: status(field::text(&attributes["status"]), open),
        started_at,
        ended_at: (!open).then(|| end.or(updates.last().map(|last| last.at)).unwrap_or(started_at).max(started_at)),
        components: services(listed.effects(&id), names),
        detail: if updates.is_empty() { Detail::Row } else { Detail::Full },
        updates,
        id,
    })
}

fn title(row: &Value) -> String {
    let title = attribute(row, "name", "title").map(field::text).unwrap_or_default();
    if title.is_empty() { "Incident".to_owned() } else { title.to_owned() }
}

/// The status of an incident goes stale: whether it is open has been decided elsewhere.
fn status(word: &str, open: bool) -> IncidentStatus {
    match words::incident(word) {
        stage if stage.is_over() != open => stage,
        _ if open => IncidentStatus::Unknown,
        _ => IncidentStatus::Resolved,
    }
}

fn impact(attributes: &Value) -> Indicator {
    match field::text(&attributes["impact"]) {
        "critical" => Indicator::Critical,
        "major" => Indicator::Major,
        "minor" => Indicator::Minor,
        _ if attributes["outage"] == Value::Bool(true) => Indicator::Major,
        _ => Indicator::Minor,
    }
}

/// An update has no stage of its own.
fn update(row: &Value) -> Option<Update> {
    let at = attribute(row, "createdAt", "created_at").and_then(field::at)?;
    let body = field::text(&row["attributes"]["description"]).to_owned();
    Some(Update { at, title: "Update".to_owned(), body })
}

fn services(effects: &[Value], names: &HashMap<String, String>) -> Vec<String> {
    let name = |row: &Value| {
        let own = attribute(row, "serviceName", "service_name").map(field::text).unwrap_or_default();
        let id = attribute(row, "serviceId", "service_id").and_then(field::id);
        let listed = || names.get(&id?).cloned().filter(|name| !name.is_empty());
        if own.is_empty() { listed() } else { Some(own.to_owned()) }
    };
    let mut services: Vec<_> = effects.iter().filter_map(name).collect();
    services.sort();
    services.dedup();
    services
}

/// Planned work; `None` when it has no id or no start.
pub(super) fn maintenance(target: &Target<'_>, row: &Value) -> Option<Maintenance> {
    let starts_at = attribute(row, "maintenanceStartTime", "maintenance_start_time").and_then(field::at)?;
    let ends_at = attribute(row, "maintenanceEndTime", "maintenance_end_time").and_then(field::at);
    let article = attribute(row, "maintenanceArticle", "maintenance_article").map(field::text).unwrap_or_default();
    Some(Maintenance {
        id: field::id(&row["id"])?,
        title: title(row),
        link: if article.starts_with("https://") { article.to_owned() } else { target.at("/") },
        status: words::window(starts_at, ends_at, target.as_of),
        starts_at,
        ends_at,
        updates: Vec::new(),
        components: Vec::new(),
        detail: Detail::Row,
    })
}

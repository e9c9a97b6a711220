//! The summary document: `{"code": 0, "data": {"current_status": [..], "active_incident_details": [..], ..}}`.
//!
//! Deliberately absent: `statuspage_details.status`, which clients take for the state of the page and the vendor does not.

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus,
    Reading, Update,
};

use super::{PROVIDER, is_id};
use crate::field::{at, list, number, text};
use crate::{Step, Target, field, words};

/// The content of an answer; the error is what the platform says instead.
pub(super) fn data(body: &Value) -> Result<&Value, String> {
    let refusal = || format!("answers `{}`", text(&body["message"]).chars().take(80).collect::<String>());
    match &body["code"] {
        Value::Null => {}
        code if number(code) == Some(0) => {}
        _ => return Err(refusal()),
    }
    if body["data"].is_object() { Ok(&body["data"]) } else { Err(refusal()) }
}

pub(super) fn read(target: &Target<'_>, data: &Value, key: Option<&str>) -> Step {
    match reading(target, data) {
        Ok(mut reading) => {
            let stated = text(&data["statuspage_details"]["enc_statuspage_id"]);
            reading.key = Some(stated).filter(|id| is_id(id)).or(key).map(str::to_owned);
            Step::Reading(Box::new(reading))
        }
        Err(why) => Step::Malformed(why),
    }
}

fn reading(target: &Target<'_>, data: &Value) -> Result<Reading, String> {
    let rows = data["current_status"].as_array().ok_or("the summary lists no components")?;
    let active = data["active_incident_details"].as_array().ok_or("the summary lists no active incidents")?;
    let mut reading = Reading::new(PROVIDER.name);
    reading.components = Some(rows.iter().flat_map(components).collect());

    let known: Vec<Item> = active.iter().filter_map(|post| item(target, post, false)).collect();
    if known.is_empty() && !active.is_empty() {
        return Err("no active incident can be read".to_owned());
    }
    reading.lists_all_open = known.len() == active.len();
    let over = list(&data["resolved_incident_details"]).iter().flat_map(|day| list(&day["grp_by_incidents_list"]));
    for item in known.into_iter().chain(over.filter_map(|post| item(target, post, true))) {
        reading.push(item);
    }
    reading.indicator = indicator(target, data, &reading);
    Ok(reading)
}

/// The worst of what the page says of itself and of what it lists. A page without components says nothing of how they fare.
fn indicator(target: &Target<'_>, data: &Value, reading: &Reading) -> Option<Indicator> {
    let listed = reading.components.as_ref().is_some_and(|components| !components.is_empty());
    let derived = words::indicator(reading, target.as_of)
        .filter(|worst| *worst > Indicator::None || listed && reading.lists_all_open);
    let stated = severity(text(&data["statuspage_details"]["current_status"]["severity"]));
    derived.max(stated.filter(|stated| *stated > Indicator::None))
}

/// The state of the page by its label.
fn severity(label: &str) -> Option<Indicator> {
    let letters: String = label.chars().filter(char::is_ascii_alphabetic).collect();
    Some(match letters.to_ascii_lowercase().as_str() {
        "operational" => Indicator::None,
        "maintenance" | "undermaintenance" => Indicator::Maintenance,
        "degradedperformance" => Indicator::Minor,
        "partialoutage" => Indicator::Major,
        "majoroutage" => Indicator::Critical,
        _ => return None,
    })
}

/// A row is a component, or a group with its components.
fn components(row: &Value) -> Vec<Component> {
    let group = text(&row["componentgroup_display_name"]);
    let members = &row["componentgroup_components"];
    if !list(members).is_empty() {
        let group = (!group.is_empty()).then(|| group.to_owned());
        return list(members).iter().map(|member| component(member, group.clone())).collect();
    }
    if group.is_empty() {
        return vec![component(row, None)];
    }
    // A group whose members cannot be seen stands for them.
    let status = if members.is_array() { status(&row["componentgroup_status"]) } else { ComponentStatus::Unknown };
    let id = field::id(&row["enc_componentgroup_id"]).unwrap_or_else(|| group.to_owned());
    vec![Component { id, name: group.to_owned(), group: None, status }]
}

fn component(row: &Value, group: Option<String>) -> Component {
    let named = Some(text(&row["display_name"])).filter(|name| !name.is_empty()).map(str::to_owned);
    let id = field::id(&row["enc_component_id"]).or_else(|| named.clone());
    // A row that says nothing of itself is still a component of which nothing is known.
    let name = named.or_else(|| id.clone()).unwrap_or_else(|| "unnamed".to_owned());
    Component { id: id.unwrap_or_else(|| name.clone()), name, group, status: status(&row["component_status"]) }
}

fn status(value: &Value) -> ComponentStatus {
    match number(value) {
        Some(1) => ComponentStatus::Operational,
        Some(3) => ComponentStatus::DegradedPerformance,
        Some(4) => ComponentStatus::UnderMaintenance,
        Some(5) => ComponentStatus::PartialOutage,
        Some(6) => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Unknown,
    }
}

/// A stage by its number.
#[derive(Clone, Copy)]
enum Stage {
    Incident(IncidentStatus),
    Maintenance(MaintenanceStatus),
}

fn stage(value: &Value) -> Option<Stage> {
    Some(match number(value)? {
        // Acknowledged: somebody has seen it, and no more is said.
        10 | 11 => Stage::Incident(IncidentStatus::Investigating),
        12 => Stage::Incident(IncidentStatus::Identified),
        13 => Stage::Incident(IncidentStatus::Monitoring),
        14 => Stage::Incident(IncidentStatus::Resolved),
        21 => Stage::Maintenance(MaintenanceStatus::Scheduled),
        22 | 23 => Stage::Maintenance(MaintenanceStatus::InProgress),
        24 => Stage::Maintenance(MaintenanceStatus::Completed),
        _ => return None,
    })
}

/// One row of either list; `None` when it has no readable time or nothing to be known by.
fn item(target: &Target<'_>, post: &Value, over: bool) -> Option<Item> {
    let told = updates(&post["incident_status_updates"]);
    let stages = || told.iter().filter_map(|(stage, _)| *stage);
    let newest = told.last().and_then(|(stage, _)| *stage);
    let planned = stages().any(|stage| matches!(stage, Stage::Maintenance(_)))
        || number(&post["incident_severity_id"]) == Some(4) && stages().next().is_none();
    let updates: Vec<Update> = told.into_iter().map(|(_, update)| update).collect();

    let starts_at = at(&post["incident_began_at"]).or(updates.first().map(|update| update.at))?;
    let title = text(&post["incident_title"]).to_owned();
    let id = field::id(&post["enc_inc_id"])
        .or_else(|| (!title.is_empty()).then(|| format!("{title}@{}", starts_at.to_rfc3339())))?;
    let link = target.at(&format!("/#/incidents/{id}"));
    let components = names(&post["incident_affected_components"]);
    let stated_end = at(&post["incident_ended_at"]);
    let detail = Detail::Full;
    if planned {
        let status = match newest {
            _ if over => MaintenanceStatus::Completed,
            Some(Stage::Maintenance(status)) => status,
            _ => words::window(starts_at, stated_end, target.as_of),
        };
        let ends_at = stated_end.filter(|end| *end >= starts_at);
        let maintenance = Maintenance { id, title, link, status, starts_at, ends_at, updates, components, detail };
        return Some(Item::Maintenance(maintenance));
    }
    let status = match newest {
        Some(Stage::Incident(status)) => status,
        _ => IncidentStatus::Unknown,
    };
    let over = over || status.is_over() && stated_end.is_some();
    let last = updates.last().map(|update| update.at);
    let ended_at = over.then(|| stated_end.or(last).unwrap_or(starts_at).max(starts_at));
    let impact = impact(&post["incident_severity_id"]);
    Some(Item::Incident(Incident {
        id,
        title,
        link,
        impact: if over { impact } else { impact.max(Indicator::Minor) },
        status: lived(status, over),
        started_at: starts_at,
        ended_at,
        updates,
        components,
        detail,
    }))
}

/// The list that an incident stands in says whether it is over; its stage only says how far it is.
fn lived(status: IncidentStatus, over: bool) -> IncidentStatus {
    match (over, status.is_over()) {
        (true, _) => IncidentStatus::Resolved,
        (false, true) => IncidentStatus::Unknown,
        (false, false) => status,
    }
}

fn impact(severity: &Value) -> Indicator {
    words::severity(status(severity))
}

/// Oldest to newest, with the stage of each.
fn updates(posts: &Value) -> Vec<(Option<Stage>, Update)> {
    let update = |post: &Value| {
        let at: DateTime<Utc> = at(&post["status_updated_at"])?;
        let title = text(&post["incident_status"]).to_owned();
        let body = text(&post["incident_status_desc"]).to_owned();
        Some((stage(&post["incident_status_id"]), Update { at, title, body }))
    };
    let mut updates: Vec<_> = list(posts).iter().filter_map(update).collect();
    // Pages show the newest first, so that equal stamps have to be turned round before they are sorted.
    updates.reverse();
    updates.sort_by_key(|(_, update)| update.at);
    updates
}

fn names(components: &Value) -> Vec<String> {
    let names = list(components).iter().map(|component| text(&component["display_name"]));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

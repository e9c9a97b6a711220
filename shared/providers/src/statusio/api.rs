//! The public API's document: the whole current state.
//!
//! Deliberately absent: what is over. It leaves the document.

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Maintenance, MaintenanceStatus, Reading,
    Response, Update,
};

use super::words;
use crate::field::{at, id, list, number, text};
use crate::{Step, Target, html, words as common};

/// The state that an answer of the API tells.
pub(super) fn read(target: &Target<'_>, key: &str, answer: &Response) -> Step {
    let document: Value = match html::json(answer) {
        Ok(document) => document,
        Err(why) => return Step::Malformed(format!("the API's answer {why}")),
    };
    match state(target, key, &document["result"]) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(why.to_owned()),
    }
}

fn state(target: &Target<'_>, key: &str, result: &Value) -> Result<Reading, &'static str> {
    let code = number(&result["status_overall"]["status_code"]).ok_or("has no `status_overall.status_code`")?;
    let components = result["status"].as_array().ok_or("has no list `status`")?;
    let incidents = result["incidents"].as_array().ok_or("has no list `incidents`")?;
    let planned = &result["maintenance"];
    let told = planned["active"].is_array() && planned["upcoming"].is_array();
    let (active, upcoming) = (list(&planned["active"]), list(&planned["upcoming"]));

    let mut reading = Reading::new(super::PROVIDER.name);
    reading.key = Some(key.to_owned());
    reading.components = Some(components.iter().map(component).collect());
    reading.incidents = incidents.iter().filter_map(|row| incident(target, key, row)).collect();
    reading.lists_all_open = reading.incidents.len() == incidents.len();
    if reading.incidents.is_empty() && !incidents.is_empty() {
        return Err("no row of `incidents` can be read");
    }
    let running = active.iter().map(|row| (row, MaintenanceStatus::InProgress));
    let ahead = upcoming.iter().map(|row| (row, MaintenanceStatus::Scheduled));
    reading.maintenances =
        running.chain(ahead).filter_map(|(row, status)| maintenance(target, key, row, status)).collect();
    let rows = active.len() + upcoming.len();
    if reading.maintenances.is_empty() && rows > 0 {
        return Err("no row of `maintenance` can be read");
    }
    reading.lists_all_planned = told && reading.maintenances.len() == rows;
    common::each_once(&mut reading);
    let trouble = || common::indicator(&reading, target.as_of).filter(|worst| *worst > Indicator::None);
    reading.indicator = words::severity(Some(code)).or_else(trouble);
    Ok(reading)
}

/// A component with the containers that it runs in.
fn component(row: &Value) -> Component {
    let own = words::component(number(&row["status_code"]));
    let containers = list(&row["containers"]).iter();
    let status =
        containers.fold(own, |worst, row| crate::words::worse(worst, words::component(number(&row["status_code"]))));
    let name = text(&row["name"]).to_owned();
    let id = id(&row["id"]).unwrap_or_else(|| name.clone());
    if id.is_empty() {
        return Component { id: "?".to_owned(), name: "?".to_owned(), group: None, status: ComponentStatus::Unknown };
    }
    Component { name: if name.is_empty() { id.clone() } else { name }, id, group: None, status }
}

fn incident(target: &Target<'_>, key: &str, row: &Value) -> Option<Incident> {
    let id = row_id(row)?;
    let messages = messages(row);
    let updates: Vec<_> = messages
        .iter()
        .map(|(at, message)| update(*at, words::incident(number(&message["state"])).1, message))
        .collect();
    let status = match messages.last() {
        Some((_, newest)) => words::incident(number(&newest["state"])).0,
        None => IncidentStatus::Unknown,
    };
    let first = messages.first().map(|(at, _)| *at);
    let started_at = at(&row["datetime_open"]).into_iter().chain(first).min()?;
    let codes = messages.iter().filter_map(|(_, message)| words::severity(number(&message["status"])));
    Some(Incident {
        title: text(&row["name"]).to_owned(),
        link: super::link(target, key, "incident", &id),
        id,
        impact: codes.max().unwrap_or(Indicator::None).max(Indicator::Minor),
        status,
        started_at,
        ended_at: status.is_over().then(|| messages.last().map_or(started_at, |(at, _)| *at)),
        updates,
        components: affected(row),
        detail: Detail::Full,
    })
}

fn maintenance(target: &Target<'_>, key: &str, row: &Value, status: MaintenanceStatus) -> Option<Maintenance> {
    let id = row_id(row)?;
    let messages = messages(row);
    let word = |message: &Value| words::maintenance(number(&message["state"]));
    Some(Maintenance {
        title: text(&row["name"]).to_owned(),
        link: super::link(target, key, "maintenance", &id),
        id,
        status,
        starts_at: at(&row["datetime_planned_start"])?,
        ends_at: at(&row["datetime_planned_end"]),
        updates: messages.iter().map(|(at, message)| update(*at, word(message), message)).collect(),
        components: affected(row),
        detail: Detail::Full,
    })
}

fn row_id(row: &Value) -> Option<String> {
    id(&row["_id"]).or_else(|| id(&row["id"]))
}

/// Messages with a readable time, the oldest first.
fn messages(row: &Value) -> Vec<(DateTime<Utc>, &Value)> {
    let rows = list(&row["messages"]).iter();
    let mut messages: Vec<_> = rows.filter_map(|message| Some((at(&message["datetime"])?, message))).collect();
    messages.sort_by_key(|(at, _)| *at);
    messages
}

fn update(at: DateTime<Utc>, title: &str, message: &Value) -> Update {
    Update { at, title: title.to_owned(), body: message["details"].as_str().unwrap_or_default().to_owned() }
}

/// The components that a row touches; where it names none, the containers.
fn affected(row: &Value) -> Vec<String> {
    let names = |rows: &Value| -> Vec<String> {
        list(rows).iter().map(|row| text(&row["name"]).to_owned()).filter(|name| !name.is_empty()).collect()
    };
    let components = names(&row["components_affected"]);
    if components.is_empty() { names(&row["containers_affected"]) } else { components }
}

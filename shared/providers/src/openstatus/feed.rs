//! `feed/json`: all reports and maintenances that the page ever had, and what they touch.
//!
//! Deliberately absent: the state of components without a monitor. The document lists them and does not tell it.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Maintenance, Reading, Update,
};

use super::summary::{distinct, worst};
use crate::field::{at, id, list, text};
use crate::{Target, words};

/// Reads the feed; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    if let Some(missing) = ["monitors", "statusReports", "maintenances"].iter().find(|key| !document[**key].is_array())
    {
        return Err(format!("`{missing}` is no list"));
    }
    let state = document["status"].as_str().ok_or("states no `status`")?;
    let (reports, planned) = (list(&document["statusReports"]), list(&document["maintenances"]));
    let names: HashMap<String, &str> = list(&document["pageComponents"])
        .iter()
        .filter_map(|row| Some((id(&row["id"])?, text(&row["name"]))))
        .collect();

    let mut reading = Reading::new(super::PROVIDER.name);
    reading.components = Some(components(document));
    reading.maintenances = planned.iter().filter_map(|row| maintenance(target, &names, row)).collect();
    reading.lists_all_planned = reading.maintenances.len() == planned.len();
    let found = words::indicator(&reading, target.as_of).unwrap_or(Indicator::None);
    reading.incidents = reports.iter().filter_map(|row| incident(target, &names, row)).collect();
    reading.lists_all_open = reading.incidents.len() == reports.len();
    if reading.incidents.is_empty() && !reports.is_empty() || reading.maintenances.is_empty() && !planned.is_empty() {
        return Err("not one of its reports or of its maintenances can be read".to_owned());
    }
    let stated = indicator(state);
    reading.indicator = worst(stated, found, reading.lists_all_open);
    Ok(reading)
}

fn indicator(word: &str) -> Option<Indicator> {
    Some(match word {
        "success" => Indicator::None,
        "info" => Indicator::Maintenance,
        "degraded" => Indicator::Minor,
        "error" => Indicator::Major,
        _ => return None,
    })
}

fn status(word: &str) -> ComponentStatus {
    match word {
        "success" => ComponentStatus::Operational,
        "info" => ComponentStatus::UnderMaintenance,
        "degraded" => ComponentStatus::DegradedPerformance,
        "error" => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Unknown,
    }
}

/// The components of the page, or the monitors where it has no list of components.
fn components(document: &Value) -> Vec<Component> {
    let groups: HashMap<String, &str> = list(&document["pageComponentGroups"])
        .iter()
        .filter_map(|row| Some((id(&row["id"])?, text(&row["name"]))))
        .collect();
    let monitors = list(&document["monitors"]);
    let states: HashMap<String, ComponentStatus> =
        monitors.iter().filter_map(|row| Some((id(&row["id"])?, status(text(&row["status"]))))).collect();
    let named = |row: &Value, group: Option<&&str>, status: ComponentStatus| {
        let name = text(&row["name"]).to_owned();
        let group = group.map(|group| (*group).to_owned()).filter(|group| !group.is_empty());
        (!name.is_empty()).then(|| Component { id: name.clone(), name, group, status })
    };
    let rows = list(&document["pageComponents"]);
    if rows.is_empty() {
        return distinct(monitors.iter().filter_map(|row| named(row, None, status(text(&row["status"])))));
    }
    distinct(rows.iter().filter_map(|row| {
        let state = id(&row["monitorId"]).and_then(|id| states.get(&id).copied());
        let group = id(&row["groupId"]).and_then(|id| groups.get(&id));
        named(row, group, state.unwrap_or(ComponentStatus::Unknown))
    }))
}

fn touched(names: &HashMap<String, &str>, row: &Value) -> Vec<String> {
    let ids = list(&row["pageComponents"]).iter().filter_map(id);
    ids.filter_map(|id| names.get(&id)).filter(|name| !name.is_empty()).map(|name| (*name).to_owned()).collect()
}

fn incident(target: &Target<'_>, names: &HashMap<String, &str>, row: &Value) -> Option<Incident> {
    let id = id(&row["id"])?;
    let mut updates: Vec<Update> = list(&row["statusReportUpdates"])
        .iter()
        .filter_map(|row| {
            let title = words::shown(text(&row["status"]));
            Some(Update { at: at(&row["date"])?, title, body: text(&row["message"]).to_owned() })
        })
        .collect();
    updates.sort_by_key(|update| update.at);
    let changed = at(&row["updatedAt"]);
    let started_at = updates.first().map(|update| update.at).or(changed)?;
    let status = words::incident(text(&row["status"]));
    let over = matches!(status, IncidentStatus::Resolved | IncidentStatus::Postmortem);
    let last = updates.last().map(|update| update.at).or(changed);
    Some(Incident {
        link: target.at(&format!("/events/report/{id}")),
        id,
        title: text(&row["title"]).to_owned(),
        impact: if over { Indicator::None } else { Indicator::Minor },
        status,
        started_at,
        ended_at: over.then(|| last.unwrap_or(started_at).max(started_at)),
        updates,
        components: touched(names, row),
        detail: Detail::Full,
    })
}

fn maintenance(target: &Target<'_>, names: &HashMap<String, &str>, row: &Value) -> Option<Maintenance> {
    let id = id(&row["id"])?;
    let (starts_at, ends_at) = (at(&row["from"])?, at(&row["to"]));
    let ends_at = ends_at.filter(|end| *end >= starts_at);
    let title = || "Maintenance".to_owned();
    let told = |when: Option<_>, body: &Value| {
        let body = text(body).to_owned();
        when.filter(|_| !body.is_empty()).map(|at| Update { at, title: title(), body })
    };
    let mut updates: Vec<Update> =
        list(&row["maintenanceUpdates"]).iter().filter_map(|row| told(at(&row["date"]), &row["message"])).collect();
    if updates.is_empty() {
        updates.extend(told(at(&row["updatedAt"]), &row["message"]));
    }
    updates.sort_by_key(|update| update.at);
    Some(Maintenance {
        link: target.at(&format!("/events/maintenance/{id}")),
        id,
        title: text(&row["name"]).to_owned(),
        status: words::window(starts_at, ends_at, target.as_of),
        starts_at,
        ends_at,
        updates,
        components: touched(names, row),
        detail: Detail::Full,
    })
}

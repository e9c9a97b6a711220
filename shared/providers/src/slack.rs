//! Slack's own status page. Evidence: recordings of the current state and of the history, both while all was calm;
//! Slack's documentation for active incidents of both versions and for the names of services; client code.
//!
//! # Recognises
//! By host alone: `slack-status.com`, `status.slack.com`.
//!
//! # Requests
//! Two, at once: `/api/v2.0.0/current` and `/api/v2.0.0/history`. Where the second cannot be had, the first alone is the
//! reading. Where the first is refused, one more: `/api/v1.0.0/current`, which knows of one issue at most. Where the old
//! host refuses both, the page is asked at `slack-status.com`.
//!
//! # Reads
//! Every active incident with its notes, and the past ones that the history lists. The components are the services that
//! the documentation names, and any other that an active incident names. Maintenance is what is of the type
//! `maintenance`, or has the status `scheduled`, `completed` or `cancelled`.
//!
//! # Maps
//! An `outage` is major, an `incident` minor, a `notice` nothing; whatever is active is at least minor. An issue is over
//! when it is `resolved`; with any other word it is open, and its stage is unknown, for Slack tells none. It ends with its
//! last update. The indicator is the worst of what is listed, and at least minor while the page says `active` and lists
//! no maintenance that would account for that. Calm is not known with any other word than `ok`; beside planned work
//! `active` and `scheduled` are as good.
//!
//! # Does not know
//! The window of a maintenance: its start is what Slack gives as its beginning. What the history calls active and the
//! current state does not list is left out: the current state lists all that is active. History beyond some forty issues.

mod issue;

use std::collections::{HashMap, HashSet};
use std::slice;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Incident, Indicator, Item, MaintenanceStatus, Reading, Response};

use crate::document::{Document, document};
use crate::{Provider, Seen, Step, Target, field, html, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "slack", step, backfill: None };

const OLDER: &str = "status.slack.com";
const HOSTS: [&str; 2] = ["slack-status.com", OLDER];
const NEWER: &str = "https://slack-status.com";
const CURRENT: &str = "/api/v2.0.0/current";
const HISTORY: &str = "/api/v2.0.0/history";
const FIRST: &str = "/api/v1.0.0/current";

/// As documented, in the order of the documentation.
const SERVICES: [&str; 11] = [
    "Login/SSO",
    "Messaging",
    "Notifications",
    "Search",
    "Workspace/Org Administration",
    "Canvases",
    "Connectivity",
    "Files",
    "Huddles",
    "Apps/Integrations/APIs",
    "Workflows",
];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&HOSTS) {
        return Step::NotMine("is not Slack's host".to_owned());
    }
    let base = if target.is_on(&[OLDER]) { format!("https://{OLDER}") } else { NEWER.to_owned() };
    let [current, history, first] = [CURRENT, HISTORY, FIRST].map(|path| format!("{base}{path}"));
    let (Some(answer), Some(history)) = (seen.get(&current), seen.get(&history)) else {
        let unseen = [current, history].into_iter().filter(|url| seen.get(url).is_none());
        return Step::Want(unseen.collect());
    };
    if let Err(error) = answer
        && !error.kind.host_is_up()
    {
        return Step::NotMine(error.detail.clone());
    }
    let mut refused = Vec::new();
    for (url, path) in [(current, CURRENT), (first, FIRST)] {
        match document(url, path, seen) {
            Document::Unseen(url) => return Step::Want(vec![url]),
            Document::Absent(why) => refused.push(why),
            Document::Broken(why) => return Step::Malformed(why),
            Document::Json(document) => {
                return match read(target, &document, path, history.ok()) {
                    Ok(reading) => Step::Reading(Box::new(reading)),
                    Err(why) => Step::Malformed(format!("{path} {why}")),
                };
            }
        }
    }
    if target.is_on(&[OLDER]) { Step::Elsewhere(NEWER.to_owned()) } else { Step::NotMine(refused.join("; ")) }
}

/// The issues that are on. The first version of the document is itself the one that it knows of, and brief without.
fn active<'a>(document: &'a Value, path: &str) -> Option<&'a [Value]> {
    match document.get("active_incidents") {
        Some(rows) => rows.as_array().map(Vec::as_slice),
        None if path != FIRST => None,
        None if document.get("title").is_some() => Some(slice::from_ref(document)),
        None => field::at(&document["date_updated"]).filter(|_| document["status"] == "ok").map(|_| &[][..]),
    }
}

fn read(target: &Target<'_>, document: &Value, path: &str, history: Option<&Response>) -> Result<Reading, String> {
    let word = document["status"].as_str().ok_or("has no status")?;
    let rows = active(document, path).ok_or("has no list of active incidents")?;
    let mut reading = Reading::new(PROVIDER.name);
    let mut known = HashSet::new();
    let listed: Vec<_> = rows.iter().filter_map(|row| issue::read(target, row)).collect();
    if listed.is_empty() && !rows.is_empty() {
        return Err("lists nothing that looks like an incident".to_owned());
    }
    // The first version shows the most urgent issue alone.
    let all_listed = listed.len() == rows.len() && (path != FIRST || rows.is_empty());
    (reading.lists_all_open, reading.lists_all_planned) = (all_listed, all_listed);
    for item in listed {
        add(&mut reading, &mut known, item);
    }
    let is_explained = names_what_is_on(&reading);
    let is_told = all_listed && (word == "ok" || matches!(word, "active" | "scheduled") && is_explained);
    reading.components = Some(components(target, &reading, is_told));
    let history = history.and_then(|answer| html::json::<Value>(answer).ok()).unwrap_or_default();
    for item in field::list(&history).iter().filter_map(|row| issue::read(target, row)).filter(|item| !item.is_open()) {
        add(&mut reading, &mut known, item);
    }
    // An outage of one service is as bad as Slack's words get; it is not the whole of Slack.
    let worst = words::indicator(&reading, target.as_of).map(|worst| worst.min(Indicator::Major));
    reading.indicator = match word {
        "active" if !is_explained => worst.max(Some(Indicator::Minor)),
        _ => worst.filter(|worst| *worst > Indicator::None || is_told),
    };
    Ok(reading)
}

/// True when something open is listed, or planned work: then the page's own word says no more than that.
fn names_what_is_on(reading: &Reading) -> bool {
    let planned = reading.maintenances.iter().any(|maintenance| maintenance.status != MaintenanceStatus::Completed);
    planned || reading.incidents.iter().any(Incident::is_open)
}

fn add(reading: &mut Reading, known: &mut HashSet<String>, item: Item) {
    match item {
        Item::Incident(incident) if known.insert(incident.id.clone()) => reading.incidents.push(incident),
        Item::Maintenance(maintenance) if known.insert(maintenance.id.clone()) => {
            reading.maintenances.push(maintenance);
        }
        _ => {}
    }
}

fn components(target: &Target<'_>, reading: &Reading, is_told: bool) -> Vec<Component> {
    let open = reading.incidents.iter().filter(|incident| incident.is_open());
    let troubled = open.map(|incident| (&incident.components, incident.impact_at(target.as_of)));
    let running = reading.maintenances.iter().filter(|work| work.status == MaintenanceStatus::InProgress);
    let worked_on = running.map(|work| (&work.components, Indicator::Maintenance));
    let mut names: Vec<String> = SERVICES.map(str::to_owned).to_vec();
    let mut known: HashSet<String> = names.iter().cloned().collect();
    let mut worst: HashMap<&str, Indicator> = HashMap::new();
    for (services, impact) in troubled.chain(worked_on) {
        for name in services {
            if known.insert(name.clone()) {
                names.push(name.clone());
            }
            let so_far = worst.entry(name).or_insert(impact);
            *so_far = impact.max(*so_far);
        }
    }
    let status = |name: &str| match worst.get(name) {
        Some(Indicator::Critical | Indicator::Major) => ComponentStatus::MajorOutage,
        Some(Indicator::Maintenance) => ComponentStatus::UnderMaintenance,
        Some(_) => ComponentStatus::DegradedPerformance,
        None if is_told => ComponentStatus::Operational,
        None => ComponentStatus::Unknown,
    };
    names.into_iter().map(|name| Component { status: status(&name), id: name.clone(), name, group: None }).collect()
}

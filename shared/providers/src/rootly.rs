//! Reads status pages made with Rootly, on their own domains. Evidence: the platform's documentation. Unconfirmed: every
//! field, as no recorded page stands behind this.
//!
//! # Recognises
//! `/api/v1/status.json` with an object `page` that has a name, an object `status` with an `indicator`, and a list
//! `incidents`. It is asked for on Rootly's own host, on pages whose markup names `rootly.com`, and where there is no
//! markup at all.
//!
//! # Requests
//! One where the page is known, `/api/v1/status.json`; else two, with `/`.
//!
//! # Reads
//! Indicator and open incidents with their updates. Planned work that stands among the incidents is a maintenance.
//!
//! # Maps
//! Indicator and impact are the field's own words. `in_triage`, `started`, `detected` and `acknowledged` are refined by
//! the newest update, `mitigated` is monitoring, `closed` and `cancelled` are resolved. An unknown word is unknown, and
//! an open incident is at least minor.
//!
//! # Does not know
//! Components, the planned end of a maintenance, whether all maintenance that is scheduled is listed, and histories: the
//! platform lists active incidents only. Pages below `rootly.com/teams` have no such document.

use serde_json::Value;
use statusphere_domain::{
    Detail, Incident, IncidentStatus, Indicator, Maintenance, MaintenanceStatus, Reading, Update,
};

use crate::field::{at, id, list, text};
use crate::front::{Front, front};
use crate::words;
use crate::{Provider, Seen, Step, Target, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "rootly", step, backfill: None };

const STATUS: &str = "/api/v1/status.json";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let known = target.known || target.is_on(&["rootly.com"]);
    if known {
        match state(target, seen) {
            Step::NotMine(_) => {}
            step => return step,
        }
    }
    match front(target, seen) {
        Front::Unseen(url) => Step::Want(vec![url]),
        Front::Html(markup, _) if !markup.contains("rootly.com") => Step::NotMine("has no mark of Rootly".to_owned()),
        _ => state(target, seen),
    }
}

fn state(target: &Target<'_>, seen: &Seen) -> Step {
    let url = target.at(STATUS);
    let answer = match seen.get(&url) {
        None => return Step::Want(vec![url]),
        Some(Err(error)) => return Step::NotMine(format!("{STATUS}: {}", error.detail)),
        Some(Ok(answer)) => answer,
    };
    let document: Value = match html::json(answer) {
        Ok(document) => document,
        Err(why) => return Step::NotMine(format!("{STATUS} {why}")),
    };
    let named = !text(&document["page"]["name"]).is_empty();
    let Some(word) = document["status"]["indicator"].as_str().filter(|_| named) else {
        return Step::NotMine(format!("{STATUS} has no `page.name` and `status.indicator`"));
    };
    match read(target, &document, word) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(why.to_owned()),
    }
}

fn read(target: &Target<'_>, document: &Value, word: &str) -> Result<Reading, &'static str> {
    let rows = document["incidents"].as_array().ok_or("has no list `incidents`")?;
    let mut reading = Reading::new(PROVIDER.name);
    for row in rows {
        match planned(text(&row["status"])) {
            Some(status) => reading.maintenances.extend(maintenance(target, row, status)),
            None => reading.incidents.extend(incident(target, row)),
        }
    }
    let read = reading.incidents.len() + reading.maintenances.len();
    if read == 0 && !rows.is_empty() {
        return Err("no row of `incidents` can be read");
    }
    reading.lists_all_open = read == rows.len();
    words::each_once(&mut reading);
    let trouble = || words::indicator(&reading, target.as_of).filter(|worst| *worst > Indicator::None);
    reading.indicator = Indicator::parse(word).or_else(trouble);
    Ok(reading)
}

/// Where planned work stands; `None` for a word of an incident.
fn planned(word: &str) -> Option<MaintenanceStatus> {
    Some(match word {
        "scheduled" => MaintenanceStatus::Scheduled,
        "in_progress" => MaintenanceStatus::InProgress,
        "completed" => MaintenanceStatus::Completed,
        _ => return None,
    })
}

fn incident(target: &Target<'_>, row: &Value) -> Option<Incident> {
    let updates = updates(row);
    let started_at = at(&row["started_at"]).or_else(|| updates.first().map(|update| update.at))?;
    let link = link(row);
    let newest = list(&row["incident_updates"]).iter().max_by_key(|update| at(&update["created_at"]));
    let told = words::incident(newest.map_or("", |update| text(&update["status"])));
    let status = match text(&row["status"]) {
        "resolved" | "closed" | "cancelled" => IncidentStatus::Resolved,
        "mitigated" => IncidentStatus::Monitoring,
        // The incident itself is not over, whatever its newest update says.
        "in_triage" | "started" | "detected" | "acknowledged" if told.is_over() => IncidentStatus::Monitoring,
        "in_triage" | "started" | "detected" | "acknowledged" => told,
        word => words::incident(word),
    };
    let last = updates.last().map_or(started_at, |update| update.at);
    let ended_at = status.is_over().then(|| at(&row["resolved_at"]).unwrap_or(last).max(started_at));
    let impact = Indicator::parse(text(&row["impact"]));
    Some(Incident {
        id: row_id(row, link.as_ref())?,
        title: text(&row["name"]).to_owned(),
        link: link.unwrap_or_else(|| target.at("/")),
        impact: if ended_at.is_some() {
            impact.unwrap_or(Indicator::Minor)
        } else {
            impact.max(Some(Indicator::Minor))?
        },
        status,
        started_at,
        ended_at,
        updates,
        components: Vec::new(),
        detail: Detail::Full,
    })
}

fn maintenance(target: &Target<'_>, row: &Value, status: MaintenanceStatus) -> Option<Maintenance> {
    let updates = updates(row);
    let link = link(row);
    Some(Maintenance {
        id: row_id(row, link.as_ref())?,
        title: text(&row["name"]).to_owned(),
        link: link.unwrap_or_else(|| target.at("/")),
        status,
        starts_at: at(&row["started_at"]).or_else(|| updates.first().map(|update| update.at))?,
        ends_at: at(&row["resolved_at"]),
        updates,
        components: Vec::new(),
        detail: Detail::Full,
    })
}

/// The incident's own page, if it is an address.
fn link(row: &Value) -> Option<String> {
    let link = text(&row["url"]);
    (link.starts_with("https://") || link.starts_with("http://")).then(|| link.to_owned())
}

/// Documented rows have no id: the link is one, else what does not change about them.
fn row_id(row: &Value, link: Option<&String>) -> Option<String> {
    let built = || Some(format!("{} {}", text(&row["name"]), id(&row["started_at"])?));
    id(&row["id"]).or_else(|| link.cloned()).or_else(built)
}

/// Oldest to newest.
fn updates(row: &Value) -> Vec<Update> {
    let rows = list(&row["incident_updates"]).iter();
    let mut updates: Vec<_> = rows
        .filter_map(|row| {
            Some(Update {
                at: at(&row["created_at"])?,
                title: words::shown(text(&row["status"])),
                body: row["body"].as_str().unwrap_or_default().to_owned(),
            })
        })
        .collect();
    updates.sort_by_key(|update| update.at);
    updates
}

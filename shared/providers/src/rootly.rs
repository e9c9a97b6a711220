//! Reads status pages made with Rootly, on their own domains. Evidence: the platform's documentation, and two clients of
//! one real page with what they kept of its documents and its markup. Unconfirmed: no whole page was recorded.
//!
//! # Recognises
//! `/api/v1/status.json` with an object `page` that has a name, an object `status` with an `indicator`, and a list
//! `incidents`. It is asked for on Rootly's own host, on pages whose markup names `rootly.com` or the scripts of its
//! charts, and where there is no markup at all.
//!
//! # Requests
//! Two: `/api/v1/status.json` and `/`, which alone lists the services.
//!
//! # Reads
//! Indicator and open incidents with their updates. Planned work that stands among the incidents is a maintenance. The
//! services and their state by the page's markup. Where the document is refused, the markup alone: it is calm only where
//! every service is and the page says so in the platform's own words.
//!
//! # Maps
//! Indicator and impact are the field's own words. `in_triage`, `started`, `detected` and `acknowledged` are refined by
//! the newest update, `mitigated` is monitoring, `closed` and `cancelled` are resolved. An unknown word is unknown, and
//! an open incident is at least minor. A service that is `Affected` or `Degraded` is degraded.
//!
//! # Does not know
//! Which services an incident touches, the planned end of a maintenance, whether all maintenance that is scheduled is listed, and histories: the
//! platform lists active incidents only. Pages below `rootly.com/teams` have no such document.

mod markup;

use chrono::{DateTime, Utc};
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
    if target.known || target.is_on(&["rootly.com"]) {
        match state(target, seen) {
            Step::NotMine(_) => {}
            step => return step,
        }
    }
    let page = match front(target, seen) {
        Front::Unseen(url) => return Step::Want(vec![url]),
        Front::Html(page, _) if !markup::is_mine(&page) => return Step::NotMine("has no mark of Rootly".to_owned()),
        Front::Html(page, _) => page,
        Front::Missing(_) => return state(target, seen),
    };
    match state(target, seen) {
        Step::NotMine(why) => match markup::read(target, &page) {
            Some(reading) => Step::Reading(Box::new(reading)),
            None => Step::NotMine(why),
        },
        step => step,
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
    let components = match front(target, seen) {
        Front::Unseen(url) => return Step::Want(vec![url]),
        Front::Html(page, _) => markup::services(&page),
        Front::Missing(_) => None,
    };
    match read(target, &document, word) {
        Ok(reading) => Step::Reading(Box::new(Reading { components, ..reading })),
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
    let started_at = start(row, &updates)?;
    let link = link(row);
    let newest = list(&row["incident_updates"]).iter().max_by_key(|update| posted(update));
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
        starts_at: start(row, &updates)?,
        ends_at: at(&row["resolved_at"]),
        updates,
        components: Vec::new(),
        detail: Detail::Full,
    })
}

fn start(row: &Value, updates: &[Update]) -> Option<DateTime<Utc>> {
    at(&row["started_at"]).or_else(|| updates.first().map(|update| update.at)).or_else(|| at(&row["created_at"]))
}

/// When the page shows that an update was posted.
fn posted(update: &Value) -> Option<DateTime<Utc>> {
    at(&update["display_at"]).or_else(|| at(&update["created_at"]))
}

/// The incident's own page, if it is an address.
fn link(row: &Value) -> Option<String> {
    let mut links = [&row["url"], &row["shortlink"]].into_iter().map(text);
    links.find(|link| link.starts_with("https://") || link.starts_with("http://")).map(str::to_owned)
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
                at: posted(row)?,
                title: words::shown(text(&row["status"])),
                body: row["body"].as_str().unwrap_or_default().to_owned(),
            })
        })
        .collect();
    updates.sort_by_key(|update| update.at);
    updates
}

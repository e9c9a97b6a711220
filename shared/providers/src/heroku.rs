//! Heroku's own status page. Evidence: a trimmed copy of the live document, Heroku's command line client for its fields,
//! other client code for the history and for the version before it. Unconfirmed: no recording stands behind it.
//!
//! # Recognises
//! By host alone: `status.heroku.com`.
//!
//! # Requests
//! One, `/api/v4/current-status`. If that has moved to another host, the page is asked there; if it is refused, the
//! version before it, `/api/v3/current-status`. History: one request for each page of `/api/v4/incidents`.
//!
//! # Reads
//! The systems as components, the incidents with their updates, the maintenances that are announced. Of the history the
//! incidents and maintenances that are over.
//!
//! # Maps
//! A system that is `green` is operational, `blue` under maintenance, `yellow` degraded, `orange` partly and `red` wholly
//! down; any other word is unknown. The indicator is the worst of systems and open incidents, and major at most. An
//! incident is as bad as the worst of its systems. It is over when its `state` is `resolved`; the flag `resolved` is not
//! read, for it stays false. A stage that the newest update names is taken where `state` names none.
//!
//! # Does not know
//! The window of a maintenance, which stands in prose only: its start is its announcement, it is never taken for running,
//! and only the colour of a system tells that work goes on. The list keeps entries that are long done: one that nobody
//! touched for fifteen days counts as completed. Regions are not read. Heroku reports in the first place on Salesforce
//! Trust and calls this page a backup.

mod item;
mod older;

use std::collections::HashSet;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Item, Reading, Response};
use url::Url;

use crate::document::{Document, document};
use crate::{BackfillStep, Provider, Seen, Step, Target, field, html, words};
use item::List;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "heroku", step, backfill: Some(backfill) };

const HOSTS: [&str; 1] = ["status.heroku.com"];
const CURRENT: &str = "https://status.heroku.com/api/v4/current-status";
const BEFORE: &str = "https://status.heroku.com/api/v3/current-status";
const INCIDENTS: &str = "https://status.heroku.com/api/v4/incidents?limit=100";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&HOSTS) {
        return Step::NotMine("is not Heroku's host".to_owned());
    }
    if let Some(Ok(answer)) = seen.get(CURRENT)
        && html::is_html(answer)
        && let Some(url) = moved(answer)
    {
        return Step::Elsewhere(url);
    }
    let reading = match document(CURRENT.to_owned(), "current-status", seen) {
        Document::Unseen(url) => return Step::Want(vec![url]),
        Document::Broken(why) => Err(why),
        Document::Json(current) => read(target, &current),
        Document::Absent(why) => match document(BEFORE.to_owned(), "version 3", seen) {
            Document::Unseen(url) => return Step::Want(vec![url]),
            Document::Absent(also) => return Step::NotMine(format!("{why}; {also}")),
            Document::Broken(why) => Err(why),
            Document::Json(before) => older::upgraded(&before).and_then(|current| read(target, &current)),
        },
    };
    match reading {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(why),
    }
}

/// The page that another host answered with.
fn moved(answer: &Response) -> Option<String> {
    let url = Url::parse(&answer.url).ok().filter(|url| url.host_str().is_some_and(|host| !HOSTS.contains(&host)))?;
    Some(format!("{}{}", url.origin().ascii_serialization(), url.path().trim_end_matches('/')))
}

fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    let systems =
        document["status"].as_array().filter(|rows| !rows.is_empty()).ok_or("current-status has no list of systems")?;
    let incidents = document["incidents"].as_array().ok_or("current-status has no list of incidents")?;
    let scheduled = document["scheduled"].as_array();
    let components: Vec<_> = systems.iter().filter_map(component).collect();
    if components.is_empty() {
        return Err("current-status lists nothing that looks like a system".to_owned());
    }
    let all_systems = components.len() == systems.len();
    let mut reading = Reading::new(PROVIDER.name);
    reading.components = Some(components);
    let planned = scheduled.map_or(&[][..], Vec::as_slice);
    let items = item::all(target, incidents, List::Incidents).chain(item::all(target, planned, List::Scheduled));
    let mut known = HashSet::new();
    let mut unreadable = 0_usize;
    for item in items {
        match item {
            Some(Item::Incident(incident)) if known.insert(incident.id.clone()) => reading.incidents.push(incident),
            Some(Item::Maintenance(work)) if known.insert(work.id.clone()) => reading.maintenances.push(work),
            Some(_) => {}
            None => unreadable += 1,
        }
    }
    let all_items = unreadable == 0;
    reading.lists_all_open = all_items;
    reading.lists_all_planned = all_items && scheduled.is_some();
    // Three colours are all there is: a system that is down is not the whole of Heroku.
    let worst = words::indicator(&reading, target.as_of).map(|worst| worst.min(Indicator::Major));
    reading.indicator = worst.filter(|worst| *worst > Indicator::None || all_systems && all_items);
    Ok(reading)
}

fn component(row: &Value) -> Option<Component> {
    let name = Some(field::text(&row["system"])).filter(|name| !name.is_empty())?.to_owned();
    Some(Component { id: name.clone(), name, group: None, status: colour(field::text(&row["status"])) })
}

fn colour(word: &str) -> ComponentStatus {
    match word {
        "green" => ComponentStatus::Operational,
        "blue" => ComponentStatus::UnderMaintenance,
        "yellow" => ComponentStatus::DegradedPerformance,
        "orange" => ComponentStatus::PartialOutage,
        "red" => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Unknown,
    }
}

/// One page of the history. The cursor is the page's number and the lowest id before it: ids only grow, so that a page
/// without a lower one is the end, also when the server does not know of pages.
fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let cursor = target.cursor.and_then(|cursor| {
        let (page, lowest) = cursor.split_once(':')?;
        Some((page.parse::<u32>().ok()?, lowest.parse::<u64>().ok()?))
    });
    let (page, lowest) = match (cursor, target.cursor) {
        (Some(cursor), _) => cursor,
        (None, None) => (1, u64::MAX),
        (None, Some(_)) => return BackfillStep::Failed("the cursor is none of ours".to_owned()),
    };
    let url = format!("{INCIDENTS}&page={page}");
    let document = match seen.get(&url) {
        None => return BackfillStep::Want(vec![url]),
        Some(Err(error)) => return BackfillStep::Failed(error.detail.clone()),
        Some(Ok(answer)) => html::json::<Value>(answer),
    };
    let rows = match document {
        Ok(Value::Array(rows)) => rows,
        Ok(_) => return BackfillStep::Failed("incidents is no list".to_owned()),
        Err(why) => return BackfillStep::Failed(format!("incidents {why}")),
    };
    let number = |row: &Value| field::number(&row["id"]).and_then(|id| u64::try_from(id).ok());
    let rows: Vec<_> = rows.into_iter().filter(|row| number(row).is_some_and(|id| id < lowest)).collect();
    let next = rows.iter().filter_map(number).min().map(|id| format!("{}:{id}", page.saturating_add(1)));
    let items = item::all(target, &rows, List::History).flatten().filter(|item| !item.is_open()).collect();
    BackfillStep::Items { items, next }
}

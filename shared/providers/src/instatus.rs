//! Reads status pages made with Instatus. Evidence: recordings of one summary and of one page; the platform's
//! documentation of `summary.json`; client code for `components.json`, for open incidents in the page's data and for the
//! markup of older pages. Unconfirmed: running and scheduled maintenances, and updates in the page's data.
//!
//! # Recognises
//! The hosts of `instatus.com`; a summary whose `page.status` is a text, at `summary.json` or `api/v2/summary.json`; the
//! page's HTML by the addresses of its images or by its data. Checkly's summary, which looks alike, is left alone.
//!
//! # Requests
//! Two, `summary.json` and `v3/components.json`; three, with the page itself, while anything is open or in trouble. The
//! page alone where no summary is served. An unknown page without any mark is asked for `summary.json` once. History:
//! `history.atom`.
//!
//! # Reads
//! Indicator, components with their groups, open incidents, scheduled and running maintenances; in trouble also updates.
//! The history as far as the feed goes.
//!
//! # Maps
//! `UP` is calm, `HASISSUES` at least minor and as bad as the worst that is open. Any other word of the page counts by
//! its end: `SOMEMAJOROUTAGE` like a component's `MAJOROUTAGE`. A minor outage is degraded performance. An open incident
//! is at least minor, whatever its impact. A maintenance ends its `duration` in minutes after its start.
//!
//! # Does not know
//! Lists are left out of a summary when they are empty, so that one that is cut out cannot be told from an empty one.
//! Maintenances without a date are left out, and the reading then does not claim to list all that is planned. Updates
//! are known in trouble only.

mod components;
mod items;
mod page;
mod summary;
mod words;

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Reading};

use crate::front::{self, Front};
use crate::{BackfillStep, Provider, Seen, Step, Target, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "instatus", step, backfill: Some(backfill) };

const HOSTS: [&str; 1] = ["instatus.com"];
const SUMMARY: &str = "/summary.json";
/// The same document, where Statuspage has its own; it was asked for already, as a rule.
const COMPATIBLE: &str = "/api/v2/summary.json";
const COMPONENTS: &str = "/v3/components.json";
const HISTORY: &str = "/history.atom";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    for path in [SUMMARY, COMPATIBLE] {
        if let Some(document) = document(target, seen, path)
            && summary::is_mine(&document)
        {
            return match summary::read(target, &document) {
                Ok(reading) => enriched(target, seen, reading),
                Err(why) => Step::Malformed(format!("{path}: {why}")),
            };
        }
    }
    let summary = target.at(SUMMARY);
    let unasked = seen.get(&summary).is_none();
    if unasked && (target.known || target.is_on(&HOSTS)) {
        return Step::Want(vec![summary]);
    }
    match front::front(target, seen) {
        Front::Unseen(url) => Step::Want(vec![url]),
        _ if unasked => Step::Want(vec![summary]),
        Front::Html(markup, _) if page::is_mine(&markup) => match page::read(target, &markup) {
            Ok(reading) => Step::Reading(Box::new(reading)),
            Err(why) => Step::Malformed(format!("no summary, and the page: {why}")),
        },
        Front::Html(..) => Step::NotMine("neither a summary nor a page of its kind".to_owned()),
        Front::Missing(why) => Step::NotMine(format!("no summary, and {why}")),
    }
}

/// The JSON at a path, if it was asked for and is some.
fn document(target: &Target<'_>, seen: &Seen, path: &str) -> Option<Value> {
    seen.get(&target.at(path))?.ok().and_then(|answer| html::json(answer).ok())
}

/// The summary's reading with what other documents add: the components, and in trouble the page with its updates.
fn enriched(target: &Target<'_>, seen: &Seen, mut reading: Reading) -> Step {
    let running = |maintenance: &Maintenance| maintenance.status == MaintenanceStatus::InProgress;
    let wrong = reading.indicator != Some(Indicator::None)
        || reading.incidents.iter().any(Incident::is_open)
        || reading.maintenances.iter().any(running);
    let documents = [Some(target.at(COMPONENTS)), wrong.then(|| target.at("/"))];
    let unseen: Vec<_> = documents.into_iter().flatten().filter(|url| seen.get(url).is_none()).collect();
    // A host that has just failed is asked for nothing more: the summary has told the state.
    let is_failing = |url: &str| seen.get(url).and_then(Result::err).is_some_and(|error| !error.kind.host_is_up());
    if !unseen.is_empty() && !is_failing(&target.at(COMPONENTS)) && !is_failing(&target.at("/")) {
        return Step::Want(unseen);
    }
    if let Front::Html(markup, _) = front::front(target, seen)
        && page::is_mine(&markup)
        && let Ok(page) = page::read(target, &markup)
    {
        merge(&mut reading, page);
    }
    let rows = document(target, seen, COMPONENTS);
    reading.components = rows.as_ref().and_then(components::document).or(reading.components);
    Step::Reading(Box::new(reading))
}

/// Adds what only the page tells. What is open, and how bad it is, stays as the summary has it: the page may be older.
fn merge(reading: &mut Reading, page: Reading) {
    reading.components = page.components;
    let mut incidents: HashMap<String, Incident> = by_id(page.incidents, |incident| &incident.id);
    for incident in &mut reading.incidents {
        if let Some(told) = incidents.remove(&incident.id) {
            incident.started_at = incident.started_at.min(told.started_at);
            incident.updates = told.updates;
            incident.components = told.components;
            incident.detail = told.detail;
        }
    }
    let mut maintenances = by_id(page.maintenances, |maintenance| &maintenance.id);
    for maintenance in &mut reading.maintenances {
        if let Some(told) = maintenances.remove(&maintenance.id) {
            maintenance.updates = told.updates;
            maintenance.components = told.components;
            maintenance.detail = told.detail;
        }
    }
}

fn by_id<T>(items: Vec<T>, id: fn(&T) -> &String) -> HashMap<String, T> {
    items.into_iter().map(|item| (id(&item).clone(), item)).collect()
}

/// The history is a feed, which is read as any other. Its ids are tags with the platform's id at their end.
fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let address = target.at(HISTORY);
    match seen.get(&address) {
        None => return BackfillStep::Want(vec![address]),
        Some(Err(error)) if !error.kind.host_is_up() => return BackfillStep::Failed(error.detail.clone()),
        Some(Err(_)) => return BackfillStep::Items { items: Vec::new(), next: None },
        Some(Ok(_)) => {}
    }
    match (crate::feed::PROVIDER.step)(&Target { key: Some(&address), ..*target }, seen) {
        Step::Reading(reading) => {
            BackfillStep::Items { items: reading.items().filter(is_past).map(renamed).collect(), next: None }
        }
        Step::NotMine(why) | Step::Malformed(why) => BackfillStep::Failed(why),
        Step::Want(_) | Step::Elsewhere(_) => BackfillStep::Failed(format!("{address} is no feed")),
    }
}

/// What the feed says is over; what is not, the current state tells.
fn is_past(item: &Item) -> bool {
    match item {
        Item::Incident(incident) => matches!(incident.status, IncidentStatus::Resolved | IncidentStatus::Postmortem),
        Item::Maintenance(maintenance) => maintenance.status == MaintenanceStatus::Completed,
    }
}

fn renamed(mut item: Item) -> Item {
    let id = match &mut item {
        Item::Incident(incident) => &mut incident.id,
        Item::Maintenance(maintenance) => &mut maintenance.id,
    };
    *id = items::code(id).map_or_else(|| Cow::Borrowed(id.as_str()), |code| Cow::Owned(code.to_owned())).into_owned();
    item
}

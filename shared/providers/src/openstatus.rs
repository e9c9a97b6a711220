//! Reads status pages made with `OpenStatus`, hosted or self-hosted. Evidence: the platform's source code and its
//! tests. Unconfirmed: no recording of a real page stands behind it.
//!
//! # Recognises
//! The hosts of `openstatus.dev`; `summary.json` with a `status.indicator`, a `page` that has neither id nor time zone,
//! and lists beside it; the page's HTML by the picture that it offers to social networks.
//!
//! # Requests
//! One, `summary.json`, while all is well. One more, `feed/json`, while anything is open or planned. `feed/json` alone on
//! pages older than their summary. History: `feed/json`, which holds all of it.
//!
//! # Reads
//! Indicator, components, open incidents with their updates, scheduled and running maintenances. In trouble also groups
//! and what incidents and maintenances touch.
//!
//! # Maps
//! Indicators and component words are the field's own; in the feed `info` is maintenance and `error` a major outage.
//! The page's indicator leaves out components without a monitor: where it is calm, it is what components and running
//! maintenances tell. Incidents have no impact: an open one is minor, and `none` on one that is over means "not told".
//! Maintenances run by their window.
//!
//! # Does not know
//! Ids of components: their names stand for them, and of two with one name the worse counts. Stages of a maintenance.
//! Pages that want a password.

mod feed;
mod summary;

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{MaintenanceStatus, Reading};

use crate::front::{self, Front};
use crate::{BackfillStep, Provider, Seen, Step, Target, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "openstatus", step, backfill: Some(backfill) };

const HOSTS: [&str; 1] = ["openstatus.dev"];
const SUMMARY: &str = "/summary.json";
const FEED: &str = "/feed/json";
/// The address of the picture that the page offers to social networks.
const MARK: &str = "openstatus.dev/api/og/page?slug=";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if let Some(document) = document(target, seen, SUMMARY)
        && summary::is_mine(&document)
    {
        return match summary::read(target, &document) {
            Ok(reading) => enriched(target, seen, reading),
            Err(why) => Step::Malformed(format!("{SUMMARY}: {why}")),
        };
    }
    let summary = target.at(SUMMARY);
    let unasked = seen.get(&summary).is_none();
    if unasked && (target.known || target.is_on(&HOSTS)) {
        return Step::Want(vec![summary]);
    }
    match front::front(target, seen) {
        Front::Unseen(url) => Step::Want(vec![url]),
        _ if unasked => Step::Want(vec![summary]),
        Front::Html(markup, _) if markup.contains(MARK) => without_summary(target, seen),
        Front::Html(..) => Step::NotMine("neither a summary nor a page of its kind".to_owned()),
        Front::Missing(why) => Step::NotMine(format!("no summary, and {why}")),
    }
}

/// The JSON at a path, if it was asked for and is some.
fn document(target: &Target<'_>, seen: &Seen, path: &str) -> Option<Value> {
    seen.get(&target.at(path))?.ok().and_then(|answer| html::json(answer).ok())
}

fn without_summary(target: &Target<'_>, seen: &Seen) -> Step {
    let url = target.at(FEED);
    match seen.get(&url) {
        None => Step::Want(vec![url]),
        Some(Err(error)) => Step::Malformed(format!("serves neither a summary nor a feed: {}", error.detail)),
        Some(Ok(_)) => match document(target, seen, FEED).ok_or_else(|| "is no JSON".to_owned()) {
            Ok(document) => match feed::read(target, &document) {
                Ok(reading) => Step::Reading(Box::new(reading)),
                Err(why) => Step::Malformed(format!("{FEED}: {why}")),
            },
            Err(why) => Step::Malformed(format!("{FEED} {why}")),
        },
    }
}

/// The summary's reading with what only the feed tells. What is open stays as the summary has it.
fn enriched(target: &Target<'_>, seen: &Seen, mut reading: Reading) -> Step {
    let planned = reading.maintenances.iter().any(|maintenance| maintenance.status != MaintenanceStatus::Completed);
    if reading.incidents.is_empty() && !planned {
        return Step::Reading(Box::new(reading));
    }
    let url = target.at(FEED);
    if seen.get(&url).is_none() {
        return Step::Want(vec![url]);
    }
    let Some(document) = document(target, seen, FEED) else { return Step::Reading(Box::new(reading)) };
    let Ok(told) = feed::read(target, &document) else { return Step::Reading(Box::new(reading)) };
    let groups: HashMap<String, String> =
        told.components.into_iter().flatten().filter_map(|c| Some((c.id, c.group?))).collect();
    for component in reading.components.iter_mut().flatten() {
        component.group = groups.get(&component.id).cloned();
    }
    let mut incidents: HashMap<_, _> = told.incidents.into_iter().map(|told| (told.id.clone(), told)).collect();
    for incident in &mut reading.incidents {
        if let Some(told) = incidents.remove(&incident.id) {
            incident.components = told.components;
        }
    }
    let mut maintenances: HashMap<_, _> = told.maintenances.into_iter().map(|told| (told.id.clone(), told)).collect();
    for maintenance in &mut reading.maintenances {
        if let Some(told) = maintenances.remove(&maintenance.id) {
            maintenance.updates = told.updates;
            maintenance.components = told.components;
            maintenance.detail = told.detail;
        }
    }
    Step::Reading(Box::new(reading))
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let url = target.at(FEED);
    match seen.get(&url) {
        None => return BackfillStep::Want(vec![url]),
        Some(Err(error)) => return BackfillStep::Failed(error.detail.clone()),
        Some(Ok(_)) => {}
    }
    let read = document(target, seen, FEED).ok_or_else(|| "is no JSON".to_owned());
    match read.and_then(|document| feed::read(target, &document)) {
        Ok(reading) => {
            BackfillStep::Items { items: reading.items().filter(|item| !item.is_open()).collect(), next: None }
        }
        Err(why) => BackfillStep::Failed(format!("{FEED}: {why}")),
    }
}

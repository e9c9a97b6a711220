//! Reads status pages made with incident.io. Evidence: recordings of one summary and of two pages, public copies of two
//! more, one of them with maintenances that are over; maintenance still to come by description only.
//!
//! # Recognises
//! `api/v2/summary.json` with a ULID as `page.id` and without `page.time_zone`; else the page's HTML by the host of its
//! logos or by its data.
//!
//! # Requests
//! One, `api/v2/summary.json`, while all is calm. One more, the page itself, while anything is open or in trouble; if
//! that fails, the summary alone is the reading. The page alone where there is no summary. History: the page.
//!
//! # Reads
//! Of the summary: indicator, components, open incidents with their updates. Of the page: groups, components of
//! incidents, true starts, maintenances with their window and, as history, some ninety days of past incidents: those
//! with their timelines that the page lists so, the others as rows.
//!
//! # Maps
//! Component words are the field's own; `full_outage` is a major outage. Without a stated impact it is that of the worst
//! component, and at least minor while the incident is open. The page's own indicator, where only the page is read, is
//! the worst of components and open incidents.
//!
//! # Does not know
//! The exact shape of a scheduled maintenance: one that cannot be read is left out, and the reading then does not claim
//! to list all that is planned. Sub-pages are not followed: a calm page that has some tells no indicator. Histories
//! beyond what the page carries are not read.

mod compat;
mod items;
mod page;
mod words;

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use statusphere_domain::{Incident, Indicator, Item, MaintenanceStatus, Reading};

use crate::{BackfillStep, Provider, Seen, Step, Target, html};
use items::Context;
use page::Page;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "incidentio", step, backfill: Some(backfill) };

const SUMMARY: &str = "/api/v2/summary.json";
const PAGE: &str = "/";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    match seen.get(&target.at(SUMMARY)) {
        None => Step::Want(vec![target.at(SUMMARY)]),
        Some(Ok(response)) if !html::is_html(response) => match html::json::<Value>(response) {
            Ok(document) if compat::is_mine(&document) => with_summary(target, seen, document),
            Ok(_) => Step::NotMine("the summary is another platform's".to_owned()),
            Err(_) => without_summary(target, seen),
        },
        Some(_) => without_summary(target, seen),
    }
}

fn with_summary(target: &Target<'_>, seen: &Seen, document: Value) -> Step {
    let reading = match compat::read(target, document) {
        Ok(reading) => reading,
        Err(why) => return Step::Malformed(why),
    };
    let components = reading.components.as_deref().unwrap_or_default();
    let planned = reading.maintenances.iter().any(|maintenance| maintenance.status != MaintenanceStatus::Completed);
    if reading.indicator == Some(Indicator::None) && words::calm(components, &reading.incidents) && !planned {
        return Step::Reading(Box::new(reading));
    }
    match seen.get(&target.at(PAGE)) {
        None => Step::Want(vec![target.at(PAGE)]),
        // The page only adds to the summary: without it, the summary still tells the state.
        Some(Err(_)) => Step::Reading(Box::new(reading)),
        Some(Ok(response)) => {
            let body = html::decode(&response.body);
            let richer = Page::read(&body).and_then(|page| current(target, &page));
            Step::Reading(Box::new(match richer {
                Ok(richer) => merged(reading, richer),
                Err(_) => reading,
            }))
        }
    }
}

fn without_summary(target: &Target<'_>, seen: &Seen) -> Step {
    let response = match seen.get(&target.at(PAGE)) {
        None => return Step::Want(vec![target.at(PAGE)]),
        Some(Err(error)) => return Step::NotMine(format!("neither a summary nor a page: {}", error.detail)),
        Some(Ok(response)) => response,
    };
    let body = html::decode(&response.body);
    if !page::is_mine(&body) {
        return Step::NotMine("the page has none of its marks".to_owned());
    }
    match Page::read(&body).and_then(|page| current(target, &page)) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(why),
    }
}

/// The state that a page's data tells.
fn current(target: &Target<'_>, page: &Page) -> Result<Reading, String> {
    let context = Context::new(target, page);
    let mut reading = Reading::new(PROVIDER.name);
    reading.lists_all_open = true;
    reading.lists_all_planned = true;
    let mut known = HashSet::new();
    for post in &page.summary.ongoing_incidents {
        let item = context.item(post).ok_or_else(|| format!("incident {} has no readable time", post.id))?;
        add(&mut reading, &mut known, item);
    }
    for post in page.summary.planned() {
        match post.and_then(|post| context.item(&post)) {
            Some(item) => add(&mut reading, &mut known, item),
            None => reading.lists_all_planned = false,
        }
    }
    reading.components = Some(page.summary.components());
    // Sub-pages may be in trouble that this page does not show.
    reading.indicator = crate::words::indicator(&reading, target.as_of)
        .filter(|worst| *worst > Indicator::None || !page.summary.has_sub_pages());
    Ok(reading)
}

/// Adds an item unless the page listed it before: a running maintenance may stand in both of its lists.
fn add(reading: &mut Reading, known: &mut HashSet<String>, item: Item) {
    match item {
        Item::Incident(incident) if known.insert(incident.id.clone()) => reading.incidents.push(incident),
        Item::Maintenance(maintenance) if known.insert(maintenance.id.clone()) => {
            reading.maintenances.push(maintenance);
        }
        _ => {}
    }
}

/// The summary's reading with what only the page tells. Indicator, impacts and the set of components stay the summary's,
/// so that they don't flap between calm and trouble.
fn merged(summary: Reading, page: Reading) -> Reading {
    let mut merged = Reading { key: summary.key, indicator: summary.indicator, ..page };
    if let Some(mut components) = summary.components {
        let groups: HashMap<String, String> =
            merged.components.into_iter().flatten().filter_map(|c| Some((c.id, c.group?))).collect();
        for component in &mut components {
            component.group = groups.get(&component.id).cloned();
        }
        merged.components = Some(components);
    }
    for incident in summary.incidents {
        match merged.incidents.iter_mut().find(|known| known.id == incident.id) {
            Some(known) => enrich(known, incident),
            None => merged.incidents.push(incident),
        }
    }
    for maintenance in summary.maintenances {
        if !merged.maintenances.iter().any(|known| known.id == maintenance.id) {
            merged.maintenances.push(maintenance);
        }
    }
    merged
}

fn enrich(page: &mut Incident, summary: Incident) {
    page.impact = summary.impact;
    page.started_at = page.started_at.min(summary.started_at);
    if page.updates.len() < summary.updates.len() {
        page.updates = summary.updates;
    }
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let response = match seen.get(&target.at(PAGE)) {
        None => return BackfillStep::Want(vec![target.at(PAGE)]),
        Some(Err(error)) => return BackfillStep::Failed(error.detail.clone()),
        Some(Ok(response)) => response,
    };
    let page = match Page::read(&html::decode(&response.body)) {
        Ok(page) => page,
        Err(why) => return BackfillStep::Failed(why),
    };
    let context = Context::new(target, &page);
    let mut known = HashSet::new();
    let listed = page.listed().filter_map(|post| context.item(&post));
    let mut past: Vec<Item> = listed.filter(|item| items::is_past(item) && known.insert(item.key())).collect();
    let impacts = page.impacts();
    let mut links: Vec<_> = page.links.values().collect();
    links.sort_by(|a, b| b.id.cmp(&a.id));
    let rows =
        links.into_iter().filter_map(|link| context.row(link, impacts.get(&link.id).map_or(&[][..], Vec::as_slice)));
    past.extend(rows.filter(|item| known.insert(item.key())));
    BackfillStep::Items { items: past, next: None }
}

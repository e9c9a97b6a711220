//! Apple's own status pages: for everyone and for developers. Evidence: client code of several hands, for both documents,
//! their fields and words. Unconfirmed: no recording stands behind it.
//!
//! # Recognises
//! By host and path alone: `www.apple.com/support/systemstatus` and `developer.apple.com/system-status`, each also below
//! the path of a country or language.
//!
//! # Requests
//! One: `support/systemstatus/data/system_status_en_US.js` or `…/data/developer/system_status_en_US.js`, both on
//! `www.apple.com`. Pages of other countries are read in English too.
//!
//! # Reads
//! Bare JSON or JSON in a call (`jsonCallback(…);`). Every service as a component, every event as an incident or a
//! maintenance with its one message, also those that are over. An event that is listed under several services is one.
//!
//! # Maps
//! An event is over when its `eventStatus` is `resolved` or `completed`, planned when it is `upcoming`; with any other
//! word it is open. `Maintenance` is a maintenance, `Outage` major and the service down, `Issue` and `Performance` minor
//! and the service degraded; with any other word the service's status is unknown. The indicator is the worst of them, and
//! major at most.
//!
//! # Does not know
//! Stages: that of an open incident is unknown. Titles: they are made of service and kind. Permalinks: there are none.
//! History beyond what the document lists, which is little.

mod event;

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Item, ItemKey, MaintenanceStatus, Reading, Response};
use url::Url;

use crate::{Provider, Seen, Step, Target, field, html, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "apple", step, backfill: None };

const EVERYONE: &str = "https://www.apple.com/support/systemstatus/data/system_status_en_US.js";
const DEVELOPERS: &str = "https://www.apple.com/support/systemstatus/data/developer/system_status_en_US.js";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let Some(url) = document(target) else { return Step::NotMine("is none of Apple's status pages".to_owned()) };
    let answer = match seen.get(url) {
        None => return Step::Want(vec![url.to_owned()]),
        Some(Err(error)) => return Step::NotMine(format!("system_status: {}", error.detail)),
        Some(Ok(answer)) if html::is_html(answer) => {
            return Step::NotMine("system_status is HTML, not JSON".to_owned());
        }
        Some(Ok(answer)) => answer,
    };
    match read(target, answer) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(format!("system_status {why}")),
    }
}

fn document(target: &Target<'_>) -> Option<&'static str> {
    let url = Url::parse(target.url).ok()?;
    let path: Vec<_> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    match (url.host_str()?, path.as_slice()) {
        ("www.apple.com" | "apple.com", ["support", "systemstatus", ..] | [_, "support", "systemstatus", ..]) => {
            Some(EVERYONE)
        }
        ("developer.apple.com", ["system-status", ..] | [_, "system-status", ..]) => Some(DEVELOPERS),
        _ => None,
    }
}

/// The JSON of a script that may hand it to a function.
fn unwrapped(answer: &Response) -> Result<Value, String> {
    let body = html::decode(&answer.body);
    let body = body.trim();
    let json = match body.split_once('(') {
        Some((function, call)) if !function.is_empty() && function.chars().all(is_of_a_name) => {
            call.trim_end_matches([';', ')', ' ', '\r', '\n'])
        }
        _ => body,
    };
    if !html::is_bearable(json) {
        return Err("holds more values than a status page has".to_owned());
    }
    serde_json::from_str(json).map_err(|error| format!("is not JSON: {error}"))
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.')
}

fn read(target: &Target<'_>, answer: &Response) -> Result<Reading, String> {
    let document = unwrapped(answer)?;
    let services = document["services"].as_array().filter(|rows| !rows.is_empty()).ok_or("has no list of services")?;
    let mut page = Page::default();
    let components: Vec<_> = services.iter().filter_map(|service| page.service(target, service)).collect();
    if components.is_empty() {
        return Err("lists nothing that looks like a service".to_owned());
    }
    let all_read = page.unreadable == 0 && components.len() == services.len();
    let mut reading = Reading::new(PROVIDER.name);
    reading.components = Some(components);
    (reading.lists_all_open, reading.lists_all_planned) = (all_read, all_read);
    for item in page.items {
        reading.push(item);
    }
    // One service that is down is not the whole of Apple, and worse than `Outage` no word is.
    let worst = words::indicator(&reading, target.as_of).map(|worst| worst.min(Indicator::Major));
    reading.indicator = worst.filter(|worst| *worst > Indicator::None || all_read);
    Ok(reading)
}

/// The events of the page, each once.
#[derive(Default)]
struct Page {
    items: Vec<Item>,
    known: HashMap<(ItemKey, bool), usize>,
    unreadable: usize,
}

impl Page {
    /// Takes in the events of a service; `None` when it does not look like one.
    fn service(&mut self, target: &Target<'_>, row: &Value) -> Option<Component> {
        let name = Some(field::text(&row["serviceName"])).filter(|name| !name.is_empty())?;
        let mut status = ComponentStatus::Operational;
        match row["events"].as_array() {
            None => (self.unreadable, status) = (self.unreadable.saturating_add(1), ComponentStatus::Unknown),
            Some(events) => {
                for row in events {
                    let item = event::read(target, name, row);
                    let said = item.as_ref().map_or(ComponentStatus::Unknown, |item| said(target, row, item));
                    status = words::worse(status, said);
                    match item {
                        Some(item) => self.add(name, item),
                        None => self.unreadable = self.unreadable.saturating_add(1),
                    }
                }
            }
        }
        Some(Component { id: name.to_owned(), name: name.to_owned(), group: None, status })
    }

    fn add(&mut self, service: &str, mut item: Item) {
        let next = self.items.len();
        let at = *self.known.entry((item.key(), item.is_open())).or_insert(next);
        let names = match self.items.get_mut(at) {
            Some(Item::Incident(incident)) => &mut incident.components,
            Some(Item::Maintenance(maintenance)) => &mut maintenance.components,
            None => {
                // What is over for one service may go on for another: then what is open keeps the id.
                let first = self.known.get(&(item.key(), !item.is_open()));
                match first.and_then(|first| self.items.get_mut(*first)) {
                    Some(over) if item.is_open() => event::rename(over),
                    Some(_) => event::rename(&mut item),
                    None => {}
                }
                return self.items.push(item);
            }
        };
        if names.last().is_none_or(|last| last != service) {
            names.push(service.to_owned());
        }
    }
}

/// What an event says of its service.
fn said(target: &Target<'_>, row: &Value, item: &Item) -> ComponentStatus {
    match item {
        _ if !item.is_open() => ComponentStatus::Operational,
        Item::Maintenance(work) if work.status == MaintenanceStatus::InProgress => ComponentStatus::UnderMaintenance,
        Item::Maintenance(_) => ComponentStatus::Operational,
        Item::Incident(incident) => match field::text(&row["statusType"]) {
            "Outage" if incident.impact_at(target.as_of) >= Indicator::Major => ComponentStatus::MajorOutage,
            "Outage" | "Issue" | "Performance" => ComponentStatus::DegradedPerformance,
            _ => ComponentStatus::Unknown,
        },
    }
}

//! Zendesk's own status page. Evidence: its documentation, the notes and tests of clients on a document of 2026, and the
//! models of two client libraries. Unconfirmed: no recording stands behind it.
//!
//! # Recognises
//! The host `status.zendesk.com`.
//!
//! # Requests
//! Three at once: the incidents (`/api/ssp/incidents.json`), the services and the planned work. One more, the documented
//! `/api/incidents/active`, while an incident is open, for its updates, and in the place of the incidents where they are
//! refused.
//!
//! # Reads
//! Incidents, open and past, with the services they touch; the updates of the open ones; the services; planned work with
//! its window. Keys are read as written by either document, `resolvedAt` and `resolved_at`.
//!
//! # Maps
//! An incident is open until `resolvedAt` has a time, whatever its stale `status` says; only where that key is missing
//! does the status count. A service has no status: it is what the open incidents that touch it say, `outage` being a
//! major outage and anything else degraded. The page has no indicator: it is the worst of both.
//!
//! # Does not know
//! Incidents of a single pod or account: all are read. Whether planned work that is no longer listed was called off. The
//! history before the document's own. Links to single incidents: the page has none.

mod document;
mod incident;

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};

use crate::document::{Document, document as fetched};
use crate::{Provider, Seen, Step, Target, field, words};
use document::Incidents;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "zendesk", step, backfill: None };

const INCIDENTS: &str = "/api/ssp/incidents.json";
const SERVICES: &str = "/api/ssp/services.json";
const PLANNED: &str = "/api/incidents/maintenance";
const ACTIVE: &str = "/api/incidents/active";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&["status.zendesk.com"]) {
        return Step::NotMine("not the host of Zendesk's status page".to_owned());
    }
    let unseen: Vec<_> = [INCIDENTS, SERVICES, PLANNED].map(|path| target.at(path)).into();
    let unseen: Vec<_> = unseen.into_iter().filter(|url| seen.get(url).is_none()).collect();
    if !unseen.is_empty() {
        return Step::Want(unseen);
    }
    let listed = match fetched(target.at(INCIDENTS), INCIDENTS, seen) {
        Document::Json(document) => Incidents::new(document).map_err(Step::Malformed),
        Document::Broken(why) => Err(Step::Malformed(why)),
        Document::Absent(why) | Document::Unseen(why) => Err(Step::NotMine(why)),
    };
    match listed {
        Ok(listed) if !listed.has_open() => read(target, seen, &listed, None),
        Ok(listed) => match fetched(target.at(ACTIVE), ACTIVE, seen) {
            Document::Unseen(url) => Step::Want(vec![url]),
            // The updates only add to the incidents: without them, those still tell the state.
            Document::Json(active) => read(target, seen, &listed, Incidents::new(active).ok().as_ref()),
            Document::Absent(_) | Document::Broken(_) => read(target, seen, &listed, None),
        },
        Err(Step::NotMine(refused)) => match fetched(target.at(ACTIVE), ACTIVE, seen) {
            Document::Unseen(url) => Step::Want(vec![url]),
            Document::Absent(why) => Step::NotMine(format!("{refused}, {why}")),
            Document::Broken(why) => Step::Malformed(why),
            Document::Json(active) => match Incidents::new(active) {
                Ok(active) => read(target, seen, &active, None),
                Err(why) => Step::Malformed(why),
            },
        },
        Err(step) => step,
    }
}

fn read(target: &Target<'_>, seen: &Seen, listed: &Incidents, active: Option<&Incidents>) -> Step {
    let services = match fetched(target.at(SERVICES), SERVICES, seen) {
        Document::Json(services) => services["data"].as_array().cloned(),
        _ => None,
    };
    let names: HashMap<String, String> = services
        .iter()
        .flatten()
        .filter_map(|row| Some((field::id(&row["id"])?, field::text(&row["attributes"]["name"]).to_owned())))
        .collect();
    let mut reading = Reading::new(PROVIDER.name);
    let rows = listed.rows.iter().filter_map(|row| incident::read(target, row, listed, active, &names));
    reading.incidents = rows.collect();
    if reading.incidents.is_empty() && !listed.rows.is_empty() {
        return Step::Malformed("none of the incidents can be read".to_owned());
    }
    reading.lists_all_open = reading.incidents.len() == listed.rows.len();
    if let Document::Json(planned) = fetched(target.at(PLANNED), PLANNED, seen) {
        let rows = field::list(&planned["data"]).iter();
        reading.maintenances = rows.filter_map(|row| incident::maintenance(target, row)).collect();
    }
    let touched = listed.touched();
    reading.components = services.map(|rows| rows.iter().filter_map(|row| component(row, &touched)).collect());
    // A service that the list of services lacks may be touched all the same.
    let worst =
        touched.values().map(|status| words::severity(*status)).max().filter(|worst| *worst >= Indicator::Minor);
    reading.indicator = words::indicator(&reading, target.as_of)
        .max(worst)
        .filter(|worst| *worst >= Indicator::Minor || reading.lists_all_open);
    Step::Reading(Box::new(reading))
}

fn component(row: &Value, touched: &HashMap<String, ComponentStatus>) -> Option<Component> {
    let attributes = &row["attributes"];
    if attributes["deprecated"] == Value::Bool(true) {
        return None;
    }
    let name = field::text(&attributes["name"]).to_owned();
    let id = field::id(&row["id"]);
    let status = match &id {
        Some(id) => touched.get(id).copied().unwrap_or(ComponentStatus::Operational),
        None => ComponentStatus::Unknown,
    };
    let id = id.or_else(|| Some(name.clone()).filter(|name| !name.is_empty()))?;
    Some(Component { name: if name.is_empty() { id.clone() } else { name }, id, group: None, status })
}

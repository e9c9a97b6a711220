//! Google's own status dashboards, all of one make: Cloud, Maps Platform, Workspace, Firebase, Play, Search and Ads.
//! Evidence: a recording of Cloud's incidents; the schema, `products.json` and the other dashboards by client code and
//! quotations.
//!
//! # Recognises
//! By host and path alone: `status.cloud.google.com` (also below it `maps-platform`), `www.google.com/appsstatus`,
//! `status.firebase.google.com`, `status.play.google.com`, `status.search.google.com`, `ads.google.com/status/publisher`.
//!
//! # Requests
//! Two, at once: `incidents.json` and `products.json`. Where the second cannot be had, the first alone is the reading.
//!
//! # Reads
//! All incidents that the document lists, open and past, with their updates, and every product as a component. The
//! components of an incident are its products, by their names of today, and after them the locations: those affected
//! now, or those that were when it is over.
//!
//! # Maps
//! An incident is over when its `end` is a time that has come; without an end, or with one that cannot be read, it is
//! open. `SERVICE_INFORMATION` is minor, `SERVICE_DISRUPTION` major, `SERVICE_OUTAGE` critical; where that word is
//! missing, the severity `low`, `medium`, `high` says the same. An open incident whose newest update says `AVAILABLE` is
//! being monitored; the dashboards have no other stages, and the stage of any other open incident is unknown. The title
//! is the first line of the description that is no heading. The indicator is the worst of the open incidents. An empty
//! list of incidents is calm only beside a readable list of products.
//!
//! # Does not know
//! Any maintenance: the dashboards announce none. The list is a rolling window; what has left it is not read. A product
//! that an incident does not name is operational, unless an entry of the list could not be read or an open incident names
//! no product at all: then it is unknown.

mod incident;
mod products;

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading, Response};
use url::Url;

use crate::{Provider, Seen, Step, Target, html, words};
use products::Product;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "googlecloud", step, backfill: None };

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let Some(base) = dashboard(target) else {
        return Step::NotMine("is none of the hosts of Google's dashboards".to_owned());
    };
    let [incidents, products] = ["/incidents.json", "/products.json"].map(|path| format!("{base}{path}"));
    let (Some(incidents), Some(products)) = (seen.get(&incidents), seen.get(&products)) else {
        let unseen = [incidents, products].into_iter().filter(|url| seen.get(url).is_none());
        return Step::Want(unseen.collect());
    };
    let answer = match incidents {
        Err(error) => return Step::NotMine(format!("incidents.json: {}", error.detail)),
        Ok(answer) if html::is_html(answer) => return Step::NotMine("incidents.json is HTML, not JSON".to_owned()),
        Ok(answer) => answer,
    };
    match read(target, &base, answer, products.ok().and_then(products::read)) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(format!("incidents.json {why}")),
    }
}

/// Address of the dashboard that a page belongs to, whichever of its views the page's address is.
fn dashboard(target: &Target<'_>) -> Option<String> {
    const HOSTS: [&str; 4] =
        ["status.cloud.google.com", "status.firebase.google.com", "status.play.google.com", "status.search.google.com"];
    let url = Url::parse(target.url).ok()?;
    let path = match (url.host_str()?, url.path().trim_start_matches('/')) {
        ("status.cloud.google.com", path) if is_below(path, "maps-platform") => "/maps-platform",
        ("www.google.com" | "google.com", path) if is_below(path, "appsstatus") => "/appsstatus/dashboard",
        ("ads.google.com", path) if is_below(path, "status/publisher") => "/status/publisher",
        (host, _) if HOSTS.contains(&host) => "",
        _ => return None,
    };
    Some(format!("{}{path}", url.origin().ascii_serialization()))
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn read(target: &Target<'_>, base: &str, answer: &Response, products: Option<Vec<Product>>) -> Result<Reading, String> {
    let Value::Array(rows) = html::json::<Value>(answer)? else { return Err("is no list".to_owned()) };
    if rows.is_empty() && products.is_none() {
        return Err("is an empty list, and no list of products beside it says that this is the dashboard".to_owned());
    }
    let mut reading = Reading::new(PROVIDER.name);
    reading.lists_all_open = true;
    let catalogue = products.iter().flatten().map(|product| (product.id.clone(), product.name.clone()));
    let names: HashMap<_, _> = catalogue.collect();
    let mut known = HashSet::new();
    let mut affected = Affected::default();
    for row in &rows {
        let Some(incident) = incident::read(target, base, &names, row) else {
            reading.lists_all_open = false;
            continue;
        };
        if known.insert(incident.id.clone()) {
            if incident.is_open() {
                affected.add(incident::products(row), incident.impact_at(target.as_of));
            }
            reading.incidents.push(incident);
        }
    }
    if reading.incidents.is_empty() && !rows.is_empty() {
        return Err("lists nothing that looks like an incident".to_owned());
    }
    affected.somewhere |= !reading.lists_all_open;
    reading.components = products.map(|products| products.into_iter().map(|one| affected.component(one)).collect());
    let calm_is_known = reading.lists_all_open;
    reading.indicator =
        words::indicator(&reading, target.as_of).filter(|worst| *worst > Indicator::None || calm_is_known);
    Ok(reading)
}

/// What the open incidents say of the products.
#[derive(Default)]
struct Affected {
    worst: HashMap<String, Indicator>,
    /// Something is wrong that names no product.
    somewhere: bool,
}

impl Affected {
    fn add(&mut self, products: Vec<Product>, impact: Indicator) {
        self.somewhere |= products.is_empty();
        for product in products {
            let worst = self.worst.entry(product.id).or_insert(impact);
            *worst = impact.max(*worst);
        }
    }

    fn component(&self, product: Product) -> Component {
        let status = match self.worst.get(&product.id) {
            Some(Indicator::Critical) => ComponentStatus::MajorOutage,
            Some(Indicator::Major) => ComponentStatus::PartialOutage,
            Some(_) => ComponentStatus::DegradedPerformance,
            None if self.somewhere => ComponentStatus::Unknown,
            None => ComponentStatus::Operational,
        };
        Component { id: product.id, name: product.name, group: None, status }
    }
}

//! Salesforce Trust, the status of all Salesforce products, of one product and of one instance. Evidence: client code, a recording of
//! instances without incidents, and the literals of two clients' tests. Unconfirmed: no recording of an incident or a
//! maintenance stands behind it.
//!
//! # Recognises
//! The hosts `status.salesforce.com` and `trust.salesforce.com`. An address below `/instances/<key>` is that instance's
//! page, one below `/products/<key>` that of the instances of this product.
//!
//! # Requests
//! Two, of `api.status.salesforce.com`: the active incidents, and the maintenances that start from a week ago on. An
//! instance or a product costs one: its status. History: one for each hundred incidents.
//!
//! # Reads
//! Active incidents with their events, services and instances; maintenances that are over for up to a week, run or are
//! to come. Of an instance or a product the status of each instance in use as a component, their incidents and their
//! maintenances. An incident has no title: it is called by its impact and its services, unless it has a subject.
//!
//! # Maps
//! The indicator of all products is the worst of what is open; that of an instance is its status, for core and other
//! services alike, and that of a product the worst of its instances. `INFORMATIONAL` is calm. Severity `critical`,
//! `major` and `minor` are kept, any other word is minor. An incident is over when its status says so; without a status,
//! when all its impacts have an end (`""` is none).
//!
//! # Does not know
//! Components of the page of all products: there are hundreds of instances. Whether a maintenance that is no longer
//! listed was called off. Retired instances: they are `OK` for ever, and not readable here. General messages.

mod incident;
mod instance;
mod maintenance;

use chrono::Days;
use serde_json::Value;
use statusphere_domain::{Indicator, Item, Reading};
use url::Url;

use crate::document::{Document, document};
use crate::{BackfillStep, Provider, Seen, Step, Target, field, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "salesforce", step, backfill: Some(backfill) };

const HOSTS: &[&str] = &["status.salesforce.com", "trust.salesforce.com"];
const API: &str = "https://api.status.salesforce.com/v1";
const PAGE: &str = "https://status.salesforce.com";
/// Rows of one page of the history.
const HISTORY_PAGE: usize = 100;
/// Where the history ends at the latest.
const HISTORY_END: usize = 10_000;
/// Longer than any planned work takes, so that what runs is listed by its start.
const LONGEST_WORK: Days = Days::new(7);

/// What the page's address stands for.
enum Scope {
    All,
    Instance(String),
    Product(String),
    Other(&'static str),
}

fn scope(target: &Target<'_>) -> Scope {
    if !target.is_on(HOSTS) {
        return Scope::Other("not a host of Salesforce's status pages");
    }
    let Ok(url) = Url::parse(target.url) else { return Scope::Other("not an address") };
    let mut parts =
        url.path_segments().into_iter().flatten().skip_while(|part| !matches!(*part, "instances" | "products"));
    match (parts.next(), parts.next()) {
        (Some("products"), Some(key)) if is_key(key) => Scope::Product(key.to_owned()),
        (_, Some(key)) if is_key(key) => Scope::Instance(key.to_owned()),
        (_, Some(key)) if !key.is_empty() => Scope::Other("no name of an instance or a product"),
        _ => Scope::All,
    }
}

fn is_key(key: &str) -> bool {
    (1..=40).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    match scope(target) {
        Scope::All => all(target, seen),
        Scope::Instance(key) => instances(seen, &format!("/{key}/status"), |row| instance::read(target, row)),
        Scope::Product(key) => instances(seen, &format!("/status/preview?products={key}"), |rows| {
            instance::read_all(target, rows.as_array().ok_or("the instances are no list")?)
        }),
        Scope::Other(why) => Step::NotMine(why.to_owned()),
    }
}

fn instances(seen: &Seen, path: &str, read: impl Fn(&Value) -> Result<Reading, String>) -> Step {
    match document(format!("{API}/instances{path}"), "the status of the instances", seen) {
        Document::Unseen(url) => Step::Want(vec![url]),
        Document::Absent(why) => Step::NotMine(why),
        Document::Broken(why) => Step::Malformed(why),
        Document::Json(document) => match read(&document) {
            Ok(reading) => Step::Reading(Box::new(reading)),
            Err(why) => Step::Malformed(why),
        },
    }
}

fn all(target: &Target<'_>, seen: &Seen) -> Step {
    let active = document(format!("{API}/incidents/active"), "the active incidents", seen);
    let since = target.as_of.checked_sub_days(LONGEST_WORK).unwrap_or(target.as_of).format("%Y-%m-%d");
    let planned = document(format!("{API}/maintenances?limit=1000&startTime={since}"), "the maintenances", seen);
    let active = match (active, &planned) {
        (Document::Unseen(active), Document::Unseen(planned)) => return Step::Want(vec![active, planned.clone()]),
        (Document::Unseen(url), _) => return Step::Want(vec![url]),
        (Document::Json(_), Document::Unseen(url)) => return Step::Want(vec![url.clone()]),
        (Document::Absent(why), _) => return Step::NotMine(why),
        (Document::Broken(why), _) => return Step::Malformed(why),
        (Document::Json(active), _) => active,
    };
    let Some(rows) = active.as_array() else {
        return Step::Malformed("the active incidents are no list".to_owned());
    };
    let mut reading = Reading::new(PROVIDER.name);
    reading.incidents = rows.iter().filter_map(incident::read).collect();
    if reading.incidents.is_empty() && !rows.is_empty() {
        return Step::Malformed("none of the active incidents can be read".to_owned());
    }
    reading.lists_all_open = reading.incidents.len() == rows.len();
    // Planned work only adds to the incidents: without it, they still tell the state.
    if let Document::Json(planned) = planned {
        reading.maintenances = maintenance::read_all(&planned, target.as_of);
    }
    reading.indicator =
        words::indicator(&reading, target.as_of).filter(|worst| *worst >= Indicator::Minor || reading.lists_all_open);
    Step::Reading(Box::new(reading))
}

/// A key of the interface in words: "Performance degradation" for `performanceDegradation`.
fn humanised(key: &str) -> String {
    let mut words = String::with_capacity(key.len() + 8);
    for letter in words::shown(key).chars() {
        if letter.is_ascii_uppercase() && words.ends_with(|before: char| before.is_ascii_lowercase()) {
            words.push(' ');
            words.push(letter.to_ascii_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

/// The words with which a status says that something is over.
fn is_closing(word: &str) -> bool {
    ["resolved", "closed", "completed", "canceled", "cancelled"]
        .iter()
        .any(|closing| word.eq_ignore_ascii_case(closing))
}

/// What an incident or a maintenance touches: services, then instances.
fn touched(row: &Value) -> Vec<String> {
    let keys = ["serviceKeys", "instanceKeys"].into_iter().flat_map(|list| field::list(&row[list]));
    keys.filter_map(field::id).collect()
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    if !matches!(scope(target), Scope::All) {
        return BackfillStep::Items { items: Vec::new(), next: None };
    }
    let offset = match target.cursor.map(str::parse::<usize>) {
        None => 0,
        Some(Ok(offset)) if offset <= HISTORY_END => offset,
        Some(_) => return BackfillStep::Failed("not a cursor of this history".to_owned()),
    };
    let url = format!("{API}/incidents?limit={HISTORY_PAGE}&offset={offset}");
    let rows = match document(url, "the incidents", seen) {
        Document::Unseen(url) => return BackfillStep::Want(vec![url]),
        Document::Absent(why) | Document::Broken(why) => return BackfillStep::Failed(why),
        Document::Json(Value::Array(rows)) => rows,
        Document::Json(_) => return BackfillStep::Failed("the incidents are no list".to_owned()),
    };
    let past = rows.iter().filter_map(incident::read).filter(|incident| !incident.is_open());
    let next = Some(offset + HISTORY_PAGE).filter(|next| rows.len() >= HISTORY_PAGE && *next <= HISTORY_END);
    BackfillStep::Items { items: past.map(Item::Incident).collect(), next: next.map(|next| next.to_string()) }
}

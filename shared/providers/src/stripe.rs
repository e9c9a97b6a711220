//! Stripe's own status page. Evidence: client code, among it Stripe's own command line tool for the older document.
//! Unconfirmed: no recording stands behind it.
//!
//! # Recognises
//! The host `status.stripe.com`.
//!
//! # Requests
//! One, `/current/full`. A second, `/current`, where the first is refused or has another shape.
//!
//! # Reads
//! The page's indicator (`UptimeStatus`, or the older `largestatus`) and its parts with their warnings.
//!
//! # Maps
//! `up`, `degraded` and `down` are calm, minor and critical; any other word, `pending` and `paused` among them, tells
//! no indicator. A part with a warning is degraded, and a page with one is at least minor, whatever its indicator says.
//! In the older document the words of the page are those of the parts, `down` being a major outage. A document that was
//! written more than a day ago is not believed, and an older one that does not say when is never calm.
//!
//! # Does not know
//! Incidents and maintenance: the documents name none, only one sentence for all, which is not kept. Webhooks and
//! e-mails of the older document, which Stripe's own tool calls unreliable.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};

use crate::document::{Document, document};
use crate::{Provider, Seen, Step, Target, field, time, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "stripe", step, backfill: None };

const FULL: &str = "/current/full";
const OLDER: &str = "/current";
/// How long a document stands for the present. The older one was not written any more since February 2024, and says that
/// all is well for ever.
const LASTING: TimeDelta = TimeDelta::days(1);
/// The parts of the older document that are kept up to date.
const PARTS: [(&str, &str); 4] =
    [("api", "API"), ("dashboard", "Dashboard"), ("stripejs", "Stripe.js"), ("checkoutjs", "Checkout.js")];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&["status.stripe.com"]) {
        return Step::NotMine("not the host of Stripe's status page".to_owned());
    }
    let full = match document(target.at(FULL), FULL, seen) {
        Document::Unseen(url) => return Step::Want(vec![url]),
        Document::Broken(why) => return Step::Malformed(why),
        Document::Json(document) => match read(target, &document) {
            Some(reading) => return Step::Reading(Box::new(reading)),
            None => Err(format!("{FULL} has no status of today")),
        },
        Document::Absent(why) => Ok(why),
    };
    match (document(target.at(OLDER), OLDER, seen), full) {
        (Document::Unseen(url), _) => Step::Want(vec![url]),
        (Document::Json(document), full) => match read(target, &document) {
            Some(reading) => Step::Reading(Box::new(reading)),
            None => Step::Malformed(format!("{}, {OLDER} has no status of today", full.unwrap_or_else(|why| why))),
        },
        (Document::Broken(why), _) => Step::Malformed(why),
        // JSON that was Stripe's and cannot be read is no other platform's.
        (Document::Absent(why), Err(full)) => Step::Malformed(format!("{full}, {why}")),
        (Document::Absent(why), Ok(full)) => Step::NotMine(format!("{full}, {why}")),
    }
}

/// Reads either document; `None` when it states no status, one of another day, or its parts in another shape.
fn read(target: &Target<'_>, document: &Value) -> Option<Reading> {
    let written_at = written_at(&document["time"]);
    if written_at.is_some_and(|at| target.as_of - at > LASTING) {
        return None;
    }
    let (word, parts) = match (document["UptimeStatus"].as_str(), document["largestatus"].as_str()) {
        (Some(word), _) => (word, parts(&document["uptimeData"])?),
        (None, Some(word)) => (word, older_parts(&document["statuses"], written_at.is_some())?),
        (None, None) => return None,
    };
    let mut reading = Reading::new(PROVIDER.name);
    let worst = parts.components.iter().flatten().map(|component| words::severity(component.status)).max();
    let warned = is_warning(&document["warning"]) || worst >= Some(Indicator::Minor);
    let trouble = warned.then_some(Indicator::Minor);
    reading.indicator = indicator(word.trim()).max(trouble).filter(|told| *told >= Indicator::Minor || parts.complete);
    reading.components = parts.components;
    Some(reading)
}

/// When a document was written: "March 04, 2031 @ 10:00AM +00:00".
fn written_at(time: &Value) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_str(field::text(time), "%B %d, %Y @ %I:%M%p %:z").ok()?;
    time::plausible(at.to_utc())
}

/// The parts of the page, as far as the document lists them.
struct Parts {
    components: Option<Vec<Component>>,
    /// True unless a part could not be told from the others, or nobody knows of when they are.
    complete: bool,
}

fn indicator(word: &str) -> Option<Indicator> {
    match word {
        "up" => Some(Indicator::None),
        "degraded" => Some(Indicator::Minor),
        "down" => Some(Indicator::Critical),
        _ => None,
    }
}

fn is_warning(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && *value != Value::String(String::new())
}

fn parts(rows: &Value) -> Option<Parts> {
    let rows = match rows {
        Value::Null => return Some(Parts { components: None, complete: true }),
        rows => rows.as_array()?,
    };
    let components: Vec<_> = rows.iter().filter_map(part).collect();
    Some(Parts { complete: components.len() == rows.len(), components: Some(components) })
}

fn part(row: &Value) -> Option<Component> {
    let title = Some(field::text(&row["title"]).to_owned()).filter(|title| !title.is_empty());
    let id = field::id(&row["key"]).or_else(|| title.clone())?;
    let status = match row.get("warning") {
        Some(Value::Null) => ComponentStatus::Operational,
        Some(warning) if is_warning(warning) => ComponentStatus::DegradedPerformance,
        _ => ComponentStatus::Unknown,
    };
    Some(Component { name: title.unwrap_or_else(|| id.clone()), id, group: None, status })
}

fn older_parts(statuses: &Value, dated: bool) -> Option<Parts> {
    let statuses = match statuses {
        Value::Null => return Some(Parts { components: None, complete: dated }),
        statuses => statuses.as_object()?,
    };
    let part = |(key, name): &(&str, &str)| {
        let status = match field::text(statuses.get(*key)?) {
            "up" => ComponentStatus::Operational,
            "degraded" => ComponentStatus::DegradedPerformance,
            "down" => ComponentStatus::MajorOutage,
            _ => ComponentStatus::Unknown,
        };
        Some(Component { id: (*key).to_owned(), name: (*name).to_owned(), group: None, status })
    };
    Some(Parts { components: Some(PARTS.iter().filter_map(part).collect()), complete: dated })
}

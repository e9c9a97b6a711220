//! Amazon's own page, the AWS Health Dashboard. Evidence: a recording of two long events; the document before it, which
//! wraps the list, the end of an event, the permalink and the feeds by client code and public copies.
//!
//! # Recognises
//! The hosts `health.aws.amazon.com` and `status.aws.amazon.com`. A page may also be one of their feeds.
//!
//! # Requests
//! One, `health.aws.amazon.com/public/currentevents`. Where that is refused, up to two more of `status.aws.amazon.com`:
//! `data.json`, and the feed of all services, `rss/all.rss`. A page that is a feed costs that feed.
//!
//! # Reads
//! Every current event with its updates, its true start and its region, and the services that it touches as the
//! incident's components. An event that is over stays listed for some hours and is read as such. An empty list is the
//! calm state, but only from that very address or as JSON. In a feed the posts on one service make an event until one of
//! them says that it is over, and an empty feed is calm.
//!
//! # Maps
//! Status 1 is minor, 2 major, 3 critical; any other is an open incident of minor impact. Only status 0 ends an event.
//! In a feed "Service disruption" is critical, "Service degradation" and "Performance issues" major, any other minor; the
//! word "[RESOLVED]" and "Service is operating normally" end an event, and so do fourteen days without a post.
//! The dashboard states no indicator: it is the worst of the open events, unknown where an event could not be read.
//!
//! # Does not know
//! Services that are well, stages of an incident, the past, and planned maintenance, which AWS tells in private. Events
//! that Amazon forgets stay open.

mod posts;

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Reading, Response, Update};

use crate::{Provider, Seen, Step, Target, field, html, time, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "aws", step, backfill: None };

const HOSTS: [&str; 2] = ["health.aws.amazon.com", "status.aws.amazon.com"];
const EVENTS: &str = "https://health.aws.amazon.com/public/currentevents";
const BEFORE: &str = "https://status.aws.amazon.com/data.json";
const FEED: &str = "https://status.aws.amazon.com/rss/all.rss";
const DASHBOARD: &str = "https://health.aws.amazon.com/health/status";
const OVER: i64 = 0;

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&HOSTS) {
        return Step::NotMine("is not the dashboard of AWS".to_owned());
    }
    let documents: &[&str] = if is_feed(target.url) { &[target.url] } else { &[EVENTS, BEFORE, FEED] };
    let mut refused = Vec::new();
    for url in documents {
        match seen.get(url) {
            None => return Step::Want(vec![(*url).to_owned()]),
            Some(Err(error)) if !error.kind.host_is_up() => return Step::NotMine(error.detail.clone()),
            Some(Err(error)) => refused.push(format!("{url}: {}", error.detail)),
            Some(Ok(answer)) => {
                let read = if is_feed(url) { posts(target, answer) } else { dashboard(target, answer) };
                return match read {
                    Ok(reading) => Step::Reading(Box::new(reading)),
                    Err(why) => Step::Malformed(format!("{url} {why}")),
                };
            }
        }
    }
    Step::NotMine(refused.join("; "))
}

fn is_feed(url: &str) -> bool {
    url.contains("/rss/")
}

/// The list of events: bare, or wrapped as it once was.
fn events(answer: &Response) -> Result<Vec<Value>, String> {
    let events = match html::json(answer)? {
        Value::Array(events) => events,
        Value::Object(mut wrapper) => match wrapper.remove("current") {
            Some(Value::Array(events)) => events,
            _ => return Err("has no list of events".to_owned()),
        },
        _ => return Err("is no list of events".to_owned()),
    };
    let declared = answer.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    if events.is_empty() && answer.url != EVENTS && !declared.contains("json") {
        return Err(format!("is an empty list from {}", answer.url));
    }
    Ok(events)
}

fn dashboard(target: &Target<'_>, answer: &Response) -> Result<Reading, String> {
    let events = events(answer)?;
    let incidents: Vec<_> = events.iter().filter_map(incident).collect();
    if incidents.is_empty() && !events.is_empty() {
        return Err("lists events, none of which can be read".to_owned());
    }
    let whole = incidents.len() == events.len();
    Ok(reading(target, incidents, whole))
}

fn posts(target: &Target<'_>, answer: &Response) -> Result<Reading, String> {
    let (incidents, whole) = posts::read(target, answer)?;
    Ok(reading(target, incidents, whole))
}

fn reading(target: &Target<'_>, incidents: Vec<Incident>, whole: bool) -> Reading {
    let mut reading = Reading { incidents, lists_all_open: whole, ..Reading::new(PROVIDER.name) };
    let worst = words::indicator(&reading, target.as_of);
    reading.indicator = worst.filter(|worst| whole || *worst > Indicator::None);
    reading
}

/// `None` for an event that carries no readable time, or nothing to know it by.
fn incident(event: &Value) -> Option<Incident> {
    let updates = updates(event);
    let date = field::number(&event["date"]).and_then(time::unix);
    let started_at = updates.iter().map(|update| update.at).chain(date).min()?;
    let id = field::id(&event["arn"]).or_else(|| Some(format!("{}@{}", field::id(&event["service"])?, date?)))?;
    let code = status(&event["status"]);
    let over = code == Some(OVER);
    let region = region(event, &id);
    Some(Incident {
        title: title(event, region),
        link: link(&id),
        impact: if over { past_impact(event) } else { impact(code).max(Indicator::Minor) },
        status: if over { IncidentStatus::Resolved } else { IncidentStatus::Unknown },
        started_at,
        ended_at: over.then(|| end(event, &updates).unwrap_or(started_at).max(started_at)),
        updates,
        components: touched(event, region),
        detail: Detail::Full,
        id,
    })
}

/// A status of an event or of a service, which are texts. A number in their place is not trusted: it might end an event.
fn status(value: &Value) -> Option<i64> {
    value.as_str().and_then(|code| code.trim().parse().ok())
}

fn impact(code: Option<i64>) -> Indicator {
    match code {
        Some(1) => Indicator::Minor,
        Some(2) => Indicator::Major,
        Some(3) => Indicator::Critical,
        _ => Indicator::None,
    }
}

/// How bad an event was that is over: the worst that its updates and services say.
fn past_impact(event: &Value) -> Indicator {
    let told = field::list(&event["event_log"]).iter().map(|entry| impact(field::number(&entry["status"])));
    let services = event["impacted_services"].as_object().into_iter().flatten();
    told.chain(services.map(|(_, service)| impact(status(&service["max"])))).max().unwrap_or(Indicator::None)
}

fn end(event: &Value, updates: &[Update]) -> Option<DateTime<Utc>> {
    let stated = field::number(&event["end_time"]).and_then(time::unix);
    stated.or(updates.last().map(|update| update.at))
}

fn updates(event: &Value) -> Vec<Update> {
    let update = |entry: &Value| {
        let stage = match field::number(&entry["status"]) {
            Some(OVER) => "Resolved",
            Some(1) => "Informational",
            Some(2) => "Degradation",
            Some(3) => "Disruption",
            _ => "Update",
        };
        let at = field::number(&entry["timestamp"]).and_then(time::unix)?;
        let body = entry["message"].as_str().unwrap_or_default().to_owned();
        Some(Update { at, title: stage.to_owned(), body })
    };
    let mut updates: Vec<_> = field::list(&event["event_log"]).iter().filter_map(update).collect();
    updates.sort_by_key(|update| update.at);
    updates
}

/// The region's name; the fourth field of the event's id where it has none. Empty for events that concern no region.
fn region<'a>(event: &'a Value, id: &'a str) -> &'a str {
    let name = field::text(&event["region_name"]);
    let code = || id.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(2)).filter(|code| *code != "global");
    if name.is_empty() { code().unwrap_or_default() } else { name }
}

fn within(name: &str, region: &str) -> String {
    if region.is_empty() { name.to_owned() } else { format!("{name} ({region})") }
}

fn service(event: &Value) -> &str {
    let name = field::text(&event["service_name"]);
    if name.is_empty() { field::text(&event["service"]) } else { name }
}

/// Most summaries are the same few words, so that the service and its region, which stand beside them, belong to them.
fn title(event: &Value, region: &str) -> String {
    let summary = field::text(&event["summary"]);
    let summary = summary.strip_prefix("[RESOLVED]").unwrap_or(summary).trim();
    match (within(service(event), region), summary) {
        (place, "") => place,
        (place, summary) if place.is_empty() => summary.to_owned(),
        (place, summary) => format!("{place}: {summary}"),
    }
}

/// The services that an event touches or has touched, each with its region.
fn touched(event: &Value, region: &str) -> Vec<String> {
    let touched = event["impacted_services"].as_object().into_iter().flatten();
    let services = touched.map(|(slug, told)| match field::text(&told["service_name"]) {
        "" => slug.as_str(),
        name => name,
    });
    let names: Vec<_> = services.map(|name| within(name, region)).collect();
    let own = service(event);
    if names.is_empty() && !own.is_empty() { vec![within(own, region)] } else { names }
}

/// The dashboard opens an event by its id.
fn link(id: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '_' | '-' | '.');
    if id.starts_with("arn:") && id.chars().all(is_plain) {
        format!("{DASHBOARD}?eventID={id}")
    } else {
        DASHBOARD.to_owned()
    }
}

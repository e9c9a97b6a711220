//! Reads status pages made with Checkly. Evidence: a recording of unresolved incidents; public copies of one page's
//! embedded data and of its summary; client code for the two other documents; the words from the source of Checkly's own
//! client. Unconfirmed: the fields of a maintenance's row, and where the summary lies.
//!
//! # Recognises
//! A page that was named with its slug; else the page's markup, by the data that it embeds: the entries
//! `unresolved-incidents-…` and `maintenance-windows-<slug>` of a Nuxt payload; else a summary in Checkly's words.
//!
//! # Requests
//! Three at once, below `/api/status-page/<slug>/`: `unresolved-incidents`, `uptime` and `maintenance-windows`. The last
//! two only add to the first. One more, the page itself, where the slug is not known; what it embeds stands in for
//! documents that are refused. The summary is asked for last, and only of a page that was named.
//!
//! # Reads
//! Open incidents with their updates and services; services with their groups; maintenance windows.
//!
//! # Maps
//! `MINOR` is minor, `MEDIUM` and `MAJOR` are major, `CRITICAL` is critical, any other severity minor; an incident of the
//! severity `MAINTENANCE` is a maintenance in progress. The page tells no service's state as such: it is that of the worst
//! open incident that names it, and unknown while an open incident does not tell its services. The page states no
//! indicator: it is the worst of open incidents and running maintenance.
//!
//! # Does not know
//! Incidents that are over: no document lists them. Of a summary, services and what maintenance is planned. Pages that
//! embed no data, an older kind.

mod items;
mod payload;
mod services;
mod summary;

use std::collections::HashSet;

use serde_json::Value;
use statusphere_domain::{Indicator, MaintenanceStatus, Reading};

use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target, field, html, words};
use services::Affected;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "checkly", step, backfill: None };

const INCIDENTS: &str = "unresolved-incidents";
const UPTIME: &str = "uptime";
const WINDOWS: &str = "maintenance-windows";
/// Where others keep a document like this one, so that it was asked for already, as a rule.
const SUMMARIES: [&str; 2] = ["/summary.json", "/api/v2/summary.json"];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    match by_slug(target, seen) {
        Step::NotMine(why) => by_summary(target, seen, why),
        step => step,
    }
}

/// The reading of a summary that lies there, for want of anything better.
fn by_summary(target: &Target<'_>, seen: &Seen, why: String) -> Step {
    for path in SUMMARIES {
        if let Some(Ok(answer)) = seen.get(&target.at(path))
            && let Ok(document) = html::json::<Value>(answer)
            && summary::is_mine(&document)
        {
            return match summary::read(target, &document) {
                Ok(reading) => Step::Reading(Box::new(reading)),
                Err(why) => Step::Malformed(format!("{path} {why}")),
            };
        }
    }
    let unasked = seen.get(&target.at(SUMMARIES[0])).is_none();
    if target.known && unasked { Step::Want(vec![target.at(SUMMARIES[0])]) } else { Step::NotMine(why) }
}

fn by_slug(target: &Target<'_>, seen: &Seen) -> Step {
    let known = target.key.filter(|key| is_slug(key) && !refused(seen, &address(target, key, INCIDENTS)));
    let slug = match known {
        Some(key) => key.to_owned(),
        None => match slug_in_front(target, seen) {
            Ok(slug) => slug,
            Err(step) => return step,
        },
    };
    let addresses = [INCIDENTS, UPTIME, WINDOWS].map(|name| address(target, &slug, name));
    let missing: Vec<_> = addresses.iter().filter(|url| seen.get(url).is_none()).cloned().collect();
    if !missing.is_empty() {
        return Step::Want(missing);
    }
    let [incidents, uptime, windows] = addresses.each_ref().map(|url| document(seen, url));
    let embedded = |name: &str| match front(target, seen) {
        Front::Html(markup, _) => payload::entry(&markup, &format!("{name}-")),
        _ => None,
    };
    let incidents = match incidents {
        Ok(document) => document,
        Err(Unread { why, host_is_up: false }) => return Step::NotMine(format!("{INCIDENTS}: {why}")),
        Err(Unread { why, .. }) => match embedded(INCIDENTS) {
            Some(document) => document,
            None => return Step::Malformed(format!("{INCIDENTS}: {why}")),
        },
    };
    let uptime = uptime.ok().or_else(|| embedded(UPTIME));
    let windows = windows.ok().or_else(|| embedded(WINDOWS));
    match read(target, &slug, &incidents, uptime.as_ref(), windows.as_ref()) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(why),
    }
}

fn address(target: &Target<'_>, slug: &str, name: &str) -> String {
    target.at(&format!("/api/status-page/{slug}/{name}"))
}

fn is_slug(key: &str) -> bool {
    (1..=128).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// True when an address was asked for and does not belong to this platform (any more).
fn refused(seen: &Seen, url: &str) -> bool {
    seen.get(url).is_some_and(|answer| answer.map_or_else(|error| error.kind.host_is_up(), html::is_html))
}

/// The slug in the names of the data that the page embeds.
fn slug_in_front(target: &Target<'_>, seen: &Seen) -> Result<String, Step> {
    let markup = match front(target, seen) {
        Front::Unseen(url) => return Err(Step::Want(vec![url])),
        Front::Missing(why) => return Err(Step::NotMine(why)),
        Front::Html(markup, _) => markup,
    };
    let is_mine = markup.contains("__NUXT_DATA__") && markup.contains("\"unresolved-incidents-");
    let slug = markup.split_once("\"maintenance-windows-").and_then(|(_, rest)| rest.split_once('"'));
    match slug {
        Some((slug, _)) if is_mine && is_slug(slug) => Ok(slug.to_owned()),
        _ if is_mine => Err(Step::Malformed("the page does not tell its slug".to_owned())),
        _ => Err(Step::NotMine("its markup embeds none of the platform's data".to_owned())),
    }
}

struct Unread {
    why: String,
    host_is_up: bool,
}

fn document(seen: &Seen, url: &str) -> Result<Value, Unread> {
    let up = |why| Unread { why, host_is_up: true };
    let answer = match seen.get(url) {
        None => return Err(up("was not asked for".to_owned())),
        Some(Err(error)) => {
            return Err(Unread { why: error.detail.clone(), host_is_up: error.kind.host_is_up() });
        }
        Some(Ok(answer)) => answer,
    };
    html::json(answer).map_err(up)
}

fn read(
    target: &Target<'_>,
    slug: &str,
    incidents: &Value,
    uptime: Option<&Value>,
    windows: Option<&Value>,
) -> Result<Reading, String> {
    let posts = incidents["incidents"].as_array().ok_or(format!("{INCIDENTS} has no list of incidents"))?;
    let mut reading = Reading::new(PROVIDER.name);
    reading.key = Some(slug.to_owned());
    let mut affected = Affected::default();
    let mut read = 0;
    for post in posts {
        let Some(item) = items::incident(target, post) else { continue };
        read += 1;
        if item.is_open() {
            affected.add(post, &item);
        }
        reading.push(item);
    }
    if read == 0 && !posts.is_empty() {
        return Err(format!("{INCIDENTS} has no incident that can be read"));
    }
    reading.lists_all_open = read == posts.len();
    reading.lists_all_planned = windows.is_some_and(|windows| add_windows(target, windows, &mut reading));
    affected.perhaps_more |= !reading.lists_all_open;
    reading.components = uptime.and_then(|uptime| services::components(&uptime["metadata"], &affected));
    let indicator = words::indicator(&reading, target.as_of);
    reading.indicator = indicator.filter(|indicator| reading.lists_all_open || *indicator >= Indicator::Minor);
    Ok(reading)
}

/// Adds the maintenance windows; true when all that are planned or running could be read.
fn add_windows(target: &Target<'_>, windows: &Value, reading: &mut Reading) -> bool {
    let lists = [
        ("active", MaintenanceStatus::InProgress),
        ("upcoming", MaintenanceStatus::Scheduled),
        ("recentlyCompleted", MaintenanceStatus::Completed),
        ("past", MaintenanceStatus::Completed),
    ];
    let mut all = true;
    let mut known: HashSet<_> = reading.maintenances.iter().map(|maintenance| maintenance.id.clone()).collect();
    for (key, status) in lists {
        let rows = field::list(&windows[key]);
        let read: Vec<_> = rows.iter().filter_map(|row| items::window(target, row, status)).collect();
        all &= status == MaintenanceStatus::Completed || windows[key].is_array() && read.len() == rows.len();
        reading.maintenances.extend(read.into_iter().filter(|maintenance| known.insert(maintenance.id.clone())));
    }
    all
}

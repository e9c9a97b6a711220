//! `history.atom` and `history.rss`: the 25 newest incidents and maintenances, each with its whole timeline as HTML.
//!
//! An entry's `published` is the time of its last change, so times are taken from the timeline; its year-less stamps
//! get their year from `updated`.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry as FeedEntry, Feed};
use statusphere_domain::{Indicator, Item, Reading, Response, Update};

use super::timeline::{Entry, stamp};
use crate::time::{self, Year};
use crate::{Step, Target, html};

/// The state by the feed: what its newest entries say of themselves.
pub(super) fn read(target: &Target<'_>, answer: &Response) -> Step {
    let whole = html::decode(&answer.body);
    // A cut feed has lost its oldest entries, or all of them: that must not read as "nothing is open".
    if !["</feed>", "</rss>"].iter().any(|end| whole.contains(end)) {
        return Step::NotMine("is no whole feed".to_owned());
    }
    let feed = match feed_rs::parser::parse(whole.as_bytes()) {
        Ok(feed) if is_history(&feed) => feed,
        Ok(_) => return Step::NotMine("is a feed of another platform".to_owned()),
        Err(error) => return Step::NotMine(format!("is no feed: {error}")),
    };
    let items: Vec<_> = feed.entries.iter().map(|entry| read_entry(target, entry)).collect();
    let told = items.iter().all(Option::is_some);
    if !items.is_empty() && items.iter().all(Option::is_none) {
        return Step::NotMine("has no entry in Statuspage's form".to_owned());
    }
    let mut reading = Reading::new(super::PROVIDER.name);
    for item in items.into_iter().flatten() {
        reading.push(item);
    }
    let open = reading.incidents.iter().filter(|incident| incident.is_open()).map(|incident| incident.impact).max();
    reading.indicator = open.or(told.then_some(Indicator::None));
    Step::Reading(Box::new(reading))
}

fn is_history(feed: &Feed) -> bool {
    let content = |text: &Option<feed_rs::model::Text>, is: fn(&str) -> bool| {
        text.as_ref().is_some_and(|text| is(text.content.trim()))
    };
    let titled = content(&feed.title, |title| title.ends_with("Incident History"));
    let named = feed.id.ends_with(",2005:/history") || content(&feed.description, |name| name == "Statuspage");
    let tagged = feed.entries.iter().any(|entry| entry.id.starts_with("tag:") && entry.id.contains(":Incident/"));
    let linked = feed.entries.iter().any(|entry| code(entry).is_some());
    let other = feed.generator.as_ref().is_some_and(|generator| generator.content.contains("incident.io"));
    // A feed without entries has only its name to be known by.
    let own = if feed.entries.is_empty() { titled && named } else { linked && (titled || tagged) };
    own && !other
}

/// The incident's link and the code at its end.
fn code(entry: &FeedEntry) -> Option<(&str, &str)> {
    entry.links.iter().find_map(|link| {
        let (_, code) = link.href.split_once("/incidents/")?;
        let code = code.split(['?', '#', '/']).next()?;
        (!code.is_empty()).then_some((link.href.as_str(), code))
    })
}

fn read_entry(target: &Target<'_>, entry: &FeedEntry) -> Option<Item> {
    let (link, code) = code(entry)?;
    let content = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let content = content.or(entry.summary.as_ref().map(|summary| summary.content.as_str())).unwrap_or_default();
    let changed = entry.updated.or(entry.published).and_then(time::plausible).unwrap_or(target.as_of);
    let title = entry.title.as_ref().map(|title| html::text(&title.content)).unwrap_or_default();
    let (id, link) = (code.to_owned(), link.to_owned());
    let moments: Vec<_> = entry.updated.into_iter().chain(entry.published).collect();
    let content = clear(content, &moments);
    let (updates, window) = (updates(&content, changed), window(&content, changed));
    Entry { id, title, link, impact: None, updates, window }.item()
}

/// The content with numbers for a zone label that several countries use: the newest stamp, or the planned start, is the
/// entry's own time.
fn clear<'a>(content: &'a str, moments: &[DateTime<Utc>]) -> Cow<'a, str> {
    let newest = content.split_once("<small>").and_then(|(_, rest)| rest.split_once("</small>")).map(|(when, _)| when);
    let meant =
        [newest, planned(content)].into_iter().flatten().find_map(|text| time::meant(&html::text(text), moments));
    match meant {
        Some((label, numeric)) => content
            .replace(&format!(" {label}</small>"), &format!(" {numeric}</small>"))
            .replace(&format!(" {label}</strong>"), &format!(" {numeric}</strong>"))
            .into(),
        None => content.into(),
    }
}

/// `<p><small>Aug 21, 00:37 UTC</small><br><strong>Resolved</strong> - text</p>`, one for each update, newest first.
fn updates(content: &str, changed: DateTime<Utc>) -> Vec<Update> {
    let mut updates: Vec<Update> = Vec::new();
    let mut after = changed;
    for part in content.split("<small>").skip(1) {
        let block = part.split_once("</small>").and_then(|(when, rest)| {
            let rest = rest.trim_start().trim_start_matches("<br>").trim_start_matches("<br />").trim_start();
            let (word, body) = rest.strip_prefix("<strong>")?.split_once("</strong>")?;
            Some((stamp(&html::text(when), after)?, html::text(word), body))
        });
        let Some((at, title, body)) = block else { continue };
        let body = body.trim_start().trim_start_matches('-').trim();
        let body = body.trim_end_matches("<p>").trim_end().trim_end_matches("</p>").trim_end().to_owned();
        after = at;
        updates.push(Update { at, title, body });
    }
    updates
}

/// `<p><strong>THIS IS A SCHEDULED EVENT Jul 29, 23:00 - Jul 30, 07:00 UTC</strong></p>` opens a maintenance.
fn window(content: &str, changed: DateTime<Utc>) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    time::yearless(&html::text(planned(content)?), None, Year::Near(changed))
}

fn planned(content: &str) -> Option<&str> {
    content.split_once("SCHEDULED EVENT").and_then(|(_, rest)| rest.split("</strong>").next())
}

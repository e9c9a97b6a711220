//! The feed of incidents: one item for each, which grows with its updates, the newest first.
//!
//! Deliberately absent: severities, which the feed does not state.

use chrono::{DateTime, Utc};
use feed_rs::model::Entry;
use statusphere_domain::{Detail, Incident, Indicator, Response, Update};

use crate::channel;
use crate::time::{self, Year};
use crate::{html, words};

/// What the feed says.
pub(super) struct Summary {
    pub(super) incidents: Vec<Incident>,
    /// False when an item could not be read.
    pub(super) whole: bool,
}

impl Summary {
    /// A feed of which nothing could be read.
    pub(super) fn unreadable() -> Self {
        Self { incidents: Vec::new(), whole: false }
    }
}

/// Reads the feed of the page at `origin`; the error says why it cannot be read.
pub(super) fn read(answer: &Response, origin: &str) -> Result<Summary, String> {
    let channel = channel::parse(answer)?;
    let incidents: Vec<_> = channel.entries.iter().filter_map(|entry| incident(entry, origin)).collect();
    let body = html::decode(&answer.body);
    let is_renamed = channel.entries.is_empty() && ["<pubDate", "<guid"].iter().any(|tag| body.contains(tag));
    let whole = channel.lost == 0 && incidents.len() == channel.entries.len() && !is_renamed;
    Ok(Summary { incidents, whole })
}

/// `None` for an item without an id, a readable time, or any stage.
fn incident(entry: &Entry, origin: &str) -> Option<Incident> {
    let id = Some(entry.id.trim()).filter(|id| !id.is_empty())?;
    let posted = entry.published.or(entry.updated)?;
    let text = entry.summary.as_ref().map(|summary| summary.content.as_str()).unwrap_or_default();
    let newest_first: Vec<_> = text.split("<p>").filter_map(|block| update(block, posted)).collect();
    let status = words::incident(&newest_first.first()?.title.to_lowercase());
    let mut updates = newest_first;
    updates.reverse();
    updates.sort_by_key(|update| update.at);

    let first = updates.first().map_or(posted, |update| update.at);
    let started_at = stated(text, "Start Time").map_or(first, |start| start.min(first));
    let last = updates.last().map_or(posted, |update| update.at);
    let title = entry.title.as_ref().map(|title| html::text(&title.content)).unwrap_or_default();
    Some(Incident {
        id: id.to_owned(),
        link: format!("{origin}/#/incidents/{id}"),
        impact: Indicator::Minor,
        status,
        started_at,
        ended_at: status.is_over().then(|| stated(text, "End Time").unwrap_or(last).max(started_at)),
        components: touched(&title).into_iter().collect(),
        updates,
        detail: Detail::Full,
        title,
    })
}

/// One block: a stamp without a year, the stage in bold, the message. Without a stamp it stands at the item's own time.
fn update(block: &str, posted: DateTime<Utc>) -> Option<Update> {
    let (head, rest) = block.split_once("<strong>")?;
    let (stage, rest) = rest.split_once("</strong>")?;
    let stage = html::text(stage);
    let body = rest.rsplit_once("</p>").map_or(rest, |(body, _)| body);
    let body = body.trim_start().trim_start_matches('-').trim();
    (!stage.is_empty()).then(|| Update {
        at: stamp(head, posted).unwrap_or(posted),
        title: stage,
        body: body.to_owned(),
    })
}

/// "Oct04 09:12 UTC" with markup around its parts, or in place of the spaces.
fn stamp(head: &str, posted: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let spaced = html::text(&head.replace('<', " <")).replace(',', " ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let [month, day, clock, zone] = words[..] else { return None };
    time::yearless(&format!("{month} {day}, {clock} {zone}"), None, Year::NotAfter(posted)).map(|(at, _)| at)
}

/// A time that stands behind a label: `<b>Start Time</b>: January 17, 2031, 17:35 UTC`.
fn stated(text: &str, label: &str) -> Option<DateTime<Utc>> {
    let (_, rest) = text.split_once(label)?;
    let (_, rest) = rest.split_once(':')?;
    time::parse(rest.split('<').next()?)
}

/// The title is "service | region | reference"; the second may be "Multiple Regions".
fn touched(title: &str) -> Option<String> {
    let mut parts = title.split('|').map(str::trim);
    let (service, region, _) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{service} ({region})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_read_with_and_without_spaces() {
        let posted = time::parse("2031-10-04T09:12:00Z").unwrap();
        let var = |space: &str| {
            format!("<small>Oct{space}<var data-var='date'>04</var>{space}<var data-var='time'>08:12</var> UTC</small>")
        };
        for head in [var(""), var(" "), var(", ")] {
            assert_eq!(stamp(&head, posted), time::parse("2031-10-04T08:12:00Z"), "{head}");
        }
        assert_eq!(stamp("<br>", posted), None);
    }

    #[test]
    fn labels_are_read_where_they_stand() {
        let text = "late.<br><br><b>Start Time</b>: January 17, 2031, 17:35 UTC<br><b>End Time </b>: soon<br>";
        assert_eq!(stated(text, "Start Time"), time::parse("2031-01-17T17:35:00Z"));
        assert_eq!(stated(text, "End Time"), None);
    }
}

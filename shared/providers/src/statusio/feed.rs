//! The page's RSS feed, as its history: each item holds the whole timeline of an incident or a maintenance.
//!
//! Deliberately absent: what is still open. The API tells that, with more detail.

use feed_rs::model::Entry;
use statusphere_domain::{
    Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Response, Update,
};

use crate::{Target, channel, html, time};

/// What is over, by the feed. An item that cannot be read is left out alone.
pub(super) fn read(target: &Target<'_>, key: &str, answer: &Response) -> Result<Vec<Item>, String> {
    let feed = channel::parse(answer).map_err(|why| format!("the feed {why}"))?;
    Ok(feed.entries.iter().filter_map(|entry| item(target, key, entry)).collect())
}

fn item(target: &Target<'_>, key: &str, entry: &Entry) -> Option<Item> {
    let address = entry.links.iter().find(|link| link.href.contains("/pages/"))?;
    let planned = address.href.contains("/pages/maintenance/");
    let id = super::key(address.href.rsplit('/').next()?)?;
    let title = entry.title.as_ref().map(|title| html::text(&title.content)).unwrap_or_default();
    let text = entry.summary.as_ref().map(|summary| summary.content.as_str());
    let text = text.or(entry.content.as_ref().and_then(|content| content.body.as_deref()))?;
    let updates = updates(text);
    let over = updates.last().filter(|update| matches!(update.title.as_str(), "Resolved" | "Completed"))?;
    let (first, ended_at) = (updates.first()?.at, Some(over.at));
    let (components, detail) = (Vec::new(), Detail::Full);
    if planned {
        let link = super::link(target, key, "maintenance", &id);
        let starts_at = updates.iter().find(|update| update.title == "Active").map_or(first, |update| update.at);
        let (status, ends_at) = (MaintenanceStatus::Completed, ended_at);
        return Some(Item::Maintenance(Maintenance {
            id,
            title,
            link,
            status,
            starts_at,
            ends_at,
            updates,
            components,
            detail,
        }));
    }
    Some(Item::Incident(Incident {
        link: super::link(target, key, "incident", &id),
        id,
        title,
        impact: Indicator::None,
        status: IncidentStatus::Resolved,
        started_at: first,
        ended_at,
        updates,
        components,
        detail,
    }))
}

/// `<small>June 4, 2031 05:15 PDT</small><br /><b>Resolved</b> - text<br /><br />`, one for each message.
fn updates(content: &str) -> Vec<Update> {
    let blocks = content.split("<small>").skip(1).filter_map(|block| {
        let (when, rest) = block.split_once("</small>")?;
        let (word, body) = rest.split_once("<b>")?.1.split_once("</b>")?;
        let body = body.trim_start().trim_start_matches('-').trim();
        let body = body.trim_end_matches("<br />").trim_end_matches("<br>").trim_end();
        Some(Update { at: time::parse(&html::text(when))?, title: html::text(word), body: body.to_owned() })
    });
    let mut updates: Vec<_> = blocks.collect();
    updates.sort_by_key(|update| update.at);
    updates
}

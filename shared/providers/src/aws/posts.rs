//! The dashboard's feeds, one of all services and one for each service of each region: a post for each update.
//!
//! Deliberately absent: events. Posts at the same service make one, until one of them says that it is over.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use feed_rs::model::Entry;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Response, Update};

use crate::{Target, channel, html};

/// The feeds keep posts for a year, and ends are not always posted.
const STALE_AFTER: TimeDelta = TimeDelta::days(14);

struct Post {
    address: String,
    service: String,
    at: DateTime<Utc>,
    kind: String,
    subject: String,
    body: String,
    is_end: bool,
}

/// The incidents of a feed, and whether all its posts could be read. The error says why it is none.
pub(super) fn read(target: &Target<'_>, answer: &Response) -> Result<(Vec<Incident>, bool), String> {
    let channel = channel::parse(answer)?;
    if !channel.title.to_lowercase().contains("service status") {
        return Err(format!("is called `{}`", channel.title));
    }
    let posts: Vec<_> = channel.entries.iter().filter_map(post).collect();
    if channel.entries.is_empty() && ["<item", "<guid"].iter().any(|tag| html::decode(&answer.body).contains(tag)) {
        return Err("has posts in another place or under another name".to_owned());
    }
    if posts.is_empty() && !channel.entries.is_empty() {
        return Err("has posts, none of which can be read".to_owned());
    }
    let whole = channel.lost == 0 && posts.len() == channel.entries.len();
    let mut services: BTreeMap<String, Vec<Post>> = BTreeMap::new();
    for post in posts {
        services.entry(post.service.clone()).or_default().push(post);
    }
    let incidents = services.into_values().flat_map(|mut posts| {
        posts.sort_by_key(|post| post.at);
        let events: Vec<_> =
            posts.split_inclusive(|post| post.is_end).filter_map(|posts| event(target, posts)).collect();
        events
    });
    Ok((incidents.collect(), whole))
}

/// `None` for a post without a readable time or the service that it is about, which is a part of its address.
fn post(entry: &Entry) -> Option<Post> {
    let (_, anchor) = entry.id.rsplit_once('#')?;
    let (service, _) = anchor.rsplit_once('_')?;
    let title = entry.title.as_ref().map(|title| html::text(&title.content)).filter(|title| !title.is_empty())?;
    let (kind, subject) = title.split_once(": ").unwrap_or(("", &title));
    let lower = title.to_lowercase();
    Some(Post {
        address: entry.id.clone(),
        service: service.to_owned(),
        at: entry.published.or(entry.updated)?,
        kind: kind.to_owned(),
        subject: subject.trim().trim_start_matches("[RESOLVED]").trim().to_owned(),
        body: entry.summary.as_ref().map(|summary| summary.content.clone()).unwrap_or_default(),
        is_end: lower.contains("[resolved]")
            || ["service is operating normally", "resolved:"].iter().any(|word| lower.starts_with(word)),
    })
}

/// The posts of one event, the oldest first.
fn event(target: &Target<'_>, posts: &[Post]) -> Option<Incident> {
    let (first, last) = (posts.first()?, posts.last()?);
    let is_over = last.is_end || target.as_of.signed_duration_since(last.at) > STALE_AFTER;
    let worst = posts.iter().map(|post| impact(&post.kind)).max().unwrap_or(Indicator::None);
    Some(Incident {
        id: first.address.clone(),
        title: format!("{}: {}", first.service, first.subject),
        link: if first.address.starts_with("https://") { first.address.clone() } else { target.at("/") },
        impact: if is_over { worst } else { worst.max(Indicator::Minor) },
        status: if is_over { IncidentStatus::Resolved } else { IncidentStatus::Unknown },
        started_at: first.at,
        ended_at: is_over.then_some(last.at),
        updates: posts
            .iter()
            .map(|post| Update { at: post.at, title: post.kind.clone(), body: post.body.clone() })
            .collect(),
        components: vec![first.service.clone()],
        detail: Detail::Full,
    })
}

fn impact(kind: &str) -> Indicator {
    match kind.to_lowercase().as_str() {
        "service disruption" => Indicator::Critical,
        "service degradation" | "performance issues" => Indicator::Major,
        "service impact" | "informational message" => Indicator::Minor,
        _ => Indicator::None,
    }
}

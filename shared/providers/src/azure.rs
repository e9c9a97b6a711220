//! Microsoft's own page on Azure. Evidence: recordings of its feed, empty and with an incident; an ended title by client
//! code.
//!
//! # Recognises
//! The hosts `azure.status.microsoft` and `status.azure.com`, and `azure.microsoft.com` at or below a path `/status`.
//!
//! # Requests
//! One, the feed at its canonical address `rssfeed.azure.status.microsoft`. Where that is refused, up to three more, its
//! other addresses, the newest first. That of `status.azure.com` is the last: it is answered by the nearest instance, and
//! one of them was seen empty during an outage.
//!
//! # Reads
//! Every item as an open incident with its message, and with its categories, services and regions mixed, as components.
//! The feed must be called "Azure Status". An empty one is the calm state, but not from `status.azure.com`.
//!
//! # Maps
//! The feed states neither severity nor stage: an item is a minor incident that is open for as long as it is listed. A
//! title that begins with "[Resolved]" or whose last part is "Resolved" counts as one that has left the list, because
//! nothing says when it ended. Identifiers are used again for later incidents, so the time of posting belongs to an
//! incident's id.
//!
//! # Does not know
//! Components that are well, the course of an incident, its severity, the past, and planned maintenance.

use chrono::SecondsFormat;
use feed_rs::model::Entry;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Reading, Response, Update};
use url::Url;

use crate::channel;
use crate::{Provider, Seen, Step, Target, html, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "azure", step, backfill: None };

const HOSTS: [&str; 2] = ["azure.status.microsoft", "status.azure.com"];
/// The canonical address first.
const FEEDS: [&str; 4] = [
    "https://rssfeed.azure.status.microsoft/en-us/status/feed/",
    "https://azure.status.microsoft/en-us/status/feed/",
    "https://azure.microsoft.com/en-us/status/feed/",
    "https://status.azure.com/en-us/status/feed/",
];
/// Whose empty feed is the calm state.
const CALM: [&str; 3] = ["rssfeed.azure.status.microsoft", "azure.status.microsoft", "azure.microsoft.com"];
const TITLE: &str = "Azure Status";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.is_on(&HOSTS) && !is_older(target) {
        return Step::NotMine("is not the page of Azure".to_owned());
    }
    let mut refused = Vec::new();
    for feed in FEEDS {
        match seen.get(feed) {
            None => return Step::Want(vec![feed.to_owned()]),
            Some(Err(error)) if !error.kind.host_is_up() => return Step::NotMine(error.detail.clone()),
            Some(Err(error)) => refused.push(format!("{feed}: {}", error.detail)),
            Some(Ok(answer)) => {
                return match read(target, answer) {
                    Ok(reading) => Step::Reading(Box::new(reading)),
                    Err(why) => Step::Malformed(format!("the feed {why}")),
                };
            }
        }
    }
    Step::NotMine(refused.join("; "))
}

/// True at `azure.microsoft.com/status`, with or without a language, and below it.
fn is_older(target: &Target<'_>) -> bool {
    let url = Url::parse(target.url).ok().filter(|_| target.is_on(&["azure.microsoft.com"]));
    url.is_some_and(|url| url.path_segments().into_iter().flatten().take(2).any(|part| part == "status"))
}

fn read(target: &Target<'_>, answer: &Response) -> Result<Reading, String> {
    let channel = channel::parse(answer)?;
    if !channel.title.trim().eq_ignore_ascii_case(TITLE) {
        return Err(format!("is called `{}`", channel.title));
    }
    let open: Vec<_> = channel.entries.iter().filter(|entry| !is_over(&title(entry))).collect();
    let mut reading = Reading::new(PROVIDER.name);
    reading.incidents = open.iter().filter_map(|entry| incident(target, entry)).collect();
    reading.lists_all_open = channel.lost == 0 && reading.incidents.len() == open.len();
    if reading.incidents.is_empty() && !reading.lists_all_open && open.len() == channel.entries.len() {
        return Err("has items, none of which can be read".to_owned());
    }
    if channel.entries.is_empty() && !is_calm(&answer.url) {
        return Err(format!("is empty, from {}", answer.url));
    }
    let body = html::decode(&answer.body);
    if channel.entries.is_empty() && ["<item", "<pubDate", "<guid"].iter().any(|tag| body.contains(tag)) {
        return Err("has items in another place or under another name".to_owned());
    }
    let worst = words::indicator(&reading, target.as_of);
    reading.indicator = worst.filter(|worst| reading.lists_all_open || *worst > Indicator::None);
    Ok(reading)
}

fn is_calm(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(|host| CALM.contains(&host)))
}

/// `None` for an item that carries no readable time, or nothing to know it by.
fn incident(target: &Target<'_>, entry: &Entry) -> Option<Incident> {
    let posted = entry.published.or(entry.updated)?;
    let title = title(entry);
    let name = [entry.id.trim(), title.as_str()].into_iter().find(|name| !name.is_empty())?.to_owned();
    let body = entry.summary.as_ref().map(|summary| summary.content.clone()).unwrap_or_default();
    let labels = entry.categories.iter().map(|category| category.label.as_deref().unwrap_or(&category.term).trim());
    Some(Incident {
        id: format!("{name}@{}", posted.to_rfc3339_opts(SecondsFormat::Secs, true)),
        link: link(entry).unwrap_or_else(|| target.url.to_owned()),
        impact: Indicator::Minor,
        status: IncidentStatus::Unknown,
        started_at: posted,
        ended_at: None,
        updates: vec![Update { at: posted, title: String::new(), body }],
        components: labels.filter(|label| !label.is_empty()).map(str::to_owned).collect(),
        detail: Detail::Full,
        title,
    })
}

fn title(entry: &Entry) -> String {
    entry.title.as_ref().map(|title| html::text(&title.content)).unwrap_or_default()
}

/// True for a title that says that it is over, not for one that only mentions it.
fn is_over(title: &str) -> bool {
    let led = title.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(word, _)| word);
    let last = title.rsplit(" - ").next().filter(|last| last.len() < title.len());
    led.into_iter().chain(last).any(|word| word.trim().eq_ignore_ascii_case("resolved"))
}

/// The item's own address, unless it is that of an inner host, as happens.
fn link(entry: &Entry) -> Option<String> {
    let url = entry.links.iter().find_map(|link| Url::parse(link.href.trim()).ok())?;
    let host = url.host_str()?;
    (url.scheme() == "https" && HOSTS.contains(&host)).then(|| url.to_string())
}

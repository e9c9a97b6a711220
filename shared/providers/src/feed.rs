//! Reads any status page that publishes an RSS 2.0, Atom or JSON feed; the last resort. Evidence: recordings of xAI's and
//! Statuspage's feeds; public copies of entries by incident.io, Instatus, `OnlineOrNot`, Amazon and Google; the source
//! of cState; Better Stack's and Hund's by the tests of clients only.
//!
//! # Recognises
//! A JSON Feed, or a document whose root is `rss` or `feed` without a document type declaration, with a title, at an
//! address of the page's own site, that is a status feed: its title says so, or half of its items do. The feed of a blog
//! or of product news is none. A feed that the catalogue names is taken at its word.
//!
//! # Requests
//! One where the feed's address is known, by the catalogue or from the last reading. Else the page, for the feeds that it
//! names, and then well-known paths one after the other, until twelve documents of the page were asked for in all.
//!
//! # Reads
//! Incidents and maintenances with their updates, as far as the markup of the known platforms separates them. Entries
//! that are no more than one update each, with one guid or at the address of one incident, are one incident.
//!
//! # Maps
//! The newest stage decides whether an item is open. Severity comes from categories and labels: outage and unavailable
//! are major, degraded and disruption minor; an open item without one is minor. An item without any stage is recorded
//! with its own time as its end and counts neither as open nor as calm: for fourteen days it makes the page's indicator
//! unknown. The indicator is calm only where the feed states lifecycles. Where items are messages at one address for
//! all, a later one on the same subject ends the first, and so do fourteen days; where nothing but ends is marked, a
//! young item is open that has no mark, nor a later item on its subject with one. Stages are known in eight languages.
//!
//! # Does not know
//! Components that are well, and whether an incident that has left the feed is over. Feeds have no history to page
//! through.

mod items;
mod languages;
mod neighbours;
mod story;
mod words;

use scraper::Selector;
use statusphere_domain::Reading;
use url::{Host, Url};

use crate::channel::{self, Channel};
use crate::{Provider, Seen, Step, Target, html};
use items::Told;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "feed", step, backfill: None };

/// Where feeds are, the likeliest first.
const WELL_KNOWN: [&str; 10] = [
    "/history.atom",
    "/feed.xml",
    "/history.rss",
    "/feed.atom",
    "/feed.rss",
    "/feed",
    "/rss",
    "/rss.xml",
    "/index.xml",
    "/feed.json",
];
/// Feeds that a page names and that are tried, at most.
const MAX_NAMED: usize = 2;
/// Documents of the page that were asked for, by any provider, when the search is given up.
const MAX_SEEN: usize = 12;

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if let Some(address) = target.key.filter(|key| key.starts_with("http://") || key.starts_with("https://")) {
        return match seen.get(address) {
            None => Step::Want(vec![address.to_owned()]),
            Some(Err(error)) => Step::NotMine(format!("no feed at {address}: {}", error.detail)),
            Some(Ok(response)) => match channel::parse(response) {
                Ok(channel) => read(target, address, &channel, items::told(target, &channel)),
                Err(why) => Step::NotMine(format!("{address} {why}")),
            },
        };
    }
    let page = target.at("/");
    if seen.get(&page).is_none() && seen.len() < MAX_SEEN {
        return Step::Want(vec![page]);
    }
    let mut why = "no feed was found".to_owned();
    for address in candidates(target, seen) {
        match seen.get(&address) {
            None if seen.len() < MAX_SEEN => return Step::Want(vec![address]),
            None | Some(Err(_)) => {}
            Some(Ok(response)) => match channel::parse(response) {
                Ok(_) if !same_site(target.url, &response.url) => why = format!("{address} leads to another site"),
                Ok(channel) => {
                    let told = items::told(target, &channel);
                    if is_status(&channel, &told) {
                        return read(target, &address, &channel, told);
                    }
                    why = format!("{address} is a feed, but not of a service's status");
                }
                // Most sites answer unknown paths with a page; that says nothing.
                Err(_) if html::is_html(response) => {}
                Err(reason) => why = format!("{address} {reason}"),
            },
        }
    }
    Step::NotMine(why)
}

fn read(target: &Target<'_>, address: &str, channel: &Channel, told: Vec<Option<Told>>) -> Step {
    let reading = items::reading(target, channel.lost, told);
    Step::Reading(Box::new(Reading { key: Some(address.to_owned()), ..reading }))
}

/// Addresses that may hold the page's feed: its own, those that it names, then the well-known ones.
fn candidates(target: &Target<'_>, seen: &Seen) -> Vec<String> {
    let mut candidates = vec![target.at("/")];
    if let Some(Ok(response)) = seen.get(&target.at("/")) {
        let base = Url::parse(&response.url).ok();
        candidates.extend(named(&response.body, base.as_ref(), target.url));
    }
    for path in WELL_KNOWN {
        let address = target.at(path);
        if !candidates.contains(&address) {
            candidates.push(address);
        }
    }
    candidates
}

/// The feeds that a page names, on its own site.
fn named(body: &[u8], base: Option<&Url>, page: &str) -> Vec<String> {
    // Most pages name none, and parsing is the dear part.
    if !html::decode(body).contains("alternate") {
        return Vec::new();
    }
    let Some(document) = html::document(body) else { return Vec::new() };
    let Ok(links) = Selector::parse("link[rel~='alternate'][type][href]") else { return Vec::new() };
    let mut addresses = Vec::new();
    for link in document.select(&links) {
        let kind = link.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
        let href = link.attr("href").unwrap_or_default().trim();
        let address = match base {
            Some(base) => base.join(href),
            None => Url::parse(href),
        };
        let Ok(mut address) = address else { continue };
        address.set_fragment(None);
        let address = address.to_string();
        if matches!(kind.as_str(), "application/rss+xml" | "application/atom+xml" | "application/feed+json")
            && same_site(page, &address)
            && !addresses.contains(&address)
        {
            addresses.push(address);
        }
    }
    addresses.truncate(MAX_NAMED);
    addresses
}

/// True when both addresses belong to one site, as far as names tell: the same host, or the same registrable-looking
/// domain.
fn same_site(page: &str, other: &str) -> bool {
    let (Ok(page), Ok(other)) = (Url::parse(page), Url::parse(other)) else { return false };
    match (page.host(), other.host()) {
        (Some(Host::Domain(page)), Some(Host::Domain(other))) => page == other || site(page) == site(other),
        (page, other) => page.is_some() && page == other,
    }
}

/// The part of a name that is registered as one: two labels, three under a country's `co`, `com` and the like.
fn site(host: &str) -> &str {
    const SECOND: [&str; 8] = ["ac", "co", "com", "edu", "gov", "net", "or", "org"];
    let labels: Vec<&str> = host.rsplit('.').take(3).collect();
    let kept = match labels[..] {
        [country, second, _] if country.len() == 2 && SECOND.contains(&second) => 3,
        _ => labels.len().min(2),
    };
    let length: usize = labels.iter().take(kept).map(|label| label.len() + 1).sum();
    &host[host.len() - length.saturating_sub(1).min(host.len())..]
}

/// True for the feed of a status page: it is called one, or half of its items tell of trouble as only status pages do.
fn is_status(channel: &Channel, told: &[Option<Told>]) -> bool {
    let count = channel.entries.len();
    let telling = told.iter().flatten().filter(|told| told.telling).count();
    if words::names_other(&channel.title) {
        // "Status blog" exists; a blog that reports on others' incidents does not label its posts with stages.
        return words::names_status(&channel.title) && count > 0 && telling * 2 >= count;
    }
    if words::names_status(&channel.title) {
        return true;
    }
    let troubled = told.iter().flatten().filter(|told| told.telling || told.tells_trouble()).count();
    count > 0 && troubled * 2 >= count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_told_apart() {
        let page = "https://status.acme.example";
        for other in ["https://status.acme.example/x", "https://acme.example/feed", "http://feeds.acme.example:80/"] {
            assert!(same_site(page, other), "{other}");
        }
        for other in
            ["https://status.acme.example.evil.example/", "https://notacme.example/", "https://example/", "nonsense"]
        {
            assert!(!same_site(page, other), "{other}");
        }
        assert!(same_site("https://status.acme.co.uk", "https://acme.co.uk/rss"));
        assert!(!same_site("https://acme.co.uk", "https://other.co.uk/rss"));
        assert!(same_site("https://status.x.ai", "https://x.ai/feed.xml"));
        assert!(same_site("http://192.0.2.1", "http://192.0.2.1/feed"));
        assert!(!same_site("http://192.0.2.1", "http://198.51.2.1/feed"));
    }
}

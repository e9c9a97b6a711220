//! Hund, hosted status pages. Evidence: the vendor's help pages on labels and streams, and one public client with an
//! entry of each kind in its tests. Unconfirmed: no real page and no real feed was recorded.
//!
//! # Recognises
//! Hosts below `hund.io`. Else the page's markup, by the path of its feed, `/state_feed/`, or of its stream of events,
//! `/live/v2/status_page`; a link to `hund.io` counts as well, if the page then has such a feed.
//!
//! # Requests
//! One on the platform's own hosts and with a key, which is the feed's address: `/state_feed/feed`. Two elsewhere, with
//! `/`. Two or three more where that address has no feed: the page, for the feeds that it names, and `/feed`.
//!
//! # Reads
//! Issues, open and past, with the stage that leads their title in brackets and their last text, as the provider `feed`
//! reads them. The feed lists no components, and nothing says that it lists all that is open.
//!
//! # Maps
//! The labels `Ended` and `Beendet` mean that an issue is over, and so does `Information`, which the platform puts on
//! bulletins and ends at once: all three are read as `Resolved`. `Assessed` is read as `Identified`. Any other label is
//! left to the words that feeds share. The indicator is that of the feed: calm only where every young issue says that it
//! is over, and unknown where the feed is empty.
//!
//! # Does not know
//! The state of components and of the page. The interface `/api/v1` wants a key, and `/live/v2/status_page`, which has
//! both, is a stream that never ends. Where a maintenance stands that only bears the label `Maintenance`: it is listed as
//! scheduled, and while it is young the indicator is unknown.

use scraper::Selector;
use statusphere_domain::{Reading, Response};
use url::Url;

use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target, feed, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "hund", step, backfill: None };

const HOSTS: &[&str] = &["hund.io"];
const MARKS: [&str; 2] = ["/state_feed/", "/live/v2/status_page"];
/// A link to the platform, which its pages bear, but others may as well.
const LINK: &str = "//hund.io";
const FEED: &str = "/state_feed/feed";
const OLD_FEED: &str = "/feed";
/// Feeds that a page names and that are tried, at most.
const MAX_NAMED: usize = 2;
/// The platform's own labels, and the words that feeds share for the same.
const LABELS: [(&str, &str); 4] = [
    (">[Ended]", ">[Resolved]"),
    (">[Beendet]", ">[Resolved]"),
    (">[Information]", ">[Resolved]"),
    (">[Assessed]", ">[Identified]"),
];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let hosted = target.is_on(HOSTS) && !is_the_platforms(target.url);
    let key = target.key.filter(|key| is_below(target.url, key)).map(str::to_owned);
    let likely: Vec<String> = key.into_iter().chain((hosted || target.known).then(|| target.at(FEED))).collect();
    // A key may be out of date; the page itself knows.
    if !likely.is_empty()
        && let Ok(step) = first(target, seen, likely)
    {
        return step;
    }
    let (markup, answer) = match front(target, seen) {
        Front::Unseen(url) => return Step::Want(vec![url]),
        Front::Missing(why) => return Step::NotMine(why),
        Front::Html(markup, answer) => (markup, answer),
    };
    let surely = MARKS.iter().any(|mark| markup.contains(mark));
    if !surely && !hosted && !markup.contains(LINK) {
        return Step::NotMine("the page has none of its marks".to_owned());
    }
    let mut addresses = named(answer, target.url);
    addresses.extend([target.at(FEED), target.at(OLD_FEED)]);
    match first(target, seen, addresses) {
        Ok(step) => step,
        Err(why) if surely => Step::Malformed(format!("its feed cannot be read: {why}")),
        // Names below the platform's host that nobody has taken answer with a page, too.
        Err(why) => Step::NotMine(format!("no feed of its own: {why}")),
    }
}

/// The first of these addresses that has a feed; the error says why none has.
fn first(target: &Target<'_>, seen: &Seen, addresses: Vec<String>) -> Result<Step, String> {
    let mut refused = String::new();
    for address in addresses {
        match seen.get(&address) {
            None => return Ok(Step::Want(vec![address])),
            Some(Err(error)) if !error.kind.host_is_up() => return Ok(Step::NotMine(error.detail.clone())),
            Some(Err(error)) => refused.clone_from(&error.detail),
            Some(Ok(answer)) => match read(target, &address, answer) {
                Ok(reading) => return Ok(Step::Reading(Box::new(reading))),
                Err(why) => refused = why,
            },
        }
    }
    Err(refused)
}

/// Reads a feed as any other, its labels in the words that feeds share.
fn read(target: &Target<'_>, address: &str, answer: &Response) -> Result<Reading, String> {
    let mut body = html::decode(&answer.body).into_owned();
    for (label, word) in LABELS {
        body = body.replace(label, word);
    }
    let mut alone = Seen::default();
    alone.insert(address.to_owned(), Ok(Response { body: body.into_bytes(), ..answer.clone() }));
    match (feed::PROVIDER.step)(&Target { key: Some(address), ..*target }, &alone) {
        Step::Reading(reading) => Ok(Reading { provider: PROVIDER.name.to_owned(), ..*reading }),
        Step::NotMine(why) | Step::Malformed(why) => Err(why),
        Step::Want(_) | Step::Elsewhere(_) => Err("is no feed".to_owned()),
    }
}

/// The feeds that the page names, on its own host.
fn named(answer: &Response, page: &str) -> Vec<String> {
    let document = html::document(&answer.body);
    let links = Selector::parse("link[rel~='alternate'][type][href]").ok();
    let (Some(document), Some(links), Ok(base)) = (document, links, Url::parse(&answer.url)) else { return Vec::new() };
    let mut addresses: Vec<String> = Vec::new();
    for link in document.select(&links) {
        let kind = link.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
        let Ok(address) = base.join(link.attr("href").unwrap_or_default().trim()) else { continue };
        let address = address.to_string();
        let is_feed = matches!(kind.as_str(), "application/rss+xml" | "application/atom+xml");
        if is_feed && addresses.len() < MAX_NAMED && is_below(page, &address) && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// True for an address on the page's own host.
fn is_below(page: &str, address: &str) -> bool {
    let (Ok(page), Ok(address)) = (Url::parse(page), Url::parse(address)) else { return false };
    page.origin() == address.origin() && page.host().is_some()
}

fn is_the_platforms(page: &str) -> bool {
    let url = Url::parse(page).ok();
    matches!(url.as_ref().and_then(Url::host_str), Some("hund.io" | "www.hund.io" | "api.hund.io"))
}

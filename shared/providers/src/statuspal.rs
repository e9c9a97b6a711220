//! Statuspal, hosted status pages from its American and its European side. Evidence: public copies of seven real
//! summaries in the tests of a monitoring plugin, ten clients, the vendor's Terraform provider and the early source of
//! its pages. Unconfirmed: no real page was recorded, and its markup of today is known from three clients only.
//!
//! # Recognises
//! Hosts below `statuspal.io` and `statuspal.eu`. Else the page's markup: a class `system-status--description` or
//! `service-status--name`, or `system-status` together with the name of one of these hosts.
//!
//! # Requests
//! One on the platform's own hosts and with a key: `/api/v2/status_pages/<subdomain>/summary` on the side's own host. The
//! key is side and subdomain, `statuspal.eu/acme`, or a subdomain alone, which is looked for on both sides. Two for other
//! hosts, with `/`, and three where it is the other side's page. Where a summary is refused, one more: `/status` beside
//! it. History: `/incidents` of the same address, then one
//! request for each page that the answer links to.
//!
//! # Reads
//! The page's state, services with the one they stand under as group, incidents with updates, services and start,
//! maintenances that run and that are to come; of the history, both. Where the summary is refused, the page's state by
//! `/status`; where that is, too, the markup: the page's
//! state by the class `type-…` of the element `system-status`, services by their tiles, and the incidents, without texts,
//! that the page hands to its script.
//!
//! # Maps
//! No type is calm, `scheduled` is a maintenance, `minor` and `major` are themselves, and a service of type `minor` is
//! degraded, of type `major` in a major outage. Vendors add types of their own. For the page, the summary names the
//! common type that such a one amounts to; a service of such a type is `unknown`, and an open incident at least minor.
//! `ends_at` decides whether an incident is over. Times without a zone are UTC: they equal the platform's own stamps of
//! when a row was written. One client takes them for the page's local time.
//!
//! # Does not know
//! Info notices, which tell of no trouble. A service that has services below it, apart from the group's name.

mod items;
mod markup;
mod summary;

use serde_json::Value;
use statusphere_domain::Reading;
use url::Url;

use crate::document::{Document, document};
use crate::front::{Front, front};
use crate::{BackfillStep, Provider, Seen, Step, Target, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "statuspal", step, backfill: Some(backfill) };

const SIDES: [&str; 2] = ["statuspal.io", "statuspal.eu"];
/// Pages of the history that are followed, at most.
const MAX_PAGES: u32 = 150;
/// Names below these hosts that are no page.
const NO_PAGES: [&str; 9] = ["www", "app", "api", "cdn", "static", "assets", "domains", "docs", "blog"];

/// Where the platform has a page: a side, and the name of the page there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    side: &'static str,
    name: String,
}

impl Place {
    fn new(side: &str, name: &str) -> Option<Self> {
        let side = SIDES.into_iter().find(|known| *known == side)?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let named = (1..=128).contains(&name.len()) && name.bytes().all(fits) && !name.contains("..");
        named.then(|| Self { side, name: name.to_owned() })
    }

    fn summary(&self) -> String {
        format!("https://{}/api/v2/status_pages/{}/summary", self.side, self.name)
    }

    fn status(&self) -> String {
        format!("https://{}/api/v2/status_pages/{}/status", self.side, self.name)
    }

    fn incidents(&self) -> String {
        format!("https://{}/api/v2/status_pages/{}/incidents", self.side, self.name)
    }

    fn key(&self) -> String {
        format!("{}/{}", self.side, self.name)
    }
}

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let mut refused = String::new();
    let known: Vec<_> = keyed(target).into_iter().chain(hosted(target)).collect();
    for place in &known {
        match ask(target, seen, place) {
            Ok(step) => return step,
            Err(why) => refused = why,
        }
    }
    if let Some(step) = known.iter().find_map(|place| ask_briefly(seen, place)) {
        return step;
    }
    let markup = match front(target, seen) {
        Front::Unseen(url) => return Step::Want(vec![url]),
        Front::Missing(why) => return Step::NotMine(format!("{refused} {why}").trim_start().to_owned()),
        Front::Html(markup, _) => markup,
    };
    if !markup::is_mine(&markup) {
        return Step::NotMine("the page has none of its marks".to_owned());
    }
    for place in markup::places(target, &markup) {
        match ask(target, seen, &place) {
            Ok(step) => return step,
            Err(why) => refused = why,
        }
    }
    match markup::read(target, &markup) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(format!("{why}, and its summary is refused: {refused}")),
    }
}

/// What the summary at a place says; the error says why there is none.
fn ask(target: &Target<'_>, seen: &Seen, place: &Place) -> Result<Step, String> {
    let url = place.summary();
    match seen.get(&url) {
        None => Ok(Step::Want(vec![url])),
        Some(Err(error)) if !error.kind.host_is_up() => Ok(Step::NotMine(error.detail.clone())),
        Some(Err(error)) => Err(error.detail.clone()),
        Some(Ok(answer)) if html::is_html(answer) => Err("is HTML, not JSON".to_owned()),
        Some(Ok(answer)) => Ok(match html::json::<Value>(answer).and_then(|body| summary::read(target, &body)) {
            Ok(reading) => Step::Reading(Box::new(Reading { key: Some(place.key()), ..reading })),
            Err(why) => Step::Malformed(format!("the summary {why}")),
        }),
    }
}

/// What the page's state alone says at a place; `None` where that is refused, too.
fn ask_briefly(seen: &Seen, place: &Place) -> Option<Step> {
    match document(place.status(), "the status", seen) {
        Document::Unseen(url) => Some(Step::Want(vec![url])),
        Document::Json(body) => {
            let reading = summary::brief(&body).ok()?;
            Some(Step::Reading(Box::new(Reading { key: Some(place.key()), ..reading })))
        }
        Document::Absent(_) | Document::Broken(_) => None,
    }
}

/// The places that a key names: one with its side, both without.
fn keyed(target: &Target<'_>) -> Vec<Place> {
    let Some(key) = target.key else { return Vec::new() };
    match key.split_once('/') {
        Some((side, name)) => Place::new(side, name).into_iter().collect(),
        None => SIDES.into_iter().filter_map(|side| Place::new(side, key)).collect(),
    }
}

/// The place that the page's own host is.
fn hosted(target: &Target<'_>) -> Option<Place> {
    let url = Url::parse(target.url).ok()?;
    SIDES.into_iter().find_map(|side| below(url.host_str()?, side))
}

fn below(host: &str, side: &str) -> Option<Place> {
    let name = host.strip_suffix(side)?.strip_suffix('.')?;
    if NO_PAGES.contains(&name) || name.contains('.') { None } else { Place::new(side, name) }
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    // A cursor counts the pages, so that links which lead in a circle come to an end.
    let (count, pages) = match target.cursor.map(|cursor| cursor.split_once(' ')) {
        Some(Some((count, page))) => (count.parse().unwrap_or(MAX_PAGES), vec![page.to_owned()]),
        Some(None) => return BackfillStep::Failed("the cursor is none of this platform's".to_owned()),
        None => (0, keyed(target).into_iter().chain(hosted(target)).map(|place| place.incidents()).collect()),
    };
    let mut refused = "the page's place on the platform is not known".to_owned();
    for page in pages {
        if !is_history(&page) {
            return BackfillStep::Failed("the cursor is none of this platform's".to_owned());
        }
        match seen.get(&page) {
            None => return BackfillStep::Want(vec![page]),
            Some(Err(error)) => refused.clone_from(&error.detail),
            Some(Ok(answer)) => match html::json::<Value>(answer).and_then(|body| items::page(target, &body, &page)) {
                Ok((items, next)) => {
                    let next = next.filter(|_| count < MAX_PAGES).map(|next| format!("{} {next}", count + 1));
                    return BackfillStep::Items { items, next };
                }
                Err(why) => refused = why,
            },
        }
    }
    BackfillStep::Failed(refused)
}

/// True for an address of the platform's own list of incidents.
fn is_history(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && SIDES.iter().any(|side| url.host_str() == Some(side))
        && url.path().starts_with("/api/v")
        && url.path().ends_with("/incidents")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_no_path() {
        for (side, name) in [
            ("statuspal.io", "../x"),
            ("statuspal.io", "a/b"),
            ("statuspal.io", ""),
            ("evil.example", "a"),
            ("statuspal.io", "a?b"),
        ] {
            assert_eq!(Place::new(side, name), None, "{side}/{name}");
        }
    }

    #[test]
    fn only_the_platforms_own_list_is_followed() {
        assert!(is_history("https://statuspal.io/api/v1/status_pages/larch/incidents?after=x"));
        for address in [
            "http://statuspal.io/api/v2/status_pages/larch/incidents",
            "https://statuspal.io.evil.example/api/v2/status_pages/larch/incidents",
            "https://a@statuspal.io/api/v2/status_pages/larch/incidents",
            "https://statuspal.io/api/v2/status_pages/larch/subscriptions",
            "nonsense",
        ] {
            assert!(!is_history(address), "{address}");
        }
    }
}

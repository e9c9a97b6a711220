//! Reads status pages made with status.io. Evidence: a recording of a healthy page; the platform's documentation of the
//! public API; client code and its tests for incidents, maintenances, the feed and the markup. Unconfirmed: a recorded
//! page in trouble or in maintenance.
//!
//! # Recognises
//! The page's key, 24 hexadecimal digits: from the catalogue, from the page's address below `status.io`, else from the
//! addresses and variables in the page's markup.
//!
//! # Requests
//! One where the key is known, `api.status.io/1.0/status/<key>`; else two, with `/`. Where that host refuses, the same
//! path is asked on `status-api.hostedstatus.com`. History: one, the page's RSS feed.
//!
//! # Reads
//! Indicator, components, open incidents with all their messages, running and scheduled maintenance. As history, what
//! the feed lists that is over, with its messages. Where both hosts refuse the page's key, indicator and components by its
//! markup: calm only where that says so in the platform's own words and links to no incident.
//!
//! # Maps
//! Codes: 100 is operational, 200 maintenance, 300 minor, 400 major, 500 and 600 (a security event) critical. Any other
//! code is unknown. An incident is as bad as the worst of its messages, and at least minor. The platform's component is
//! one component here, however many containers (regions) it runs in: it fares as the worst of them. The list in which a
//! maintenance stands says whether it runs. The feed has no impacts: `none` on an incident that is over means "not told".
//!
//! # Does not know
//! Which container of a component is in trouble, histories beyond the feed, pages that are private: their API is closed.

mod api;
mod feed;
mod page;
mod words;

use statusphere_domain::{Reading, Response};
use url::Url;

use crate::front::{Front, front};
use crate::{BackfillStep, Provider, Seen, Step, Target};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "statusio", step, backfill: Some(backfill) };

/// Where the API is, the older host first.
const HOSTS: [&str; 2] = ["https://api.status.io", "https://status-api.hostedstatus.com"];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let known = target.key.and_then(key).or_else(|| own_host_key(target));
    if let Some(known) = &known {
        match state(target, seen, known) {
            Step::NotMine(_) => {}
            step => return step,
        }
    }
    let found = match page_key(target, seen) {
        Ok(found) => found,
        Err(Step::NotMine(why)) if known.is_some() => {
            return Step::NotMine(format!("the API refuses the known key; {why}"));
        }
        Err(step) => return step,
    };
    match (state(target, seen, &found), front(target, seen)) {
        (Step::NotMine(why), Front::Html(markup, _)) if refuses(seen, &found) => match page::read(target, &markup) {
            Some(reading) => Step::Reading(Box::new(Reading { key: Some(found), ..reading })),
            None => Step::NotMine(format!("the API refuses the page's key: {why}")),
        },
        (step, _) => step,
    }
}

/// True when both hosts are up and refuse the key; one that is down may know it tomorrow.
fn refuses(seen: &Seen, key: &str) -> bool {
    HOSTS.iter().all(|host| matches!(seen.get(&document(host, key)), Some(Err(error)) if error.kind.host_is_up()))
}

fn document(host: &str, key: &str) -> String {
    format!("{host}/1.0/status/{key}")
}

/// The state of the page with this key; not mine when both hosts refuse it.
fn state(target: &Target<'_>, seen: &Seen, key: &str) -> Step {
    let mut why = String::new();
    for host in HOSTS {
        let url = document(host, key);
        match seen.get(&url) {
            None => return Step::Want(vec![url]),
            Some(Ok(answer)) => return api::read(target, key, answer),
            Some(Err(error)) if !error.kind.host_is_up() => return Step::NotMine(error.detail.clone()),
            Some(Err(error)) => why = format!("{url}: {}", error.detail),
        }
    }
    Step::NotMine(why)
}

/// A key in its form.
fn key(text: &str) -> Option<String> {
    let is_key = text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_key.then(|| text.to_ascii_lowercase())
}

/// The key in the address of a page, or of its document, that stands on one of the platform's hosts.
fn own_host_key(target: &Target<'_>) -> Option<String> {
    let key = || ["/pages/", "/1.0/status/"].into_iter().find_map(|place| after(target.url, place));
    target.is_on(&["status.io", "hostedstatus.com"]).then(key)?
}

/// The key by the page itself; an error is the step to take instead.
fn page_key(target: &Target<'_>, seen: &Seen) -> Result<String, Step> {
    match front(target, seen) {
        Front::Unseen(url) => Err(Step::Want(vec![url])),
        Front::Missing(why) => Err(Step::NotMine(why)),
        Front::Html(markup, answer) => {
            marked(&markup, answer).ok_or_else(|| Step::NotMine("has no mark of status.io".to_owned()))
        }
    }
}

/// The key in a page's markup: in the addresses of its own parts, or in a variable where the platform is named.
fn marked(markup: &str, answer: &Response) -> Option<String> {
    const ADDRESSES: [&str; 4] = ["/pages/history/", "/pages/incident/", "/pages/maintenance/", "/1.0/status/"];
    const VARIABLES: [&str; 4] = ["statuspage_id", "statuspageId", "pageId", "page_id"];
    let feed = || {
        let keys = markup.match_indices("/pages/").filter_map(|(at, marker)| leading_key(&markup[at + marker.len()..]));
        keys.filter(|(_, rest)| rest.starts_with("/rss")).map(|(key, _)| key).next()
    };
    let named = ["statusio_", "status.io", "hostedstatus.com"].iter().any(|name| markup.contains(name));
    let variable = || named.then(|| VARIABLES.iter().find_map(|name| after(markup, name)))?;
    let address = ADDRESSES.iter().find_map(|address| after(markup, address));
    address.or_else(feed).or_else(variable).or_else(|| named.then(|| after(&answer.url, "/pages/"))?)
}

/// The first key that follows a marker, with at most quotes and an assignment between them.
fn after(text: &str, marker: &str) -> Option<String> {
    text.match_indices(marker).find_map(|(at, marker)| leading_key(&text[at + marker.len()..])).map(|(key, _)| key)
}

/// A key at the start of a text, and what follows.
fn leading_key(text: &str) -> Option<(String, &str)> {
    // Between a name and its value there are few characters; a long run of them is no assignment.
    let skipped =
        text.bytes().take(8).take_while(|byte| matches!(byte, b' ' | b'"' | b'\'' | b'=' | b':' | b'\\')).count();
    let text = text.get(skipped..)?;
    let found = key(text.get(..24)?)?;
    let rest = text.get(24..)?;
    (!rest.starts_with(|next: char| next.is_ascii_alphanumeric())).then_some((found, rest))
}

/// Where people read an incident or a maintenance.
fn link(target: &Target<'_>, key: &str, kind: &str, id: &str) -> String {
    format!("{}/pages/{kind}/{key}/{id}", origin(target))
}

/// The page's host: its parts do not stand below the page's own address.
fn origin(target: &Target<'_>) -> String {
    Url::parse(target.url).map_or_else(|_| target.url.to_owned(), |url| url.origin().ascii_serialization())
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let known = target.key.and_then(key).or_else(|| own_host_key(target));
    let key = match known.map_or_else(|| page_key(target, seen), Ok) {
        Ok(key) => key,
        Err(Step::Want(urls)) => return BackfillStep::Want(urls),
        Err(Step::NotMine(why)) => return BackfillStep::Failed(why),
        Err(_) => return BackfillStep::Failed("the page tells no key".to_owned()),
    };
    let url = format!("{}/pages/{key}/rss", origin(target));
    match seen.get(&url) {
        None => BackfillStep::Want(vec![url]),
        Some(Err(error)) if error.kind.host_is_up() => BackfillStep::Items { items: Vec::new(), next: None },
        Some(Err(error)) => BackfillStep::Failed(error.detail.clone()),
        Some(Ok(answer)) => match feed::read(target, &key, answer) {
            Ok(items) => BackfillStep::Items { items, next: None },
            Err(why) => BackfillStep::Failed(why),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_where_the_platform_writes_them() {
        let key = "5d00c0ffee5d00c0ffee5d00";
        let answer = Response {
            url: "https://status.acme.example/".to_owned(),
            status: 200,
            content_type: None,
            body: Vec::new(),
        };
        for markup in [
            format!("<a href=\"/pages/history/{key}\">History</a>"),
            format!("<link href='https://status.acme.example/pages/{key}/rss'>"),
            format!("<div id=statusio_components></div><script>var statuspage_id = '{key}';</script>"),
            format!("<script>pageId='{key}'</script><a href=\"https://status.io\">"),
            format!("\\\"statuspageId\\\":\\\"{key}\\\" hostedstatus.com"),
        ] {
            assert_eq!(marked(&markup, &answer).as_deref(), Some(key), "{markup}");
        }
        for markup in [
            format!("<script>var page_id = '{key}';</script>"),
            format!("<a href=\"/pages/{key}/about\">"),
            format!("status.io <script>page_id = '{key}00'</script>"),
            "<a href=\"/pages/history/5d00c0ffee\">status.io".to_owned(),
            "pageId é status.io".to_owned(),
        ] {
            assert_eq!(marked(&markup, &answer), None, "{markup}");
        }
    }
}

//! Status pages of Uptime Kuma, versions 1 and 2, which people host themselves. Evidence: the source code of the platform;
//! a recording of a demonstration payload; literals in the tests of clients. Unconfirmed: no real page was recorded, and
//! of maintenance there is only the source code.
//!
//! # Recognises
//! The page's markup (`id="preload-data"`, a manifest below `/api/status-page/`, the platform's own description). Where
//! the page itself cannot be had and its address ends in `/status/<slug>`, `api/status-page/<slug>` by its shape.
//!
//! # Requests
//! Two: `api/status-page/<slug>` and `api/status-page/heartbeat/<slug>`, both beside the `/status/` of the address. Three
//! where the slug is not in the address, which costs the page itself; the slug is the key.
//!
//! # Reads
//! Monitors with their groups and their newest heartbeats, pinned incidents with their text, running maintenance with
//! its window.
//!
//! # Maps
//! Heartbeats: 0 is a major outage, 1 operational, 2 (pending) degraded, 3 under maintenance; a monitor without a
//! heartbeat is unknown, and so are all where the heartbeats are refused. An incident of style `danger` is major, any other minor. The page's indicator is the worst of
//! monitors, incidents and maintenance; while only some of the monitors are down it is major, not critical. Heartbeats
//! of a monitor that the page does not list make a calm page's indicator unknown.
//!
//! # Does not know
//! Past incidents, stages of incidents, and maintenance that is still to come: the platform publishes none of them. A
//! maintenance without a window (strategy `manual`) is not listed; it makes a calm page's indicator `maintenance`.

mod maintenance;
mod page;

use serde_json::Value;

use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "uptimekuma", step, backfill: None };

const API: &str = "/api/status-page/";
const MARKS: [&str; 3] = ["id=\"preload-data\"", "href=\"/api/status-page/", "content=\"Uptime Kuma monitoring tool\""];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if let Some(slug) = target.key.filter(|key| is_slug(key))
        && let Ok(step) = documents(target, seen, slug)
    {
        return step;
    }
    let (base, address) = parts(target.url);
    match front(target, seen) {
        Front::Unseen(url) => {
            let named = address.filter(|slug| target.known || seen.get(&format!("{base}{API}{slug}")).is_some());
            named.and_then(|slug| documents(target, seen, slug).ok()).unwrap_or_else(|| Step::Want(vec![url]))
        }
        Front::Html(markup, _) if !MARKS.iter().any(|mark| markup.contains(mark)) => {
            Step::NotMine("the page has none of its marks".to_owned())
        }
        Front::Html(_, answer) if parts(&answer.url).0 != base => {
            // The documents stand beside the page, wherever it has gone.
            Step::Elsewhere(answer.url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_owned())
        }
        Front::Html(markup, answer) => {
            let Some(slug) = named(&markup).or(parts(&answer.url).1).or(address) else {
                return Step::Malformed("is no status page: neither the page nor its address names one".to_owned());
            };
            documents(target, seen, slug).unwrap_or_else(Step::Malformed)
        }
        Front::Missing(why) => match address {
            Some(slug) => documents(target, seen, slug).unwrap_or_else(Step::NotMine),
            None => Step::NotMine(why),
        },
    }
}

/// Reads both documents of a page; the error says why there is no such page.
fn documents(target: &Target<'_>, seen: &Seen, slug: &str) -> Result<Step, String> {
    let (base, _) = parts(target.url);
    let url = format!("{base}{API}{slug}");
    let page = match seen.get(&url) {
        None => return Ok(Step::Want(vec![url])),
        Some(Err(error)) if !error.kind.host_is_up() => return Ok(Step::NotMine(error.detail.clone())),
        Some(Err(error)) => return Err(format!("{API}{slug}: {}", error.detail)),
        Some(Ok(answer)) => document(answer, &format!("{API}{slug}"))?,
    };
    let url = format!("{base}{API}heartbeat/{slug}");
    let beats = match seen.get(&url) {
        None => return Ok(Step::Want(vec![url])),
        Some(Err(error)) if !error.kind.host_is_up() => return Ok(Step::NotMine(error.detail.clone())),
        // The page still tells its incidents; of the monitors it tells nothing.
        Some(Err(_)) => Ok(serde_json::json!({ "heartbeatList": {} })),
        Some(Ok(answer)) => html::json::<Value>(answer),
    };
    let reading =
        beats.map_err(|why| format!("heartbeats: {why}")).and_then(|beats| page::read(target, slug, &page, &beats));
    Ok(match reading {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(why),
    })
}

fn document(answer: &statusphere_domain::Response, path: &str) -> Result<Value, String> {
    let document = html::json::<Value>(answer).map_err(|why| format!("{path} {why}"))?;
    if page::is_mine(&document) { Ok(document) } else { Err(format!("{path} is another platform's")) }
}

/// Where the platform stands, by the address of one of its pages, and the page's slug, where the address has it.
fn parts(url: &str) -> (&str, Option<&str>) {
    let url = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let is_base = |base: &&str| base.split_once("://").is_some_and(|(_, rest)| !rest.is_empty());
    if let Some((above, slug)) = url.rsplit_once('/')
        && let Some(base) = above.strip_suffix("/status").filter(is_base)
        && is_slug(slug)
    {
        return (base, Some(slug));
    }
    let own = ["/status", "/status-page", "/dashboard"];
    (own.iter().find_map(|path| url.strip_suffix(path).filter(is_base)).unwrap_or(url), None)
}

/// The slug that a page's markup names.
fn named(markup: &str) -> Option<&str> {
    let by_manifest = markup.split(API).skip(1).find_map(|rest| {
        let (slug, rest) = rest.split_once('/')?;
        (rest.starts_with("manifest.json") && is_slug(slug)).then_some(slug)
    });
    by_manifest.or_else(|| {
        let data = markup.split_once("window.preloadData")?.1;
        let (_, rest) = data.split_once("'slug':'")?;
        rest.split('\'').next().filter(|slug| is_slug(slug))
    })
}

fn is_slug(slug: &str) -> bool {
    (1..=255).contains(&slug.len()) && slug.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_page_and_where_the_platform_stands() {
        let host = "https://kuma.example";
        for (url, expected) in [
            ("https://kuma.example/status/main", (host, Some("main"))),
            ("https://kuma.example/status/main/?x=1", (host, Some("main"))),
            ("https://kuma.example/below/status/main", ("https://kuma.example/below", Some("main"))),
            ("https://kuma.example/status", (host, None)),
            ("https://kuma.example/dashboard", (host, None)),
            ("https://kuma.example", (host, None)),
            ("https://status/main", ("https://status/main", None)),
            ("https://status", ("https://status", None)),
            ("https://kuma.example/status/a%2Fb", ("https://kuma.example/status/a%2Fb", None)),
        ] {
            assert_eq!(parts(url), expected, "{url}");
        }
    }

    #[test]
    fn markup_names_the_page() {
        assert_eq!(named(r#"<link rel="manifest" href="/api/status-page/main-1/manifest.json">"#), Some("main-1"));
        assert_eq!(named("window.preloadData = {'config':{'slug':'main','title':'x'}};"), Some("main"));
        assert_eq!(named(&format!("/api/status-page/{}", "é/".repeat(400))), None);
        assert_eq!(named("/api/status-page/a b/manifest.json"), None);
    }
}

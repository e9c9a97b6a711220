//! Atlassian Statuspage, by far the most common platform. Evidence: recordings of `summary.json`, `history.json` and
//! `history.atom`; public copies of page markup from 2016 on, of `history?page=` and of maintenances in feeds.
//!
//! # Recognises
//! A v2 summary: an object `page` with an `id`, and an object `status` with an `indicator`. Pages of other platforms
//! that imitate the whole shape are read as well; incident.io's (a 26-character id, no time zone) are left to its own
//! provider. Else the page's markup (`<body class="status … status-…">`), else the feed titled "… Incident History".
//!
//! # Requests
//! One: `/api/v2/summary.json`. Where that is missing, denied or HTML: two, with `/`; where that is no Statuspage page
//! either: three or four, with `/history.atom` and `/history.rss`, if the page is known to be one. History: `/api/v2/incidents.json` and
//! `/api/v2/scheduled-maintenances.json` once, then one request for each calendar quarter.
//!
//! # Reads
//! Indicator, components with their groups, open incidents and maintenances with their updates. Markup and feeds also
//! list what is over. Of older incidents the history has only the last message.
//!
//! # Maps
//! Indicator and impact as they are; a word we don't know, and an open incident whose impact is not told (feeds), is
//! minor. An unknown component status is `unknown`. `verifying` is a maintenance in progress. A feed has no impacts:
//! `none` on an incident that is over means "not told". A zone label of several countries (`IST`, `CST`) means what makes
//! the newest stamp of a feed's entry the entry's own time; on pages, the likeliest.
//!
//! # Does not know
//! Incidents older than 50 in full, pages that want a login, words of localised feeds (such a feed tells no
//! indicator), rows of the history without an end: what is still open is in the summary, with more detail.

mod feed;
mod history;
mod page;
mod row;
mod summary;
mod timeline;
mod words;

use statusphere_domain::Response;
use url::Url;

use crate::{BackfillStep, Provider, Seen, Step, Target, html};

pub(crate) const PROVIDER: Provider = Provider { name: "statuspage", step, backfill: Some(backfill) };

const SUMMARY: &str = "/api/v2/summary.json";
const FEEDS: [&str; 2] = ["/history.atom", "/history.rss"];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let url = target.at(SUMMARY);
    let mut said = match seen.get(&url) {
        None => return Step::Want(vec![url]),
        Some(Ok(answer)) => match instead_of_json(target, answer) {
            None => return summary::read(target, answer),
            Some(Step::NotMine(why)) => why,
            Some(step) => return step,
        },
        Some(Err(error)) if !error.kind.host_is_up() => return Step::NotMine(error.detail.clone()),
        Some(Err(error)) => format!("{SUMMARY}: {}", error.detail),
    };
    if said == LOGIN || said == NOBODY {
        return Step::NotMine(said);
    }

    let url = target.at("/");
    let front = match seen.get(&url) {
        None => return Step::Want(vec![url]),
        Some(Ok(answer)) if wants_login(&url, &answer.url) => return Step::NotMine(LOGIN.to_owned()),
        Some(Ok(answer)) => match page::read(target, answer) {
            Step::NotMine(why) => why,
            step => return moved(target, answer).unwrap_or(step),
        },
        Some(Err(error)) => format!("/: {}", error.detail),
    };
    if front == NOBODY {
        return Step::NotMine(front);
    }
    said = format!("{said}, {front}");

    for path in FEEDS {
        let url = target.at(path);
        match seen.get(&url) {
            // Of a page that nobody knows, the search for feeds asks for these as well: then they are looked at here.
            None if target.known || target.is_on(&["statuspage.io"]) => return Step::Want(vec![url]),
            None => {}
            Some(Ok(answer)) => match feed::read(target, answer) {
                Step::NotMine(why) => said = format!("{said}, {path} {why}"),
                step => return step,
            },
            Some(Err(error)) => said = format!("{said}, {path}: {}", error.detail),
        }
    }
    Step::NotMine(said)
}

const LOGIN: &str = "wants a login";
const NOBODY: &str = "is the platform's own front page: no status page has this address";

/// What to do with an answer that is HTML where JSON was asked for; `None` when it may be JSON.
fn instead_of_json(target: &Target<'_>, answer: &Response) -> Option<Step> {
    if !html::is_html(answer) {
        return None;
    }
    if wants_login(&target.at(SUMMARY), &answer.url) {
        return Some(Step::NotMine(LOGIN.to_owned()));
    }
    let body = html::decode(&answer.body);
    if page::is_deactivated(&body) {
        return Some(Step::Malformed(page::DEACTIVATED.to_owned()));
    }
    if is_platforms_own(&answer.url) || page::is_marketing(&body) {
        return Some(Step::NotMine(NOBODY.to_owned()));
    }
    Some(moved(target, answer).unwrap_or_else(|| Step::NotMine(format!("{SUMMARY} is HTML, not JSON"))))
}

/// The page's new address, when another host answered, or the same one by another scheme. A page is asked where it
/// lives: a redirect costs a request each time, and may lose the query of the history's pages.
fn moved(target: &Target<'_>, answer: &Response) -> Option<Step> {
    let (asked, answered) = (Url::parse(target.url).ok()?, Url::parse(&answer.url).ok()?);
    let below = answered.path().strip_suffix(SUMMARY).unwrap_or_default();
    (asked.origin() != answered.origin())
        .then(|| Step::Elsewhere(format!("{}{below}", answered.origin().ascii_serialization())))
}

/// True when a redirect has led to where people sign in.
fn wants_login(asked: &str, answered: &str) -> bool {
    let Ok(url) = Url::parse(answered) else { return false };
    if asked == answered {
        return false;
    }
    let host = url.host_str().unwrap_or_default();
    let words = ["login", "log-in", "log_in", "signin", "sign-in", "sign_in", "sso", "saml", "oauth", "oauth2", "auth"];
    ["id.", "login.", "sso.", "auth.", "accounts."].iter().any(|prefix| host.starts_with(prefix))
        || url.path_segments().is_some_and(|mut parts| parts.any(|part| words.contains(&part)))
}

fn is_platforms_own(url: &str) -> bool {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    matches!(host, "statuspage.io" | "www.statuspage.io" | "www.atlassian.com" | "atlassian.com")
}

/// Where people read incidents. Short links are not used: they lead away from the page.
struct Permalinks(Option<Url>);

impl Permalinks {
    /// `own` is the page's address by its own words.
    fn new(target: &Target<'_>, own: Option<&str>) -> Self {
        let has_name = |url: &Url| url.domain().is_some_and(|host| host.contains('.'));
        let own = own.and_then(|own| Url::parse(own.trim()).ok());
        let own = own.filter(|own| matches!(own.scheme(), "http" | "https") && has_name(own));
        let mut url = own.or_else(|| Url::parse(target.url).ok());
        if let Some(url) = &mut url {
            url.set_query(None);
            url.set_fragment(None);
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty().push("incidents");
            }
        }
        Self(url)
    }

    fn to(&self, id: &str) -> String {
        let Some(base) = &self.0 else { return String::new() };
        if id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return format!("{base}/{id}");
        }
        let mut url = base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(id);
        }
        url.into()
    }
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    match target.cursor {
        None => summary::newest(target, seen),
        Some(cursor) => history::quarter(target, seen, cursor),
    }
}

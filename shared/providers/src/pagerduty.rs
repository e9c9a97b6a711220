//! Status pages made with `PagerDuty`, among them its own. Evidence: two public copies of its own page of 2023 for the
//! data inside of a page; three clients and their tests for the interface that pages have today. Unconfirmed: no
//! recording of that interface stands behind it.
//!
//! # Recognises
//! The hosts `status.pagerduty.com` and `*.trust.pagerduty.com`; else the data inside of the page's HTML
//! (`<script id="data" type="application/json">` that names a status page of `/api/v2/status_pages/`).
//!
//! # Requests
//! Four at once below `/api`: the services, those that are touched, the words of the page, the featured posts. One more
//! for each open post, up to four, because the list cuts their messages short. Where the interface is refused: one more,
//! the page itself. History: the words, the services and one page of posts, for each thirty days of the last year.
//!
//! # Reads
//! Services with their status, open incidents and planned work with their updates and services. Of the older data inside
//! of a page: the same without planned work, and with groups and past incidents.
//!
//! # Maps
//! Words have ids; their keys (`incident/status/detected`) count before their names, which each page chooses. `detected`
//! is investigating. Severity `minor`, `major` and `critical` are kept, any other word of an open incident is minor. A
//! service that is not touched works; `partial_outage` and `major` are a partial outage, `outage` a major one. A post is
//! over when its newest word is `resolved` or `completed`. The page's indicator is the worst of all that.
//!
//! # Does not know
//! Past incidents, where the interface is read: they are the history's. Groups there. Posts whose words a page does not
//! feature: the reading then does not claim to list all that is open. Private pages.

mod history;
mod lists;
mod page;
mod post;
mod words;

use serde_json::Value;
use url::Url;

use crate::document::{Document, document};
use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target};
use lists::Lists;

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "pagerduty", step, backfill: Some(history::backfill) };

const HOSTS: &[&str] = &["status.pagerduty.com", "trust.pagerduty.com"];
const SERVICES: &str = "/api/services";
const TOUCHED: &str = "/api/impacted_services";
const WORDS: &str = "/api/post_enums";
const POSTS: &str = "/api/posts?is_featured=true&limit=500";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if !target.known && !target.is_on(HOSTS) {
        match front(target, seen) {
            Front::Unseen(url) => return Step::Want(vec![url]),
            Front::Missing(why) => return Step::NotMine(why),
            Front::Html(markup, _) if page::data(&markup).is_none() => {
                return Step::NotMine("the page has none of its data".to_owned());
            }
            Front::Html(..) => {}
        }
    }
    let base = base(target);
    let urls = [SERVICES, TOUCHED, WORDS, POSTS].map(|path| format!("{base}{path}"));
    let unseen: Vec<_> = urls.iter().filter(|url| seen.get(url).is_none()).cloned().collect();
    if !unseen.is_empty() {
        return Step::Want(unseen);
    }
    let mut documents = Vec::new();
    for (url, path) in urls.into_iter().zip([SERVICES, TOUCHED, WORDS, POSTS]) {
        match document(url, path, seen) {
            Document::Json(document) => documents.push(document),
            Document::Broken(why) => return Step::Malformed(why),
            Document::Absent(why) | Document::Unseen(why) => return without_interface(target, seen, &why),
        }
    }
    match <[Value; 4]>::try_from(documents) {
        Ok([services, touched, words, posts]) => match Lists::new(&services, &touched, &words, &posts) {
            Ok(lists) => lists.read(target, seen, &base),
            Err(why) => Step::Malformed(why),
        },
        Err(_) => Step::NotMine("its documents are not complete".to_owned()),
    }
}

fn without_interface(target: &Target<'_>, seen: &Seen, refused: &str) -> Step {
    match front(target, seen) {
        Front::Unseen(url) => Step::Want(vec![url]),
        Front::Missing(why) => Step::NotMine(format!("{refused}, {why}")),
        Front::Html(markup, _) => match page::data(&markup) {
            None => Step::NotMine(format!("{refused}, and the page has none of its data")),
            Some(data) => match page::read(target, &base(target), data) {
                Ok(reading) => Step::Reading(Box::new(reading)),
                Err(why) => Step::Malformed(format!("{refused}, {why}")),
            },
        },
    }
}

/// The page's host, whichever of its views the address names.
fn base(target: &Target<'_>) -> String {
    Url::parse(target.url).map_or_else(|_| target.url.to_owned(), |url| url.origin().ascii_serialization())
}

fn is_id(id: &str) -> bool {
    (4..=40).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

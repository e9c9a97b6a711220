//! Status pages made with cState, a theme of the site generator Hugo. Evidence: the source code of the platform in
//! several versions; a description of one real page's documents, derived from its answers. Unconfirmed: no page was
//! recorded.
//!
//! # Recognises
//! `index.json` with `cStateVersion` and `systems`; also where it is no valid JSON, because the platform writes titles
//! into it without escaping them.
//!
//! # Requests
//! One, `index.json`, while all is calm. While something is open also `issues/index.json` and, of the first three open
//! issues, `issues/<name>/index.json`; what of these fails is left out. A page that is not yet known costs itself as
//! well. History: `issues/index.json`.
//!
//! # Reads
//! Summary, systems with their categories, open issues with severity, affected systems and text; of the list of issues
//! also those that are open without any affected system and, as history, those that are resolved.
//!
//! # Maps
//! `ok`, `notice`, `disrupted` and `down` are none, minor, major and critical; of a system operational, degraded, partial
//! and major outage; any other word is unknown. An open issue is at least minor. Informational issues are announcements
//! and are left out, as the platform leaves them out of its summary. In the first version of the interface systems have
//! no status: they are unknown, and the summary stands alone. Quotes inside of a line's text are escaped before
//! a document that is no JSON is read again.
//!
//! # Does not know
//! Planned maintenance: the platform writes it as issues or announcements without a window, so that an open one is an
//! incident. Stages: an issue is one text, and so one update. Texts of resolved issues.

mod index;
mod issue;
mod loose;

use serde_json::Value;
use statusphere_domain::{Reading, Response};

use crate::front::{Front, front};
use crate::{BackfillStep, Provider, Seen, Step, Target, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "cstate", step, backfill: Some(backfill) };

const INDEX: &str = "/index.json";
const ISSUES: &str = "/issues/index.json";
/// Open issues whose texts are asked for, at most.
const MAX_TEXTS: usize = 3;
const MARKS: [&str; 2] = ["content=\"cState v", "content=\"cState "];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let answer = match seen.get(&target.at(INDEX)) {
        Some(answer) => answer,
        None if target.known => return Step::Want(vec![target.at(INDEX)]),
        None => match front(target, seen) {
            Front::Unseen(url) => return Step::Want(vec![url]),
            _ => return Step::Want(vec![target.at(INDEX)]),
        },
    };
    let document = match answer {
        Err(error) if !error.kind.host_is_up() => return Step::NotMine(error.detail.clone()),
        Err(error) => Err(format!("{INDEX}: {}", error.detail)),
        Ok(answer) => document(answer, "\"cStateVersion\"").map_err(|why| format!("{INDEX} {why}")),
    };
    let document = match document {
        Ok(document) if index::is_mine(&document) => document,
        Ok(_) => return Step::NotMine(format!("{INDEX} is another platform's")),
        Err(why) => return without(target, seen, answer.ok(), why),
    };
    let issues = match seen.get(&target.at(ISSUES)) {
        None if index::is_calm(&document) => None,
        None => return Step::Want(vec![target.at(ISSUES)]),
        Some(answer) => answer.ok().and_then(|answer| document_of_issues(answer).ok()),
    };
    match index::read(target, &document, issues.as_ref()) {
        Ok(reading) => with_texts(target, seen, reading),
        Err(why) => Step::Malformed(format!("{INDEX}: {why}")),
    }
}

/// Adds the texts of open issues, which stand in a document of each.
fn with_texts(target: &Target<'_>, seen: &Seen, mut reading: Reading) -> Step {
    let open = reading.incidents.iter_mut().filter(|incident| incident.is_open()).take(MAX_TEXTS);
    let mut missing = Vec::new();
    for incident in open {
        // Sites that do not know their own address lead elsewhere.
        if !incident.link.starts_with(&target.at("/issues/")) {
            continue;
        }
        let url = format!("{}/index.json", incident.link.trim_end_matches('/'));
        match seen.get(&url) {
            None => missing.push(url),
            Some(Err(_)) => {}
            Some(Ok(answer)) => issue::add_text(incident, &html::json::<Value>(answer).unwrap_or_default()),
        }
    }
    if missing.is_empty() { Step::Reading(Box::new(reading)) } else { Step::Want(missing) }
}

/// What to say where the document is missing or cannot be read.
fn without(target: &Target<'_>, seen: &Seen, answer: Option<&Response>, why: String) -> Step {
    let names_itself =
        |answer: &Response| !html::is_html(answer) && html::decode(&answer.body).contains("\"cStateVersion\"");
    match front(target, seen) {
        _ if answer.is_some_and(names_itself) => Step::Malformed(why),
        Front::Html(markup, _) if MARKS.iter().any(|mark| markup.contains(mark)) => Step::Malformed(why),
        _ => Step::NotMine(why),
    }
}

/// A document of the platform, read loosely where it is no JSON and has the mark.
fn document(answer: &Response, mark: &str) -> Result<Value, String> {
    html::json::<Value>(answer).or_else(|why| {
        let body = html::decode(&answer.body);
        if html::is_html(answer) || !body.contains(mark) || !html::is_bearable(&body) {
            return Err(why);
        }
        serde_json::from_str(&loose::escaped(&body)).map_err(|_| why)
    })
}

fn document_of_issues(answer: &Response) -> Result<Value, String> {
    let document = document(answer, "\"pages\"")?;
    if document["pages"].is_array() { Ok(document) } else { Err("has no list `pages`".to_owned()) }
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let answer = match seen.get(&target.at(ISSUES)) {
        None => return BackfillStep::Want(vec![target.at(ISSUES)]),
        Some(Err(error)) => return BackfillStep::Failed(error.detail.clone()),
        Some(Ok(answer)) => answer,
    };
    match document_of_issues(answer) {
        Ok(document) => BackfillStep::Items { items: issue::past(target, &document), next: None },
        Err(why) => BackfillStep::Failed(format!("{ISSUES} {why}")),
    }
}

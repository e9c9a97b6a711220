//! Status pages of Gatus, which people host themselves. Evidence: the source code of the platform and the literals in its
//! tests; a recording of a demonstration payload. Unconfirmed: no real page was recorded, and of suites there is only
//! the source code.
//!
//! # Recognises
//! `api/v1/endpoints/statuses` by its shape, asked where the page's markup carries the platform's settings
//! (`window.config` with `logo`, `header` and `buttons`) or where the page itself cannot be had.
//!
//! # Requests
//! Two: `api/v1/endpoints/statuses` and `api/v1/suites/statuses`, which older versions answer with 404. A page that is not
//! yet known costs its markup as well. The pages of the first document are pages of each endpoint's results, newest
//! first: all endpoints stand on each of them.
//!
//! # Reads
//! Endpoints and suites with their groups and their newest results.
//!
//! # Maps
//! A successful result is operational, a failed one a major outage, none unknown. The newest result is that of the latest
//! timestamp, or the last one where a result has none. The page's indicator is the worst of its endpoints; while only
//! some of them fail it is major, not critical. Suites that cannot be read make a calm page's indicator unknown.
//!
//! # Does not know
//! Incidents and planned maintenance: the platform has none. Its announcements are not read, because nothing in them
//! tells whether they are over. Instances that want a login are not read.

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, FetchError, FetchErrorKind, Indicator, Reading, Response};

use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target, field, html, probes};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "gatus", step, backfill: None };

const ENDPOINTS: &str = "/api/v1/endpoints/statuses";
const SUITES: &str = "/api/v1/suites/statuses";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let named = target.known || seen.get(&target.at(ENDPOINTS)).is_some();
    match front(target, seen) {
        Front::Unseen(url) if named => documents(target, seen).unwrap_or_else(|_| Step::Want(vec![url])),
        Front::Unseen(url) => Step::Want(vec![url]),
        Front::Html(markup, _) if !is_marked(&markup) => Step::NotMine("the page has none of its marks".to_owned()),
        Front::Html(..) => documents(target, seen).unwrap_or_else(Step::Malformed),
        Front::Missing(_) => documents(target, seen).unwrap_or_else(Step::NotMine),
    }
}

/// True for a page with the settings that the platform writes into it.
fn is_marked(markup: &str) -> bool {
    let settings = markup.split_once("window.config = {").and_then(|(_, rest)| rest.split_once("};"));
    settings.is_some_and(|(settings, _)| ["logo:", "header:", "buttons:"].iter().all(|name| settings.contains(name)))
}

/// Reads both documents; the error says why they are not there.
fn documents(target: &Target<'_>, seen: &Seen) -> Result<Step, String> {
    let url = target.at(ENDPOINTS);
    let rows = match seen.get(&url) {
        None => return Ok(Step::Want(vec![url])),
        Some(Err(error)) if !error.kind.host_is_up() => return Ok(Step::NotMine(error.detail.clone())),
        Some(Err(error)) => return Err(format!("{ENDPOINTS}: {}", error.detail)),
        Some(Ok(answer)) => endpoints(answer)?,
    };
    let url = target.at(SUITES);
    let suites = match seen.get(&url) {
        None => return Ok(Step::Want(vec![url])),
        Some(suites) => suites_of(suites),
    };
    let mut reading = Reading::new(PROVIDER.name);
    reading.components = Some(components(&rows, suites.as_deref().unwrap_or_default()));
    reading.indicator =
        probes::indicator(&reading, target.as_of).filter(|worst| *worst > Indicator::None || suites.is_some());
    Ok(Step::Reading(Box::new(reading)))
}

/// The rows of the list of endpoints; the error says why it is none of this platform.
fn endpoints(answer: &Response) -> Result<Vec<Value>, String> {
    let rows = html::json::<Vec<Value>>(answer).map_err(|why| format!("{ENDPOINTS} {why}"))?;
    let is_mine = |row: &Value| row["key"].is_string() && row["results"].is_array();
    if rows.iter().any(is_mine) { Ok(rows) } else { Err(format!("{ENDPOINTS} lists no endpoint that can be read")) }
}

/// The rows of the list of suites; `None` when it cannot be read. Versions before suites do not have it, and an instance
/// without suites answers `null`.
fn suites_of(answer: Result<&Response, &FetchError>) -> Option<Vec<Value>> {
    match answer {
        Ok(answer) => html::json::<Option<Vec<Value>>>(answer).ok().map(Option::unwrap_or_default),
        Err(error) => (error.kind == FetchErrorKind::NotFound).then(Vec::new),
    }
}

fn components(endpoints: &[Value], suites: &[Value]) -> Vec<Component> {
    let endpoints = endpoints.iter().map(|row| component(row, ""));
    // Instances that gather others' endpoints may list a key twice.
    probes::unique(endpoints.chain(suites.iter().map(|row| component(row, "suite "))))
}

fn component(row: &Value, kind: &str) -> Component {
    let first = |names: &[&'_ str]| names.iter().find(|name| !name.is_empty()).map(|name| (*name).to_owned());
    let (name, key) = (field::text(&row["name"]), field::text(&row["key"]));
    let group = first(&[field::text(&row["group"]), field::text(&row["groups"][0])]);
    Component {
        id: format!("{kind}{}", first(&[key, name]).unwrap_or_else(|| "?".to_owned())),
        name: first(&[name, key]).unwrap_or_else(|| "?".to_owned()),
        group,
        status: status(field::list(&row["results"])),
    }
}

fn status(results: &[Value]) -> ComponentStatus {
    let stamps: Option<Vec<_>> = results.iter().map(|result| field::at(&result["timestamp"])).collect();
    let newest = match stamps {
        Some(stamps) => results.iter().zip(stamps).max_by_key(|(_, at)| *at).map(|(result, _)| result),
        None => results.last(),
    };
    match newest.and_then(|result| result["success"].as_bool()) {
        Some(true) => ComponentStatus::Operational,
        Some(false) => ComponentStatus::MajorOutage,
        None => ComponentStatus::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_result_decides() {
        for (results, expected) in [
            ("[]", ComponentStatus::Unknown),
            (r#"[{"success": true}, {"success": false}]"#, ComponentStatus::MajorOutage),
            (r#"[{"success": true}, {}]"#, ComponentStatus::Unknown),
            (
                r#"[{"success": false, "timestamp": "2031-01-01T00:05:00.123456789Z"},
                    {"success": true, "timestamp": "2031-01-01T00:00:00Z"}]"#,
                ComponentStatus::MajorOutage,
            ),
            (
                r#"[{"success": true, "timestamp": "2031-01-01T00:00:00Z"},
                    {"success": false, "timestamp": "0001-01-01T00:00:00Z"}]"#,
                ComponentStatus::MajorOutage,
            ),
        ] {
            let rows: Vec<Value> = serde_json::from_str(results).unwrap();
            assert_eq!(status(&rows), expected, "{results}");
        }
    }
}

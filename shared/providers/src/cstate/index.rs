//! The page's own document, `index.json`.
//!
//! Deliberately absent: pinned announcements and colours.

use std::collections::HashSet;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};

use super::issue;
use crate::{Target, field, words};

/// True when a document is the index of a page of this platform.
pub(super) fn is_mine(document: &Value) -> bool {
    field::id(&document["cStateVersion"]).is_some()
}

/// True when the platform says that nothing is open, and no system says otherwise.
pub(super) fn is_calm(document: &Value) -> bool {
    let is_calm = |system: &Value| system["status"] == "ok" && field::list(&system["unresolvedIssues"]).is_empty();
    document["summaryStatus"] == "ok" && field::list(&document["systems"]).iter().all(is_calm)
}

/// Reads an index that [`is_mine`], with the list of issues where it is at hand.
pub(super) fn read(target: &Target<'_>, document: &Value, issues: Option<&Value>) -> Result<Reading, String> {
    let summary = document["summaryStatus"].as_str().ok_or("there is no `summaryStatus`")?;
    let systems = document["systems"].as_array().ok_or("there is no list `systems`")?;
    let lists_all = systems.iter().all(|system| system["unresolvedIssues"].is_array());
    if !systems.is_empty() && !systems.iter().any(|system| system["name"].is_string()) {
        return Err("none of the `systems` can be read".to_owned());
    }

    let mut reading = Reading::new(super::PROVIDER.name);
    reading.components = Some(systems.iter().map(component).collect());
    let unresolved = systems.iter().flat_map(|system| field::list(&system["unresolvedIssues"]));
    let others =
        issues.map_or(&[][..], |issues| field::list(&issues["pages"])).iter().filter(|row| issue::is_open(row));
    let mut known = HashSet::new();
    let mut unreadable = false;
    for row in unresolved.chain(others) {
        match issue::incident(target, row) {
            Some(incident) if known.insert(incident.id.clone()) => reading.incidents.push(incident),
            Some(_) => {}
            None => unreadable = true,
        }
    }
    // The index has open issues only below the systems that they affect.
    reading.lists_all_open = !unreadable && lists_all && (is_calm(document) || issues.is_some_and(issue::all_told));
    let stated = issue::severity(summary);
    let told = words::indicator(&reading, target.as_of);
    reading.indicator = match stated {
        // A calm summary beside systems that are in trouble, or cannot be read, is no calm page.
        Some(Indicator::None) if lists_all && !systems.is_empty() => told,
        // The first version of the interface has only the summary.
        Some(Indicator::None) if document["apiVersion"] == "1.0" => told.max(Some(Indicator::None)),
        Some(Indicator::None) | None => told.filter(|worst| *worst > Indicator::None),
        stated => stated,
    };
    Ok(reading)
}

fn component(system: &Value) -> Component {
    let name = match field::text(&system["name"]) {
        "" => "?",
        name => name,
    };
    let group = Some(field::text(&system["category"])).filter(|name| !name.is_empty());
    let status = match field::text(&system["status"]) {
        "ok" => ComponentStatus::Operational,
        "notice" => ComponentStatus::DegradedPerformance,
        "disrupted" => ComponentStatus::PartialOutage,
        "down" => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Unknown,
    };
    Component { id: name.to_owned(), name: name.to_owned(), group: group.map(str::to_owned), status }
}

//! Walks every fixture, and every recording where a folder of them is named, through the whole cascade. A new fixture
//! needs no test code: a `page.json` with its bodies, and beside it what comes of it, written by `STATUSPHERE_BLESS=1`
//! as `reading.json`, or as `items.json` for a history.
//!
//! Of `page.json` these are ours: a route's `redirected` (the address that answered), `"backfill": true` (the case is
//! about the history), and in `expect` `indicator`, `requests`, `movedTo`, and `failure` for what must not be read.

use std::fs;
use std::path::Path;

use crate::web::{Case, cases, fixtures, up_down};
use crate::{blesses, report, say, setting};
use serde_json::{Value, json};
use statusphere_domain::{Indicator, Item, Reading, UpDown};
use statusphere_providers::{Outcome, PROVIDERS};

/// What an `expect` says that the outcome does not.
fn complaints(expect: &Value, outcome: &Outcome) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut check = |what: &str, got: Value| {
        if let Some(wanted) = expect.get(what)
            && *wanted != got
        {
            complaints.push(format!("{what}: expected {wanted}, got {got}"));
        }
    };
    let status = up_down(outcome).as_str();
    check("status", json!(status));
    match outcome {
        Outcome::Failed(failure) => check("failure", json!(failure.kind)),
        Outcome::Read { .. } => check("failure", json!(null)),
    }
    if let Outcome::Read { reading, moved_to } = outcome {
        check("movedTo", json!(moved_to));
        check("indicator", json!(reading.indicator));
        check("openIncidents", json!(reading.incidents.iter().filter(|incident| incident.is_open()).count()));
        check("components", json!(reading.components.as_ref().map_or(0, Vec::len)));
        check("maintenances", json!(reading.maintenances.len()));
        // A platform that lists both together is counted together.
        let (alone, together) = (reading.incidents.len(), reading.items().count());
        if expect.get("incidents") != Some(&json!(together)) {
            check("incidents", json!(alone));
        }
        complaints.extend(timeline(expect, reading));
    }
    if expect.get("notStatus") == Some(&json!(status)) {
        complaints.push(format!("status: anything but {status}"));
    }
    complaints
}

fn timeline(expect: &Value, reading: &Reading) -> Vec<String> {
    let mut complaints = Vec::new();
    for wanted in expect["timeline"].as_array().into_iter().flatten() {
        let code = |link: &str| link.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let link = wanted["link"].as_str().unwrap();
        let found = reading.items().find_map(|item| match item {
            Item::Incident(i) => (code(&i.link) == code(link)).then_some((i.started_at, i.updates.len())),
            Item::Maintenance(m) => (code(&m.link) == code(link)).then_some((m.starts_at, m.updates.len())),
        });
        let Some((start, updates)) = found else {
            complaints.push(format!("{link} is missing"));
            continue;
        };
        let got = json!({ "link": link, "start": start.format("%Y-%m-%dT%H:%M").to_string(), "updates": updates });
        if got != *wanted {
            complaints.push(format!("timeline: expected {wanted}, got {got}"));
        }
    }
    complaints
}

/// Compares with the stored file, or writes it when `STATUSPHERE_BLESS` is set.
fn compare(case: &Case, file: &str, got: &Value) -> Option<String> {
    let got = serde_json::to_string_pretty(got).unwrap() + "\n";
    let path = case.folder.join(file);
    if blesses() {
        fs::write(&path, &got).unwrap();
        return None;
    }
    match fs::read_to_string(&path) {
        Ok(stored) if stored == got => None,
        Ok(_) => Some(format!("{file} differs (STATUSPHERE_BLESS=1 writes it), got\n{got}")),
        Err(_) => Some(format!("{file} is missing (STATUSPHERE_BLESS=1 writes it), got\n{got}")),
    }
}

#[test]
fn every_fixture_reads_as_stored() {
    let mut complaints = Vec::new();
    for case in fixtures() {
        let mut said = Vec::new();
        if case.is_backfill() {
            let items = case.backfill();
            if let Some(count) = case.expect.get("incidents")
                && *count != json!(items.len())
            {
                said.push(format!("incidents: expected {count}, got {}", items.len()));
            }
            said.extend(compare(&case, "items.json", &json!(items)));
        } else {
            let (outcome, asked) = case.run();
            said.extend(self::complaints(&case.expect, &outcome));
            if let Some(requests) = case.expect.get("requests")
                && *requests != json!(asked.len())
            {
                said.push(format!("requests: expected {requests}, got {asked:?}"));
            }
            match &outcome {
                Outcome::Read { reading, .. } if case.expect.get("failure").is_none() => {
                    if reading.provider != case.provider {
                        said.push(format!("was read by {}", reading.provider));
                    }
                    said.extend(compare(&case, "reading.json", &json!(reading)));
                }
                Outcome::Failed(_) if case.expect.get("failure").is_some() => {}
                other => said.push(format!("{other:?}")),
            }
        }
        complaints.extend(said.into_iter().map(|complaint| format!("{}: {complaint}", case.name())));
    }
    report(&complaints);
}

#[test]
fn no_fixture_asks_twice_or_too_often() {
    for case in fixtures().iter().filter(|case| !case.is_backfill()) {
        let (_, asked) = case.run();
        let mut once = asked.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), asked.len(), "{}: {asked:?}", case.name());
        assert!(asked.len() <= 12, "{}: {asked:?}", case.name());
    }
}

#[test]
fn every_recording_reads_as_expected() {
    let Some(folder) = setting("STATUSPHERE_RECORDINGS") else {
        return say("recordings: skipped, STATUSPHERE_RECORDINGS is not set");
    };
    // Cargo runs tests in the package's folder; the variable is meant from the workspace's.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut complaints = Vec::new();
    let cases = cases(&folder);
    assert!(!cases.is_empty(), "no recordings in {}", folder.display());
    for case in cases {
        let (outcome, _) = case.run();
        if PROVIDERS.iter().any(|provider| provider.name == case.provider) {
            let said = self::complaints(&case.expect, &outcome);
            complaints.extend(said.into_iter().map(|complaint| format!("{}: {complaint}", case.name())));
            // A page that is gone has nothing to read.
            if let (Outcome::Failed(failure), None) = (&outcome, case.expect.get("notStatus")) {
                complaints.push(format!("{}: {failure:?}", case.name()));
            }
        } else {
            say(&format!("{}: skipped, no such provider yet", case.name()));
            if up_down(&outcome) == UpDown::Up {
                complaints.push(format!("{}: reads UP without its provider", case.name()));
            }
        }
    }
    report(&complaints);
}

#[test]
fn nothing_was_forgotten() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut complaints = Vec::new();
    for entry in fs::read_dir(root.join("fixtures")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !PROVIDERS.iter().any(|provider| provider.name == name) {
            complaints.push(format!("fixtures/{name}: no such provider is registered"));
        }
    }
    let cases = fixtures();
    for provider in PROVIDERS {
        let name = provider.name;
        let own: Vec<_> = cases.iter().filter(|case| case.provider == name && !case.is_backfill()).collect();
        for (kind, status) in [("calm", UpDown::Up), ("troubled", UpDown::Degraded)] {
            if !own.iter().any(|case| up_down(&case.run().0) == status) {
                complaints.push(format!("{name}: no {kind} fixture"));
            }
        }
        if own.iter().filter(|case| case.expect.get("failure").is_some()).count() < 2 {
            complaints.push(format!("{name}: fewer than two fixtures of broken bodies"));
        }
        let docs = fs::read_to_string(root.join(format!("src/{name}.rs"))).unwrap_or_default();
        for heading in ["Recognises", "Requests", "Reads", "Maps", "Does not know"] {
            if !docs.lines().any(|line| line == format!("//! # {heading}")) {
                complaints.push(format!("src/{name}.rs: no heading `//! # {heading}`"));
            }
        }
        let unknown = docs.split("//! # Does not know").nth(1).unwrap_or_default();
        let planned = |case: &&Case| match case.run().0 {
            Outcome::Read { reading, .. } => {
                !reading.maintenances.is_empty() || reading.indicator == Some(Indicator::Maintenance)
            }
            Outcome::Failed(_) => false,
        };
        if !own.iter().any(&planned) && !unknown.to_lowercase().contains("maintenance") {
            complaints.push(format!("{name}: no fixture of a maintenance, and its docs don't say that it knows none"));
        }
        if !docs.contains("Evidence:") {
            complaints.push(format!("src/{name}.rs: does not say on what evidence it stands (`Evidence:`)"));
        }
    }
    report(&complaints);
}

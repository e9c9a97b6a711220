//! Recorded pages through the running API: what is read of them must be what they say.
//!
//! The crate's own recordings always; those of the folder that `STATUSPHERE_RECORDINGS` names when it is set.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where something is not as it must be")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use statusphere_local::{Data, Options, Source, Stack};
use support::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_recordings_meet_their_expectations() {
    check_folder(&support::own_recordings()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test says that it was skipped, and asks by name"
)]
async fn recordings_meet_their_expectations() {
    match std::env::var("STATUSPHERE_RECORDINGS") {
        Ok(folder) => check_folder(Path::new(&folder)).await,
        Err(_) => eprintln!("SKIPPED: STATUSPHERE_RECORDINGS names no folder of recordings"),
    }
}

/// Runs the system over each set of recordings: of two of one address, the older in a run of its own.
async fn check_folder(folder: &Path) {
    let folder = std::path::absolute(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)).unwrap();
    let recordings = list(&folder);
    assert!(!recordings.is_empty(), "no recordings in {}", folder.display());
    let mut wrong = Vec::new();
    for (n, run) in runs(recordings).into_iter().enumerate() {
        let copy = tempfile::tempdir().unwrap();
        for (path, page) in &run {
            link(path, &copy.path().join(page["provider"].as_str().unwrap()).join(path.file_name().unwrap()));
        }
        let source = Source::Recordings(copy.path().to_owned());
        let options = Options { port: 0, data: Data::Memory, source, pages: None };
        let stack = Stack::start(options).await.unwrap();
        tokio::time::timeout(Duration::from_mins(4), stack.settled()).await.expect("the first round hangs");
        let address = stack.address;
        let checked = tokio::task::spawn_blocking(move || {
            run.iter().flat_map(|(_, page)| check(address, page)).collect::<Vec<_>>()
        });
        wrong.extend(checked.await.unwrap().into_iter().map(|wrong| format!("run {n}: {wrong}")));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

type Recording = (PathBuf, Value);

fn list(folder: &Path) -> Vec<Recording> {
    let folders = |path: &Path| -> BTreeSet<PathBuf> {
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect()
    };
    let mut recordings = Vec::new();
    for provider in folders(folder) {
        for path in folders(&provider) {
            let text = std::fs::read_to_string(path.join("page.json")).unwrap();
            let mut page: Value = serde_json::from_str(&text).unwrap();
            page["provider"] = provider.file_name().unwrap().to_str().unwrap().into();
            recordings.push((path, page));
        }
    }
    recordings
}

fn runs(recordings: Vec<Recording>) -> Vec<Vec<Recording>> {
    let mut by_address: BTreeMap<String, Vec<Recording>> = BTreeMap::new();
    for recording in recordings {
        by_address.entry(recording.1["url"].to_string()).or_default().push(recording);
    }
    let most = by_address.values().map(Vec::len).max().unwrap_or(0);
    (0..most).map(|n| by_address.values().filter_map(|same| same.get(n).cloned()).collect()).collect()
}

fn link(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap().path();
        std::fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

/// What is wrong with what the API says of a recording.
fn check(address: SocketAddr, page: &Value) -> Vec<String> {
    let url = page["url"].as_str().unwrap();
    let expect = &page["expect"];
    let ask = |endpoint: &str| json(address, &format!("{endpoint}?statusPageUrl={url}"));
    let current = ask("currentStatus");
    let mut wrong = Vec::new();
    let mut same = |what: &str, is: Value, should: &Value| {
        if !should.is_null() && is != *should {
            wrong.push(format!("{url}: {what} is {is}, should be {should}"));
        }
    };
    same("status", current["status"].clone(), &expect["status"]);
    if current["status"] == expect["notStatus"] {
        same("status", current["status"].clone(), &Value::from("another"));
    }
    let all = ask("incidents");
    let incidents = all["incidents"].as_array().unwrap();
    let open = incidents.iter().filter(|i| i["impact"] != "maintenance" && i["endTime"].is_null()).count();
    same("openIncidents", open.into(), &expect["openIncidents"]);
    same("incidents", incidents.len().into(), &expect["incidents"]);
    let count = |endpoint: &str| Value::from(ask(endpoint)[endpoint].as_array().unwrap().len());
    same("components", count("components"), &expect["components"]);
    same("maintenances", count("maintenances"), &expect["maintenances"]);
    for known in expect["timeline"].as_array().into_iter().flatten() {
        let code = known["link"].as_str().unwrap().rsplit('/').next().unwrap();
        let found = incidents.iter().find(|i| i["deepLink"].as_str().unwrap().trim_end_matches('/').ends_with(code));
        let Some(found) = found else {
            same(code, "missing".into(), &known["link"]);
            continue;
        };
        same(code, found["startTime"].as_str().unwrap()[..16].into(), &known["start"]);
        same(code, found["events"].as_array().unwrap().len().into(), &known["updates"]);
    }
    wrong
}

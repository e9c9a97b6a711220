//! The `dev` program: its complaints, its round, and what is left of its data when it is killed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where something is not as it must be")]

mod support;

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::json;
use support::program::{Running, run};

/// One sentence on standard error and exit code 2.
fn assert_refused(arguments: &[&str], folder: &Path, words: &[&str]) {
    let output = run(arguments, folder);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert_eq!(said.trim().lines().count(), 1, "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?}: no `{word}` in: {said}");
    }
}

#[test]
fn what_is_wrong_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    file("broken.csv", "slug,name,url\nacme,Acme,https://status.acme.example\nbad slug,Bad,https://bad.example\n");
    file("file", "");
    assert_refused(&["--data", "memory", "--port", &port], folder.path(), &["port", &port, "--port"]);
    assert_refused(&["--port", "0", "--recordings", "missing"], folder.path(), &["missing"]);
    assert_refused(&["--port", "0", "--data", "file/below"], folder.path(), &["file/below"]);
    assert_refused(&["--port", "0", "--data", "memory", "--pages", "none.csv"], folder.path(), &["none.csv"]);
    assert_refused(
        &["--port", "0", "--data", "memory", "--pages", "broken.csv"],
        folder.path(),
        &["broken.csv", "line 3"],
    );
    assert_refused(&["--port", "0", "--data", "memory", "--proxy", "no address"], folder.path(), &["no address"]);
}

#[test]
fn a_data_folder_serves_one_process() {
    let data = tempfile::tempdir().unwrap();
    let recordings = support::own_recordings();
    let arguments = ["--recordings", recordings.to_str().unwrap(), "--data", data.path().to_str().unwrap()];
    let first = Running::start(&arguments);
    let again = [&["--port", "0"], &arguments[..]].concat();
    assert_refused(&again, Path::new("."), &["in use", "--data"]);
    first.kill();
    Running::start(&arguments).kill();
}

#[test]
fn help_names_every_option() {
    let output = run(&["--help"], Path::new("."));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for option in ["--port", "--data", "--recordings", "--pages", "--proxy", "--once", "--help"] {
        assert!(said.contains(option), "{option}: {said}");
    }
}

#[test]
fn pages_of_ones_own_come_beside_the_others() {
    let folder = support::own_recordings();
    let own = tempfile::tempdir().unwrap();
    std::fs::write(own.path().join("own.csv"), "slug,name,url\nown,Own,https://status.own.example\n").unwrap();
    let output =
        run(&["--port", "0", "--once", "--recordings", folder.to_str().unwrap(), "--pages", "own.csv"], own.path());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("First round done: 5 pages; 3 read"), "{said}");
}

#[test]
fn once_reads_every_page_and_sums_up() {
    let folder = support::own_recordings();
    let output = run(&["--port", "0", "--once", "--recordings", folder.to_str().unwrap()], Path::new("."));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("First round done: 4 pages; 3 read, 1 not indexed, 0 unreachable."), "{said}");
}

const PAGES: [&str; 3] =
    ["https://status.busy.example", "https://status.calm.example", "https://status.tinymail.example"];

/// Everything that is recorded of the pages, without the times of our own looks at them.
fn recorded(running: &Running) -> Vec<Value> {
    let mut all = Vec::new();
    for page in PAGES {
        for endpoint in ["incidents", "components", "maintenances"] {
            let answer = json(running.address, &format!("{endpoint}?statusPageUrl={page}"));
            all.push(serde_json::json!({endpoint: answer[endpoint], "isIndexed": answer["isIndexed"]}));
        }
        all.push(json(running.address, &format!("currentStatus?statusPageUrl={page}"))["status"].clone());
    }
    all
}

/// True when everything that was there before is there still.
fn keeps(before: &[Value], after: &[Value]) -> bool {
    let links = |answer: &Value| -> Vec<String> {
        let rows = answer["incidents"].as_array().into_iter().flatten();
        rows.map(|row| format!("{} {}", row["deepLink"], row["startTime"])).collect()
    };
    before.iter().zip(after).all(|(before, after)| {
        let after = links(after);
        let unique = after.iter().collect::<std::collections::BTreeSet<_>>().len();
        unique == after.len() && links(before).iter().all(|link| after.contains(link))
    })
}

/// Waits until `done` holds; the answer is asked for again and again, since nothing tells when it is there.
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_mins(1), "{what} takes too long");
        std::thread::yield_now();
    }
}

#[test]
fn killed_at_any_moment_it_loses_and_doubles_nothing() {
    let recordings = support::own_recordings();
    let recordings = recordings.to_str().unwrap();
    let whole = tempfile::tempdir().unwrap();
    let running = Running::start(&["--recordings", recordings, "--data", whole.path().to_str().unwrap()]);
    let history = |running: &Running| {
        let busy = json(running.address, "incidents?statusPageUrl=https://status.busy.example");
        busy["incidents"].as_array().unwrap().len() == 3
    };
    until("a whole run", || history(&running) && recorded(&running).contains(&Value::from("UP")));
    let expected = recorded(&running);
    running.kill();

    let data = tempfile::tempdir().unwrap();
    let arguments = ["--recordings", recordings, "--data", data.path().to_str().unwrap()];
    let mut before = Vec::new();
    // Each life is a little longer than the one before: from the first scrape to the end of the histories.
    for questions in [0, 1, 3, 6, 12, 24, 48] {
        let running = Running::start(&arguments);
        for _ in 0..questions {
            let now = recorded(&running);
            assert!(keeps(&before, &now), "after {questions}: {before:?}\n{now:?}");
            before = now;
        }
        running.kill();
    }
    let running = Running::start(&arguments);
    until("the last run", || recorded(&running) == expected);
    running.kill();
    // What a restart finds before it has read anything again.
    let running = Running::start(&arguments);
    assert!(keeps(&expected, &recorded(&running)));
}

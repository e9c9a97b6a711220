//! What reading costs beside what it can't do without: `cargo bench -p statusphere-providers`.
//!
//! Both sides of a ratio run in turns in one process, and the best of many rounds counts, so that a busy machine changes
//! little. Ends with an error when a bound does not hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a benchmark")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use statusphere_domain::Response;
use statusphere_providers::{BackfillStep, Next, Outcome, Seen, Target, advance, backfill};

const PAGE: &str = "https://status.kestrel.example";
const ROUNDS: u32 = 200;
/// Rows of the history, and a message of the usual length.
const ROWS: usize = 100;
const MESSAGE: &str = "Between ten and twelve o'clock some batches waited longer than they should, because one of the queues in \
    front of them had been given too little memory after the last upgrade.<br /><br />We have given it more, all batches \
    have been worked off, and new ones start on time. An alarm now tells us about a queue that grows.";

fn target(cursor: Option<&str>) -> Target<'_> {
    let as_of = DateTime::<Utc>::from_timestamp(1_930_000_000, 0).unwrap();
    Target { cursor, ..Target::new(PAGE, as_of) }
}

fn seen(path: &str, content_type: &str, body: &[u8]) -> Seen {
    let url = format!("{PAGE}{path}");
    let content_type = Some(content_type.to_owned());
    let mut seen = Seen::default();
    seen.insert(url.clone(), Ok(Response { url, status: 200, content_type, body: body.to_vec() }));
    seen
}

/// A summary of 13 KB: components, and one incident with its updates.
fn summary() -> Vec<u8> {
    let at = "2031-02-27T10:20:30.400Z";
    let components: Vec<Value> = (0..31)
        .map(|n| {
            json!({"id": format!("c{n:011}"), "name": format!("Service number {n}"), "status": "operational",
                "created_at": at, "updated_at": at, "position": n, "description": null, "showcase": false,
                "start_date": null, "group_id": null, "page_id": "kestrelpage1", "group": false,
                "only_show_if_degraded": false})
        })
        .collect();
    let updates: Vec<Value> = (0..8)
        .map(|n| {
            json!({"id": format!("u{n:011}"), "status": "investigating", "incident_id": "i00000000001",
                "body": "We see that some requests take longer than they should, and look for the reason. ".repeat(2),
                "created_at": at, "updated_at": at, "display_at": at, "affected_components": null})
        })
        .collect();
    let page = json!({"id": "kestrelpage1", "name": "Kestrel", "url": PAGE, "time_zone": "Etc/UTC", "updated_at": at});
    let incident = json!({"id": "i00000000001", "name": "Slow requests", "status": "investigating", "impact": "minor",
        "created_at": at, "updated_at": at, "started_at": at, "resolved_at": null, "page_id": "kestrelpage1",
        "incident_updates": updates, "components": []});
    let status = json!({"indicator": "minor", "description": "Minor Service Outage"});
    json!({"page": page, "components": components, "incidents": [incident], "scheduled_maintenances": [], "status": status})
        .to_string()
        .into_bytes()
}

/// A page of 140 KB with a quarter of the history, half of it the rows and half the menus, forms and lists around them.
fn history() -> Vec<u8> {
    let mut rows = String::new();
    for n in 0..ROWS {
        let day = n % 27 + 1;
        let stamp = format!(
            "Feb <var data-var='date'>{day}</var>, <var data-var='time'>10:{:02}</var> - <var data-var='time'>12:00</var> UTC",
            n % 60
        );
        let row = json!({"code": format!("k{n:011}"), "name": format!("Delays of batch {n}"), "impact": "minor",
            "message": MESSAGE, "timestamp": stamp});
        write!(rows, "{}{row}", if n == 0 { "" } else { "," }).unwrap();
    }
    let props = format!(
        "{{\"page_status\":{{\"page\":{{\"created_at\":\"2030-01-02T03:04:05Z\",\"time_zone\":\"UTC\"}}}},\"components\":[],\
         \"months\":[{{\"name\":\"February\",\"year\":2031,\"days\":28,\"incidents\":[{rows}]}}],\
         \"start_time\":\"2031-01-01T00:00:00Z\",\"end_time\":\"2031-03-31T23:59:59Z\"}}"
    );
    let props = props.replace('&', "&amp;").replace('"', "&quot;").replace('<', "\\u003c").replace('>', "\\u003e");
    let body = format!("<div data-react-class=\"HistoryIndex\" data-react-props=\"{props}\"></div>");
    let mut around = String::new();
    for n in 0..220 {
        write!(
            around,
            "<option value=\"{n}\" data-prefix=\"+{n}\">Country number {n} (+{n})</option>\n<li class=\"menu-item item-{n}\">\
             <a class=\"link small\" href=\"/subscribe/{n}\" data-js-hook=\"show-{n}\"><span class=\"icon\"></span>Entry {n}</a>\
             <p>Tell me about <strong>all</strong> of it &amp; more, by mail.</p></li>\n"
        )
        .unwrap();
    }
    format!(
        "<!DOCTYPE html>\n<html><head><title>Kestrel Status - History</title></head><body><ul>{around}</ul>{body}</body></html>"
    )
    .into_bytes()
}

/// The best times of two ways, in turns.
fn race(mut a: impl FnMut(), mut b: impl FnMut()) -> (Duration, Duration) {
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        a();
        best.0 = best.0.min(started.elapsed());
        let started = Instant::now();
        b();
        best.1 = best.1.min(started.elapsed());
    }
    best
}

fn main() -> ExitCode {
    let body = summary();
    let seen_summary = seen("/api/v2/summary.json", "application/json", &body);
    let (ours, alone) = race(
        || {
            let next = black_box(advance(&target(None), None, false, &seen_summary));
            assert!(matches!(next, Next::Done(Outcome::Read { .. })), "the summary is not read: {next:?}");
        },
        || drop(black_box(serde_json::from_slice::<Value>(&body).unwrap())),
    );
    let ratio = ours.as_secs_f64() / alone.as_secs_f64();
    let summary_holds = ratio <= 2.0;
    println!("summary of {} bytes: {ours:?}, serde_json alone {alone:?}: {ratio:.2} x, at most 2.00 x", body.len());

    let body = history();
    let mut seen_history = seen("/history?page=1", "text/html", &body);
    seen_history.insert(
        format!("{PAGE}/history.json?page=1"),
        Ok(Response {
            url: format!("{PAGE}/history.json?page=1"),
            status: 200,
            content_type: None,
            body: b"<html>".to_vec(),
        }),
    );
    let text = String::from_utf8(body.clone()).unwrap();
    let (ours, dom) = race(
        || {
            let step = black_box(backfill("statuspage", &target(Some("html:1")), &seen_history));
            assert!(
                matches!(&step, Some(BackfillStep::Items { items, .. }) if items.len() == ROWS),
                "the history is not read"
            );
        },
        || drop(black_box(scraper::Html::parse_document(&text))),
    );
    let ratio = dom.as_secs_f64() / ours.as_secs_f64();
    println!("history of {} bytes: {ours:?}, a DOM of it {dom:?}: {ratio:.1} x faster, at least 8.0 x", body.len());
    if summary_holds && ratio >= 8.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

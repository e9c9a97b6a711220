//! The history, step by step, beside a current document that has the last word.

use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Item, PageState};
use statusphere_store::Image;

use crate::documents::{calm, incident, newest, quarter, row, stamp, trouble};
use crate::support::{ACME, Bench, Web, at, incident_key, now, pass};

const OVER: [(&str, &str); 2] = [("investigating", "2026-02-09T10:00:20Z"), ("resolved", "2026-02-09T11:30:40Z")];

fn lists(incidents: &[Value]) -> Web {
    Web::default().json(&format!("{ACME}/api/v2/incidents.json"), &newest(incidents))
}

fn page(number: u32, document: &Value) -> Web {
    Web::default().json(&format!("{ACME}/history.json?page={number}"), document)
}

async fn read(document: &Value) -> Bench {
    let bench = Bench::start().await;
    bench.scrape(Web::default().summary(ACME, document)).await;
    pass(1);
    bench
}

async fn stored(bench: &Bench, key: &str) -> (Incident, u64) {
    let Some((Item::Incident(incident), sequence)) = bench.item(&incident_key(key)).await else { panic!("no {key}") };
    (incident, sequence)
}

#[tokio::test]
async fn it_is_read_step_by_step_and_announced_by_nothing() {
    let bench = read(&calm()).await;
    let before = bench.written().len();
    assert_eq!(bench.backfill(lists(&[incident("k1", "minor", &OVER)]), "").await, 1);
    let state = bench.state().await;
    assert_eq!((state.backfill.as_deref(), state.last_history), (Some("1"), None));
    assert_eq!(state.history_attempt, Some(now()));

    pass(1);
    let rows = [row("k1", &stamp(9, "10:00", "11:30")), row("k2", &stamp(3, "08:00", "08:45"))];
    assert_eq!(bench.backfill(page(1, &quarter("February", 2026, &rows)), "1").await, 1, "k1 is known already");
    assert_eq!(bench.state().await.backfill.as_deref(), Some("2"));

    pass(1);
    assert_eq!(bench.backfill(page(2, &quarter("February", 2025, &[])), "2").await, 0);
    let state = bench.state().await;
    assert_eq!((state.backfill, state.last_history), (None, Some(now())));

    let (older, 1) = stored(&bench, "k2").await else { panic!("a second write") };
    assert_eq!((older.started_at, older.ended_at), (at("2026-02-03T08:00:00Z"), Some(at("2026-02-03T08:45:00Z"))));
    for (key, image) in bench.written().into_iter().skip(before) {
        assert!(!matches!(image, Some(Image::Item { baseline: false, .. })), "{key}");
    }
}

#[tokio::test]
async fn a_step_that_was_done_is_not_done_again() {
    let bench = read(&calm()).await;
    bench.backfill(lists(&[]), "").await;
    bench.backfill(page(1, &quarter("February", 2026, &[])), "1").await;
    let (state, before) = (bench.state().await, bench.written().len());
    for cursor in ["", "1", "7"] {
        assert_eq!(bench.backfill(lists(&[incident("k1", "minor", &OVER)]), cursor).await, 0);
    }
    assert_eq!(bench.state().await, state);
    assert!(bench.keys_since(before).is_empty());
}

#[tokio::test]
async fn bug_06_a_row_of_the_history_keeps_the_timeline() {
    let bench = read(&calm()).await;
    bench.backfill(lists(&[incident("k1", "major", &OVER)]), "").await;
    let before = stored(&bench, "k1").await;
    assert_eq!((before.0.detail, before.0.updates.len()), (Detail::Full, 2));
    let rows = [row("k1", &stamp(9, "10:00", "11:30"))];
    bench.backfill(page(1, &quarter("February", 2026, &rows)), "1").await;
    let (after, _) = stored(&bench, "k1").await;
    assert_eq!(after.updates, before.0.updates);
    assert_eq!((after.started_at, after.ended_at), (before.0.started_at, before.0.ended_at), "to the second");
}

#[tokio::test]
async fn bug_16_a_row_that_cannot_be_read_loses_only_itself() {
    let bench = read(&calm()).await;
    bench.backfill(lists(&[]), "").await;
    let rows = [
        row("k1", &stamp(3, "08:00", "08:45")),
        row("k2", "the other day"),
        row("k3", "Feb <var data-var='date'>31</var>, <var data-var='time'>25:00</var> UTC"),
        serde_json::json!({"name": "no code"}),
        serde_json::json!(null),
        row("k4", &stamp(5, "09:00", "09:20")),
    ];
    assert_eq!(bench.backfill(page(1, &quarter("February", 2026, &rows)), "1").await, 2);
    assert!(bench.item(&incident_key("k1")).await.is_some() && bench.item(&incident_key("k4")).await.is_some());
    assert_eq!(bench.state().await.backfill.as_deref(), Some("2"), "the history goes on");
}

#[tokio::test]
async fn what_is_open_is_never_closed_by_the_history() {
    let bench = read(&trouble()).await;
    let before = stored(&bench, "k1").await;
    let over =
        incident("k1", "minor", &[("investigating", "2026-02-28T10:00:00Z"), ("resolved", "2026-02-28T11:00:00Z")]);
    assert_eq!(bench.backfill(lists(&[over]), "").await, 0);
    let rows = [row("k1", &stamp(28, "10:00", "11:00"))];
    assert_eq!(bench.backfill(page(1, &quarter("February", 2026, &rows)), "1").await, 0);
    assert_eq!(stored(&bench, "k1").await, before);
    assert_eq!(bench.state().await.open_incidents, 1);
}

#[tokio::test]
async fn what_is_not_open_is_never_opened_by_the_history() {
    let bench = read(&calm()).await;
    let open = incident("k9", "critical", &[("investigating", "2026-02-09T10:00:00Z")]);
    assert_eq!(bench.backfill(lists(&[open]), "").await, 0);
    let open_end = "Feb <var data-var='date'>9</var>, <var data-var='time'>10:00</var> UTC";
    bench.backfill(page(1, &quarter("February", 2026, &[row("k8", open_end)])), "1").await;
    for key in ["k8", "k9"] {
        assert!(bench.item(&incident_key(key)).await.is_none_or(|(item, _)| !item.is_open()), "{key}");
    }
    let state = bench.state().await;
    assert_eq!((state.open_incidents, state.indicator), (0, Some(statusphere_domain::Indicator::None)));
}

#[tokio::test]
async fn the_vendors_own_end_replaces_ours() {
    let bench = read(&trouble()).await;
    pass(5);
    bench.scrape(Web::default().summary(ACME, &calm())).await;
    assert_eq!(stored(&bench, "k1").await.0.ended_at, Some(now()));
    let words = [("investigating", "2026-03-01T11:40:00Z"), ("resolved", "2026-03-01T12:02:00Z")];
    pass(1);
    assert_eq!(bench.backfill(lists(&[incident("k1", "major", &words)]), "").await, 1);
    let (over, _) = stored(&bench, "k1").await;
    assert_eq!((over.status, over.ended_at), (IncidentStatus::Resolved, Some(at("2026-03-01T12:02:00Z"))));
}

#[tokio::test]
async fn bug_15_a_failed_step_is_remembered_for_tomorrow_and_disturbs_nothing() {
    let bench = read(&calm()).await;
    let before = bench.state().await;
    // The host does not answer at all.
    assert_eq!(bench.backfill(Web::default(), "").await, 0);
    let state = bench.state().await;
    let expected = PageState {
        version: before.version + 1,
        history_attempt: Some(now()),
        backfill: Some(String::new()),
        ..before.clone()
    };
    assert_eq!(state, expected);
    assert_eq!(state.stalled_backfill(), None);
    pass(24 * 60);
    bench.scrape(Web::default().summary(ACME, &calm())).await;
    assert_eq!(bench.state().await.stalled_backfill(), Some(String::new()));
    assert_eq!(bench.backfill(lists(&[incident("k1", "minor", &OVER)]), "").await, 1);
    assert_eq!(bench.state().await.backfill.as_deref(), Some("1"));
}

#[tokio::test]
async fn the_weekly_look_ends_at_the_first_page_that_brings_nothing_new() {
    let bench = read(&calm()).await;
    let first = [incident("k1", "minor", &OVER)];
    bench.backfill(lists(&first), "").await;
    bench.backfill(page(1, &quarter("February", 2026, &[])), "1").await;
    bench.backfill(page(2, &quarter("February", 2025, &[])), "2").await;

    pass(7 * 24 * 60);
    assert_eq!(bench.backfill(lists(&first), "").await, 0);
    let state = bench.state().await;
    assert_eq!((state.backfill, state.last_history), (None, Some(now())));

    pass(7 * 24 * 60);
    let more = [first[0].clone(), incident("k2", "minor", &OVER)];
    assert_eq!(bench.backfill(lists(&more), "").await, 1);
    assert_eq!(bench.state().await.backfill.as_deref(), Some("1"), "there may be more behind it");
}

#[tokio::test]
async fn scrapes_between_the_steps_leave_the_history_alone() {
    let bench = read(&calm()).await;
    bench.backfill(lists(&[]), "").await;
    let PageState { backfill, history_attempt, .. } = bench.state().await;
    for document in [trouble(), calm()] {
        pass(5);
        bench.scrape(Web::default().summary(ACME, &document)).await;
        let state = bench.state().await;
        assert_eq!((&state.backfill, state.history_attempt), (&backfill, history_attempt));
    }
}

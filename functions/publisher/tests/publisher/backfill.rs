//! When a step of a page's history is asked for.

use statusphere_domain::PageState;

use crate::support::{Bench, Delivered, at, page, read};

async fn scrape(bench: &Bench, state: &PageState) -> Vec<String> {
    bench.store.put_scrape(&page("acme"), state, None).await.unwrap();
    told(bench).await
}

async fn history(bench: &Bench, state: &PageState) -> Vec<String> {
    bench.store.put_history(&page("acme"), state).await.unwrap();
    told(bench).await
}

async fn told(bench: &Bench) -> Vec<String> {
    bench.publish_last().await.iter().map(Delivered::told).collect()
}

fn step(cursor: &str, attempt: i64) -> PageState {
    let backfill = Some(cursor.to_owned());
    PageState { backfill, history_attempt: Some(at(attempt)), ..PageState::default() }
}

#[tokio::test]
async fn the_first_step_is_asked_for_when_the_page_is_read_and_each_next_one_when_one_is_done() {
    let bench = Bench::start().await;
    assert!(scrape(&bench, &PageState { last_success: None, ..read(0) }).await.is_empty(), "not read yet");
    bench.store.put_scrape(&page("acme"), &PageState { key: Some("5f1c".to_owned()), ..read(5) }, None).await.unwrap();
    let asked = bench.publish_last().await;
    assert_eq!(asked[0].told(), "BackfillRequested acme/");
    let expected = serde_json::json!({
        "version": 1,
        "id": "acme/",
        "page": {
            "id": "acme",
            "url": "https://status.acme.example",
            "hint": {"provider": "statuspage", "key": "5f1c"},
        },
        "cursor": "",
    });
    assert_eq!(asked[0].detail, expected);
    assert_eq!(history(&bench, &step("1", 6)).await, ["BackfillRequested acme/1"]);
    assert!(scrape(&bench, &read(10)).await.is_empty(), "a scrape in between asks for nothing");
    assert_eq!(history(&bench, &step("2", 11)).await, ["BackfillRequested acme/2"]);
    let done = PageState { last_history: Some(at(12)), history_attempt: Some(at(12)), ..PageState::default() };
    assert!(history(&bench, &done).await.is_empty());
    assert!(scrape(&bench, &read(15)).await.is_empty());
    // Weeks later the dispatcher asks, not the publisher.
    assert!(scrape(&bench, &read(60 * 24 * 20)).await.is_empty());
}

#[tokio::test]
async fn a_record_that_comes_twice_asks_for_the_same_step() {
    let bench = Bench::start().await;
    scrape(&bench, &read(5)).await;
    history(&bench, &step("1", 6)).await;
    let first = bench.publish_last().await;
    assert_eq!(first, bench.publish_last().await);
}

#[tokio::test]
async fn a_step_that_was_lost_is_asked_for_again_after_a_day() {
    let bench = Bench::start().await;
    scrape(&bench, &read(5)).await;
    history(&bench, &step("1", 6)).await;
    let day = 24 * 60;
    assert!(scrape(&bench, &read(day)).await.is_empty());
    assert_eq!(scrape(&bench, &read(day + 6)).await, ["BackfillRequested acme/1"]);
    // It failed: its attempt is written down, and there is another day to wait.
    assert!(history(&bench, &step("1", day + 7)).await.is_empty());
    assert!(scrape(&bench, &read(day + 30)).await.is_empty());
    assert_eq!(scrape(&bench, &read(2 * day + 8)).await, ["BackfillRequested acme/1"]);
}

#[tokio::test]
async fn a_first_step_that_failed_is_asked_for_again_after_a_day() {
    let bench = Bench::start().await;
    scrape(&bench, &read(5)).await;
    assert!(history(&bench, &step("", 6)).await.is_empty());
    assert!(scrape(&bench, &read(60)).await.is_empty());
    assert_eq!(scrape(&bench, &read(24 * 60 + 6)).await, ["BackfillRequested acme/"]);
}

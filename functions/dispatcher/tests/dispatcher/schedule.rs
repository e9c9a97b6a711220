//! Ticks of the schedule: each page once in an interval, whatever ticks come twice, late or not at all.

use chrono::TimeDelta;
use serde_json::{Value, json};
use statusphere_dispatcher::Settings;

use crate::support::{Bench, all, at};

#[tokio::test]
async fn the_shipped_event_goes_through() {
    let bench = Bench::start(50).await;
    let event: Value = serde_json::from_str(include_str!("../../../../events/schedule-tick.json")).unwrap();
    let answer = bench.dispatcher.handle(event).await.unwrap();
    assert_eq!(answer, json!({"slot": "2026-01-01T00:05:00Z", "pages": 50}));
    let log = bench.log();
    assert_eq!(log.pages(), all(50), "the first tick asks for a whole interval");
    let (_, detail) = log.taken.iter().find(|(_, detail)| detail["pages"][0]["id"] == "vendor-4").unwrap();
    let expected = json!({
        "version": 1,
        "id": "2026-01-01T00:05:00Z/vendor-4",
        "slot": "2026-01-01T00:05:00Z",
        "pages": [{"id": "vendor-4", "url": "https://status.vendor4.example", "hint": {"provider": "statuspage"}}],
    });
    assert_eq!(*detail, expected);
}

#[tokio::test]
async fn over_one_interval_every_page_is_asked_for_exactly_once_and_evenly() {
    let bench = Bench::start(1000).await;
    bench.tick(at(0)).await.unwrap();
    bench.log();
    for start in [1, 6] {
        let mut pages = Vec::new();
        for minute in start..start + 5 {
            let asked = bench.tick(at(minute)).await.unwrap();
            assert!((140..=260).contains(&asked), "{asked} in minute {minute}");
            pages.extend(bench.log().pages());
        }
        pages.sort();
        assert_eq!(pages, all(1000));
    }
}

#[tokio::test]
async fn a_tick_that_comes_twice_asks_for_nothing() {
    let bench = Bench::start(100).await;
    bench.tick(at(5)).await.unwrap();
    bench.log();
    // Again, a moment later in the same minute, and one that was on its way for long.
    for time in [at(5), at(5) + TimeDelta::seconds(59), at(4), at(0)] {
        assert_eq!(bench.tick(time).await.unwrap(), 0);
    }
    assert!(bench.log().calls.is_empty());
    assert_eq!(bench.store.last_slot().await.unwrap(), Some(at(5)));
}

#[tokio::test]
async fn missed_minutes_are_caught_up() {
    let bench = Bench::start(500).await;
    bench.tick(at(0)).await.unwrap();
    bench.log();
    // Minutes 1 and 2 never came.
    bench.tick(at(3)).await.unwrap();
    let mut pages = bench.log().pages();
    for minute in [4, 5] {
        bench.tick(at(minute)).await.unwrap();
        pages.extend(bench.log().pages());
    }
    pages.sort();
    assert_eq!(pages, all(500));
}

#[tokio::test]
async fn after_a_long_gap_one_interval_is_caught_up_and_no_more() {
    let bench = Bench::start(500).await;
    bench.tick(at(0)).await.unwrap();
    bench.log();
    assert_eq!(bench.tick(at(60 * 24 * 30)).await.unwrap(), 500);
    assert_eq!(bench.log().pages(), all(500));
}

#[tokio::test]
async fn a_person_may_ask_for_all_pages_at_any_time() {
    let bench = Bench::start(100).await;
    bench.tick(at(5)).await.unwrap();
    bench.log();
    let answer = bench.dispatcher.handle(json!({"time": "2026-01-01T00:05:20Z", "all": true})).await.unwrap();
    assert_eq!(answer["pages"], 100);
    assert_eq!(bench.log().pages(), all(100));
    assert_eq!(bench.tick(at(6)).await.unwrap(), bench.log().pages().len() as u64, "the schedule goes on");
}

#[tokio::test]
async fn each_history_is_looked_at_once_a_week() {
    let bench = Bench::with(40, Settings { interval: 60, pages_per_event: 10 }).await;
    bench.tick(at(0)).await.unwrap();
    assert!(bench.log().taken.iter().all(|(name, _)| name == "ScrapeRequested"), "the first tick asks for no history");
    let mut asked = Vec::new();
    for hour in 1..=(7 * 24) {
        bench.tick(at(hour * 60)).await.unwrap();
        for (_, detail) in bench.log().taken.into_iter().filter(|(name, _)| name == "BackfillRequested") {
            assert_eq!(detail["cursor"], "");
            asked.push(detail["page"]["id"].as_str().unwrap().to_owned());
        }
    }
    asked.sort();
    assert_eq!(asked, all(40));
}

#[tokio::test]
async fn a_tick_without_a_time_is_refused() {
    let bench = Bench::start(10).await;
    for payload in [json!({}), json!(null), json!({"time": "soon"}), json!({"time": 5}), json!("2026-01-01T00:05:00Z")]
    {
        assert!(bench.dispatcher.handle(payload.clone()).await.is_err(), "{payload}");
    }
    assert!(bench.log().calls.is_empty());
    assert_eq!(bench.store.last_slot().await.unwrap(), None);
}

#[tokio::test]
async fn an_empty_catalogue_and_an_interval_of_nothing_are_fine() {
    let bench = Bench::with(0, Settings { interval: 0, pages_per_event: 0 }).await;
    for minute in 0..3 {
        assert_eq!(bench.tick(at(minute)).await.unwrap(), 0);
    }
    assert!(bench.log().calls.is_empty());
}

//! Delivery over a bus that fails: nothing is lost, and the slot tells the truth.

use std::collections::BTreeSet;

use statusphere_dispatcher::Settings;

use crate::bus::Mood;
use crate::support::{Bench, all, at};

#[tokio::test]
async fn with_one_entry_in_twenty_refused_every_page_is_still_asked_for() {
    let bench = Bench::with(3000, Settings { interval: 1, pages_per_event: 1 }).await;
    bench.mood(Mood::RefusesOneIn(20));
    assert_eq!(bench.tick(at(5)).await.unwrap(), 3000);
    let log = bench.log();
    assert!((60..=300).contains(&log.refused), "{} were refused", log.refused);
    assert_eq!(log.pages(), all(3000), "none missing, none twice: what was taken is not sent again");
    assert_eq!(bench.store.last_slot().await.unwrap(), Some(at(5)));
}

#[tokio::test]
async fn ten_entries_ride_in_a_call() {
    let bench = Bench::with(1005, Settings { interval: 1, pages_per_event: 1 }).await;
    bench.tick(at(5)).await.unwrap();
    let log = bench.log();
    assert_eq!(log.calls.len(), 101);
    assert_eq!(log.calls.iter().filter(|entries| **entries == 10).count(), 100);
    assert_eq!(log.calls.iter().sum::<usize>(), 1005);
}

#[tokio::test]
async fn calls_that_end_with_an_error_of_the_service_are_made_again() {
    let bench = Bench::with(40, Settings { interval: 1, pages_per_event: 1 }).await;
    bench.mood(Mood::Breaks(2));
    bench.tick(at(5)).await.unwrap();
    let log = bench.log();
    assert_eq!(log.pages().into_iter().collect::<BTreeSet<_>>(), all(40).into_iter().collect());
    assert!(log.calls.len() > 4);
}

#[tokio::test]
async fn the_slot_stays_when_the_bus_takes_nothing_and_the_next_tick_makes_up_for_it() {
    let bench = Bench::start(200).await;
    bench.tick(at(0)).await.unwrap();
    bench.log();
    bench.mood(Mood::RefusesAll);
    let error = bench.tick(at(1)).await.unwrap_err();
    assert!(error.to_string().contains("not delivered"), "{error}");
    assert_eq!(bench.store.last_slot().await.unwrap(), Some(at(0)));
    assert!(bench.log().taken.is_empty());
    bench.mood(Mood::Good);
    bench.tick(at(2)).await.unwrap();
    let made_up = bench.log().pages();
    for minute in [3, 4, 5] {
        bench.tick(at(minute)).await.unwrap();
    }
    let mut pages = [made_up, bench.log().pages()].concat();
    pages.sort();
    assert_eq!(pages, all(200), "over the interval every page was asked for exactly once");
}

#[tokio::test]
async fn a_tick_that_failed_can_be_sent_again() {
    let bench = Bench::start(100).await;
    bench.mood(Mood::RefusesAll);
    assert!(bench.tick(at(5)).await.is_err());
    bench.mood(Mood::Good);
    assert_eq!(bench.tick(at(5)).await.unwrap(), 100);
    assert_eq!(bench.log().pages(), all(100));
}

#[tokio::test]
async fn pages_ride_together_as_far_as_the_setting_allows() {
    for (pages_per_event, largest) in [(1, 1), (10, 10), (0, 1), (1000, 25)] {
        let bench = Bench::with(101, Settings { interval: 1, pages_per_event }).await;
        bench.tick(at(5)).await.unwrap();
        let log = bench.log();
        let sizes: Vec<_> = log.scrapes().iter().map(Vec::len).collect();
        assert_eq!(sizes.iter().max(), Some(&largest));
        assert_eq!(sizes.len(), 101_usize.div_ceil(largest));
        assert_eq!(log.pages(), all(101));
    }
}

#[tokio::test]
async fn two_ticks_of_one_minute_at_once_ask_for_the_same() {
    let bench = Bench::start(100).await;
    let (one, other) = tokio::join!(bench.tick(at(5)), bench.tick(at(5)));
    assert!(one.is_ok() && other.is_ok());
    let log = bench.log();
    let ids = |name: &str| {
        let ids = log.taken.iter().filter(|(kind, _)| kind == name).map(|(_, detail)| detail["id"].to_string());
        ids.collect::<BTreeSet<_>>()
    };
    assert_eq!(ids("ScrapeRequested").len(), 100, "the same request has the same id");
    assert_eq!(bench.store.last_slot().await.unwrap(), Some(at(5)));
}

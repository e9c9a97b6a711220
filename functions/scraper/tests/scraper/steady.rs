//! The first scrape, and the many after it that find nothing new.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use statusphere_domain::{ComponentStatus, Freshness, IncidentStatus, Indicator, Item, Step, Transition, UpDown};
use statusphere_store::{Current, Image};

use crate::documents::{calm, trouble};
use crate::support::{ACME, Bench, Web, id, incident_key, now, pass, pass_seconds};

#[tokio::test]
async fn the_first_scrape_writes_a_baseline() {
    let bench = Bench::start().await;
    assert_eq!(bench.scrape(Web::default().summary(ACME, &trouble())).await, "changed");
    let state = bench.state().await;
    assert_eq!(state.provider.as_deref(), Some("statuspage"));
    assert_eq!((state.indicator, state.open_incidents), (Some(Indicator::Major), 1));
    assert_eq!((state.last_attempt, state.last_success, state.last_change), (Some(now()), Some(now()), Some(now())));
    assert_eq!((state.failing_since, state.failure.clone()), (None, None));
    assert_eq!(state.up_down(now(), TimeDelta::minutes(5)), UpDown::Degraded);

    let (Item::Incident(incident), 1) = bench.item(&incident_key("k1")).await.unwrap() else { panic!("no incident") };
    assert_eq!(incident.status, IncidentStatus::Investigating);
    let Current { components, open, .. } = bench.store.current(&id("acme")).await.unwrap();
    assert_eq!(open, BTreeSet::from([incident_key("k1")]));
    let components = components.unwrap();
    assert_eq!(components.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Parcels", "Returns"]);
    assert_eq!(components[0].status, ComponentStatus::MajorOutage);

    let (written, keys) = (bench.written(), bench.keys_since(0));
    assert_eq!(
        keys,
        ["COMPONENTS", "INC#k1", "COMPONENTS", "TR#COMPONENTS", "STATE"],
        "the state is the last to be written"
    );
    for (key, image) in written {
        let announced =
            matches!(image, Some(Image::Item { baseline: false, .. } | Image::Transitions { baseline: false, .. }));
        assert!(!announced, "{key} is no baseline");
    }
}

#[tokio::test]
async fn the_history_begins_with_the_first_reading_even_if_that_tells_nothing() {
    let item = |title: &str, words: &str| {
        format!(
            "<item><title>{title}</title><link>{ACME}/{title}</link><description>{words}</description>\
             <pubDate>Sun, 01 Mar 2026 09:00:00 +0000</pubDate></item>"
        )
    };
    let untold = item("Slow-parcels", "Parcels take longer.");
    let planned =
        item("Scheduled-maintenance", "Scheduled - Belts are oiled. From Mar 7, 08:00 UTC to Mar 7, 10:00 UTC");
    let mut listed = Current::default();
    // The third scrape goes on where another was cut off, once it had listed what is open.
    for (items, open, cut) in
        [(untold.clone(), 0, false), (format!("{untold}{planned}"), 1, false), (format!("{untold}{planned}"), 1, true)]
    {
        let bench = Bench::start().await;
        if cut {
            bench.store.put_current(&id("acme"), &listed, &[], now(), false).await.unwrap();
        }
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>Acme Status</title><link>{ACME}</link><description/>{items}</channel></rss>"
        );
        let web = || Web::default().answer(&format!("{ACME}/feed.xml"), 200, "application/rss+xml", &feed);
        assert_eq!(bench.scrape(web()).await, "changed");
        let current = bench.store.current(&id("acme")).await.unwrap();
        assert_eq!((current.indicator, current.components, current.open.len()), (None, None, open));
        listed = Current { open: current.open, ..Current::default() };
        assert_eq!(bench.steps(), []);
        let begun = now();
        for _ in 0..3 {
            pass(5);
            assert_eq!(bench.scrape(web()).await, "unchanged");
        }
        assert_eq!(bench.store.begun(&id("acme")).await.unwrap(), Some(begun));
        assert_eq!(bench.store.history(&id("acme"), begun).await.unwrap(), []);
        let rows = bench.written().into_iter().filter_map(|(key, image)| key.starts_with("TR#").then_some(image));
        let rows: Vec<_> = rows.collect();
        assert!(matches!(rows[..], [Some(Image::Transitions { baseline: true, .. })]), "{rows:?}");
    }
}

#[tokio::test]
async fn bug_03_a_quiet_page_is_indexed() {
    let bench = Bench::start().await;
    assert_eq!(bench.scrape(Web::default().summary(ACME, &calm())).await, "changed");
    let state = bench.state().await;
    assert!(state.is_indexed());
    assert_eq!(state.indicator, Some(Indicator::None));
    assert_eq!(state.up_down(now(), TimeDelta::minutes(5)), UpDown::Up);
}

#[tokio::test]
async fn an_unchanged_page_costs_half_a_read_and_a_heartbeat_each_quarter_of_an_hour() {
    let bench = Bench::start().await;
    bench.scrape(Web::default().summary(ACME, &trouble())).await;
    let (first, before) = (bench.state().await, bench.written().len());
    let mut written = Vec::new();
    for _ in 0..12 {
        pass(5);
        let consumed = bench.store.consumed();
        assert_eq!(bench.scrape(Web::default().summary(ACME, &trouble())).await, "unchanged");
        let now = bench.store.consumed();
        assert_eq!(now.read - consumed.read, 5);
        written.push(now.written - consumed.written);
        assert_eq!(bench.state().await.freshness(crate::support::now(), TimeDelta::minutes(5)), Freshness::Fresh);
    }
    assert_eq!(written, [0, 0, 10, 0, 0, 10, 0, 0, 10, 0, 0, 10]);
    assert!(bench.keys_since(before).iter().all(|key| key == "STATE"));
    let last = bench.state().await;
    assert_eq!((last.last_change, last.hash), (first.last_change, first.hash));
    assert_eq!(last.last_success, Some(now()));
}

#[tokio::test]
async fn a_tick_that_comes_a_little_early_still_writes_the_heartbeat() {
    let bench = Bench::start().await;
    bench.scrape(Web::default().summary(ACME, &calm())).await;
    pass(15);
    pass_seconds(-20);
    bench.scrape(Web::default().summary(ACME, &calm())).await;
    assert_eq!(bench.state().await.last_success, Some(now()));
}

#[tokio::test]
async fn an_older_scrape_changes_nothing() {
    let bench = Bench::start().await;
    bench.scrape(Web::default().summary(ACME, &trouble())).await;
    let (state, before) = (bench.state().await, bench.written().len());
    pass(-1);
    assert_eq!(bench.scrape(Web::default().summary(ACME, &calm())).await, "outdated");
    assert_eq!(bench.state().await, state);
    assert!(bench.keys_since(before).is_empty());
}

#[tokio::test]
async fn the_first_step_of_the_indicator_has_no_before() {
    let bench = Bench::start().await;
    bench.scrape(Web::default().summary(ACME, &calm())).await;
    let first = Step { transition: Transition::Indicator { from: None, to: Some(Indicator::None) }, since: now() };
    assert!(bench.steps().contains(&(first, true)));
}

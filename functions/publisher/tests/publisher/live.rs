//! The live shards follow the pages' states.

use statusphere_domain::{Failure, FailureKind, Indicator, PageState};

use crate::support::{Bench, at, page, read, set_clock};

#[tokio::test]
async fn every_page_is_in_the_shards_with_its_newest_state() {
    let bench = Bench::start().await;
    for n in 0..30 {
        bench.store.put_scrape(&page(&format!("page-{n}")), &read(5), None).await.unwrap();
    }
    let broken = PageState {
        indicator: Some(Indicator::Critical),
        open_incidents: 3,
        last_attempt: Some(at(10)),
        failing_since: Some(at(10)),
        failure: Some(Failure { kind: FailureKind::Denied, detail: "HTTP 403".to_owned() }),
        ..read(5)
    };
    bench.store.put_scrape(&page("page-7"), &broken, None).await.unwrap();
    bench.publish_all().await;
    let live = bench.store.live().await.unwrap();
    assert_eq!(live.len(), 30);
    let seven = &live[&page("page-7")].state;
    assert_eq!((seven.version, seven.indicator, seven.open_incidents), (2, Some(Indicator::Critical), 3));
    assert_eq!((&seven.failure, seven.failing_since), (&broken.failure, Some(at(10))));
    assert_eq!((seven.last_attempt, seven.last_success), (Some(at(10)), Some(at(5))));
    assert!(live.values().filter(|page| page.state.version == 1).count() == 29);
}

#[tokio::test]
async fn late_and_repeated_batches_never_turn_a_shard_back() {
    let bench = Bench::start().await;
    for minute in [5, 10, 15] {
        bench.store.put_scrape(&page("acme"), &read(minute), None).await.unwrap();
    }
    let records = bench.records();
    for record in [2, 0, 1, 2, 0] {
        bench.publish(&records[record..=record]).await.unwrap();
    }
    assert_eq!(bench.store.live().await.unwrap()[&page("acme")].state.last_attempt, Some(at(15)));
}

#[tokio::test]
async fn a_page_changed_when_its_state_says_something_else_and_not_at_a_heartbeat() {
    let bench = Bench::start().await;
    let failing = |kind, minute| PageState {
        failing_since: Some(at(40)),
        failure: Some(Failure { kind, detail: format!("in minute {minute}") }),
        last_attempt: Some(at(minute)),
        ..read(30)
    };
    let worse = PageState { indicator: Some(Indicator::Major), last_change: Some(at(60)), ..read(60) };
    let story = [
        (10, "read first", read(5), 10),
        (20, "a heartbeat", read(20), 10),
        (30, "another", read(30), 10),
        (40, "it fails", failing(FailureKind::TimedOut, 40), 40),
        (50, "in other words", failing(FailureKind::TimedOut, 50), 40),
        (55, "otherwise", failing(FailureKind::Denied, 55), 55),
        (61, "it is read again, and something has changed", worse.clone(), 61),
        (62, "one incident more", PageState { open_incidents: 1, ..worse }, 62),
    ];
    for (minute, what, state, changed) in story {
        bench.store.put_scrape(&page("acme"), &state, None).await.unwrap();
        set_clock(at(minute));
        bench.publish(&[bench.records().pop().unwrap()]).await.unwrap();
        let live = bench.store.live().await.unwrap();
        assert_eq!(live[&page("acme")].changed_at, Some(at(changed)), "{what}");
    }
}

#[tokio::test]
async fn what_is_known_already_writes_no_shard() {
    let bench = Bench::start().await;
    bench.store.put_scrape(&page("acme"), &read(5), None).await.unwrap();
    let records = bench.records();
    bench.publish(&records).await.unwrap();
    let before = bench.store.consumed().written;
    bench.publish(&records).await.unwrap();
    assert_eq!(bench.store.consumed().written, before);
}

#[tokio::test]
async fn a_batch_writes_each_shard_once() {
    let bench = Bench::start().await;
    for minute in [5, 10] {
        for n in 0..40 {
            bench.store.put_scrape(&page(&format!("page-{n}")), &read(minute), None).await.unwrap();
        }
    }
    let before = bench.store.consumed();
    bench.publish_all().await;
    let after = bench.store.consumed();
    assert_eq!((after.read - before.read, after.written - before.written), (4 * 10, 4 * 10), "four shards");
}

#[tokio::test]
async fn a_bus_that_refuses_is_an_error_and_the_batch_can_come_again() {
    let bench = Bench::start().await;
    bench.store.put_scrape(&page("acme"), &read(5), None).await.unwrap();
    let records = bench.records();
    bench.refuse(true);
    let error = bench.publish(&records).await.unwrap_err();
    assert!(error.to_string().contains("not delivered"), "{error}");
    assert!(bench.delivered().is_empty());
    bench.refuse(false);
    bench.publish(&records).await.unwrap();
    assert_eq!(bench.delivered().len(), 1);
}

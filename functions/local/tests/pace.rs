//! How often pages are asked, on the test internet: politely, in time, and never forgotten.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod simulation;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use statusphere_domain::{Freshness, PageId};
use statusphere_internet::{Fault, Platform, Seen, Site, Story, Trouble};

use crate::simulation::{INTERVAL, Setting, Simulation, clock, envelope};

fn start() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn at(minute: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(minute)
}

fn with(site: Site, from: i64, to: i64, trouble: Trouble) -> Site {
    Site { faults: vec![Fault { from: at(from), to: at(to), trouble }], ..site }
}

fn acme() -> Site {
    Site::new("acme", Platform::Statuspage, Story::quiet(3))
}

async fn world(sites: Vec<Site>) -> Simulation {
    let deadline = Duration::from_millis(300);
    Simulation::start(Setting { sites, start: start(), pages_per_event: 5, deadline }).await
}

/// Lives through so many minutes; answers with the change events.
async fn live(world: &Simulation, minutes: i64) -> Vec<Value> {
    let (mut told, mut histories) = (Vec::new(), Vec::new());
    for _ in 0..minutes {
        clock::pass(TimeDelta::minutes(1));
        let mut events = world.tick().await.unwrap();
        events.append(&mut histories);
        for event in events {
            world.scraper.handle(event).await.unwrap();
        }
        world.publish(&world.records()).await.unwrap();
        for event in world.aws.put().iter().map(envelope) {
            if event["detail-type"] == "BackfillRequested" { histories.push(event) } else { told.push(event) }
        }
    }
    told
}

async fn freshness(world: &Simulation, slug: &str) -> Freshness {
    let state = world.store.state(&PageId::new(slug).unwrap()).await.unwrap();
    state.freshness(clock::now(), TimeDelta::minutes(INTERVAL.into()))
}

fn names(told: &[Value]) -> Vec<&str> {
    told.iter().map(|event| event["detail-type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_quiet_page_is_asked_for_changes_and_read_whole_once_an_hour() {
    let world = world(vec![acme()]).await;
    live(&world, 60).await;
    world.internet.forget();
    live(&world, 240).await;
    let asked = world.internet.requests("status.acme.example");
    assert_eq!(asked.len(), 48, "one request each five minutes");
    let whole: Vec<&Seen> = asked.iter().filter(|seen| !seen.conditional).collect();
    assert!((3..=4).contains(&whole.len()), "{whole:?}");
    assert!(asked.iter().filter(|seen| seen.conditional).all(|seen| seen.status == 304), "{asked:?}");
    assert_eq!(freshness(&world, "acme").await, Freshness::Fresh);
}

#[tokio::test]
async fn a_pause_that_a_host_asks_for_is_kept_and_its_page_is_stale_in_time() {
    let page = with(acme(), 30, 32, Trouble::Throttled { retry_after_s: 40 * 60 });
    let page = Site { faults: vec![Fault { to: at(40), ..page.faults[0].clone() }], ..page };
    let world = world(vec![page]).await;
    live(&world, 29).await;
    world.internet.forget();
    let told = live(&world, 8).await;
    let first = world.internet.requests("status.acme.example").iter().find(|seen| seen.status == 429).unwrap().at;
    assert!(names(&told).is_empty());
    let told = live(&world, 16).await;
    assert_eq!(names(&told), ["PageUnreadable"]);
    let told_at: DateTime<Utc> = told[0]["detail"]["at"].as_str().unwrap().parse().unwrap();
    let late = told_at - first - TimeDelta::minutes(15);
    assert!(late >= TimeDelta::zero() && late <= TimeDelta::minutes(1), "{late}");
    let told = live(&world, 40).await;
    assert_eq!(names(&told), ["PageReadable"]);
    let asked: Vec<_> =
        world.internet.requests("status.acme.example").into_iter().filter(|seen| seen.at > first).collect();
    let wait = asked[0].at - first;
    assert!(wait >= TimeDelta::minutes(40) && wait <= TimeDelta::minutes(46), "asked again after {wait}");
}

#[tokio::test]
async fn a_dead_page_is_asked_less_and_less_and_never_forgotten() {
    let world = world(vec![with(acme(), 10, 3 * 24 * 60, Trouble::ServerError)]).await;
    live(&world, 70).await;
    assert_eq!(freshness(&world, "acme").await, Freshness::Stale);
    world.internet.forget();
    live(&world, 23 * 60).await;
    let first_day = world.internet.requests("status.acme.example").len();
    assert!((45..150).contains(&first_day), "{first_day} requests in the first day");
    world.internet.forget();
    live(&world, 24 * 60).await;
    let second_day = world.internet.requests("status.acme.example").len();
    assert!((12..60).contains(&second_day), "{second_day} requests in the second day");
    clock::set(at(3 * 24 * 60));
    let told = live(&world, 130).await;
    assert!(names(&told).contains(&"PageReadable"), "{told:?}");
    assert_eq!(freshness(&world, "acme").await, Freshness::Fresh);
}

#[tokio::test]
async fn pages_of_one_host_are_asked_one_after_another_and_spared_together() {
    let page = |n: usize| {
        let site = Site::new(&format!("vendor{n}"), Platform::Statuspage, Story::quiet(3));
        let site = Site { host: "pages.platform.example".to_owned(), path: format!("/vendor{n}"), ..site };
        with(site, 30, 90, Trouble::Hung)
    };
    let world = world((0..10).map(page).collect()).await;
    live(&world, 29).await;
    assert_eq!(world.internet.total().at_once, 1, "in one event, in turn");
    for n in 0..10 {
        assert_eq!(freshness(&world, &format!("vendor{n}")).await, Freshness::Fresh);
    }
    world.internet.forget();
    live(&world, 7).await;
    let asked = world.internet.requests("pages.platform.example").len();
    assert!((3..=6).contains(&asked), "three failures are enough for all ten, not {asked}");
    let breaker = world.store.breaker("pages.platform.example").await.unwrap();
    assert!(breaker.failures >= 3 && breaker.open.is_some(), "{breaker:?}");
    live(&world, 20).await;
    for n in 0..10 {
        assert_eq!(freshness(&world, &format!("vendor{n}")).await, Freshness::Stale, "nobody is shown as fresh");
    }
    live(&world, 120).await;
    for n in 0..10 {
        assert_eq!(freshness(&world, &format!("vendor{n}")).await, Freshness::Fresh, "all are read again");
    }
    assert_eq!(world.store.breaker("pages.platform.example").await.unwrap().failures, 0);
}

#[tokio::test]
async fn a_page_that_migrates_is_found_on_its_new_platform_within_a_day() {
    let page = with(acme(), 60, 10 * 24 * 60, Trouble::OtherPlatform(Platform::Cachet));
    let world = world(vec![page]).await;
    live(&world, 59).await;
    live(&world, 25 * 60).await;
    let state = world.store.state(&PageId::new("acme").unwrap()).await.unwrap();
    assert_eq!(state.provider.as_deref(), Some("cachet"));
    assert_eq!(freshness(&world, "acme").await, Freshness::Fresh);
}

#[tokio::test]
async fn every_trouble_is_survived_and_none_is_taken_for_well_being() {
    use Trouble::{Gone, Hung, NotFound, RedirectLoop, Reset, ServerError, TlsError, Truncated};
    let troubles = [Hung, Reset, ServerError, Truncated, RedirectLoop, TlsError, NotFound, Gone];
    let page = |(n, trouble): (usize, &Trouble)| {
        let site = Site::new(&format!("vendor{n}"), Platform::ALL[n % Platform::ALL.len()], Story::quiet(3));
        with(site, 30, 60, trouble.clone())
    };
    let world = world(troubles.iter().enumerate().map(page).collect()).await;
    live(&world, 29).await;
    for minute in 30..60 {
        live(&world, 1).await;
        for (n, trouble) in troubles.iter().enumerate() {
            let status =
                world.get("/api/v1/currentStatus", &format!("statusPageUrl=http://status.vendor{n}.example")).await;
            let shown = status["status"].as_str().unwrap();
            assert!(shown == "UP" && minute < 52 || shown == "UNKNOWN", "{trouble:?} in minute {minute}: {status}");
        }
    }
    live(&world, 60).await;
    for (n, trouble) in troubles.iter().enumerate() {
        assert_eq!(freshness(&world, &format!("vendor{n}")).await, Freshness::Fresh, "{trouble:?}");
    }
}

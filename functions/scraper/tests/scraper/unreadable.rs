//! Pages that can't be read: what is known stays, and what we say of it grows careful.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use statusphere_domain::{FailureKind, Freshness, Indicator, Item, PageState, Transition, UpDown, reason};

use crate::documents::{calm, trouble};
use crate::support::{ACME, Bench, Web, id, incident_key, now, pass, scrape_event};

const INTERVAL: TimeDelta = TimeDelta::minutes(5);

fn good() -> Web {
    Web::default().summary(ACME, &calm())
}

/// The page has become somebody's front page.
fn html() -> Web {
    let site = "<h1>Buy our parcels</h1>";
    Web::default().html(&format!("{ACME}/api/v2/summary.json"), 200, site).html(&format!("{ACME}/"), 200, site)
}

/// The page is not there any more.
fn missing() -> Web {
    Web::default().html(&format!("{ACME}/"), 404, "Not here")
}

fn read_at(state: &PageState) -> (Freshness, UpDown) {
    (state.freshness(now(), INTERVAL), state.up_down(now(), INTERVAL))
}

fn readable_steps(bench: &Bench) -> Vec<bool> {
    let readable = |step: Transition| if let Transition::Readable { to } = step { Some(to) } else { None };
    bench.steps().into_iter().filter_map(|(step, _)| readable(step.transition)).collect()
}

async fn bug_07(broken: fn() -> Web) {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    let read: DateTime<Utc> = now();
    for minute in [5, 10, 15] {
        pass(5);
        assert_eq!(bench.scrape(broken()).await, "unread");
        assert_eq!(read_at(&bench.state().await), (Freshness::Fresh, UpDown::Up), "grace, minute {minute}");
    }
    pass(5);
    assert_eq!(bench.scrape(broken()).await, "unread");
    let state = bench.state().await;
    assert_eq!(read_at(&state), (Freshness::Unreadable, UpDown::Unknown));
    assert_eq!((state.last_success, state.last_change), (Some(read), Some(read)), "neither moves on failure");
    assert_eq!((state.last_attempt, state.failing_since), (Some(now()), Some(read + INTERVAL)));
    assert!(state.is_indexed());
    assert!(reason(&state, Freshness::Unreadable).is_some());
    // What was read last is still known, and who read it.
    assert_eq!((state.indicator, state.provider.as_deref()), (Some(Indicator::None), Some("statuspage")));
    assert_eq!(bench.store.current(&id("acme")).await.unwrap().components.unwrap().len(), 2);
    assert_eq!(readable_steps(&bench), [false]);

    pass(5);
    assert_eq!(bench.scrape(good()).await, "unchanged");
    let state = bench.state().await;
    assert_eq!(read_at(&state), (Freshness::Fresh, UpDown::Up));
    assert_eq!((state.last_success, state.failing_since, state.failure), (Some(now()), None, None));
    assert_eq!(state.last_change, Some(read), "nothing that the vendor says has changed");
    assert_eq!(readable_steps(&bench), [false, true]);
}

#[tokio::test]
async fn bug_07_a_page_that_turns_into_html_becomes_unreadable() {
    bug_07(html).await;
}

#[tokio::test]
async fn bug_07_a_page_that_is_gone_missing_becomes_unreadable() {
    bug_07(missing).await;
}

#[tokio::test]
async fn bug_09_the_status_of_an_answer_counts() {
    let bench = Bench::start().await;
    let summary = format!("{ACME}/api/v2/summary.json");
    let web = Web::default().answer(&summary, 503, "application/json", &calm().to_string());
    assert_eq!(bench.scrape(web).await, "unread");
    let state = bench.state().await;
    assert_eq!(state.failure.unwrap().kind, FailureKind::Unreachable);
    assert_eq!(state.last_success, None);
}

#[tokio::test]
async fn each_kind_of_failure_reads_as_what_it_is() {
    for (status, kind, freshness) in [
        (410, FailureKind::Gone, Freshness::Gone),
        (429, FailureKind::Throttled, Freshness::Stale),
        (500, FailureKind::Unreachable, Freshness::Stale),
    ] {
        let bench = Bench::start().await;
        bench.scrape(good()).await;
        for _ in 0..4 {
            pass(5);
            let mut web = Web::default();
            for path in ["/api/v2/summary.json", "/", "/history.atom", "/history.rss"] {
                web = web.html(&format!("{ACME}{path}"), status, "Sorry");
            }
            bench.scrape(web).await;
        }
        let state = bench.state().await;
        assert_eq!(state.failure.as_ref().map(|failure| failure.kind), Some(kind));
        assert_eq!(read_at(&state), (freshness, UpDown::Unknown), "HTTP {status}");
    }
}

#[tokio::test]
async fn failing_is_written_at_first_and_then_each_quarter_of_an_hour() {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    let mut written = Vec::new();
    for _ in 0..10 {
        pass(5);
        let before = bench.written().len();
        bench.scrape(missing()).await;
        written.push(bench.keys_since(before).join(" "));
    }
    let later = written.split_off(4);
    assert_eq!(written, ["STATE", "", "", "STATE TR#STATE"]);
    assert!(later.iter().all(|keys| keys.is_empty() || keys == "STATE"), "{later:?}");
}

#[tokio::test]
async fn an_open_incident_stays_open_while_nobody_can_read_the_page() {
    let bench = Bench::start().await;
    bench.scrape(Web::default().summary(ACME, &trouble())).await;
    for _ in 0..12 {
        pass(5);
        bench.scrape(html()).await;
    }
    assert!(bench.item(&incident_key("k1")).await.unwrap().0.is_open());
    assert_eq!(bench.state().await.open_incidents, 1);
}

#[tokio::test]
async fn a_page_that_was_never_read_stays_never_read() {
    let bench = Bench::start().await;
    for _ in 0..8 {
        bench.scrape(html()).await;
        pass(5);
    }
    let state = bench.state().await;
    assert_eq!(read_at(&state), (Freshness::Never, UpDown::Unknown));
    assert!(!state.is_indexed() && state.failure.is_some() && state.failing_since.is_some());
    assert!(bench.written().iter().all(|(key, _)| key == "STATE"));
}

#[tokio::test]
async fn a_reason_stays_short_and_is_written_once() {
    let bench = Bench::start().await;
    let address = format!("{ACME}/{}", "é".repeat(300));
    let mut event = scrape_event(&[("acme", ACME)]);
    event["detail"]["pages"][0]["hint"] = json!({"provider": "feed", "key": address});
    let feed = "<rss version=\"2.0\"><channel><title>Acme Status</title><description/></channel></rss>";
    let feed = Web::default().answer(&address, 200, "application/rss+xml", feed);
    bench.scraper(feed.open()).handle(event.clone()).await.unwrap();
    assert!(bench.state().await.is_indexed());
    let before = bench.written().len();
    let broken = bench.scraper(Web::default().html(&address, 200, "A new site").open());
    for _ in 0..2 {
        pass(5);
        broken.handle(event.clone()).await.unwrap();
    }
    assert_eq!(bench.keys_since(before), ["STATE"], "the same reason is the same although it was cut");
    let detail = bench.state().await.failure.unwrap().detail;
    assert_eq!(detail.chars().count(), 200, "{detail}");
}

#[tokio::test]
async fn a_page_that_no_provider_knows_is_asked_once_a_day() {
    let bench = Bench::start().await;
    bench.scrape(html()).await;
    assert_eq!(bench.state().await.failure.unwrap().kind, FailureKind::Unrecognised);
    let before = bench.store.consumed();
    for _ in 0..3 {
        pass(7 * 60);
        assert_eq!(bench.scrape(good()).await, "unread", "nothing is asked");
    }
    let after = bench.store.consumed();
    assert_eq!(after.read - before.read, 15);
    assert!(after.written - before.written <= 90, "when it is asked next, and no more");
    pass(3 * 60);
    assert_eq!(bench.scrape(good()).await, "changed");
}

#[tokio::test]
async fn a_page_that_changed_its_platform_is_read_again_within_a_day() {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    let feed = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>Acme Status</title><link>https://status.acme.example</link>
        <description>Status</description><item><title>Late parcels</title><guid>acme-1</guid><link>https://status.acme.example/i/1</link>
        <pubDate>Sat, 28 Feb 2026 09:00:00 GMT</pubDate><description>&lt;p&gt;Resolved - All parcels move.&lt;/p&gt;</description></item></channel></rss>"#;
    let moved = || Web::default().answer(&format!("{ACME}/feed.xml"), 200, "application/rss+xml", feed);
    pass(5);
    assert_eq!(bench.scrape(moved()).await, "unread", "its own provider is asked, and no other");
    pass(24 * 60 - 10);
    assert_eq!(bench.scrape(moved()).await, "unread");
    pass(5);
    assert_eq!(bench.scrape(moved()).await, "changed");
    assert_eq!(bench.state().await.provider.as_deref(), Some("feed"));
}

#[tokio::test]
async fn a_page_whose_address_leads_to_another_platform_is_stale_until_it_is_found_there() {
    const NEW: &str = "https://acme.instatus.com";
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    // The redirect drops the path, so that whatever is asked for leads to the new page's front.
    let moved = || {
        let front = Web::default().html(&format!("{NEW}/"), 200, "Acme Status");
        let page = json!({"name": "Acme", "url": NEW, "status": "UP"});
        ["/", "/api/v2/summary.json"]
            .into_iter()
            .fold(front, |web, path| web.redirect(&format!("{ACME}{path}"), NEW))
            .json(&format!("{NEW}/summary.json"), &json!({"page": page}))
    };
    pass(5);
    assert_eq!(bench.scrape(moved()).await, "unread", "another platform's page is never taken for calm");
    pass(30);
    assert_eq!(bench.scrape(moved()).await, "unread");
    assert_eq!(read_at(&bench.state().await).1, UpDown::Unknown);
    pass(24 * 60);
    assert_eq!(bench.scrape(moved()).await, "changed");
    let state = bench.state().await;
    assert_eq!((state.provider.as_deref(), state.moved_to.as_deref()), (Some("instatus"), Some(NEW)));
    assert_eq!(read_at(&state), (Freshness::Fresh, UpDown::Up));
}

#[tokio::test]
async fn what_was_open_on_the_old_platform_does_not_stay_open_on_the_new_one() {
    let bench = Bench::start().await;
    bench.scrape(Web::default().summary(ACME, &trouble())).await;
    assert_eq!(bench.state().await.open_incidents, 1);
    let feed = r#"<rss version="2.0"><channel><title>Acme Status</title><item><title>Late parcels</title><guid>acme-1</guid>
        <pubDate>Sat, 28 Feb 2026 09:00:00 GMT</pubDate><description>&lt;p&gt;Resolved - All parcels move.&lt;/p&gt;</description></item></channel></rss>"#;
    let moved = || Web::default().answer(&format!("{ACME}/feed.xml"), 200, "application/rss+xml", feed);
    pass(24 * 60);
    bench.scrape(Web::default().summary(ACME, &trouble())).await;
    for minutes in [5, 20] {
        pass(minutes);
        assert_eq!(
            bench.scrape(moved()).await,
            "unread",
            "one bad answer is no migration, however old the last search is"
        );
        assert_eq!(bench.state().await.open_incidents, 1);
    }
    pass(5);
    assert_eq!(bench.scrape(moved()).await, "changed");
    let state = bench.state().await;
    assert_eq!((state.provider.as_deref(), state.open_incidents), (Some("feed"), 0));
    assert_eq!(read_at(&state), (Freshness::Fresh, UpDown::Up));
    let current = bench.store.current(&id("acme")).await.unwrap();
    assert_eq!((current.open.len(), current.components.unwrap_or_default().len()), (0, 0));
    let (Item::Incident(over), _) = bench.item(&incident_key("k1")).await.unwrap() else { panic!("not an incident") };
    assert_eq!(over.ended_at, Some(now()));
}

#[tokio::test]
async fn all_providers_are_asked_again_at_most_once_a_day() {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    let first = now();
    let mut detections = BTreeSet::new();
    // Nobody answers, so the reason is always the same.
    for _ in 0..(49 * 12) {
        pass(5);
        bench.scrape(Web::default()).await;
        detections.insert(bench.state().await.detected_at.unwrap());
    }
    let day = TimeDelta::hours(24);
    assert_eq!(detections.into_iter().collect::<Vec<_>>(), [first, first + day, first + day * 2]);
}

#[tokio::test]
async fn a_pause_holds_for_whoever_comes_whatever_was_read() {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    let read = bench.state().await;
    let paused = PageState { paused_until: Some(now() + TimeDelta::hours(2)), ..read.clone() };
    bench.store.put_scrape(&id("acme"), &paused, Some(&read)).await.unwrap();
    pass(90);
    assert_eq!(bench.scrape(Web::default().summary(ACME, &trouble())).await, "postponed", "nothing is asked");
    let history = Web::default().json(&format!("{ACME}/api/v2/incidents.json"), &json!({"incidents": []}));
    assert_eq!(bench.backfill(history, "").await, 0);
    let state = bench.state().await;
    assert_eq!((state.open_incidents, state.history_attempt), (0, None), "nothing was looked at");
    assert_eq!(read_at(&state), (Freshness::Stale, UpDown::Unknown), "and nobody is told that all is well");
    pass(31);
    assert_eq!(bench.scrape(Web::default().summary(ACME, &trouble())).await, "changed");
}

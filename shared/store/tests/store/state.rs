//! `STATE`: two writers, each with its own attributes; newest wins; small.

use serde_json::Value;
use statusphere_domain::{Document, Failure, FailureKind, Indicator, Lane, PageState, Step, Transition};
use statusphere_store::Written;

use crate::support::{Engine, at, page};

/// Every field that the scrape owns, but the failure that keeps documents out.
fn scraped() -> PageState {
    PageState {
        provider: Some("statuspage".to_owned()),
        key: Some("5f1c2d3e4a5b6c7d8e9f0a1b".to_owned()),
        url: Some("https://status.acme.example".to_owned()),
        moved_to: Some("https://status.globex.example".to_owned()),
        detected_at: Some(at(1)),
        indicator: Some(Indicator::Minor),
        open_incidents: 2,
        last_attempt: Some(at(9)),
        last_success: Some(at(8)),
        last_change: Some(at(7)),
        failing_since: Some(at(9)),
        unreadable_since: Some(at(9)),
        hash: Some("0123456789abcdef0123456789abcdef".to_owned()),
        lane: Some(Lane::Later(at(30))),
        paused_until: Some(at(29)),
        busy: true,
        unsettled: true,
        turns_at: Some(at(90)),
        documents: vec![
            document("https://status.acme.example/api/v2/summary.json", Some("W/\"5e0b8f6c1d2e3f405162738495a6b7c8\"")),
            document("https://status.acme.example", None),
            document("https://api.platform.example/pages/1", Some("Thu, 01 Jan 2026 00:00:00 GMT")),
        ],
        read_at: Some(at(8)),
        robots_at: Some(at(1)),
        ..PageState::default()
    }
}

fn document(url: &str, validator: Option<&str>) -> Document {
    Document { url: url.to_owned(), validator: validator.map(str::to_owned), hash: "AbCdEf012345".to_owned() }
}

/// Every field that the backfill owns.
fn history() -> PageState {
    PageState {
        last_history: Some(at(4)),
        history_attempt: Some(at(5)),
        backfill: Some("3".to_owned()),
        ..PageState::default()
    }
}

#[tokio::test]
async fn a_page_that_was_never_written_has_the_default_state() {
    let store = Engine::start().await.store();
    assert_eq!(store.state(&page("acme")).await.unwrap(), PageState::default());
}

#[tokio::test]
async fn every_field_comes_back_and_goes_again() {
    let store = Engine::start().await.store();
    let id = page("acme");
    assert_eq!(store.put_scrape(&id, &scraped(), None).await.unwrap(), Written::Yes);
    assert_eq!(store.state(&id).await.unwrap(), PageState { version: 1, ..scraped() });
    store.put_history(&id, &history()).await.unwrap();
    let PageState { last_history, history_attempt, backfill, .. } = history();
    let whole = PageState { version: 2, last_history, history_attempt, backfill, ..scraped() };
    assert_eq!(store.state(&id).await.unwrap(), whole.clone());

    let failure = Some(Failure { kind: FailureKind::Throttled, detail: "HTTP 429".to_owned() });
    let failing = PageState { failure, documents: Vec::new(), ..whole };
    store.put_scrape(&id, &failing, None).await.unwrap();
    assert_eq!(store.state(&id).await.unwrap(), PageState { version: 3, ..failing });

    let calm = PageState { last_attempt: Some(at(10)), ..PageState::default() };
    store.put_scrape(&id, &calm, None).await.unwrap();
    store.put_history(&id, &PageState::default()).await.unwrap();
    assert_eq!(store.state(&id).await.unwrap(), PageState { version: 5, ..calm });
}

#[tokio::test]
async fn an_older_attempt_never_overwrites_a_newer_one() {
    let store = Engine::start().await.store();
    let id = page("acme");
    store.put_scrape(&id, &scraped(), None).await.unwrap();
    let before = store.state(&id).await.unwrap();
    let late = PageState { last_attempt: Some(at(8)), indicator: Some(Indicator::None), ..scraped() };
    assert_eq!(store.put_scrape(&id, &late, None).await.unwrap(), Written::Outdated);
    assert_eq!(store.state(&id).await.unwrap(), before);
}

#[tokio::test]
async fn the_same_scrape_twice_says_the_same() {
    let store = Engine::start().await.store();
    let id = page("acme");
    store.put_scrape(&id, &scraped(), None).await.unwrap();
    assert_eq!(store.put_scrape(&id, &scraped(), None).await.unwrap(), Written::Yes);
    assert_eq!(store.state(&id).await.unwrap(), PageState { version: 2, ..scraped() });
}

#[tokio::test]
async fn of_two_that_find_a_page_unreadable_one_tells() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    store.put_scrape(&id, &PageState { last_attempt: Some(at(0)), ..PageState::default() }, None).await.unwrap();
    let told = |to, minute| Step { transition: Transition::Readable { to }, since: at(minute) };
    for (minute, unreadable, expected) in
        [(5, true, Written::Yes), (6, true, Written::Outdated), (7, false, Written::Yes), (8, false, Written::Outdated)]
    {
        let unreadable_since = unreadable.then(|| at(minute));
        let state = PageState { last_attempt: Some(at(minute)), unreadable_since, ..PageState::default() };
        assert_eq!(
            store.put_readable(&id, &state, None, &[told(!unreadable, minute)], at(minute), false).await.unwrap(),
            expected
        );
    }
    let steps = engine.records().into_iter().filter(|record| record["dynamodb"]["Keys"]["sk"]["S"] != "STATE");
    assert_eq!(steps.count(), 2);
}

#[tokio::test]
async fn a_silence_is_written_with_the_state_and_never_over_what_is_known_to_be_unreadable() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    let read =
        |minute| PageState { last_attempt: Some(at(minute)), last_success: Some(at(minute)), ..PageState::default() };
    let step = |to, minute| Step { transition: Transition::Readable { to }, since: at(minute) };
    let silence = [step(false, 0), step(true, 60)];
    store.put_scrape(&id, &read(0), None).await.unwrap();
    let written = store.put_readable(&id, &read(60), Some(&read(0)), &silence, at(60), true).await.unwrap();
    assert_eq!(written, Written::Yes);
    assert_eq!(store.state(&id).await.unwrap(), PageState { version: 2, ..read(60) });
    assert_eq!(store.history(&id, at(0)).await.unwrap(), silence);
    // Who builds on a state that is no more, or does not know that the page is unreadable, writes neither.
    let again = store.put_readable(&id, &read(61), Some(&read(0)), &silence, at(61), true).await.unwrap();
    let unreadable = PageState { unreadable_since: Some(at(70)), ..read(70) };
    store.put_readable(&id, &unreadable, None, &[step(false, 70)], at(70), false).await.unwrap();
    let late = store.put_readable(&id, &read(130), Some(&unreadable), &silence, at(130), true).await.unwrap();
    assert_eq!((again, late), (Written::Outdated, Written::Outdated));
    assert_eq!(store.history(&id, at(0)).await.unwrap().len(), 3);
}

#[tokio::test]
async fn of_two_scrapes_that_build_on_one_state_the_first_to_write_wins() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let read = store.state(&id).await.unwrap();
    let slow = PageState { last_attempt: Some(at(5)), unsettled: true, ..read.clone() };
    let quick = PageState { last_attempt: Some(at(6)), ..read.clone() };
    assert_eq!(store.put_scrape(&id, &slow, Some(&read)).await.unwrap(), Written::Yes);
    assert_eq!(store.put_scrape(&id, &quick, Some(&read)).await.unwrap(), Written::Outdated);
    let stored = store.state(&id).await.unwrap();
    assert_eq!(stored, PageState { version: 1, ..slow });
    assert_eq!(store.put_scrape(&id, &quick, Some(&stored)).await.unwrap(), Written::Yes);
}

#[tokio::test]
async fn bug_15_scrape_and_history_lose_nothing_of_each_other() {
    let engine = Engine::start().await;
    let (id, scraper, backfill) = (page("acme"), engine.store(), engine.store());
    // Both read the same state before either writes.
    let (seen_by_scraper, seen_by_backfill) = (scraper.state(&id).await.unwrap(), backfill.state(&id).await.unwrap());
    let new_scrape = PageState { last_history: seen_by_scraper.last_history, ..scraped() };
    let new_history = PageState { last_attempt: seen_by_backfill.last_attempt, ..history() };
    let (one, other) =
        tokio::join!(scraper.put_scrape(&id, &new_scrape, None), backfill.put_history(&id, &new_history));
    assert_eq!((one.unwrap(), other.unwrap()), (Written::Yes, Written::Yes));
    let PageState { last_history, history_attempt, backfill, .. } = history();
    let whole = PageState { version: 2, last_history, history_attempt, backfill, ..scraped() };
    assert_eq!(engine.store().state(&id).await.unwrap(), whole);
}

#[tokio::test]
async fn a_full_state_stays_under_one_kilobyte() {
    let engine = Engine::start().await;
    let id = page(&"a".repeat(64));
    let full = PageState {
        url: Some(format!("https://status.{}.example/en/overview", "a".repeat(100))),
        moved_to: Some(format!("https://{}.example", "b".repeat(60))),
        failure: Some(Failure { kind: FailureKind::Unrecognised, detail: "x".repeat(200) }),
        ..scraped()
    };
    let store = engine.store();
    store.put_history(&id, &history()).await.unwrap();
    for documents in 0..20 {
        let path = |n| format!("https://status.acme.example/api/v1/components?page={n}");
        let documents: Vec<_> = (0..documents).map(|n| document(&path(n), Some("\"0123456789abcdef\""))).collect();
        for state in [full.clone(), PageState { failure: None, ..full.clone() }, scraped()] {
            let failing = state.failure.is_some();
            let state = PageState { documents: documents.clone(), ..state };
            store.put_scrape(&id, &state, None).await.unwrap();
            let bytes = size(&engine.last_image());
            assert!(bytes < 1024, "{bytes} bytes with {} documents", documents.len());
            let kept = store.state(&id).await.unwrap().documents;
            assert!(kept.is_empty() || !failing && kept == documents, "all of them or none");
        }
    }
}

#[tokio::test]
async fn five_documents_of_an_ordinary_page_are_kept() {
    let store = Engine::start().await.store();
    let paths = ["", "/api/v1/components?per_page=100", "/api/v1/incidents?per_page=20", "/api/v1/schedules", "/rss"];
    let documents =
        paths.map(|path| document(&format!("https://status.acme.example{path}"), Some("\"0123456789abcdef\"")));
    let url = Some("https://status.acme.example".to_owned());
    let state = PageState { url, documents: documents.to_vec(), ..PageState::default() };
    store.put_scrape(&page("acme"), &state, None).await.unwrap();
    assert_eq!(store.state(&page("acme")).await.unwrap(), PageState { version: 1, ..state });
}

/// An item's size as DynamoDB bills it: names and texts by their bytes, numbers by half their digits.
fn size(image: &Value) -> usize {
    let values = image.as_object().unwrap().iter().map(|(name, value)| {
        let number = value["N"].as_str().map_or(0, |digits| digits.len().div_ceil(2) + 1);
        name.len() + value["S"].as_str().map_or(number, str::len)
    });
    values.sum()
}

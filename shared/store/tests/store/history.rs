//! The steps of a page since a moment, and when the first of all was.

use statusphere_domain::{Indicator, PageId, PageState, Step, Transition};
use statusphere_store::{Current, Store};

use crate::support::{Engine, at, open, page};

fn step(minute: i64, to: bool) -> Step {
    Step { transition: Transition::Readable { to }, since: at(minute) }
}

/// Writes steps that are sure at this minute.
async fn put(store: &Store, id: &PageId, minute: i64, steps: &[Step]) {
    let current = store.current(id).await.unwrap();
    store.put_current(id, &current, steps, at(minute), false).await.unwrap();
}

#[tokio::test]
async fn a_page_without_steps_has_no_history() {
    let store = Engine::start().await.store();
    let id = page("acme");
    store.put_item(&id, &open("k1", 0), 1, at(0), false).await.unwrap();
    store.put_scrape(&id, &PageState { last_attempt: Some(at(0)), ..PageState::default() }, None).await.unwrap();
    put(&store, &page("acme-2"), 0, &[step(0, false)]).await;
    assert_eq!((store.begun(&id).await.unwrap(), store.history(&id, at(-999)).await.unwrap()), (None, vec![]));
}

#[tokio::test]
async fn a_history_begins_with_the_baseline_even_without_steps() {
    let store = Engine::start().await.store();
    let id = page("acme");
    store.put_current(&id, &Current::default(), &[], at(7), true).await.unwrap();
    put(&store, &id, 9, &[]).await;
    put(&store, &id, 12, &[step(10, false)]).await;
    assert_eq!(store.begun(&id).await.unwrap(), Some(at(7)));
    assert_eq!(store.history(&id, at(0)).await.unwrap(), [step(10, false)]);
}

#[tokio::test]
async fn steps_come_in_the_order_in_which_they_were_sure_from_whatever_they_were_written_with() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let indicator = Transition::Indicator { from: None, to: Some(Indicator::Major) };
    let first = [Step { transition: indicator, since: at(0) }, step(1, true)];
    put(&store, &id, 1, &first).await;
    // Seen first at 5, sure at 20; written with the state.
    let state = PageState { last_attempt: Some(at(20)), unreadable_since: Some(at(20)), ..PageState::default() };
    store.put_readable(&id, &state, None, &[step(5, false)], at(20), false).await.unwrap();
    put(&store, &id, 30, &[step(25, true)]).await;
    put(&store, &page("globex"), 10, &[step(10, false)]).await;

    let all = [first[0].clone(), first[1].clone(), step(5, false), step(25, true)];
    assert_eq!(store.begun(&id).await.unwrap(), Some(at(1)));
    for (from, steps) in
        [(-99, &all[..]), (1, &all), (2, &all[2..]), (6, &all[2..]), (20, &all[2..]), (21, &all[3..]), (31, &[])]
    {
        assert_eq!(store.history(&id, at(from)).await.unwrap(), steps, "since {from}");
    }
}

#[tokio::test]
async fn more_than_one_call_brings_comes_whole() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    for minute in 0..5 {
        put(&store, &id, minute, &[step(minute, true)]).await;
        // Four of them are more than a megabyte.
        let sk = format!("TR#2026-01-01T00:0{minute}:00.000Z#COMPONENTS");
        engine.set("PAGE#acme", &sk, "more", &serde_json::json!({"S": "x".repeat(300_000)}));
    }
    assert_eq!(store.history(&id, at(0)).await.unwrap(), [0, 1, 2, 3, 4].map(|minute| step(minute, true)));
    assert_eq!(store.current(&id).await.unwrap(), Current { version: 5, ..Current::default() });
}

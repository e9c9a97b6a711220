//! One item that can't be read hides none of the others of its list.

use serde_json::json;
use statusphere_domain::{Item, PageState, Step, Transition};
use statusphere_store::{Current, StoreError, Timeline};

use crate::support::{Engine, at, maintenance, open, over, page, walk};

#[tokio::test]
async fn a_timeline_goes_on_behind_it() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    for n in 0..12 {
        store.put_item(&id, &over(&format!("k{n:02}"), n), 1, at(0), true).await.unwrap();
    }
    // The newest, the oldest, and several in a row.
    let spoiled = [11, 9, 6, 5, 4, 3, 0];
    for n in spoiled {
        engine.spoil("acme", &format!("INC#k{n:02}"));
    }
    let expected: Vec<Item> =
        (0..12).rev().filter(|n| !spoiled.contains(n)).map(|n| over(&format!("k{n:02}"), n)).collect();
    for limit in [1, 2, 3, 5, 100] {
        assert_eq!(walk(&store, &id, limit).await, expected, "{limit} at once");
    }
    let range = Timeline { limit: Some(1), from: Some(at(3)), to: Some(at(7)), ..Timeline::default() };
    let slice = store.timeline(&id, &range).await.unwrap();
    assert!(slice.items.is_empty() && !slice.more, "there is none, and no more: {slice:?}");
}

#[tokio::test]
async fn maintenances_are_listed_without_it() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    for slug in ["m1", "m2", "m3"] {
        store.put_item(&id, &maintenance(slug, 0), 1, at(0), false).await.unwrap();
    }
    engine.spoil("acme", "MNT#m2");
    engine.set("PAGE#acme", "MNT#m3", "v", &json!({"N": "2"}));
    assert_eq!(store.maintenances(&id).await.unwrap(), [maintenance("m1", 0)]);
    let keys = ["m1", "m2", "m3", "nobody"].map(|slug| maintenance(slug, 0).key());
    assert_eq!(store.shown(&id, &keys).await.unwrap(), [maintenance("m1", 0)]);
}

#[tokio::test]
async fn a_history_is_told_without_it_and_begins_with_it() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    let step = |minute| Step { transition: Transition::Readable { to: true }, since: at(minute) };
    for minute in 0..4_i64 {
        let current = Current { version: minute.unsigned_abs(), ..Current::default() };
        store.put_current(&id, &current, &[step(minute)], at(minute), false).await.unwrap();
    }
    for minute in [0, 2] {
        engine.spoil("acme", &format!("TR#2026-01-01T00:0{minute}:00.000Z#COMPONENTS"));
    }
    assert_eq!(store.begun(&id).await.unwrap(), Some(at(0)));
    assert_eq!(store.history(&id, at(0)).await.unwrap(), [step(1), step(3)]);
}

#[tokio::test]
async fn what_is_open_everywhere_is_told_without_it() {
    let engine = Engine::start().await;
    let store = engine.store();
    for (n, slug) in ["acme", "globex", "initech"].iter().enumerate() {
        store.put_item(&page(slug), &open("k1", i64::try_from(n).unwrap()), 1, at(0), false).await.unwrap();
    }
    engine.spoil("acme", "INC#k1");
    let open = store.open_incidents().await.unwrap();
    assert_eq!(open.incidents.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["globex", "initech"]);
}

#[tokio::test]
async fn states_are_told_without_it_and_alone_it_is_an_error() {
    let engine = Engine::start().await;
    let (store, pages) = (engine.store(), ["acme", "globex"].map(page));
    for id in &pages {
        store.put_scrape(id, &PageState { last_attempt: Some(at(0)), ..PageState::default() }, None).await.unwrap();
    }
    store.put_item(&pages[0], &open("k1", 0), 1, at(0), false).await.unwrap();
    engine.set("PAGE#acme", "STATE", "indicator", &json!({"S": "purple"}));
    engine.spoil("acme", "INC#k1");
    let states = store.states(&pages).await.unwrap();
    assert_eq!(states.keys().collect::<Vec<_>>(), [&pages[1]]);
    assert!(matches!(store.state(&pages[0]).await, Err(StoreError::Layout { .. })));
    assert!(matches!(store.item(&pages[0], &open("k1", 0).key()).await, Err(StoreError::Layout { .. })));
}

//! The states of several pages at once.

use std::collections::BTreeMap;

use statusphere_domain::{Indicator, PageId, PageState};

use crate::support::{Engine, at, page};

fn read(minute: i64) -> PageState {
    PageState { version: 1, indicator: Some(Indicator::Minor), last_attempt: Some(at(minute)), ..PageState::default() }
}

#[tokio::test]
async fn the_states_of_many_pages_come_back_without_those_that_were_never_read() {
    let store = Engine::start().await.store();
    let mut expected = BTreeMap::new();
    for n in 0..230 {
        let (id, state) = (page(&format!("page-{n}")), read(n));
        store.put_scrape(&id, &state, None).await.unwrap();
        expected.insert(id, state);
    }
    let mut wanted: Vec<PageId> = expected.keys().cloned().chain([page("never")]).collect();
    wanted.push(page("page-1"));
    assert_eq!(store.states(&wanted).await.unwrap(), expected, "more than one call may ask for, one of them twice");
    assert!(store.states(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_the_table_does_not_get_round_to_is_asked_for_again() {
    let engine = Engine::start().await;
    let store = engine.store();
    let pages: Vec<PageId> = (0..60).map(|n| page(&format!("page-{n}"))).collect();
    for id in &pages {
        store.put_scrape(id, &read(0), None).await.unwrap();
        // Together more than the 16 MB of one answer.
        engine.set(&format!("PAGE#{id}"), "STATE", "more", &serde_json::json!({"S": "x".repeat(390_000)}));
    }
    assert_eq!(store.states(&pages).await.unwrap().len(), 60);
}

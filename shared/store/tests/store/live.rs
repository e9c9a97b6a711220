//! Live shards: the newer state stays, writers who meet lose nothing.

use statusphere_domain::{Failure, FailureKind, Indicator, PageState};
use statusphere_store::{Live, Store, Written, shard_of};

use crate::support::{Engine, at, page};

fn state(version: u64) -> PageState {
    PageState {
        version,
        indicator: Some(Indicator::Minor),
        open_incidents: 1,
        last_attempt: Some(at(5)),
        last_success: Some(at(4)),
        last_change: Some(at(3)),
        failing_since: Some(at(5)),
        failure: Some(Failure { kind: FailureKind::Gone, detail: "HTTP 410".to_owned() }),
        last_history: Some(at(2)),
        ..PageState::default()
    }
}

async fn merge(store: &Store, shard: usize, states: &Live) -> u32 {
    let mut tries = 1;
    while store.merge_live(shard, states.clone()).await.unwrap() == Written::Outdated {
        tries += 1;
    }
    tries
}

#[tokio::test]
async fn every_live_field_comes_back_from_every_shard() {
    let store = Engine::start().await.store();
    assert!(store.live().await.unwrap().is_empty());
    let all: Live = (0..60_u64).map(|n| (page(&format!("page-{n}")), state(n + 1))).collect();
    for (id, state) in &all {
        merge(&store, shard_of(id, 4), &Live::from([(id.clone(), state.clone())])).await;
    }
    assert_eq!(store.live().await.unwrap(), all);
}

#[tokio::test]
async fn the_higher_version_stays() {
    let store = Engine::start().await.store();
    let id = page("acme");
    for (version, expected) in [(3, 3), (2, 3), (3, 3), (5, 5), (4, 5)] {
        let states = Live::from([(id.clone(), PageState { version, ..PageState::default() })]);
        assert_eq!(store.merge_live(0, states).await.unwrap(), Written::Yes);
        assert_eq!(store.live().await.unwrap()[&id].version, expected);
    }
}

#[tokio::test]
async fn nothing_new_writes_nothing() {
    let engine = Engine::start().await;
    let (store, states) = (engine.store(), Live::from([(page("acme"), state(1))]));
    store.merge_live(0, states.clone()).await.unwrap();
    let before = (store.consumed().written, engine.records().len());
    assert_eq!(store.merge_live(0, states).await.unwrap(), Written::Yes);
    assert_eq!((store.consumed().written, engine.records().len()), before);
}

#[tokio::test]
async fn writers_who_meet_lose_nothing() {
    let engine = Engine::start().await;
    let writers: Vec<_> = (0..2_u64)
        .map(|writer| {
            let store = engine.store();
            tokio::spawn(async move {
                let mut tries = 0;
                for n in 0..40 {
                    // Half of the pages are their own, half are shared and the other writer's version may be higher.
                    let own = (page(&format!("own-{writer}-{n}")), state(1));
                    let shared = (page(&format!("shared-{n}")), state(n * 2 + writer + 1));
                    tries += merge(&store, 0, &Live::from([own, shared])).await;
                }
                tries
            })
        })
        .collect();
    let mut tries = 0;
    for writer in writers {
        tries += writer.await.unwrap();
    }
    assert!(tries > 80, "the writers never met, so this proves nothing");
    let live = engine.store().live().await.unwrap();
    assert_eq!(live.len(), 120);
    for n in 0..40 {
        assert_eq!(live[&page(&format!("shared-{n}"))].version, n * 2 + 2);
    }
}

#[test]
fn shards_are_filled_evenly_and_stay_the_same() {
    let mut sizes = [0; 64];
    for n in 0..1600 {
        sizes[shard_of(&page(&format!("vendor-{n}")), 64)] += 1;
    }
    assert!(sizes.iter().all(|size| (5..=60).contains(size)), "{sizes:?}");
    // Stored shards are found again by the next release.
    for (slug, shards, shard) in [("acme", 64, 12), ("globex", 64, 57), ("acme", 1, 0), ("acme", 0, 0)] {
        assert_eq!(shard_of(&page(slug), shards), shard, "{slug} of {shards}");
    }
}

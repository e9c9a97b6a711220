//! Live shards: the newer state stays, writers who meet lose nothing.

use std::collections::BTreeMap;

use serde_json::json;
use statusphere_domain::{Failure, FailureKind, Indicator, PageId, PageState};
use statusphere_store::{Live, LivePage, Store, Written, shard_of};

use crate::support::{Engine, at, page};

/// `{"acme":[1,"minor",1,...],"globex":[...]}`.
const OLD_SHARD: &str =
    "q1ZKTM5NVbKKNtRRys3Myy9S0jHUMTQ3MzcyMrU0AAEYz8IEmWdugcyDqoxWSs/PS1XSUfIICQlQMDE0UIqFqzcCqYjVUUrPyU9KraCbhbUA";

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

type States = BTreeMap<PageId, PageState>;

async fn merge(store: &Store, shard: usize, states: &States) -> u32 {
    let mut tries = 1;
    while store.merge_live(shard, states.clone(), || at(9)).await.unwrap() == Written::Outdated {
        tries += 1;
    }
    tries
}

#[tokio::test]
async fn every_live_field_comes_back_from_every_shard() {
    let store = Engine::start().await.store();
    assert!(store.live().await.unwrap().is_empty());
    let all: States = (0..60_u64).map(|n| (page(&format!("page-{n}")), state(n + 1))).collect();
    for (id, state) in &all {
        merge(&store, shard_of(id, 4), &States::from([(id.clone(), state.clone())])).await;
    }
    let merged = |(id, state)| (id, LivePage { state, changed_at: Some(at(9)) });
    assert_eq!(store.live().await.unwrap(), all.into_iter().map(merged).collect::<Live>());
}

#[tokio::test]
async fn the_higher_version_stays() {
    let store = Engine::start().await.store();
    let id = page("acme");
    for (version, expected) in [(3, 3), (2, 3), (3, 3), (5, 5), (4, 5)] {
        let states = States::from([(id.clone(), PageState { version, ..PageState::default() })]);
        assert_eq!(store.merge_live(0, states, || at(0)).await.unwrap(), Written::Yes);
        assert_eq!(store.live().await.unwrap()[&id].state.version, expected);
    }
}

#[tokio::test]
async fn nothing_new_writes_nothing() {
    let engine = Engine::start().await;
    let (store, states) = (engine.store(), States::from([(page("acme"), state(1))]));
    store.merge_live(0, states.clone(), || at(0)).await.unwrap();
    let before = (store.consumed().written, engine.records().len());
    assert_eq!(store.merge_live(0, states, || at(1)).await.unwrap(), Written::Yes);
    assert_eq!((store.consumed().written, engine.records().len()), before);
}

#[tokio::test]
async fn the_higher_version_counts_when_a_page_is_in_two_shards() {
    let store = Engine::start().await.store();
    let id = page("acme");
    for (shard, version) in [(0, 1), (1, 7), (2, 3)] {
        store.merge_live(shard, States::from([(id.clone(), state(version))]), || at(0)).await.unwrap();
    }
    assert_eq!(store.live().await.unwrap()[&id].state.version, 7);
}

#[tokio::test]
async fn a_page_changed_when_its_state_says_something_else() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let failure = |kind| Some(Failure { kind, detail: "HTTP 410".to_owned() });
    let first = state(0);
    // What is new, and whether that is a change.
    let news: [(PageState, bool); 8] = [
        (PageState { last_attempt: Some(at(99)), ..first.clone() }, false),
        (PageState { last_history: Some(at(99)), failing_since: Some(at(1)), ..first.clone() }, false),
        (PageState { indicator: None, ..first.clone() }, true),
        (PageState { open_incidents: 2, indicator: None, ..first.clone() }, true),
        (first.clone(), true),
        (PageState { last_change: Some(at(50)), ..first.clone() }, true),
        (PageState { failure: failure(FailureKind::Denied), last_change: Some(at(50)), ..first.clone() }, true),
        (
            PageState {
                failing_since: None,
                failure: failure(FailureKind::Denied),
                last_change: Some(at(50)),
                ..first.clone()
            },
            true,
        ),
    ];
    store.merge_live(0, States::from([(id.clone(), PageState { version: 1, ..first })]), || at(100)).await.unwrap();
    let mut changed_at = at(100);
    assert_eq!(store.live().await.unwrap()[&id].changed_at, Some(changed_at), "the first is a change");
    for (n, (state, changes)) in (0..).zip(news) {
        let (version, now) = (2 + n, at(101 + i64::try_from(n).unwrap()));
        store.merge_live(0, States::from([(id.clone(), PageState { version, ..state })]), || now).await.unwrap();
        if changes {
            changed_at = now;
        }
        assert_eq!(store.live().await.unwrap()[&id].changed_at, Some(changed_at), "number {n}");
    }
}

#[tokio::test]
async fn a_success_is_a_change_when_readers_may_have_lost_hope() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let read = |minute| PageState { last_success: Some(at(minute)), ..PageState::default() };
    let failing = |since, read_at| PageState { failing_since: Some(at(since)), ..read(read_at) };
    let seen = [
        (1, read(0), 1, "the first"),
        (16, read(15), 1, "a heartbeat"),
        (35, read(34), 1, "another"),
        (70, read(69), 70, "the first after our own silence"),
        (85, read(84), 70, "a heartbeat again"),
        (120, read(95), 120, "one that comes here late"),
        (130, failing(125, 95), 130, "it fails"),
        (140, failing(125, 95), 130, "still"),
        (145, failing(143, 142), 145, "it was read in between"),
    ];
    for (version, (now, state, changed_at, what)) in (1..).zip(seen) {
        let states = States::from([(id.clone(), PageState { version, ..state })]);
        store.merge_live(0, states, || at(now)).await.unwrap();
        assert_eq!(store.live().await.unwrap()[&id].changed_at, Some(at(changed_at)), "{what}");
    }
}

#[tokio::test]
async fn a_change_is_as_old_as_its_write_not_as_its_first_try() {
    let engine = Engine::start().await;
    let store = engine.store();
    let states = |version| States::from([(page("acme"), PageState { version, ..PageState::default() })]);
    store.merge_live(0, states(1), || at(0)).await.unwrap();
    let newer = States::from([(page("acme"), state(2))]);
    // Somebody else writes between the read and the write, which is when the clock is asked.
    let overtaken = || {
        engine.set("LIVE", "0000", "version", &json!({"N": "7"}));
        at(1)
    };
    assert_eq!(store.merge_live(0, newer.clone(), overtaken).await.unwrap(), Written::Outdated);
    assert_eq!(store.merge_live(0, newer, || at(2)).await.unwrap(), Written::Yes);
    assert_eq!(store.live().await.unwrap()[&page("acme")].changed_at, Some(at(2)));
}

#[tokio::test]
async fn a_shard_of_before_is_read_and_learns_when_its_pages_change() {
    let engine = Engine::start().await;
    let store = engine.store();
    let states = ["acme", "globex"].map(|slug| (page(slug), state(1)));
    store.merge_live(0, States::from(states), || at(0)).await.unwrap();
    // The same two pages, as the layout of before has them: nine fields, deflated.
    engine.set("LIVE", "0000", "data", &json!({"B": OLD_SHARD}));
    let live = store.live().await.unwrap();
    assert_eq!(live[&page("acme")], LivePage { state: state(1), changed_at: None });
    store.merge_live(0, States::from([(page("acme"), state(2))]), || at(7)).await.unwrap();
    let live = store.live().await.unwrap();
    assert_eq!(live[&page("acme")].changed_at, Some(at(7)));
    assert_eq!(live[&page("globex")], LivePage { state: state(1), changed_at: None });
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
                    tries += merge(&store, 0, &States::from([own, shared])).await;
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
        assert_eq!(live[&page(&format!("shared-{n}"))].state.version, n * 2 + 2);
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

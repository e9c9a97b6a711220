//! Incidents, maintenances, components and transitions: round trips, and which observation stays.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use proptest::prelude::*;
use statusphere_domain::{ComponentStatus, Indicator, Item, ItemKey, Step, Transition};
use statusphere_store::{Current, Written};

use crate::support::{Engine, at, component, incident, maintenance, open, over, page};

#[tokio::test]
async fn items_come_back_with_their_sequence() {
    let store = Engine::start().await.store();
    let id = page("acme");
    for (n, item) in [open("k1", 0), over("k2", 5), maintenance("k1", 10)].iter().enumerate() {
        store.put_item(&id, item, n as u64 + 1, at(1), n == 1).await.unwrap();
    }
    let wanted = [open("k1", 0).key(), over("k2", 0).key(), maintenance("k1", 0).key(), open("nobody", 0).key()];
    let stored = store.items(&id, &wanted).await.unwrap();
    assert_eq!(stored.len(), 3);
    assert_eq!(stored[&wanted[0]], (open("k1", 0), 1));
    assert_eq!(stored[&wanted[1]], (over("k2", 5), 2));
    assert_eq!(stored[&wanted[2]], (maintenance("k1", 10), 3));
    assert!(store.items(&page("globex"), &wanted).await.unwrap().is_empty());
    assert!(store.items(&id, &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_item_comes_back_with_its_sequence() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let long = "x".repeat(500);
    store.put_item(&id, &open("k1", 0), 3, at(1), false).await.unwrap();
    store.put_item(&id, &maintenance(&long, 5), 7, at(1), false).await.unwrap();
    assert_eq!(store.item(&id, &open("k1", 0).key()).await.unwrap(), Some((open("k1", 0), 3)));
    assert_eq!(store.item(&id, &maintenance(&long, 0).key()).await.unwrap(), Some((maintenance(&long, 5), 7)));
    for (page, nobody) in
        [(&id, open(&long, 0)), (&id, maintenance("k1", 0)), (&crate::support::page("globex"), open("k1", 0))]
    {
        assert_eq!(store.item(page, &nobody.key()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn more_items_than_one_call_may_ask_for_come_back_whole() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let mut keys = BTreeSet::new();
    for n in 0..230 {
        let item = over(&format!("k{n}"), n);
        store.put_item(&id, &item, 1, at(0), true).await.unwrap();
        keys.insert(item.key());
    }
    let stored = store.items(&id, &keys).await.unwrap();
    assert_eq!(stored.into_keys().collect::<BTreeSet<_>>(), keys);
}

#[tokio::test]
async fn an_older_observation_never_overwrites_a_newer_item() {
    let store = Engine::start().await.store();
    let (id, key) = (page("acme"), open("k1", 0).key());
    store.put_item(&id, &over("k1", 0), 3, at(10), false).await.unwrap();
    assert_eq!(store.put_item(&id, &open("k1", 0), 2, at(9), false).await.unwrap(), Written::Outdated);
    assert_eq!(store.items(&id, [&key]).await.unwrap()[&key], (over("k1", 0), 3));
}

#[tokio::test]
async fn the_same_writes_twice_change_nothing() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    let steps = [Step { transition: Transition::Readable { to: false }, since: at(1) }];
    for expected in [Written::Yes, Written::Outdated] {
        assert_eq!(store.put_item(&id, &open("k1", 0), 1, at(1), false).await.unwrap(), expected);
        assert_eq!(store.put_current(&id, &Current::default(), &[], at(1), false).await.unwrap(), expected);
        let second = Current { version: 1, ..Current::default() };
        assert_eq!(store.put_current(&id, &second, &steps, at(1), false).await.unwrap(), expected);
    }
    assert_eq!(engine.records().len(), 4, "the item, the components twice, the step once");
}

#[tokio::test]
async fn of_two_that_build_on_the_same_one_wins() {
    let store = Engine::start().await.store();
    let id = page("acme");
    store.put_item(&id, &open("k1", 0), 1, at(1), false).await.unwrap();
    assert_eq!(store.put_item(&id, &over("k1", 0), 2, at(3), false).await.unwrap(), Written::Yes);
    assert_eq!(store.put_item(&id, &open("k1", 1), 2, at(4), true).await.unwrap(), Written::Outdated);
    assert_eq!(store.items(&id, [&open("k1", 0).key()]).await.unwrap()[&open("k1", 0).key()], (over("k1", 0), 2));

    let seen = store.current(&id).await.unwrap();
    let (one, other) =
        (Current { indicator: Some(Indicator::Minor), ..seen.clone() }, Current { components: Some(vec![]), ..seen });
    assert_eq!(store.put_current(&id, &one, &[], at(3), false).await.unwrap(), Written::Yes);
    assert_eq!(store.put_current(&id, &other, &[], at(4), false).await.unwrap(), Written::Outdated);
    assert_eq!(store.current(&id).await.unwrap(), Current { version: 1, ..one });
}

#[tokio::test]
async fn components_open_keys_and_waiting_steps_come_back_in_order() {
    let store = Engine::start().await.store();
    let id = page("acme");
    assert_eq!(store.current(&id).await.unwrap(), Current::default());
    let components = ["zeta", "api", "mail"].map(|name| component(name, ComponentStatus::PartialOutage)).to_vec();
    let open = BTreeSet::from([ItemKey::Incident("k1".to_owned()), ItemKey::Maintenance("k1".to_owned())]);
    let step = Transition::Indicator { from: Some(Indicator::None), to: Some(Indicator::Major) };
    let current = Current {
        version: 0,
        indicator: Some(Indicator::Major),
        components: Some(components),
        since: BTreeMap::from([("api".to_owned(), at(3)), ("zeta".to_owned(), at(4))]),
        open,
        pending: vec![Step { transition: step, since: at(5) }],
    };
    store.put_current(&id, &current, &[], at(5), false).await.unwrap();
    let stored = Current { version: 1, ..current };
    assert_eq!(store.current(&id).await.unwrap(), stored);
    // "No components" is not "none were ever read".
    let empty = Current { version: 1, components: Some(Vec::new()), ..Current::default() };
    assert_eq!(store.put_current(&id, &empty, &[], at(4), false).await.unwrap(), Written::Outdated);
    assert_eq!(store.current(&id).await.unwrap(), stored);
    store.put_current(&id, &empty, &[], at(6), false).await.unwrap();
    assert_eq!(store.current(&id).await.unwrap(), Current { version: 2, ..empty });
}

#[tokio::test]
async fn an_item_that_ends_leaves_the_index_of_open_ones() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    store.put_item(&id, &open("k1", 0), 1, at(0), false).await.unwrap();
    let image = engine.last_image();
    assert_eq!(image["open"]["S"], "INC");
    assert_eq!(image["rank"]["S"], "6#2026-01-01T00:00:00.000Z#acme#INC#k1");
    store.put_item(&id, &over("k1", 0), 2, at(1), false).await.unwrap();
    let image = engine.last_image();
    assert!(image.get("open").is_none() && image.get("rank").is_none(), "{image}");
    assert_eq!(image["page"]["S"], "acme");
    assert_eq!(image["start"]["S"], "2026-01-01T00:00:00.000Z#INC#k1");
}

#[tokio::test]
async fn an_incident_that_was_seen_to_end_is_listed_on_that_day() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    let end = |id: &str| match over(id, 0) {
        Item::Incident(incident) => incident.ended_at.unwrap(),
        Item::Maintenance(_) => unreachable!(),
    };
    let soon = end("k1") + TimeDelta::minutes(5);
    for (key, seen, baseline) in [
        ("seen", soon, false),
        ("seen late", end("k1") + TimeDelta::days(2), false),
        ("over at the first look", soon, true),
    ] {
        store.put_item(&id, &over(key, 0), 1, seen, baseline).await.unwrap();
    }
    store.put_item(&id, &open("open", 0), 1, soon, false).await.unwrap();
    let day = end("k1").date_naive();
    let listed = store.ended_on(day, 10).await.unwrap();
    assert_eq!(
        listed.iter().map(|(page, incident)| (page.as_str(), &*incident.id)).collect::<Vec<_>>(),
        [("acme", "seen")]
    );
    assert_eq!(store.ended_on(day.succ_opt().unwrap(), 10).await.unwrap(), []);
    assert_eq!(store.open_incidents().await.unwrap().incidents.len(), 1, "what ended is not open");
    store.put_item(&id, &open("seen", 0), 2, soon, false).await.unwrap();
    assert_eq!(store.ended_on(day, 10).await.unwrap(), [], "it is open again");
}

/// The ranks of open items as the index sorts them: worst first, then oldest.
#[tokio::test]
async fn the_worst_and_oldest_ranks_first() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    let worst_first = [
        Item::Incident(statusphere_domain::Incident { impact: Indicator::Critical, ..incident("d", 50) }),
        Item::Incident(incident("c", 10)),
        Item::Incident(incident("b", 20)),
        Item::Incident(statusphere_domain::Incident { impact: Indicator::None, ..incident("a", 0) }),
    ];
    for item in &worst_first {
        store.put_item(&id, item, 1, at(0), false).await.unwrap();
    }
    let ranks: Vec<_> = engine.records().iter().map(|r| r["dynamodb"]["NewImage"]["rank"]["S"].to_string()).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Observations in any order, some twice: the newest of the latest sequence is what stays.
    #[test]
    fn the_newest_observation_stays(times in proptest::collection::vec(0_i64..8, 1..16)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Engine::start().await.store();
            let (id, key) = (page("acme"), open("k1", 0).key());
            let mut newest = i64::MIN;
            for time in &times {
                let written = store.put_item(&id, &over("k1", *time), time.unsigned_abs() + 1, at(*time), false).await;
                let expected = if *time > newest { Written::Yes } else { Written::Outdated };
                assert_eq!(written.unwrap(), expected);
                newest = newest.max(*time);
                let stored = store.items(&id, [&key]).await.unwrap();
                assert_eq!(stored[&key], (over("k1", newest), newest.unsigned_abs() + 1));
            }
        });
    }
}

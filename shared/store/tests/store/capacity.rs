//! What each access path costs, in capacity units x 10, as `docs/decisions/0001-table.md` lists them.

use std::collections::BTreeMap;

use statusphere_domain::{ComponentStatus, PageState, Step, Transition};
use statusphere_store::{Consumed, Current, Store, Timeline};

use crate::support::{Engine, at, component, maintenance, open, over, page};

/// What was used since the last look.
struct Meter(Consumed);

impl Meter {
    fn read(&mut self, store: &Store) -> Consumed {
        let now = store.consumed();
        let used = Consumed { read: now.read - self.0.read, written: now.written - self.0.written };
        self.0 = now;
        used
    }
}

fn units(read: u64, written: u64) -> Consumed {
    Consumed { read, written }
}

fn state(minute: i64) -> PageState {
    PageState {
        provider: Some("statuspage".to_owned()),
        last_attempt: Some(at(minute)),
        last_success: Some(at(minute)),
        hash: Some("00112233445566778899aabbccddeeff".to_owned()),
        ..PageState::default()
    }
}

#[tokio::test]
async fn a_scrape_reads_half_a_unit_and_writes_one() {
    let store = Engine::start().await.store();
    let (id, mut meter) = (page("acme"), Meter(store.consumed()));
    store.state(&id).await.unwrap();
    assert_eq!(meter.read(&store), units(5, 0), "a page that is not there");
    store.put_scrape(&id, &state(0), None).await.unwrap();
    assert_eq!(meter.read(&store), units(0, 10));
    store.put_scrape(&id, &state(5), None).await.unwrap();
    assert_eq!(meter.read(&store), units(0, 10), "the heartbeat");
    store.put_history(&id, &state(5)).await.unwrap();
    assert_eq!(meter.read(&store), units(0, 10));
    store.state(&id).await.unwrap();
    assert_eq!(meter.read(&store), units(5, 0));
}

#[tokio::test]
async fn an_item_pays_for_its_indexes() {
    let store = Engine::start().await.store();
    let (id, mut meter) = (page("acme"), Meter(store.consumed()));
    store.put_item(&id, &open("k1", 0), 1, at(0), false).await.unwrap();
    assert_eq!(meter.read(&store), units(0, 30), "the table and both indexes");
    store.put_item(&id, &over("k2", 0), 1, at(0), true).await.unwrap();
    assert_eq!(meter.read(&store), units(0, 20), "the table and by-start");
    store.put_item(&id, &over("k1", 0), 2, at(1), false).await.unwrap();
    assert_eq!(meter.read(&store), units(0, 30), "leaving an index costs as much as entering it");
    store.items(&id, [&open("k1", 0).key(), &open("k2", 0).key()]).await.unwrap();
    assert_eq!(meter.read(&store), units(10, 0), "half a unit an item");
    store.item(&id, &open("k1", 0).key()).await.unwrap();
    assert_eq!(meter.read(&store), units(5, 0));
}

#[tokio::test]
async fn components_cost_one_small_item() {
    let store = Engine::start().await.store();
    let (id, mut meter) = (page("acme"), Meter(store.consumed()));
    let component = |n| component(&format!("part{n}"), ComponentStatus::Operational);
    let current = Current { components: Some((0..40).map(component).collect()), ..Current::default() };
    store.put_current(&id, &current, &[], at(0), false).await.unwrap();
    assert_eq!(meter.read(&store), units(0, 10), "forty components fit into one unit");
    let stored = store.current(&id).await.unwrap();
    assert_eq!(meter.read(&store), units(5, 0));
    let step = Step { transition: Transition::Readable { to: true }, since: at(0) };
    store.put_current(&id, &stored, std::slice::from_ref(&step), at(1), false).await.unwrap();
    assert_eq!(meter.read(&store), units(0, 40), "both or none costs double");
    let unreadable = PageState { unreadable_since: Some(at(5)), ..state(5) };
    let unread = Step { transition: Transition::Readable { to: false }, since: at(0) };
    store.put_readable(&id, &unreadable, None, &[unread], at(2), false).await.unwrap();
    assert_eq!(meter.read(&store), units(0, 40));
}

#[tokio::test]
async fn lists_cost_half_a_unit_per_four_kilobytes() {
    let store = Engine::start().await.store();
    let id = page("acme");
    for n in 0..10 {
        store.put_item(&id, &over(&format!("k{n}"), n), 1, at(0), true).await.unwrap();
        store.put_item(&id, &maintenance(&format!("k{n}"), n), 1, at(0), true).await.unwrap();
    }
    let mut meter = Meter(store.consumed());
    store.timeline(&id, &Timeline { limit: Some(10), ..Timeline::default() }).await.unwrap();
    let used = meter.read(&store);
    assert!(used.read <= 10 && used.written == 0, "{used:?}");
    store.maintenances(&id).await.unwrap();
    assert!(meter.read(&store).read <= 10);
}

#[tokio::test]
async fn the_states_of_some_pages_cost_half_a_unit_each() {
    let store = Engine::start().await.store();
    let pages: Vec<_> = (0..12).map(|n| page(&format!("page-{n}"))).collect();
    for id in &pages {
        store.put_scrape(id, &state(5), None).await.unwrap();
    }
    let mut meter = Meter(store.consumed());
    store.states(&pages).await.unwrap();
    assert_eq!(meter.read(&store), units(60, 0));
}

#[tokio::test]
async fn a_history_costs_half_a_unit_per_four_kilobytes_and_its_beginning_half_a_one() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let mut current = Current::default();
    for minute in 0..10 {
        let step = Step { transition: Transition::Readable { to: minute % 2 == 0 }, since: at(minute) };
        store.put_current(&id, &current, &[step], at(minute), false).await.unwrap();
        current = store.current(&id).await.unwrap();
    }
    let mut meter = Meter(store.consumed());
    store.history(&id, at(0)).await.unwrap();
    assert_eq!(meter.read(&store), units(5, 0), "ten steps are below 4 KB");
    store.begun(&id).await.unwrap();
    assert_eq!(meter.read(&store), units(5, 0));
}

#[tokio::test]
async fn what_is_open_everywhere_costs_half_a_unit_per_four_kilobytes() {
    let store = Engine::start().await.store();
    for n in 0..10 {
        store.put_item(&page(&format!("page-{n}")), &open("k1", n), 1, at(0), false).await.unwrap();
    }
    let mut meter = Meter(store.consumed());
    store.open_incidents().await.unwrap();
    let used = meter.read(&store);
    assert!(used.read <= 10 && used.written == 0, "{used:?}");
}

#[tokio::test]
async fn a_live_shard_costs_a_read_and_a_write_and_a_refresh_little() {
    let store = Engine::start().await.store();
    let mut meter = Meter(store.consumed());
    let states = (0..25_u64).map(|n| (page(&format!("page-{n}")), PageState { version: n, ..state(5) })).collect();
    store.merge_live(0, states, || at(5)).await.unwrap();
    assert_eq!(meter.read(&store), units(10, 10), "the 25 pages of a shard");
    let newer = BTreeMap::from([(page("page-1"), PageState { version: 9, ..state(6) })]);
    store.merge_live(0, newer, || at(6)).await.unwrap();
    assert_eq!(meter.read(&store), units(10, 10));
    store.live().await.unwrap();
    assert_eq!(meter.read(&store), units(5, 0));
}

#[tokio::test]
async fn a_tick_costs_three_units() {
    let store = Engine::start().await.store();
    let mut meter = Meter(store.consumed());
    store.last_slot().await.unwrap();
    store.lanes().await.unwrap();
    store.finish_slot(at(0)).await.unwrap();
    let used = meter.read(&store);
    assert!(used.read <= 20 && used.written == 10, "{used:?}");
}

//! Lists of a page's incidents and maintenances, and their cursors.

use std::collections::BTreeSet;

use statusphere_domain::Item;
use statusphere_store::{StoreError, Timeline};

use crate::support::{Engine, at, maintenance, open, over, page, walk};

#[tokio::test]
async fn five_hundred_items_are_walked_newest_first_none_missing_none_twice() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let mut keys = BTreeSet::new();
    for n in 0..500_i64 {
        // Written in no order, ten of them at each minute.
        let start = (n * 37) % 50;
        let item = if n % 9 == 0 { maintenance(&format!("k{n}"), start) } else { over(&format!("k{n}"), start) };
        store.put_item(&id, &item, 1, at(0), true).await.unwrap();
        keys.insert(item.key());
    }
    let walked = walk(&store, &id, 7).await;
    assert_eq!(walked.len(), 500);
    assert_eq!(walked.iter().map(Item::key).collect::<BTreeSet<_>>(), keys);
    assert!(walked.is_sorted_by(|newer, older| newer.starts_at() >= older.starts_at()));
}

#[tokio::test]
async fn an_item_has_its_own_cursor_and_its_sequence() {
    let store = Engine::start().await.store();
    let id = page("acme");
    for n in 0..5 {
        store.put_item(&id, &open(&format!("k{n}"), n), n.unsigned_abs() + 1, at(0), false).await.unwrap();
    }
    let all = store.timeline(&id, &Timeline::default()).await.unwrap();
    assert!(!all.more);
    assert_eq!(all.items.iter().map(|(_, sequence, _)| *sequence).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
    for (n, (_, _, cursor)) in all.items.iter().enumerate() {
        let rest =
            store.timeline(&id, &Timeline { cursor: Some(cursor.clone()), ..Timeline::default() }).await.unwrap();
        let rest: Vec<_> = rest.items.iter().map(|(item, _, _)| item).collect();
        assert_eq!(rest, all.items[n + 1..].iter().map(|(item, _, _)| item).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_page_without_items_has_an_empty_list() {
    let store = Engine::start().await.store();
    let slice = store.timeline(&page("acme"), &Timeline { limit: Some(5), ..Timeline::default() }).await.unwrap();
    assert!(slice.items.is_empty() && !slice.more);
    assert!(store.maintenances(&page("acme")).await.unwrap().is_empty());
}

#[tokio::test]
async fn foreign_cursors_are_refused() {
    let store = Engine::start().await.store();
    for slug in ["acme", "globex"] {
        store.put_item(&page(slug), &open("k1", 0), 1, at(0), false).await.unwrap();
    }
    let globex = store.timeline(&page("globex"), &Timeline::default()).await.unwrap().items.remove(0).2;
    let foreign = [
        String::new(),
        "0".to_owned(),
        "next".to_owned(),
        "%%%".to_owned(),
        "a".repeat(100_000),
        // In base64: `acme`, `acme\nSTATE`, `acme\n2026#STATE`, `acme\n2026#INC#` and far too much, and no text at all.
        "YWNtZQ".to_owned(),
        "YWNtZQpTVEFURQ".to_owned(),
        "YWNtZQoyMDI2I1NUQVRF".to_owned(),
        format!("YWNtZQoyMDI2I0lOQyM{}", "eHh4".repeat(1000)),
        "_____w".to_owned(),
        format!("{globex}="),
        globex,
    ];
    for cursor in foreign {
        let wanted = Timeline { limit: Some(5), cursor: Some(cursor.clone()), ..Timeline::default() };
        let answer = store.timeline(&page("acme"), &wanted).await;
        assert!(matches!(answer, Err(StoreError::Cursor)), "{cursor:.60}: {answer:?}");
    }
}

#[tokio::test]
async fn a_range_of_starts_is_listed_with_its_first_moment_and_without_its_last() {
    let store = Engine::start().await.store();
    let id = page("acme");
    for n in 0..10 {
        store.put_item(&id, &over(&format!("k{n}"), n), 1, at(0), true).await.unwrap();
        store.put_item(&id, &maintenance(&format!("m{n}"), n), 1, at(0), true).await.unwrap();
        store.put_item(&page("globex"), &over(&format!("k{n}"), n), 1, at(0), true).await.unwrap();
    }
    for (from, to) in
        [(None, None), (Some(3), None), (None, Some(7)), (Some(3), Some(7)), (Some(3), Some(4)), (Some(-5), Some(99))]
    {
        let expected: Vec<i64> =
            (from.unwrap_or(0).max(0)..to.unwrap_or(10).min(10)).rev().flat_map(|n| [n, n]).collect();
        for limit in [1, 3, 100] {
            let mut wanted = Timeline { limit: Some(limit), from: from.map(at), to: to.map(at), ..Timeline::default() };
            let mut starts = Vec::new();
            loop {
                let slice = store.timeline(&id, &wanted).await.unwrap();
                starts.extend(slice.items.iter().map(|(item, ..)| (item.starts_at() - at(0)).num_minutes()));
                wanted.cursor = slice.items.last().map(|(_, _, cursor)| cursor.clone());
                if !slice.more {
                    break;
                }
            }
            assert_eq!(starts, expected, "{from:?} to {to:?}, {limit} at once");
        }
    }
    for limit in [None, Some(1), Some(7)] {
        let (mut wanted, mut titles) = (Timeline { limit, planned: true, ..Timeline::default() }, Vec::new());
        loop {
            let slice = store.timeline(&id, &wanted).await.unwrap();
            titles.extend(slice.items.iter().map(|(item, ..)| item.key()));
            wanted.cursor = slice.items.last().map(|(_, _, cursor)| cursor.clone());
            if !slice.more {
                break;
            }
        }
        let expected: Vec<_> = (0..10).rev().map(|n| maintenance(&format!("m{n}"), n).key()).collect();
        assert_eq!(titles, expected, "planned work alone, {limit:?} at once");
    }
    for (from, to) in [(5, 5), (6, 5)] {
        let wanted = Timeline { from: Some(at(from)), to: Some(at(to)), ..Timeline::default() };
        let slice = store.timeline(&id, &wanted).await.unwrap();
        assert!(slice.items.is_empty() && !slice.more, "{from} to {to}");
    }
}

#[tokio::test]
async fn a_cursor_from_outside_of_the_range_is_refused() {
    let store = Engine::start().await.store();
    let id = page("acme");
    for n in 0..4 {
        store.put_item(&id, &over(&format!("k{n}"), n), 1, at(0), true).await.unwrap();
    }
    let all = store.timeline(&id, &Timeline::default()).await.unwrap().items;
    for (item, _, cursor) in all {
        let start = item.starts_at();
        for (from, to) in
            [(Some(at(1)), Some(at(3))), (Some(at(1)), None), (None, Some(at(3))), (Some(at(3)), Some(at(1)))]
        {
            let inside = from.is_none_or(|from| start >= from) && to.is_none_or(|to| start < to);
            let answer = store
                .timeline(&id, &Timeline { limit: None, cursor: Some(cursor.clone()), from, to, planned: false })
                .await;
            assert_eq!(answer.is_ok(), inside, "{start} in {from:?} to {to:?}");
            assert!(inside || matches!(answer, Err(StoreError::Cursor)));
        }
    }
}

#[tokio::test]
async fn a_start_that_is_corrected_moves_the_item() {
    let store = Engine::start().await.store();
    let id = page("acme");
    store.put_item(&id, &open("k1", 0), 1, at(0), false).await.unwrap();
    store.put_item(&id, &open("k2", 5), 1, at(0), false).await.unwrap();
    store.put_item(&id, &open("k1", 9), 2, at(1), false).await.unwrap();
    assert_eq!(walk(&store, &id, 10).await, [open("k1", 9), open("k2", 5)]);
}

#[tokio::test]
async fn all_maintenances_are_listed_and_no_incidents() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let mut keys = BTreeSet::new();
    for n in 0..30 {
        let item = maintenance(&format!("m{n}"), n);
        store.put_item(&id, &item, 1, at(0), false).await.unwrap();
        store.put_item(&id, &open(&format!("m{n}"), n), 1, at(0), false).await.unwrap();
        keys.insert(item.key());
    }
    let listed = store.maintenances(&id).await.unwrap();
    assert_eq!(listed.len(), 30);
    assert_eq!(listed.iter().map(Item::key).collect::<BTreeSet<_>>(), keys);
}

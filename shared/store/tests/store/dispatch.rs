//! The dispatcher's item: a slot never goes back.

use statusphere_store::Written;

use crate::support::{Engine, at};

#[tokio::test]
async fn the_last_slot_only_moves_on() {
    let store = Engine::start().await.store();
    assert_eq!(store.last_slot().await.unwrap(), None);
    for (slot, written, last) in [
        (5, Written::Yes, 5),
        (5, Written::Outdated, 5),
        (4, Written::Outdated, 5),
        (9, Written::Yes, 9),
        (8, Written::Outdated, 9),
    ] {
        assert_eq!(store.finish_slot(at(slot)).await.unwrap(), written);
        assert_eq!(store.last_slot().await.unwrap(), Some(at(last)));
    }
}

#[tokio::test]
async fn of_two_who_finish_at_once_the_later_slot_stays() {
    let engine = Engine::start().await;
    for n in 0..20 {
        let (one, other) = (engine.store(), engine.store());
        let (earlier, later) = tokio::join!(one.finish_slot(at(n)), other.finish_slot(at(n + 1)));
        assert!(earlier.is_ok() && later.is_ok());
        assert_eq!(one.last_slot().await.unwrap(), Some(at(n + 1)));
    }
}

#[tokio::test]
async fn a_table_that_is_there_is_left_alone() {
    let store = Engine::start().await.store();
    store.finish_slot(at(3)).await.unwrap();
    store.create_table().await.unwrap();
    assert_eq!(store.last_slot().await.unwrap(), Some(at(3)));
}

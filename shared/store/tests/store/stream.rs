//! What the table's stream shows of each write.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use statusphere_domain::{Indicator, PageId, PageState, Step, Transition};
use statusphere_store::{Current, Image, StoreError, read_image};

use crate::support::{Engine, at, maintenance, open, over, page};

fn image(value: &Value) -> Result<Option<(PageId, Image)>, StoreError> {
    read_image(serde_json::from_value(value.clone()).unwrap())
}

#[tokio::test]
async fn each_write_shows_with_its_old_and_its_new_image() {
    let engine = Engine::start().await;
    let (store, id) = (engine.store(), page("acme"));
    store.put_item(&id, &open("k1", 0), 1, at(1), false).await.unwrap();
    store.put_item(&id, &over("k1", 0), 2, at(2), true).await.unwrap();
    store.put_item(&id, &maintenance("m1", 0), 1, at(3), false).await.unwrap();
    let step = |transition| Step { transition, since: at(2) };
    let steps = vec![
        step(Transition::Indicator { from: None, to: Some(Indicator::Major) }),
        step(Transition::Component { id: "c1".to_owned(), name: "API".to_owned(), from: None, to: None }),
    ];
    store.put_current(&id, &Current::default(), &steps, at(4), true).await.unwrap();
    let state = PageState { last_attempt: Some(at(5)), unreadable_since: Some(at(5)), ..PageState::default() };
    let readable = step(Transition::Readable { to: false });
    store.put_readable(&id, &state, None, std::slice::from_ref(&readable), at(5), false).await.unwrap();

    let item = |item, key: &str, sequence, minute, baseline| Image::Item {
        key: key.to_owned(),
        item: Box::new(item),
        sequence,
        at: at(minute).timestamp_millis(),
        baseline,
    };
    let opened = item(open("k1", 0), "INC#k1", 1, 1, false);
    let transitions = |minute, with: &str, steps, baseline| Image::Transitions {
        key: format!("TR#2026-01-01T00:0{minute}:00.000Z#{with}"),
        steps,
        at: at(minute).timestamp_millis(),
        baseline,
    };
    let expected = [
        (None, opened.clone()),
        (Some(opened), item(over("k1", 0), "INC#k1", 2, 2, true)),
        (None, item(maintenance("m1", 0), "MNT#m1", 1, 3, false)),
        (None, transitions(4, "COMPONENTS", steps, true)),
        (None, Image::State(Box::new(PageState { version: 1, ..state }))),
        (None, transitions(5, "STATE", vec![readable], false)),
    ];
    // What a transaction writes comes in any order; components say nothing.
    let mut records = engine.records();
    records.retain(|record| record["dynamodb"]["Keys"]["sk"]["S"] != "COMPONENTS");
    records[3..].sort_by_key(|record| record["dynamodb"]["Keys"]["sk"]["S"] == "TR#2026-01-01T00:05:00.000Z#STATE");
    assert_eq!(records.len(), expected.len());
    for (record, (old, new)) in records.iter().zip(expected) {
        assert_eq!(image(&record["dynamodb"]["NewImage"]).unwrap(), Some((id.clone(), new)));
        let before = record["dynamodb"].get("OldImage").map(|old| image(old).unwrap().unwrap().1);
        assert_eq!(before, old);
    }
}

#[tokio::test]
async fn the_tables_other_items_say_nothing() {
    let engine = Engine::start().await;
    let store = engine.store();
    store.finish_slot(at(0)).await.unwrap();
    let state = PageState { version: 1, ..PageState::default() };
    store.merge_live(0, BTreeMap::from([(page("acme"), state)]), || at(0)).await.unwrap();
    store.put_current(&page("acme"), &Current::default(), &[], at(0), false).await.unwrap();
    for record in engine.records() {
        assert_eq!(image(&record["dynamodb"]["NewImage"]).unwrap(), None, "{record}");
    }
    // The image of an item that was removed, or that is not there before the first write.
    assert_eq!(image(&json!({})).unwrap(), None);
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_named() {
    let engine = Engine::start().await;
    engine.store().put_item(&page("acme"), &open("k1", 0), 1, at(1), false).await.unwrap();
    let good = engine.last_image();
    let broken = [
        ("data", json!({"B": "AAAA"})),
        ("data", json!({"S": "text"})),
        ("data", Value::Null),
        ("at", json!({"S": "yesterday"})),
        ("v", json!({"N": "2"})),
        ("v", Value::Null),
    ];
    for (field, value) in broken {
        let mut image_json = good.clone();
        image_json.as_object_mut().unwrap().remove(field);
        if !value.is_null() {
            image_json[field] = value.clone();
        }
        let error = image(&image_json).unwrap_err().to_string();
        assert!(error.contains("INC#k1") && error.contains("PAGE#acme"), "{field} {value}: {error}");
    }
    let state = json!({"pk": {"S": "PAGE#acme"}, "sk": {"S": "STATE"}, "version": {"S": "many"}});
    let error = image(&state).unwrap_err().to_string();
    assert!(error.contains("STATE") && error.contains("PAGE#acme"), "{error}");
}

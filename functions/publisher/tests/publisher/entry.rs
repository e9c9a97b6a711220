//! The Lambda entry: the shipped event goes through it, the table's other items say nothing, broken ones are named.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use statusphere_domain::{Component, ComponentStatus, IncidentStatus, Item, PageState};
use statusphere_store::Current;

use crate::support::{Bench, Delivered, at, incident, page, read};

#[tokio::test]
async fn the_shipped_event_goes_through() {
    let bench = Bench::start().await;
    let event: Value = serde_json::from_str(include_str!("../../../../events/table-stream.json")).unwrap();
    let answer = bench.publisher.handle(event).await.unwrap();
    let told: Vec<_> = bench.delivered().iter().map(Delivered::told).collect();
    assert_eq!(answer, json!({"events": told.len(), "pages": 2}));
    assert!(told.iter().any(|event| event == "IncidentOpened acme/INC#k1example/1"), "{told:?}");
    assert!(told.iter().any(|event| event.starts_with("IndicatorChanged acme/TR#")), "{told:?}");
    assert!(told.iter().any(|event| event == "BackfillRequested globex/"), "{told:?}");
    assert_eq!(bench.store.live().await.unwrap().len(), 2);
}

#[tokio::test]
async fn records_that_a_person_read_from_the_stream_go_through() {
    let bench = Bench::start().await;
    let mut event: Value = serde_json::from_str(include_str!("../../../../events/table-stream.json")).unwrap();
    // The command line prints times as text; docs/operations.md has them left out.
    for record in event["Records"].as_array_mut().unwrap() {
        record["dynamodb"].as_object_mut().unwrap().remove("ApproximateCreationDateTime").unwrap();
    }
    let answer = bench.publisher.handle(event).await.unwrap();
    assert_eq!(answer["pages"], 2);
}

#[tokio::test]
async fn the_tables_other_items_say_nothing() {
    let bench = Bench::start().await;
    bench.store.finish_slot(at(0)).await.unwrap();
    bench
        .store
        .merge_live(0, BTreeMap::from([(page("acme"), PageState { version: 1, ..read(0) })]), || at(0))
        .await
        .unwrap();
    let status = ComponentStatus::MajorOutage;
    let component = Component { id: "api".to_owned(), name: "API".to_owned(), group: None, status };
    let current = Current { components: Some(vec![component]), ..Current::default() };
    bench.store.put_current(&page("acme"), &current, &[], at(0), false).await.unwrap();
    let records = bench.records();
    assert_eq!(records.len(), 3);
    let before = bench.store.consumed();
    assert_eq!(bench.publish(&records).await.unwrap(), json!({"events": 0, "pages": 0}));
    assert_eq!(bench.store.consumed(), before);
    assert!(bench.delivered().is_empty());
}

#[tokio::test]
async fn an_item_that_was_removed_says_nothing() {
    let bench = Bench::start().await;
    let item = Item::Incident(incident("k1", IncidentStatus::Investigating));
    bench.store.put_item(&page("acme"), &item, 1, at(5), false).await.unwrap();
    let mut record = bench.records().remove(0);
    record["eventName"] = json!("REMOVE");
    let image = record["dynamodb"].as_object_mut().unwrap().remove("NewImage").unwrap();
    record["dynamodb"]["OldImage"] = image;
    assert_eq!(bench.publish(&[record]).await.unwrap(), json!({"events": 0, "pages": 0}));
}

#[tokio::test]
async fn a_broken_record_is_an_error_that_names_the_item() {
    let bench = Bench::start().await;
    let item = Item::Incident(incident("k1", IncidentStatus::Investigating));
    bench.store.put_item(&page("acme"), &item, 1, at(5), false).await.unwrap();
    bench.store.put_item(&page("acme"), &item, 2, at(6), false).await.unwrap();
    let record = bench.records().remove(1);
    for image in ["NewImage", "OldImage"] {
        for data in [json!({"B": "AAAA"}), json!({"N": "1"})] {
            let mut broken = record.clone();
            broken["dynamodb"][image]["data"] = data;
            let error = format!("{:#}", bench.publish(&[broken]).await.unwrap_err());
            assert!(error.contains("PAGE#acme") && error.contains("INC#k1"), "{error}");
        }
    }
}

#[tokio::test]
async fn what_is_no_batch_is_refused() {
    let bench = Bench::start().await;
    for payload in [json!({}), json!(null), json!({"Records": "many"}), json!({"Records": [{"dynamodb": 7}]})] {
        assert!(bench.publisher.handle(payload.clone()).await.is_err(), "{payload}");
    }
    assert_eq!(bench.publish(&[]).await.unwrap(), json!({"events": 0, "pages": 0}));
}

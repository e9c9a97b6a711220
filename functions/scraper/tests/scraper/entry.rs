//! The Lambda entry: the shipped events go through it, others are refused.

use serde_json::{Value, json};

use crate::documents::{calm, newest, trouble};
use crate::support::{ACME, Bench, GLOBEX, Web, backfill_event, id, outcomes, scrape_event};

#[tokio::test]
async fn the_shipped_event_scrapes_both_of_its_pages() {
    let bench = Bench::start().await;
    let event: Value = serde_json::from_str(include_str!("../../../../events/scrape-requested.json")).unwrap();
    let web = Web::default().summary(ACME, &calm()).summary(GLOBEX, &trouble());
    let answer = bench.scraper(web.open()).handle(event).await.unwrap();
    assert_eq!(answer, json!({"pages": {"acme": {"outcome": "changed"}, "globex": {"outcome": "changed"}}}));
    for slug in ["acme", "globex"] {
        assert!(bench.store.state(&id(slug)).await.unwrap().is_indexed(), "{slug}");
    }
}

#[tokio::test]
async fn the_shipped_event_of_a_backfill_goes_through() {
    let bench = Bench::start().await;
    let event: Value = serde_json::from_str(include_str!("../../../../events/backfill-requested.json")).unwrap();
    // A page that was never read has no provider to ask.
    let answer = bench.scraper(Web::default().open()).handle(event.clone()).await.unwrap();
    assert_eq!(answer, json!({"page": "acme", "items": 0}));
    bench.scrape(Web::default().summary(ACME, &calm())).await;
    bench.backfill(Web::default().json(&format!("{ACME}/api/v2/incidents.json"), &newest(&[])), "").await;
    assert_eq!(bench.state().await.backfill.as_deref(), Some("1"));
    bench.scraper(Web::default().html(ACME, 404, "Nothing").open()).handle(event).await.unwrap();
    assert_eq!(bench.state().await.backfill, None);
}

#[tokio::test]
async fn what_is_not_for_the_scraper_is_refused() {
    let bench = Bench::start().await;
    let scraper = bench.scraper(Web::default().open());
    let mut other = scrape_event(&[("acme", ACME)]);
    other["detail-type"] = json!("IncidentOpened");
    let mut bad_slug = scrape_event(&[("acme", ACME)]);
    bad_slug["detail"]["pages"][0]["id"] = json!("Not A Slug");
    let mut no_cursor = backfill_event("acme", ACME, "");
    no_cursor["detail"].as_object_mut().unwrap().remove("cursor");
    for event in [other, bad_slug, no_cursor, json!({}), json!(null), json!([1])] {
        assert!(scraper.handle(event.clone()).await.is_err(), "{event}");
    }
    assert!(bench.written().is_empty());
}

#[tokio::test]
async fn a_page_that_does_not_answer_is_no_error_and_stops_no_other() {
    let bench = Bench::start().await;
    let scraper = bench.scraper(Web::default().summary(ACME, &calm()).open());
    let pages = [("nowhere", "https://status.nowhere.example"), ("acme", ACME), ("odd", "not an address")];
    let answer = scraper.handle(scrape_event(&pages)).await.unwrap();
    assert_eq!(outcomes(&answer)["nowhere"], "unread");
    assert_eq!(outcomes(&answer)["odd"], "unread");
    assert_eq!(outcomes(&answer)["acme"], "changed");
    assert_eq!(answer["pages"]["nowhere"]["failure"], "unreachable");
}

#[tokio::test]
async fn what_failed_is_read_again_from_both_kinds_of_dead_letters() {
    let bench = Bench::start().await;
    let undelivered = scrape_event(&[("acme", ACME)]);
    let failed = json!({"version": "1.0", "requestPayload": scrape_event(&[("globex", GLOBEX)])});
    let messages = [undelivered, failed].map(|body| json!({"messageId": "m", "body": body.to_string()}));
    let web = Web::default().summary(ACME, &calm()).summary(GLOBEX, &trouble());
    let answer = bench.scraper(web.open()).handle(json!({"Records": messages})).await.unwrap();
    assert_eq!(answer["redriven"].as_array().unwrap().len(), 2);
    for slug in ["acme", "globex"] {
        assert!(bench.store.state(&id(slug)).await.unwrap().is_indexed(), "{slug}");
    }
}

#[tokio::test]
async fn a_dead_letter_that_is_none_of_ours_stays_in_its_queue() {
    let bench = Bench::start().await;
    let scraper = bench.scraper(Web::default().open());
    for body in ["", "no JSON", "{}", r#"{"requestPayload": 7}"#] {
        assert!(scraper.handle(json!({"Records": [{"body": body}]})).await.is_err(), "{body}");
    }
    assert!(scraper.handle(json!({"Records": [{}]})).await.is_err());
}

#[tokio::test]
async fn an_event_without_pages_does_nothing() {
    let bench = Bench::start().await;
    let answer = bench.scraper(Web::default().open()).handle(scrape_event(&[])).await.unwrap();
    assert_eq!(answer, json!({"pages": {}}));
    assert!(bench.written().is_empty());
}

#[tokio::test]
async fn an_event_delivered_twice_at_once_leaves_what_one_leaves() {
    let bench = Bench::start().await;
    let scraper = bench.scraper(Web::default().summary(ACME, &trouble()).open());
    let event = scrape_event(&[("acme", ACME)]);
    let (one, other) = tokio::join!(scraper.handle(event.clone()), scraper.handle(event));
    assert!(one.is_ok() && other.is_ok());
    let state = bench.state().await;
    assert_eq!((state.version, state.open_incidents), (1, 1));
    let incidents: Vec<_> = bench.written().into_iter().filter(|(key, _)| key.starts_with("INC#")).collect();
    assert!(incidents.windows(2).all(|pair| pair[0] == pair[1]), "{incidents:?}");
}

//! Pages off the regular beat: every minute, or not before their pause is over.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::json;
use statusphere_bus::Bus;
use statusphere_dispatcher::{Dispatcher, Settings};
use statusphere_domain::Lane;
use statusphere_store::Store;
use tokio::net::TcpListener;

use crate::bus::{self, Log, Mood};
use crate::support::{Bench, all, at, catalogue};

/// The minutes of `minutes` in which this page was asked for.
async fn asked(bench: &Bench, slug: &str, minutes: std::ops::Range<i64>) -> Vec<i64> {
    let mut asked = Vec::new();
    for minute in minutes {
        bench.tick(at(minute)).await.unwrap();
        let pages = bench.log().pages();
        asked.extend(pages.iter().filter(|page| *page == slug).map(|_| minute));
    }
    asked
}

#[tokio::test]
async fn a_page_in_the_fast_lane_is_asked_for_every_minute() {
    let bench = Bench::start(3).await;
    bench.tick(at(0)).await.unwrap();
    bench.log();
    bench.lane("vendor-1", Some(Lane::Fast)).await;
    assert_eq!(asked(&bench, "vendor-1", 1..12).await, (1..12).collect::<Vec<_>>());
    bench.lane("vendor-1", None).await;
    assert_eq!(asked(&bench, "vendor-1", 12..22).await.len(), 2, "the regular beat");
}

#[tokio::test]
async fn a_page_is_left_alone_until_its_pause_is_over_and_is_then_on_the_regular_beat() {
    let bench = Bench::start(3).await;
    bench.tick(at(0)).await.unwrap();
    bench.log();
    bench.lane("vendor-1", Some(Lane::Later(at(21) + TimeDelta::seconds(1)))).await;
    let asked = asked(&bench, "vendor-1", 1..43).await;
    assert_eq!(asked.first(), Some(&22));
    // The scrape of minute 22 never wrote anything back.
    let beat: Vec<_> = (23..43).filter(|minute| minute % 5 == asked[1] % 5).collect();
    assert_eq!(asked[1..], beat);
}

#[tokio::test]
async fn a_person_who_asks_for_all_gets_those_that_pause_too() {
    let bench = Bench::start(20).await;
    bench.lane("vendor-1", Some(Lane::Later(at(500)))).await;
    bench.dispatcher.handle(json!({"time": "2026-01-01T00:05:00Z", "all": true})).await.unwrap();
    assert_eq!(bench.log().pages(), all(20));
}

#[tokio::test]
async fn without_the_lanes_a_tick_goes_on_with_the_regular_beat() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let table = format!("http://{}", listener.local_addr().unwrap());
    // A table that takes and gives items and has no index.
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let service = service_fn(|request: Request<Incoming>| async move {
                let queries = request.headers()["x-amz-target"].to_str().unwrap().ends_with(".Query");
                let (status, body) = if queries {
                    (400, r#"{"__type": "ValidationException", "message": "no such index"}"#)
                } else {
                    (200, "{}")
                };
                let response = Response::builder().status(status).header("content-type", "application/x-amz-json-1.0");
                Ok::<_, Infallible>(response.body(Full::new(Bytes::from(body))).unwrap())
            });
            let connection = TokioIo::new(connection);
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(connection, service));
        }
    });
    let store = Arc::new(Store::new(&statusphere_runtime::emulator(&table), "statusphere"));
    assert!(store.lanes().await.is_err());
    let log = Arc::new(Mutex::new(Log::default()));
    let endpoint = bus::listen(Arc::clone(&log), Arc::new(Mutex::new(Mood::Good))).await;
    let bus = Bus::new(&statusphere_runtime::emulator(&endpoint), "statusphere");
    let dispatcher = Dispatcher::new(store, bus, Arc::new(catalogue(20)), Settings { interval: 5, pages_per_event: 1 });
    let answer = dispatcher.handle(json!({"time": "2026-01-01T00:05:00Z"})).await.unwrap();
    assert_eq!(answer["pages"], 20);
    assert_eq!(log.lock().unwrap().pages(), all(20));
}

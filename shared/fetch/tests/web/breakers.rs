//! Hosts in trouble are left alone.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use statusphere_domain::FetchErrorKind::{Throttled, TimedOut, Unreachable};
use statusphere_domain::{Breaker, FetchErrorKind};
use tokio::task::JoinSet;

use crate::server::{Log, Visit, fetcher, impatient, now, pass, serve};

/// Answers `/404` with 404, `/200` with 200 and so on; `/to/<address>` redirects.
async fn honest(log: &Log) -> String {
    let log = log.clone();
    serve(move |mut visit: Visit| {
        log.note(&visit);
        async move {
            let path = visit.path()[1..].trim_end_matches(".json").to_owned();
            match path.strip_prefix("to/") {
                Some(to) => visit.answer(&format!("302 Found\r\nlocation: http://{to}.json"), "").await,
                None => visit.answer(&path.replace('+', "\r\nretry-after: "), "").await,
            }
        }
    })
    .await
}

#[tokio::test]
async fn after_three_failures_a_host_is_left_alone_until_one_request_decides() {
    let log = Log::default();
    let server = honest(&log).await;
    let fetcher = fetcher(&[&server]);
    let get = async |path: &str| fetcher.get(&format!("http://{server}/{path}.json")).await.map_err(|error| error.kind);
    for _ in 0..5 {
        assert_eq!(get("500").await.unwrap_err(), Unreachable);
    }
    assert_eq!(log.take().len(), 3, "the fourth and fifth were refused here");
    let refused = fetcher.get(&format!("http://{server}/200.json")).await.unwrap_err();
    assert_eq!(refused.detail, "127.0.0.1 is left alone for a while after 3 failures");
    assert!(refused.retry_after.unwrap() >= Duration::from_secs(30));
    pass(TimeDelta::minutes(1));
    assert_eq!(get("500").await.unwrap_err(), Unreachable);
    assert_eq!(get("200").await.unwrap_err(), Unreachable);
    assert_eq!(log.take().len(), 1, "one request was let through and failed");
    pass(TimeDelta::minutes(2));
    assert!(get("200").await.is_ok() && get("200").await.is_ok());
    assert_eq!((log.take().len(), fetcher.breaker("127.0.0.1")), (2, Breaker::default()));
}

#[tokio::test]
async fn a_host_that_asks_for_a_pause_gets_it_at_once() {
    let log = Log::default();
    let server = honest(&log).await;
    let fetcher = fetcher(&[&server]);
    let get = async |path: &str| fetcher.get(&format!("http://{server}/{path}.json")).await.map_err(|error| error.kind);
    assert_eq!(get("429+600").await.unwrap_err(), Throttled);
    pass(TimeDelta::seconds(599));
    assert_eq!(get("200").await.unwrap_err(), Throttled);
    assert_eq!(log.take().len(), 1);
    pass(TimeDelta::seconds(1));
    assert!(get("200").await.is_ok());
}

#[tokio::test]
async fn an_answer_of_any_kind_closes_a_breaker() {
    let log = Log::default();
    let server = honest(&log).await;
    let fetcher = fetcher(&[&server]);
    for path in
        ["500", "500", "404", "500", "500", "403", "503", "503", "410", "500", "500", "302", "500", "500", "200"]
    {
        let _ = fetcher.get(&format!("http://{server}/{path}.json")).await;
    }
    assert_eq!((log.take().len(), fetcher.breaker("127.0.0.1")), (15, Breaker::default()));
}

#[tokio::test]
async fn those_who_wait_behind_the_failures_are_spared_them() {
    let log = Log::default();
    let server = honest(&log).await;
    let fetcher = Arc::new(fetcher(&[&server]));
    let mut waiting = JoinSet::new();
    for _ in 0..12 {
        let (fetcher, url) = (fetcher.clone(), format!("http://{server}/500.json"));
        waiting.spawn(async move { fetcher.get(&url).await });
    }
    assert!(waiting.join_all().await.iter().all(Result::is_err));
    assert_eq!(log.take().len(), 3);
}

#[tokio::test]
async fn what_another_process_learned_holds_here_too_and_for_redirects() {
    let (front, back) = (Log::default(), Log::default());
    let (server, other) = (honest(&front).await, honest(&back).await);
    let other = other.replace("127.0.0.1", "localhost");
    let fetcher = fetcher(&[&server, &other]);
    let open = Breaker { failures: 1, open: Some((Throttled, now() + TimeDelta::hours(1))) };
    fetcher.set_breaker("localhost", open.clone());
    assert_eq!(fetcher.breaker("localhost"), open);
    let error = fetcher.get(&format!("http://{server}/to/{other}/200.json")).await.unwrap_err();
    assert_eq!((error.kind, error.retry_after), (Throttled, Some(Duration::from_hours(1))));
    assert_eq!((front.take().len(), back.take().len()), (1, 0));
    assert_eq!(fetcher.breaker("localhost"), open, "being refused is no failure");
    fetcher.set_breaker("localhost", Breaker::default());
    assert!(fetcher.get(&format!("http://{server}/to/{other}/200.json")).await.is_ok());
}

#[tokio::test]
async fn a_name_that_leads_inside_says_nothing_of_the_host() {
    let fetcher = fetcher(&[]);
    let open = Breaker { failures: 2, open: None };
    fetcher.set_breaker("localhost", open.clone());
    assert_eq!(fetcher.get("http://localhost/a.json").await.unwrap_err().kind, FetchErrorKind::Denied);
    assert_eq!(fetcher.breaker("localhost"), open);
}

#[tokio::test]
async fn whoever_spends_our_time_cannot_blame_another_for_it() {
    let slow = serve(async |mut visit: Visit| {
        let to = visit.path()[1..].to_owned();
        tokio::time::sleep(Duration::from_millis(300)).await;
        visit.answer(&format!("302 Found\r\nlocation: http://{to}"), "").await;
    })
    .await;
    let hung = serve(Visit::hang).await.replace("127.0.0.1", "localhost");
    let fetcher = impatient(&[&slow, &hung]);
    let error = fetcher.get(&format!("http://{slow}/{hung}/a.json")).await.unwrap_err();
    assert_eq!((error.kind, fetcher.breaker("localhost").failures), (TimedOut, 0));
    let error = fetcher.get(&format!("http://{hung}/a.json")).await.unwrap_err();
    assert_eq!((error.kind, fetcher.breaker("localhost").failures), (TimedOut, 1));
}

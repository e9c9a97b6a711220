//! What a host notices of us.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use statusphere_domain::FetchErrorKind;
use tokio::sync::Barrier;
use tokio::task::{JoinSet, yield_now};

use crate::server::{Visit, fetcher, impatient, serve};

#[tokio::test]
async fn we_say_who_we_are() {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = heads.clone();
    let server = serve(move |mut visit: Visit| {
        seen.lock().unwrap().push(visit.head.clone());
        async move { visit.answer("200 OK", "").await }
    })
    .await;
    fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap();
    let head = heads.lock().unwrap().pop().unwrap();
    let agent =
        format!("\r\nuser-agent: statusphere/{} (+https://statusphere.example/about)\r\n", env!("CARGO_PKG_VERSION"));
    assert!(head.contains(&agent), "{head}");
    assert!(head.contains("\r\naccept-encoding: gzip\r\n"), "{head}");
    assert!(!head.contains("\r\nreferer: ") && !head.contains("\r\ncookie: "), "{head}");
}

#[tokio::test]
async fn one_host_gets_one_request_at_a_time() {
    let (running, most, all) =
        (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counters = (running.clone(), most.clone(), all.clone());
    let server = serve(move |mut visit: Visit| {
        let (running, most, all) = counters.clone();
        async move {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            for _ in 0..200 {
                yield_now().await;
            }
            all.fetch_add(1, Ordering::SeqCst);
            running.fetch_sub(1, Ordering::SeqCst);
            visit.answer("200 OK", "").await;
        }
    })
    .await;
    let fetcher = Arc::new(fetcher(&[&server]));
    let mut requests = JoinSet::new();
    for number in 0..12 {
        let (fetcher, url) = (fetcher.clone(), format!("http://{server}/{number}"));
        requests.spawn(async move { fetcher.get(&url).await });
    }
    assert!(requests.join_all().await.iter().all(Result::is_ok));
    assert_eq!((most.load(Ordering::SeqCst), all.load(Ordering::SeqCst)), (1, 12));
}

#[tokio::test]
async fn different_hosts_do_not_wait_for_each_other() {
    let both = Arc::new(Barrier::new(2));
    let server = serve(move |mut visit: Visit| {
        let both = both.clone();
        async move {
            both.wait().await;
            visit.answer("200 OK", "").await;
        }
    })
    .await;
    let named = server.replace("127.0.0.1", "localhost");
    let fetcher = fetcher(&[&server, &named]);
    let (one, other) = (format!("http://{server}/"), format!("http://{named}/"));
    let (one, other) = tokio::join!(fetcher.get(&one), fetcher.get(&other));
    assert!(one.is_ok() && other.is_ok());
}

#[tokio::test]
async fn waiting_for_a_turn_does_not_count_as_slowness() {
    let server = serve(async |mut visit: Visit| match visit.path() {
        "/never" => visit.hang().await,
        _ => visit.answer("200 OK", "").await,
    })
    .await;
    let fetcher = impatient(&[&server]);
    let (hung, calm) = (format!("http://{server}/never"), format!("http://{server}/"));
    // The second one's turn comes when the first has used up as much time as each of them has.
    let (hung, calm) = tokio::join!(biased; fetcher.get(&hung), fetcher.get(&calm));
    assert_eq!(hung.unwrap_err().kind, FetchErrorKind::TimedOut);
    assert!(calm.is_ok());
}

#[tokio::test]
async fn a_request_that_is_given_up_frees_its_host() {
    let server = serve(async |mut visit: Visit| match visit.path() {
        "/never" => visit.hang().await,
        _ => visit.answer("200 OK", "").await,
    })
    .await;
    let fetcher = Arc::new(fetcher(&[&server]));
    let given_up = tokio::spawn({
        let (fetcher, url) = (fetcher.clone(), format!("http://{server}/never"));
        async move { fetcher.get(&url).await }
    });
    yield_now().await;
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    assert!(fetcher.get(&format!("http://{server}/")).await.is_ok());
}

//! Redirects: each is a new address, with all that is checked for one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use statusphere_domain::FetchErrorKind;
use tokio::sync::Barrier;

use crate::server::{fetcher, serve};

#[tokio::test]
async fn redirects_are_followed_and_the_last_address_is_told() {
    let server = serve(async |mut visit| match visit.path() {
        "/old" => visit.answer("301 Moved Permanently\r\nlocation: /newer?x=1#part", "moved").await,
        "/newer?x=1" => visit.answer("307 Temporary Redirect\r\nlocation: newest", "").await,
        "/newest" => visit.answer("200 OK\r\ncontent-type: text/plain", "here").await,
        path => panic!("asked for {path}"),
    })
    .await;
    let response = fetcher(&[&server]).get(&format!("http://{server}/old#top")).await.unwrap();
    assert_eq!(response.url, format!("http://{server}/newest"));
    assert_eq!((response.status, response.body.as_slice()), (200, b"here".as_slice()));
    assert_eq!(response.content_type.as_deref(), Some("text/plain"));
}

#[tokio::test]
async fn an_allowed_host_does_not_vouch_for_its_other_ports_or_for_others() {
    let inner = serve(async |_| panic!("an inner server was reached")).await;
    let inner_port = inner.rsplit(':').next().unwrap().to_owned();
    let targets = [
        format!("http://{inner}/"),
        format!("//{inner}/"),
        format!("http://localhost:{inner_port}/"),
        format!("http://[::1]:{inner_port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://127.0.0.1/".to_owned(),
        "http://localhost/".to_owned(),
    ];
    for target in targets {
        let location = target.clone();
        let server = serve(move |mut visit| {
            let location = location.clone();
            async move { visit.answer(&format!("302 Found\r\nlocation: {location}"), "").await }
        })
        .await;
        let error = fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap_err();
        assert_eq!(error.kind, FetchErrorKind::Denied, "{target}: {}", error.detail);
    }
}

#[tokio::test]
async fn loops_end_after_the_last_allowed_redirect() {
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = visits.clone();
    let server = serve(move |mut visit| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move { visit.answer("302 Found\r\nlocation: /again", "").await }
    })
    .await;
    let error = fetcher(&[&server]).get(&format!("http://{server}/again")).await.unwrap_err();
    assert_eq!((error.kind, error.detail.as_str()), (FetchErrorKind::Unusable, "redirects more than 5 times"));
    assert_eq!(visits.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_unusable() {
    let server = serve(async |mut visit| visit.answer("302 Found", "").await).await;
    let error = fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap_err();
    assert_eq!((error.kind, error.detail.as_str()), (FetchErrorKind::Unusable, "HTTP 302"));
}

#[tokio::test]
async fn two_hosts_that_redirect_to_each_other_do_not_wait_for_ever() {
    let both = Arc::new(Barrier::new(2));
    let server = serve(move |mut visit| {
        let both = both.clone();
        async move {
            let Some(target) = visit.path().strip_prefix("/go/").map(str::to_owned) else {
                return visit.answer("200 OK", "").await;
            };
            // Only once both requests have their host's turn does either learn where to go.
            both.wait().await;
            visit.answer(&format!("302 Found\r\nlocation: http://{target}/"), "").await;
        }
    })
    .await;
    let named = server.replace("127.0.0.1", "localhost");
    let fetcher = fetcher(&[&server, &named]);
    let (one, other) = (format!("http://{server}/go/{named}"), format!("http://{named}/go/{server}"));
    let done = async { tokio::join!(fetcher.get(&one), fetcher.get(&other)) };
    let (one, other) = tokio::time::timeout(Duration::from_secs(10), done).await.expect("neither waits for ever");
    assert_eq!(one.unwrap().url, format!("http://{named}/"));
    assert_eq!(other.unwrap().url, format!("http://{server}/"));
}

//! Statuses and broken connections, as the caller sees them.

use std::time::Duration;

use statusphere_domain::FetchErrorKind::{Denied, Gone, NotFound, Throttled, Unreachable};
use statusphere_domain::{FetchError, FetchErrorKind};
use tokio::net::TcpListener;

use crate::server::{Visit, fetcher, serve};

async fn failure(status_and_headers: &'static str) -> FetchError {
    let server = serve(async move |mut visit: Visit| visit.answer(status_and_headers, "no document").await).await;
    fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap_err()
}

#[tokio::test]
async fn statuses_have_their_kinds() {
    for (status, kind, detail) in [
        ("404 Not Found", NotFound, "HTTP 404"),
        ("400 Bad Request", NotFound, "HTTP 400"),
        ("410 Gone", Gone, "HTTP 410"),
        ("401 Unauthorized", Denied, "HTTP 401"),
        ("403 Forbidden", Denied, "HTTP 403"),
        ("451 Unavailable For Legal Reasons", Denied, "HTTP 451"),
        ("429 Too Many Requests", Throttled, "HTTP 429"),
        ("500 Internal Server Error", Unreachable, "HTTP 500"),
        ("503 Service Unavailable", Unreachable, "HTTP 503"),
    ] {
        let error = failure(status).await;
        assert_eq!((error.kind, error.detail.as_str(), error.retry_after), (kind, detail, None));
    }
}

#[tokio::test]
async fn a_host_may_say_when_to_come_back() {
    let seconds = failure("429 Too Many Requests\r\nretry-after: 120").await;
    assert_eq!((seconds.kind, seconds.retry_after), (Throttled, Some(Duration::from_mins(2))));
    let busy = failure("503 Service Unavailable\r\nretry-after: 7").await;
    assert_eq!((busy.kind, busy.retry_after), (Throttled, Some(Duration::from_secs(7))));
    let past = failure("429 Too Many Requests\r\nretry-after: Wed, 21 Oct 2015 07:28:00 GMT").await;
    assert_eq!(past.retry_after, Some(Duration::ZERO));
    let far = failure("429 Too Many Requests\r\nretry-after: Tue, 31 Dec 2199 23:59:59 GMT").await;
    assert_eq!(far.retry_after, Some(Duration::from_hours(24)));
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let error = fetcher(&[&address]).get(&format!("http://{address}/")).await.unwrap_err();
    assert_eq!((error.kind, error.detail.as_str()), (FetchErrorKind::Unreachable, "connection refused"));
}

#[tokio::test]
async fn broken_connections_are_unreachable_in_a_few_words() {
    let hangs_up = serve(async |_| {}).await;
    let speaks_else = serve(async |mut visit| {
        visit.write("220 mail.example ESMTP\r\n\r\n").await;
    })
    .await;
    for (server, detail) in [(hangs_up, "the answer broke off"), (speaks_else, "the answer is not HTTP")] {
        let error = fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap_err();
        assert_eq!((error.kind, error.detail.as_str()), (FetchErrorKind::Unreachable, detail));
    }
}

#[tokio::test]
async fn a_server_without_tls_fails_an_https_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let plain = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
            tokio::io::AsyncWriteExt::write_all(&mut stream, plain).await.unwrap();
            let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 4096]).await;
        }
    });
    let error = fetcher(&[&address]).get(&format!("https://{address}/")).await.unwrap_err();
    assert_eq!(error.kind, FetchErrorKind::Unreachable);
    assert!(error.detail.starts_with("TLS failed: "), "{}", error.detail);
}

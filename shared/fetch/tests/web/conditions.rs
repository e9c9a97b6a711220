//! Documents that need not be sent again.

use std::sync::{Arc, Mutex};

use statusphere_domain::FetchErrorKind;
use statusphere_fetch::{Answer, Request};

use crate::server::{Visit, fetcher, serve};

const DAY: &str = "Sun, 06 Nov 2033 08:49:37 GMT";

fn request<'a>(url: &'a str, validator: Option<&'a str>) -> Request<'a> {
    Request { url, validator, robots_known: true }
}

/// Of a document.
fn validator(answer: Answer) -> Option<String> {
    match answer {
        Answer::Document { validator, .. } => validator,
        Answer::Unchanged => panic!("a document was expected"),
    }
}

#[tokio::test]
async fn an_unchanged_document_is_not_sent_again() {
    for (mark, question) in [
        ("ETag: \"V1\"", "\r\nif-none-match: \"v1\"\r\n"),
        ("etag: W/\"V1\"\r\nlast-modified: Sun, 06 Nov 2033 08:49:37 GMT", "\r\nif-none-match: w/\"v1\"\r\n"),
        ("Last-Modified: Sun, 06 Nov 2033 08:49:37 GMT", "\r\nif-modified-since: sun, 06 nov 2033 08:49:37 gmt\r\n"),
    ] {
        let server = serve(move |mut visit: Visit| async move {
            let same = visit.head.contains(question);
            visit.answer(&format!("{}\r\n{mark}", if same { "304 Not Modified" } else { "200 OK" }), "").await;
        })
        .await;
        let (fetcher, url) = (fetcher(&[&server]), format!("http://{server}/"));
        let first = validator(fetcher.fetch(request(&url, None)).await.unwrap());
        assert!(first.is_some(), "{mark}");
        assert_eq!(fetcher.fetch(request(&url, first.as_deref())).await, Ok(Answer::Unchanged), "{mark}");
        assert!(matches!(fetcher.fetch(request(&url, Some("\"v0\""))).await, Ok(Answer::Document { .. })));
        assert!(fetcher.get(&url).await.is_ok());
    }
}

#[tokio::test]
async fn a_host_that_says_unchanged_unasked_is_of_no_use() {
    let server = serve(async |mut visit: Visit| visit.answer("304 Not Modified", "").await).await;
    let url = format!("http://{server}/");
    for useless in [None, Some("calm"), Some("\"\u{fc}\""), Some(&*format!("\"{}\"", "a".repeat(100)))] {
        let error = fetcher(&[&server]).fetch(request(&url, useless)).await.unwrap_err();
        assert_eq!((error.kind, error.detail.as_str()), (FetchErrorKind::Unusable, "HTTP 304"), "{useless:?}");
    }
}

#[tokio::test]
async fn a_condition_concerns_the_address_that_was_asked_for_and_no_other() {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = heads.clone();
    let server = serve(move |mut visit: Visit| {
        seen.lock().unwrap().push(visit.head.contains("\r\nif-modified-since: "));
        async move {
            match visit.path() {
                "/moved" => visit.answer("302 Found\r\nlocation: /here\r\netag: \"moved\"", "").await,
                _ => visit.answer("200 OK\r\netag: \"here\"", "").await,
            }
        }
    })
    .await;
    let answer = fetcher(&[&server]).fetch(request(&format!("http://{server}/moved"), Some(DAY))).await.unwrap();
    assert_eq!(validator(answer), None);
    assert_eq!(*heads.lock().unwrap(), [true, false]);
}

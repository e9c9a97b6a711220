//! Hostile bodies: endless, slow, lying, bombs. And the good ones.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use statusphere_domain::FetchErrorKind;

use crate::server::{Visit, fetcher, impatient, serve};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

async fn encoded(encoding: &'static str, body: Vec<u8>) -> String {
    serve(move |mut visit: Visit| {
        let body = body.clone();
        async move { visit.answer(&format!("200 OK\r\ncontent-encoding: {encoding}"), body).await }
    })
    .await
}

#[tokio::test]
async fn a_document_arrives_as_it_is() {
    let server = serve(async |mut visit| {
        visit.answer("203 Non-Authoritative Information\r\ncontent-type: application/json", "{}\0\u{feff}").await;
    })
    .await;
    let response = fetcher(&[&server]).get(&format!("http://{server}/a?b=c")).await.unwrap();
    assert_eq!(response.url, format!("http://{server}/a?b=c"));
    assert_eq!((response.status, response.body), (203, "{}\0\u{feff}".as_bytes().to_vec()));
    assert_eq!(response.content_type.as_deref(), Some("application/json"));
}

#[tokio::test]
async fn compressed_documents_are_unpacked() {
    let text = b"all is calm ".repeat(1000);
    for (encoding, body) in [("gzip", gzip(&text)), ("identity", text.clone())] {
        let server = encoded(encoding, body).await;
        let response = fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap();
        assert!(response.body == text, "{encoding}");
    }
}

#[tokio::test]
async fn an_encoding_that_was_not_asked_for_is_a_clear_failure() {
    for encoding in ["deflate", "br", "zstd", "compress", "x-gzip"] {
        let server = encoded(encoding, b"\x0b\x02\x80calm\x03".to_vec()).await;
        let error = fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap_err();
        assert_eq!(
            (error.kind, error.detail),
            (FetchErrorKind::Unusable, format!("the body is encoded as {encoding}"))
        );
    }
}

#[tokio::test]
async fn a_document_of_exactly_the_cap_passes_and_one_byte_more_does_not() {
    for (length, passes) in [(100_000, true), (100_001, false)] {
        let server =
            serve(move |mut visit: Visit| async move { visit.answer("200 OK", vec![b'a'; length]).await }).await;
        let answer = fetcher(&[&server]).get(&format!("http://{server}/")).await;
        assert_eq!(answer.is_ok(), passes, "{length}");
    }
}

#[tokio::test]
async fn an_empty_document_is_a_document() {
    let server = serve(async |mut visit| visit.answer("204 No Content", "").await).await;
    assert!(fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap().body.is_empty());
    let packed = encoded("gzip", Vec::new()).await;
    assert!(fetcher(&[&packed]).get(&format!("http://{packed}/")).await.unwrap().body.is_empty());
}

#[tokio::test]
async fn bug_17_an_endless_body_is_cut_at_the_cap() {
    let server = serve(async |mut visit| {
        visit.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
        while visit.write(format!("1000\r\n{}\r\n", "a".repeat(0x1000))).await {}
    })
    .await;
    let error = fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap_err();
    assert_eq!(error.kind, FetchErrorKind::Unusable);
    assert_eq!(error.detail, "the body is larger than 100000 bytes");
}

#[tokio::test]
async fn bug_17_a_bomb_is_cut_at_the_cap() {
    let bomb = gzip(&vec![0; 50_000_000]);
    assert!(bomb.len() < 100_000, "it is small on the wire");
    let server = encoded("gzip", bomb).await;
    let error = fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap_err();
    assert_eq!((error.kind, error.detail.as_str()), (FetchErrorKind::Unusable, "the body is larger than 100000 bytes"));
}

#[tokio::test]
async fn a_claimed_length_is_not_believed() {
    let more = serve(async |mut visit| {
        visit.write("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n").await;
        while visit.write([b'a'; 4096]).await {}
    })
    .await;
    let error = fetcher(&[&more]).get(&format!("http://{more}/")).await.unwrap_err();
    assert_eq!(error.kind, FetchErrorKind::Unusable);

    let less = serve(async |mut visit| {
        visit.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly this").await;
    })
    .await;
    let error = fetcher(&[&less]).get(&format!("http://{less}/")).await.unwrap_err();
    assert_eq!((error.kind, error.detail.as_str()), (FetchErrorKind::Unreachable, "the answer broke off"));

    let short = serve(async |mut visit| {
        visit.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ncalm and a lot more").await;
    })
    .await;
    assert_eq!(fetcher(&[&short]).get(&format!("http://{short}/")).await.unwrap().body, b"calm");
}

#[tokio::test]
async fn a_body_that_does_not_decompress_is_unusable() {
    let whole = gzip(&b"calm".repeat(5000));
    for (encoding, body, why) in [
        ("gzip", b"this is not gzip".to_vec(), "no gzip"),
        ("br", vec![0xff; 64], "no brotli"),
        ("zstd", b"this is not zstd".to_vec(), "no zstd"),
        ("gzip", whole[..whole.len() - 12].to_vec(), "cut within the data"),
        ("gzip", whole[..whole.len() - 4].to_vec(), "cut within the checksum"),
        ("gzip", [&whole[..whole.len() - 8], &[0; 8]].concat(), "wrong checksum"),
        ("rot13", b"pnyz".to_vec(), "no encoding that we know"),
        ("gzip, gzip", gzip(&whole), "packed twice"),
    ] {
        let server = encoded(encoding, body).await;
        let kind = fetcher(&[&server]).get(&format!("http://{server}/")).await.map(|_| ()).map_err(|error| error.kind);
        assert_eq!(kind, Err(FetchErrorKind::Unusable), "{why}");
    }
}

#[tokio::test]
async fn a_compressed_body_that_breaks_off_is_the_connections_fault() {
    let server = serve(async |mut visit| {
        let body = gzip(&b"calm".repeat(5000));
        visit.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5000\r\n\r\n").await;
        visit.write(&body[..20]).await;
    })
    .await;
    let error = fetcher(&[&server]).get(&format!("http://{server}/")).await.unwrap_err();
    assert_eq!((error.kind, error.detail.as_str()), (FetchErrorKind::Unreachable, "the answer broke off"));
}

#[tokio::test]
async fn slow_answers_end_by_the_deadline() {
    let silent = serve(Visit::hang).await;
    let halfway = serve(async |mut visit| {
        visit.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nsome").await;
        visit.hang().await;
    })
    .await;
    let header_by_header = serve(async |mut visit| {
        visit.write("HTTP/1.1 200 OK\r\n").await;
        let mut pause = tokio::time::interval(std::time::Duration::from_millis(20));
        while visit.write("x: y\r\n").await {
            pause.tick().await;
        }
    })
    .await;
    let byte_by_byte = serve(async |mut visit| {
        visit.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n").await;
        let mut pause = tokio::time::interval(std::time::Duration::from_millis(20));
        while visit.write("a").await {
            pause.tick().await;
        }
    })
    .await;
    let from_one_to_the_next = serve(async |mut visit| {
        let mut pause = tokio::time::interval(std::time::Duration::from_millis(100));
        pause.tick().await;
        pause.tick().await;
        visit.answer("302 Found\r\nlocation: /", "").await;
    })
    .await;
    for server in [silent, halfway, header_by_header, byte_by_byte, from_one_to_the_next] {
        let error = impatient(&[&server]).get(&format!("http://{server}/")).await.unwrap_err();
        assert_eq!(error.kind, FetchErrorKind::TimedOut, "{}", error.detail);
        assert_eq!(error.detail, "no whole answer within 0.5 s");
    }
}

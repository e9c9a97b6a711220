//! Nonsense over a real connection: every answer is a 4xx with `{"error": ...}`, or as a page, or a valid 200, and none is
//! missing.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::net::SocketAddr;

use flate2::read::GzDecoder;
use serde_json::Value;
use statusphere_local::{Data, Options, Source, Stack};
use support::{get, raw, raw_bytes};

async fn stack() -> Stack {
    let source = Source::Recordings(support::own_recordings());
    Stack::start(Options { port: 0, data: Data::Memory, source, pages: None }).await.unwrap()
}

fn assert_sane(what: &str, answer: &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{what}: no answer: `{answer}`"));
    let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
    match status {
        200 | 204 => {}
        400..=499 => {
            let body: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{what}: {error}: {answer}"));
            assert!(body["error"].is_string(), "{what}: {answer}");
        }
        _ => panic!("{what}: {answer}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_on_the_wire_gets_a_sane_answer() {
    let stack = stack().await;
    let address = stack.address;
    let long = "a".repeat(70_000);
    let requests: Vec<Vec<u8>> = vec![
        b"GET /api/v1/currentStatus?statusPageUrl=\xff\xfe HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(),
        b"GET /api/v1/\xff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(),
        b"nonsense\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"GET /api/v1/currentStatus\r\nbad header\r\n\r\n".to_vec(),
        format!("GET /api/v1/currentStatus?statusPageUrl={long} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .into(),
        format!("GET /api/v1/statusPages HTTP/1.1\r\nx-long: {}\r\nconnection: close\r\n\r\n", long.repeat(8)).into(),
        b"BREW /api/v1/statusPages HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(),
        b"POST /api/v1/statusPages HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\n\xff\xfe\xfd"
            .to_vec(),
        b"GET http://elsewhere.example/api/v1/statusPages HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(),
        b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(),
    ];
    tokio::task::spawn_blocking(move || {
        for request in requests {
            let what = String::from_utf8_lossy(&request[..request.len().min(80)]).into_owned();
            assert_sane(&what, &raw(address, &request));
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_survives_odd_parameters() {
    let stack = stack().await;
    let address = stack.address;
    let endpoints = [
        "statusPage",
        "currentStatus",
        "statusPages",
        "statusPages/count",
        "statusPages/search",
        "incidents",
        "components",
        "maintenances",
        "incident",
        "outages",
        "stack",
        "uptime",
        "changes",
        "dump",
        "docs",
        "openapi.json",
        "sitemap.xml",
        "unknown",
        "",
    ];
    let page = "statusPageUrl=https://status.busy.example";
    let queries = [
        String::new(),
        "statusPageUrl".to_owned(),
        "statusPageUrl=".to_owned(),
        "statusPageUrl=%ff%fe&query=%ff".to_owned(),
        "query=%00%0a%0d".to_owned(),
        "%%%=%zz&&&=".to_owned(),
        format!("{page}&{page}&limit=2&limit=x"),
        format!("{page}&limit=-1"),
        format!("{page}&limit=1e3"),
        format!("{page}&limit=99999999999999999999"),
        format!("{page}&impact=none,,major"),
        format!("{page}&impact=MAJOR"),
        format!("{page}&cursor=AAAA"),
        format!("{page}&from=%00&to=9999-99-99&since=0&days=-1&region=%ff&state=,&status=%20"),
        format!("{page}&id=%00&component=%f0%9f%92%a9"),
        format!("{page}&deepLink=::::"),
        "pages=%2c%2c%2c".to_owned(),
        format!("pages={0}&components={0}:{0},{0}", "%25".repeat(600)),
        format!("query={0}&statusPageUrl={0}&statusPageName={0}", "x".repeat(20_000)),
    ];
    tokio::task::spawn_blocking(move || {
        for endpoint in endpoints {
            for query in &queries {
                let (status, body) = get(address, &format!("{endpoint}?{query}"));
                let what = format!("{endpoint}?{}", &query[..query.len().min(60)]);
                assert!(status == 200 || (400..500).contains(&status), "{what}: {status} {body}");
                if status != 200 {
                    let body: Value = serde_json::from_str(&body).unwrap();
                    assert!(body["error"].is_string(), "{what}: {body}");
                }
            }
        }
        let first = get(address, "incidents?statusPageUrl=https://status.busy.example&limit=-1&limit=1");
        assert!(first.0 == 400 && first.1.contains(r#""error":"limit must be an integer""#), "{first:?}");
    })
    .await
    .unwrap();
}

/// The status, the headers and the body of a request below `/api/v1` with one header more.
fn ask(address: SocketAddr, line: &str, header: &str) -> (u16, BTreeMap<String, String>, Vec<u8>) {
    let (method, path) = line.split_once(' ').unwrap();
    let request =
        format!("{method} /api/v1/{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{header}\r\n\r\n");
    let answer = raw_bytes(address, request.as_bytes());
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&answer[..end]).unwrap();
    let (status, headers) = head.split_once("\r\n").unwrap();
    let headers = headers.lines().map(|line| line.split_once(": ").unwrap());
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (status.split(' ').nth(1).unwrap().parse().unwrap(), headers, answer[end + 4..].to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_arrives_compressed_or_without_a_body_as_it_was_asked_for() {
    let stack = stack().await;
    let address = stack.address;
    tokio::task::spawn_blocking(move || {
        // The one answer that does not change while pages are read. It is short, so compression has to be insisted on.
        let (_, headers, plain) = ask(address, "GET sitemap.xml", "accept-encoding: identity");
        assert_eq!(headers.get("content-encoding"), None);
        assert_eq!(headers["content-length"], plain.len().to_string());
        let insisting = "accept-encoding: gzip, identity;q=0";
        let (_, headers, compressed) = ask(address, "GET sitemap.xml", insisting);
        assert_eq!(headers["content-encoding"], "gzip");
        assert_eq!(headers["content-length"], compressed.len().to_string());
        let mut unpacked = Vec::new();
        GzDecoder::new(&*compressed).read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == plain);

        let tag = format!("if-none-match: {}", headers["etag"]);
        for line in ["GET sitemap.xml", "HEAD sitemap.xml"] {
            let (status, known, body) = ask(address, line, &tag);
            assert_eq!((status, body.len()), (304, 0), "{line}");
            // Zero would be wrong, and what is right is not known any more.
            assert_eq!(known.get("content-length"), None, "{line}");
        }
        for (path, expected) in [("sitemap.xml", 200), ("statusPages", 200), ("nothing", 404), ("currentStatus", 400)] {
            let (status, headers, body) = ask(address, &format!("HEAD {path}"), insisting);
            assert_eq!((status, body.len(), headers.get("content-length")), (expected, 0, None), "{path}");
            assert!(headers.contains_key("content-type"), "{path}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_below_the_path_of_the_api_fails_in_its_shape_and_all_else_as_a_page() {
    let stack = stack().await;
    let address = stack.address;
    tokio::task::spawn_blocking(move || {
        let of_the_api = ["GET /api/nothing", "GET /api/v1/", "GET /api/v1/nothing/", "POST /api/v1/incidents"];
        let pages = ["GET /nothing", "GET /api", "GET /api/", "GET /API/v1/incidents", "GET /apis/v1", "POST /"];
        let all =
            of_the_api.map(|line| (line, "application/json")).into_iter().chain(pages.map(|line| (line, "text/html")));
        for (line, kind) in all {
            let request =
                format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            let answer = raw(address, request.as_bytes());
            assert!(answer.starts_with("HTTP/1.1 40"), "{line}: {answer}");
            assert!(answer.contains(&format!("content-type: {kind}")), "{line}: {answer}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_has_an_id_of_its_own() {
    let stack = stack().await;
    let address = stack.address;
    let ids = tokio::task::spawn_blocking(move || {
        let lines = ["GET statusPages/count", "HEAD statusPages", "GET nothing", "OPTIONS incidents"].repeat(3);
        let ids = lines.into_iter().map(|line| ask(address, line, "x-request-id: theirs").1["x-request-id"].clone());
        ids.collect::<BTreeSet<String>>()
    });
    let ids = ids.await.unwrap();
    assert_eq!(ids.len(), 12);
    assert!(!ids.contains("theirs"));
}

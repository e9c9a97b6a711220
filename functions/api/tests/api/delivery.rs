//! How an answer is brought to whoever asked, whatever it says.

use std::io::Write;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use serde_json::{Value, json};
use statusphere_domain::{Indicator, Item};

use crate::support::{ACME, Front, Reply, event, incident, later, read, update};

/// More than 64 kilobytes.
const LARGE: &str = "openapi.json";
/// More than one.
const LONG: &str = "statusPages";
/// Less.
const SHORT: &str = "statusPages/count";

/// What this answer is compressed with; its content is the same either way.
async fn coding(front: &Front, what: &str, accepted: &str) -> Option<String> {
    let reply = front.ask("GET", what, &[("accept-encoding", accepted)]).await;
    let plain = front.ask("GET", what, &[("accept-encoding", "")]).await;
    assert_eq!(plain.headers.get("content-encoding"), None);
    assert_eq!((reply.status, &reply.text), (200, &plain.text), "{accepted}");
    assert_eq!(
        (&reply.headers["vary"], &plain.headers["vary"]),
        (&json!("accept-encoding"), &json!("accept-encoding"))
    );
    assert_eq!(reply.headers["etag"], plain.headers["etag"]);
    reply.headers.get("content-encoding").map(|coding| coding.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_long_answer_is_compressed_as_whoever_asks_likes_best() {
    let front = Front::open().await;
    for (accepted, expected) in [
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZip;Q=1", "gzip"),
        ("br", "br"),
        ("BR;Q=1", "br"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0.9, gzip;q=0.5", "br"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0, br;q=0.001", "br"),
        ("deflate;q=0.5 , gzip ; q=0.5", "gzip"),
        ("deflate;q=0.5 , br ; q=0.5", "br"),
        ("*", "gzip"),
        ("gzip;q=0, *", "br"),
        ("gzip, *;q=0.5", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("*;q=0, br", "br"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0.5, br;q=0.5, gzip;q=0.1", "br"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0, br;q=0.1", "br"),
        ("identity;q=0, *;q=0.1", "gzip"),
    ] {
        assert_eq!(coding(&front, LONG, accepted).await.as_deref(), Some(expected), "{accepted}");
    }
    for accepted in [
        "identity",
        "identity, gzip;q=0.9, br;q=0.9",
        "*, gzip;q=0.9, br;q=0.9",
        "gzip;q=0",
        "br;q=0",
        "gzip;q=0.000, br;q=0.0, *",
        "deflate, zstd, gzipped, brotli",
        // Nothing is accepted, and something is answered all the same.
        "*;q=0",
        "identity;q=0",
        " ",
    ] {
        assert_eq!(coding(&front, LONG, accepted).await, None, "{accepted}");
    }
}

#[tokio::test]
async fn a_large_answer_is_worth_brotli_where_it_is_as_welcome() {
    let front = Front::open().await;
    for (accepted, expected) in [
        ("gzip, deflate, br, zstd", "br"),
        ("*", "br"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("br;q=0.5, gzip;q=0.6", "gzip"),
        ("br;q=0, *", "gzip"),
        ("gzip", "gzip"),
    ] {
        assert_eq!(coding(&front, LARGE, accepted).await.as_deref(), Some(expected), "{accepted}");
    }
}

#[tokio::test]
async fn a_short_answer_stays_as_it_is_unless_that_is_refused() {
    let front = Front::open().await;
    for accepted in ["gzip", "br", "*", "identity;q=0.1, gzip, br", "identity;q=0"] {
        assert_eq!(coding(&front, SHORT, accepted).await, None, "{accepted}");
    }
    for (accepted, expected) in [
        ("identity;q=0, gzip", "gzip"),
        ("identity;q=0, br", "br"),
        ("gzip, *;q=0", "gzip"),
        ("br, *;q=0", "br"),
        ("*, identity;q=0", "gzip"),
    ] {
        assert_eq!(coding(&front, SHORT, accepted).await.as_deref(), Some(expected), "{accepted}");
    }
}

#[tokio::test]
async fn headers_without_sense_do_no_harm() {
    let front = Front::open().await;
    let (long, many) = ("x".repeat(9_000), "gzip;q=0,".repeat(1_000));
    let mut answers = Vec::new();
    for garbage in [
        "gzip;q=2",
        "gzip;q=-1",
        "gzip;q=nan",
        "gzip;q=inf",
        "gzip;q=",
        "gzip;q",
        "gzip;level=9",
        "gzip;q=1;q=1",
        "gzip;",
        "br;q=2",
        "br;q=-0.1",
        "br;",
        ";q=1",
        ";;;,,,===",
        "\"",
        "\"\"",
        "W/",
        "W/\"",
        "W/*",
        "\"*\"",
        "*, *",
        "\u{e9}",
        "gzip\u{e9}",
        "a\r\nb",
        "\t",
        &long,
        &many,
    ] {
        let headers = [("accept-encoding", garbage), ("if-none-match", garbage), ("x-request-id", garbage)];
        let reply = front.ask("GET", LONG, &headers).await;
        assert!(reply.headers.get("content-encoding").is_none_or(|_| garbage == "*, *"), "{garbage}");
        answers.push((reply.status, reply.text));
    }
    assert_eq!(answers[0].0, 200);
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn no_text_grows_by_being_compressed() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let mut seed = 1_u32;
    for n in 10..13 {
        let noise = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'#' + u8::try_from((seed >> 16) % 92).unwrap())
        });
        let mut item = incident(&format!("k{n}"), Indicator::Minor, &format!("2026-01-01T00:00:{n}Z"), None);
        if let Item::Incident(incident) = &mut item {
            incident.updates =
                vec![update("Investigating", &noise.take(170_000).collect::<String>(), "2026-01-01T00:01:00Z")];
        }
        front.put_item("acme", &item).await;
    }
    let what = format!("incidents?{ACME}");
    let plain = front.ask("GET", &what, &[("accept-encoding", "")]).await;
    assert!(plain.text.len() > 500_000);
    for coding in ["gzip", "br"] {
        let reply = front.ask("GET", &what, &[("accept-encoding", coding)]).await;
        assert_eq!((&reply.headers["content-encoding"], &reply.text), (&json!(coding), &plain.text));
        // Of the 6 MB that Lambda sends, a list takes 5.
        assert!(reply.in_transit < plain.text.len() / 10 * 12, "{} of {}", reply.in_transit, plain.text.len());
    }
}

#[tokio::test]
async fn one_content_has_one_tag_and_another_has_another() {
    let front = Front::open().await;
    let status = format!("currentStatus?{ACME}");
    let tag = async |what: &str| front.get(what).await.headers["etag"].as_str().unwrap().to_owned();
    front.put_state("acme", &read(Indicator::None)).await;
    let first = tag(&status).await;
    assert_eq!(tag(&status).await, first);
    assert!(first.starts_with("W/\"") && first.ends_with('"') && first.len() == 26, "{first}");
    later(TimeDelta::minutes(5));
    front.put_state("acme", &read(Indicator::Major)).await;
    let tags = [first, tag(&status).await, tag(LONG).await, tag(SHORT).await, tag("sitemap.xml").await];
    for (at, one) in tags.iter().enumerate() {
        assert!(!tags[..at].contains(one), "{tags:?}");
    }
}

#[tokio::test]
async fn what_a_caller_has_already_is_not_sent_again() {
    let front = Front::open().await;
    for what in [LONG, SHORT, "sitemap.xml"] {
        let sent = front.get(what).await;
        let tag = sent.headers["etag"].as_str().unwrap().to_owned();
        let strong = tag.strip_prefix("W/").unwrap();
        let listed = format!("\"a,b\", W/\"other\" ,{tag}");
        for known in [&tag, strong, "*", " * ", &listed, &format!("{strong},"), &format!(",,{strong}")] {
            for method in ["GET", "HEAD"] {
                let reply = front.ask(method, what, &[("if-none-match", known)]).await;
                assert_eq!((reply.status, reply.text.as_str()), (304, ""), "{what} {known}");
                let mut expected = sent.headers.clone();
                expected.as_object_mut().unwrap().retain(|name, _| !name.starts_with("content-"));
                assert_eq!(reply.headers, expected, "{what} {known}");
            }
        }
        let shorter = format!("{}\"", &tag[..tag.len() - 2]);
        let bare = strong.trim_matches('"');
        for other in
            ["\"other\"", &shorter, bare, &tag.to_uppercase(), &format!("w/{strong}"), &format!("W/W/{strong}")]
        {
            let reply = front.ask("GET", what, &[("if-none-match", other)]).await;
            assert_eq!((reply.status, reply.text, reply.headers), (200, sent.text.clone(), sent.headers.clone()));
        }
    }
}

#[tokio::test]
async fn what_is_no_good_answer_has_no_tag_and_is_never_known() {
    let mut front = Front::open().await;
    let assert_untagged = |reply: &Reply, status: u64| {
        reply.error(status);
        assert_eq!(reply.headers.get("etag"), None);
        assert_eq!(reply.headers["vary"], "accept-encoding");
    };
    let all = [("if-none-match", "*")];
    assert_untagged(&front.ask("GET", "currentStatus", &all).await, 400);
    assert_untagged(&front.ask("GET", "nothing", &all).await, 404);
    assert_untagged(&front.ask("POST", SHORT, &all).await, 405);
    front.table.end();
    assert_untagged(&front.ask("GET", &format!("currentStatus?{ACME}"), &all).await, 500);
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let paths = statusphere_api::routes().map(|path| path.strip_prefix("/api/v1/").unwrap());
    for path in paths.chain(["nothing"]) {
        for query in [ACME, "query=orchard", "cursor=nobody"] {
            for accepted in ["", "gzip", "br"] {
                let what = format!("{path}?{query}");
                let get = front.ask("GET", &what, &[("accept-encoding", accepted)]).await;
                let head = front.ask("HEAD", &what, &[("accept-encoding", accepted)]).await;
                assert_eq!((head.status, head.headers, head.text.as_str()), (get.status, get.headers, ""), "{what}");
                assert!(!get.text.is_empty());
            }
        }
    }
}

#[tokio::test]
async fn a_browser_is_told_the_same_by_the_gateway_and_by_us() {
    let front = Front::open().await;
    let reply = front.ask("OPTIONS", SHORT, &[("if-none-match", "*"), ("accept-encoding", "identity;q=0, gzip")]).await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    assert_eq!(reply.headers["allow"], "GET, HEAD, OPTIONS");
    for absent in ["etag", "content-type", "content-encoding"] {
        assert_eq!(reply.headers.get(absent), None);
    }
    let template = include_str!("../../../../template.yaml");
    for (property, header) in [
        ("AllowOrigins", "access-control-allow-origin"),
        ("AllowMethods", "access-control-allow-methods"),
        ("AllowHeaders", "access-control-allow-headers"),
        ("ExposeHeaders", "access-control-expose-headers"),
        ("MaxAge", "access-control-max-age"),
    ] {
        let line = template.lines().find_map(|line| line.trim().strip_prefix(property)).expect(property);
        let value = line.trim_start_matches(": ").trim_matches(['[', ']']).replace('"', "");
        assert_eq!(reply.headers[header], value, "{property}");
    }
}

#[tokio::test]
async fn every_answer_has_the_gateway_s_id_of_its_request() {
    let front = Front::open().await;
    for (method, what) in [("GET", SHORT), ("HEAD", LONG), ("GET", "nothing"), ("POST", SHORT), ("OPTIONS", SHORT)] {
        let reply = front.ask(method, what, &[("x-request-id", "theirs")]).await;
        assert_eq!(reply.headers["x-request-id"], "Abc1deF2ghI3jKl=", "{method} {what}");
    }
    let long = "x".repeat(129);
    for (id, expected) in [
        (json!(&long[..128]), json!(&long[..128])),
        (json!(long), Value::Null),
        (json!(""), Value::Null),
        (json!("a b"), Value::Null),
        (json!("\u{e9}"), Value::Null),
        (json!("a\r\nset-cookie: b"), Value::Null),
        (Value::Null, Value::Null),
    ] {
        let mut event = event("GET", "/api/v1/statusPages/count", "");
        event["headers"]["x-request-id"] = json!("theirs");
        event["requestContext"]["requestId"] = id;
        let reply = front.send(event).await;
        assert_eq!(reply.headers.get("x-request-id").cloned().unwrap_or_default(), expected);
    }
}

/// What is logged, as JSON lines.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_is_logged_of_a_request_is_found_by_its_id() {
    let log = Log::default();
    let writer = log.clone();
    let lines =
        tracing_subscriber::fmt().json().with_max_level(tracing::Level::ERROR).with_writer(move || writer.clone());
    // Of all threads: what one test logs may first be met by another, which would settle that nobody wants it.
    tracing::subscriber::set_global_default(lines.finish()).unwrap();
    let mut front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.table.end();
    let mut event = event("GET", "/api/v1/currentStatus", ACME);
    event["requestContext"]["requestId"] = json!("OfThisOne=");
    front.send(event).await.error(500);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let ours: Vec<Value> = lines.filter(|line| line["spans"][0]["request.id"] == "OfThisOne=").collect();
    assert!(ours.iter().any(|line| line["fields"]["message"] == "failed to get incidents from database"), "{log}");
}

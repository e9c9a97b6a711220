//! Whatever a caller sends, the answer is its own fault or a good one, never a 5xx.

use serde_json::json;
use statusphere_domain::Indicator;
use statusphere_testing::NONSENSE;

use crate::support::{ACME, Front, event, incident, read};

#[tokio::test]
async fn no_parameter_of_any_endpoint_is_our_failure() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.put_item("acme", &incident("k1", Indicator::Major, "2026-02-20T10:00:00Z", None)).await;
    let (huge, long_cursor) = ("x".repeat(9_000), "A".repeat(2_000));
    let own = [
        "#",
        "a b",
        "major,",
        "Major",
        "https://status.acme.example",
        "https://status.acme.example%00",
        "MjAyNgpJTkMja",
        // A cursor of the right shape that points nowhere.
        "MTk5OSNJTkMjaDEKSU5DI2gx",
        &long_cursor,
        &huge,
    ];
    let document = front.get("openapi.json").await.ok();
    for path in statusphere_api::routes() {
        let below = path.strip_prefix("/api/v1").unwrap();
        let described = document["paths"][below]["get"]["parameters"].as_array();
        let names = described.into_iter().flatten().filter_map(|parameter| parameter["name"].as_str());
        let names: Vec<&str> = names.chain([""]).collect();
        let values = || NONSENSE.iter().chain(&own);
        for (name, value) in names.iter().flat_map(|name| values().map(move |value| (name, value))) {
            for query in [format!("{name}={value}&{name}={value}"), format!("{ACME}&{name}={value}")] {
                let reply = front.send(event("GET", path, &query)).await;
                assert!(reply.status < 500, "{path}?{query}: {} {}", reply.status, reply.text);
                if reply.status != 200 {
                    reply.error(reply.status);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_parameter_that_is_too_long_is_named() {
    let front = Front::open().await;
    let long = "a".repeat(2_049);
    for (path, name) in [
        ("currentStatus?", "statusPageUrl"),
        ("statusPage?", "statusPageName"),
        ("statusPages/search?", "query"),
        ("statusPages?", "cursor"),
    ] {
        let reply = front.get(&format!("{path}{name}={long}")).await;
        assert_eq!(reply.error(400), format!("{name} is longer than 2048 characters"));
    }
    assert_eq!(front.get(&format!("statusPages/search?query={}", "a".repeat(2_048))).await.status, 200);
}

#[tokio::test]
async fn incidents_checks_in_the_originals_order() {
    let front = Front::open().await;
    let unknown = "statusPageUrl=https://nobody.example";
    for (query, status, text) in [
        ("impact=x&limit=x".to_owned(), 400, "statusPageUrl is required"),
        (format!("{unknown}&impact=x&limit=x"), 400, "invalid impact"),
        (format!("{unknown}&impact=minor,%20major"), 400, "invalid impact"),
        (format!("{unknown}&impact=minor&limit=x"), 400, "limit must be an integer"),
        (format!("{unknown}&impact=minor&limit=1"), 404, "status page not known to statusphere"),
    ] {
        assert_eq!(front.get(&format!("incidents?{query}")).await.error(status), text, "{query}");
    }
    let not_indexed = front.get(&format!("incidents?{ACME}")).await.ok();
    assert_eq!(not_indexed["incidents"], json!([]));
    assert_eq!((&not_indexed["isIndexed"], &not_indexed["cursor"]), (&json!(false), &json!(null)));
    front.put_state("acme", &read(Indicator::None)).await;
    for cursor in ["x", "Zm9v", &"A".repeat(1_000)] {
        assert_eq!(front.get(&format!("incidents?{ACME}&cursor={cursor}")).await.error(400), "cursor is not valid");
    }
}

#[tokio::test]
async fn a_query_that_is_too_long_is_refused_and_never_cut() {
    let front = Front::open().await;
    let long = "%F4%8C%AE%A3".repeat(2_700);
    for query in [format!("query={long}"), format!("query=acme&other={long}")] {
        let reply = front.get(&format!("statusPages/search?{query}")).await;
        assert_eq!(reply.error(400), "the query is longer than 32000 bytes");
    }
    let fits = "%F4%8C%AE%A3".repeat(2_049);
    let reply = front.get(&format!("statusPages/search?query={fits}")).await;
    assert_eq!(reply.error(400), "query is longer than 2048 characters");
}

#[tokio::test]
async fn addresses_nobody_listed_are_not_known() {
    let front = Front::open().await;
    for path in ["currentStatus", "incidents", "components", "maintenances"] {
        assert_eq!(front.get(path).await.error(400), "statusPageUrl is required");
        assert_eq!(front.get(&format!("{path}?statusPageUrl=")).await.error(400), "statusPageUrl is required");
        let unknown = front.get(&format!("{path}?statusPageUrl=https://nobody.example")).await;
        assert_eq!(unknown.error(404), "status page not known to statusphere");
    }
}

#[tokio::test]
async fn repeated_parameters_are_not_joined() {
    let front = Front::open().await;
    let reply = front.get(&format!("currentStatus?{ACME}&statusPageUrl=https://nobody.example")).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn unknown_routes_answer_in_the_shape_of_every_error() {
    let front = Front::open().await;
    for path in
        ["", "/", "/api", "/api/v1", "/api/v1/", "/api/v2/statusPages", "/api/v1/statuspages", "/api/v1/\u{0}", "//"]
    {
        for method in ["GET", "POST", "OPTIONS"] {
            assert_eq!(front.send(event(method, path, "")).await.error(404), "404 page not found", "{method} {path}");
        }
    }
    assert_eq!(front.get("statusPages/count/").await.status, 200);
}

#[tokio::test]
async fn headers_that_are_no_headers_do_no_harm() {
    let front = Front::open().await;
    for (name, value) in [
        ("host", "1.2.3.4.5"),
        ("host", "a b:c"),
        ("host", "\u{e9}"),
        ("x-forwarded-proto", "http,https"),
        ("x-forwarded-proto", "://"),
        ("not a name", "x"),
        ("x-line", "a\r\nb"),
    ] {
        let mut event = event("GET", "/api/v1/sitemap.xml", "\"<>\"");
        event["headers"][name] = json!(value);
        event["requestContext"]["domainName"] = json!("1.2.3.4.5");
        let reply = front.send(event).await;
        assert_eq!(reply.status, 200);
        assert!(reply.text.contains("/status/acme</loc>"));
    }
}

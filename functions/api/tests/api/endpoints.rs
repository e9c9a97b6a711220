//! What each endpoint answers when all is well.

use chrono::TimeDelta;
use serde_json::{Value, json};
use statusphere_catalogue::Catalogue;
use statusphere_domain::{Failure, FailureKind, Incident, Indicator, Item, PageState};
use statusphere_http as gateway;

use crate::support::{ACME, Front, Reply, at, catalogue, event, failing, id, incident, later, now, read};

#[tokio::test]
async fn current_status_of_a_page_that_fares_well() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let reply = front.get(&format!("currentStatus?{ACME}")).await;
    assert_eq!(
        reply.ok(),
        json!({
            "page": "acme", "status": "UP", "isIndexed": true, "indicator": "none", "freshness": "fresh",
            "lastAttempt": "2026-03-01T11:59:00Z", "lastSuccess": "2026-03-01T11:59:00Z",
            "lastChange": "2026-02-27T08:30:00Z", "reason": null,
        })
    );
    assert_eq!(reply.headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(reply.headers["cache-control"], "public, max-age=30, stale-while-revalidate=30");
    assert_eq!(reply.headers["x-robots-tag"], "noindex");
}

#[tokio::test]
async fn current_status_follows_the_indicator_and_never_maintenance() {
    let front = Front::open().await;
    for (indicator, status) in [
        (Some(Indicator::Minor), "DEGRADED"),
        (Some(Indicator::Critical), "DEGRADED"),
        (Some(Indicator::Maintenance), "UP"),
        (None, "UNKNOWN"),
    ] {
        later(TimeDelta::minutes(5));
        front.put_state("acme", &PageState { indicator, ..read(Indicator::None) }).await;
        assert_eq!(front.get(&format!("currentStatus?{ACME}")).await.ok()["status"], status, "{indicator:?}");
    }
}

#[tokio::test]
async fn current_status_of_a_page_that_was_never_read() {
    let front = Front::open().await;
    let answer = front.get(&format!("currentStatus?{ACME}")).await.ok();
    assert_eq!((&answer["status"], &answer["isIndexed"]), (&json!("UNKNOWN"), &json!(false)));
    assert_eq!(answer["freshness"], "never");
    assert_eq!(answer["lastSuccess"], Value::Null);
    assert_eq!(answer["reason"], "The page has not been read yet.");
}

#[tokio::test]
async fn status_page_by_address_in_any_spelling_and_by_name_in_any_case() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::Minor)).await;
    let history = PageState { last_history: Some(at("2026-02-28T03:00:00Z")), ..PageState::default() };
    front.store.put_history(&id("acme"), &history).await.unwrap();
    let expected = json!({ "statusPage": {
        "name": "Acme", "page": "acme", "url": "https://status.acme.example", "isIndexed": true,
        "lastHistoricallyScraped": "2026-02-28T03:00:00Z", "lastCurrentlyScraped": "2026-03-01T11:59:00Z",
        "indicator": "minor", "freshness": "fresh", "lastAttempt": "2026-03-01T11:59:00Z",
        "lastSuccess": "2026-03-01T11:59:00Z", "lastChange": "2026-02-27T08:30:00Z", "reason": null,
    }});
    for query in [
        "statusPageUrl=https://status.acme.example",
        "statusPageUrl=https%3A%2F%2Fstatus.acme.example%2F",
        "statusPageUrl=http://STATUS.acme.example",
        "statusPageName=Acme",
        "statusPageName=aCME&statusPageName=zeppelin",
    ] {
        assert_eq!(front.get(&format!("statusPage?{query}")).await.ok(), expected, "{query}");
    }
    let named = front.get("statusPage?statusPageName=Zeppelin+mail").await.ok();
    assert_eq!(named["statusPage"]["lastCurrentlyScraped"], "0001-01-01T00:00:00Z");
    assert_eq!(named["statusPage"]["lastHistoricallyScraped"], "0001-01-01T00:00:00Z");
    assert_eq!(named["statusPage"]["isIndexed"], false);
}

#[tokio::test]
async fn status_page_wants_an_address_or_a_name_but_not_both() {
    let front = Front::open().await;
    assert_eq!(front.get("statusPage").await.error(400), "statusPageUrl or statusPageName is required");
    assert_eq!(
        front.get(&format!("statusPage?{ACME}&statusPageName=Acme")).await.error(400),
        "statusPageUrl and statusPageName are mutually exclusive"
    );
    assert_eq!(front.get("statusPage?statusPageName=Acm").await.error(404), "status page not known to statusphere");
}

#[tokio::test]
async fn lists_show_the_live_snapshot_in_order_of_names() {
    let front = Front::open().await;
    front.put_state("zeppelin", &read(Indicator::Major)).await;
    let answer = front.get("statusPages").await.ok();
    let pages = answer["statusPages"].as_array().unwrap();
    assert_eq!(pages.len(), 32);
    assert_eq!((&pages[0]["name"], &pages[31]["name"]), (&json!("Acme"), &json!("zeppelin Mail")));
    assert_eq!(pages[0]["freshness"], "never");
    assert_eq!((&pages[31]["indicator"], &pages[31]["freshness"]), (&json!("major"), &json!("fresh")));
    assert_eq!(answer["cursor"], Value::Null);
    assert_eq!(answer["asOf"], "2026-03-01T12:00:00Z");
    assert_eq!(
        front.get("statusPages/count").await.ok(),
        json!({ "statusPageCount": 32, "freshCount": 1, "asOf": "2026-03-01T12:00:00Z" })
    );
    assert_eq!(front.get("statusPages?cursor=nobody").await.error(400), "cursor is not valid");
}

#[tokio::test]
async fn a_snapshot_is_read_again_after_a_minute_and_outlives_a_failing_table() {
    let mut front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.api.warm().await;
    front.put_state("acme", &read(Indicator::Major)).await;
    let shown = async |front: &Front| front.get("statusPages").await.ok()["statusPages"][0]["indicator"].clone();
    assert_eq!(shown(&front).await, "none");
    later(TimeDelta::seconds(61));
    assert_eq!(shown(&front).await, "major");

    front.table.end();
    later(TimeDelta::seconds(61));
    assert_eq!(shown(&front).await, "major");
}

#[tokio::test]
async fn before_the_first_read_the_lists_serve_the_compiled_catalogue() {
    let mut front = Front::open().await;
    front.table.end();
    front.api.warm().await;
    let answer = front.get("statusPages").await.ok();
    assert_eq!(answer["statusPages"].as_array().unwrap().len(), 32);
    assert_eq!(answer["statusPages"][0]["isIndexed"], false);
    assert_eq!(front.get("statusPages/search?query=acme").await.ok()["statusPages"][0]["name"], "Acme");
}

#[tokio::test]
async fn a_failing_table_is_an_error_in_the_originals_words() {
    let mut front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.table.end();
    for (path, text) in [
        ("currentStatus", "failed to get incidents from database"),
        ("incidents", "failed to get incidents from database"),
        ("components", "failed to get components from database"),
        ("maintenances", "failed to get maintenances from database"),
        ("statusPage", "failed to get status page from database"),
    ] {
        assert_eq!(front.get(&format!("{path}?{ACME}")).await.error(500), text);
    }
}

#[tokio::test]
async fn sitemap_links_to_this_deployment() {
    let front = Front::open().await;
    let reply = front.get("sitemap.xml").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.headers["content-type"], "application/xml; charset=utf-8");
    assert_eq!(reply.headers.get("x-robots-tag"), None);
    let own = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/status/acme";
    assert!(reply.text.starts_with("<?xml"));
    assert!(
        reply
            .text
            .contains(&format!("<url><loc>{own}</loc><changefreq>always</changefreq><priority>0.1</priority></url>"))
    );
    assert_eq!(reply.text.matches("<url>").count(), 32);

    let mut local = event("GET", "/api/v1/sitemap.xml", "");
    local["headers"]["host"] = json!("localhost:8080");
    local["headers"]["x-forwarded-proto"] = json!("http");
    assert!(front.send(local.clone()).await.text.contains("<loc>http://localhost:8080/status/acme</loc>"));
    local["headers"]["host"] = json!("evil.example/<script>");
    assert!(!front.send(local).await.text.contains("evil"));

    let public = Front::with(catalogue(), Some("https://status.example/a&b/")).await;
    assert!(public.get("sitemap.xml").await.text.contains("<loc>https://status.example/a&amp;b/status/acme</loc>"));
}

#[tokio::test]
async fn methods_other_than_reading_are_refused() {
    let front = Front::open().await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "BREW", "n o"] {
        let reply = front.send(event(method, "/api/v1/currentStatus", ACME)).await;
        assert_eq!(reply.error(405), "only GET and HEAD are allowed");
        assert_eq!(reply.headers["allow"], "GET, HEAD, OPTIONS");
    }
    let preflight = front.send(event("OPTIONS", "/api/v1/incidents", "")).await;
    assert_eq!((preflight.status, preflight.text.as_str()), (204, ""));
    assert_eq!(preflight.headers["access-control-allow-methods"], "GET, HEAD, OPTIONS");
    let head = front.send(event("HEAD", "/api/v1/statusPages/count", "")).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.headers["content-type"], "application/json; charset=utf-8");
}

#[tokio::test]
async fn a_page_is_asked_for_by_whatever_it_is_known_by() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::Minor)).await;
    for endpoint in ["currentStatus", "incidents", "components", "maintenances", "statusPage"] {
        let expected = front.get(&format!("{endpoint}?{ACME}")).await.ok();
        for page in ["acme", "ACME", "status.acme.example", "https%3A%2F%2Fstatus.acme.example%2Fincidents%2F1"] {
            assert_eq!(front.get(&format!("{endpoint}?page={page}")).await.ok(), expected, "{endpoint} {page}");
        }
        let unknown = front.get(&format!("{endpoint}?page=nobody")).await;
        assert_eq!(unknown.error(404), "status page not known to statusphere");
        let both = front.get(&format!("{endpoint}?page=acme&{ACME}")).await;
        assert_eq!(both.error(400), "statusPageUrl and page are mutually exclusive");
    }
}

#[tokio::test]
async fn every_shipped_event_is_answered() {
    let front = Front::with(Catalogue::shipped(), None).await;
    // The one that is asked for.
    let Item::Incident(open) = incident("4k2n8v0q1x7z", Indicator::Minor, "2026-03-01T11:00:00Z", None) else { return };
    let link = "https://www.githubstatus.com/incidents/4k2n8v0q1x7z".to_owned();
    front.put_item("github", &Item::Incident(Incident { link, ..open })).await;
    let mut paths = Vec::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events");
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        if !file.file_name().unwrap().to_str().unwrap().starts_with("api-") {
            continue;
        }
        let json = std::fs::read_to_string(&file).unwrap();
        let event: Value = serde_json::from_str(&json).unwrap();
        // What no endpoint takes comes by a route for the rest.
        let routed = !event["routeKey"].as_str().unwrap().contains("{proxy+}");
        if routed {
            paths.push(event["rawPath"].as_str().unwrap().to_owned());
        }
        let reply = front.send(event).await;
        assert_eq!(reply.status, if routed { 200 } else { 404 }, "{}: {}", file.display(), reply.text);
        // The runtime's own conversion of an event leads to the same answer.
        let request = lambda_http::request::from_str(&json).unwrap();
        let other = Reply::from(gateway::Reply::from(front.api.handle(request).await.unwrap()));
        assert_eq!((other.status, other.text), (reply.status, reply.text));
    }
    paths.sort_unstable();
    assert!(paths.iter().map(String::as_str).eq(statusphere_api::routes()), "{paths:?}");
}

#[tokio::test]
async fn a_page_that_is_gone_or_unreadable_says_why() {
    let front = Front::open().await;
    let mut state = failing();
    state.failure = Some(Failure { kind: FailureKind::Malformed, detail: "no `status` object".to_owned() });
    front.put_state("acme", &state).await;
    let answer = front.get(&format!("currentStatus?{ACME}")).await.ok();
    assert_eq!((&answer["status"], &answer["freshness"]), (&json!("UNKNOWN"), &json!("unreadable")));
    assert_eq!(answer["reason"], "The page answers, but not as its platform promises: no `status` object.");
    assert_eq!(
        answer["lastAttempt"],
        (now() - TimeDelta::minutes(1)).to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
    );
}

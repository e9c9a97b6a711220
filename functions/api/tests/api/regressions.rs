//! The original's bugs that an API can have, by their number.

use chrono::TimeDelta;
use serde_json::{Value, json};
use statusphere_catalogue::Catalogue;
use statusphere_domain::{Indicator, MaintenanceStatus, PageState};

use crate::support::{ACME, Front, failing, incident, later, maintenance, read};

#[tokio::test]
async fn bug_01_an_open_incident_is_degraded() {
    let front = Front::open().await;
    front.put_state("acme", &PageState { open_incidents: 1, ..read(Indicator::None) }).await;
    assert_eq!(front.get(&format!("currentStatus?{ACME}")).await.ok()["status"], "DEGRADED");
    later(TimeDelta::minutes(5));
    front.put_state("acme", &read(Indicator::None)).await;
    assert_eq!(front.get(&format!("currentStatus?{ACME}")).await.ok()["status"], "UP");
}

#[tokio::test]
async fn bug_02_the_impact_filter_applies_to_the_first_answer_and_to_all_others() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.put_item("acme", &incident("k1", Indicator::Major, "2026-02-20T10:00:00Z", None)).await;
    front.put_item("acme", &incident("k2", Indicator::Minor, "2026-02-21T10:00:00Z", None)).await;
    let (start, end) = ("2026-02-22T01:00:00Z", "2026-02-22T02:00:00Z");
    front.put_item("acme", &maintenance("m1", MaintenanceStatus::Completed, start, end)).await;
    for _ in 0..2 {
        for (impact, expected) in [
            ("major", vec!["k1"]),
            ("minor,major", vec!["k2", "k1"]),
            ("maintenance", vec!["m1"]),
            ("minor%2Cmajor", vec!["k2", "k1"]),
            ("critical", vec![]),
        ] {
            let answer = front.get(&format!("incidents?{ACME}&impact={impact}")).await.ok();
            let ids: Vec<&Value> =
                answer["incidents"].as_array().unwrap().iter().map(|incident| &incident["id"]).collect();
            assert_eq!(json!(ids), json!(expected), "{impact}");
        }
    }
}

#[tokio::test]
async fn bug_03_a_page_without_incidents_is_indexed_and_up() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let status = front.get(&format!("currentStatus?{ACME}")).await.ok();
    assert_eq!((&status["status"], &status["isIndexed"]), (&json!("UP"), &json!(true)));
    let incidents = front.get(&format!("incidents?{ACME}")).await.ok();
    assert_eq!((&incidents["incidents"], &incidents["isIndexed"]), (&json!([]), &json!(true)));
}

#[tokio::test]
async fn bug_07_a_page_that_can_no_longer_be_read_is_not_up_and_not_lately_scraped() {
    let front = Front::open().await;
    front.put_state("acme", &failing()).await;
    let status = front.get(&format!("currentStatus?{ACME}")).await.ok();
    assert_eq!((&status["status"], &status["isIndexed"]), (&json!("UNKNOWN"), &json!(true)));
    assert_eq!(
        (&status["freshness"], &status["reason"]),
        (&json!("stale"), &json!("The page can't be reached: HTTP 503."))
    );
    let page = front.get(&format!("statusPage?{ACME}")).await.ok()["statusPage"].clone();
    assert_eq!(page["lastCurrentlyScraped"], "2026-03-01T10:00:00Z");
    assert_eq!(page["lastAttempt"], "2026-03-01T11:59:00Z");
    let listed = front.get("statusPages").await.ok()["statusPages"][0].clone();
    assert_eq!(listed, page);
}

#[tokio::test]
async fn bug_07_a_page_nobody_looked_at_for_half_an_hour_is_not_up() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    later(TimeDelta::minutes(30));
    let status = front.get(&format!("currentStatus?{ACME}")).await.ok();
    assert_eq!((&status["status"], &status["freshness"]), (&json!("UNKNOWN"), &json!("stale")));
}

#[tokio::test]
async fn bug_10_search_is_the_same_every_time_and_answers_twenty_five_without_noise() {
    let front = Front::open().await;
    let first = front.get("statusPages/search?query=orchard").await;
    assert_eq!(first.ok()["statusPages"].as_array().unwrap().len(), 25);
    for _ in 0..5 {
        assert_eq!(front.get("statusPages/search?query=orchard").await, first);
    }
    let names = |reply: Value| -> Vec<Value> {
        reply["statusPages"].as_array().unwrap().iter().map(|page| page["name"].clone()).collect()
    };
    assert_eq!(names(front.get("statusPages/search?query=roadrunner").await.ok()), ["Acme"]);
    assert_eq!(names(front.get("statusPages/search?query=claude").await.ok()), [] as [&str; 0]);
    assert_eq!(front.get("statusPages/search?query=claude").await.ok()["statusPages"], json!([]));
    assert_eq!(front.get("statusPages/search").await.error(400), "query is required");
}

#[tokio::test]
async fn bug_12_a_negative_limit_is_refused() {
    let front = Front::open().await;
    for limit in ["-1", "-9223372036854775808", "9223372036854775808", "1e3", "2.5", "ten", "%FF", "+1"] {
        let reply = front.get(&format!("incidents?{ACME}&limit={limit}")).await;
        assert_eq!(reply.error(400), "limit must be an integer", "{limit}");
    }
    front.put_state("acme", &read(Indicator::None)).await;
    assert_eq!(front.get(&format!("incidents?{ACME}&limit=9223372036854775807")).await.status, 200);
}

#[tokio::test]
async fn bug_14_requests_at_the_same_time_get_the_same_answer() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    for n in 1..=9 {
        front
            .put_item("acme", &incident(&format!("k{n}"), Indicator::Minor, &format!("2026-02-0{n}T00:00:00Z"), None))
            .await;
    }
    for path in [format!("incidents?{ACME}"), "statusPages".to_owned(), "statusPages/search?query=orchard".to_owned()] {
        let (a, b, c, d) = tokio::join!(front.get(&path), front.get(&path), front.get(&path), front.get(&path));
        assert_eq!(a.status, 200);
        assert!(a == b && b == c && c == d, "{path}");
    }
    let listed = front.get("statusPages").await.ok();
    assert_eq!(listed["statusPages"][0]["freshness"], "fresh");
}

#[tokio::test]
async fn section_6_the_best_known_page_owns_a_shared_name() {
    let csv = "slug,name,url,sources\nmini,Twin,https://mini.example,a\nmaxi,twin,https://maxi.example,a;b\n";
    let front = Front::with(Catalogue::parse(csv).unwrap(), None).await;
    for _ in 0..3 {
        let answer = front.get("statusPage?statusPageName=TWIN").await.ok();
        assert_eq!(answer["statusPage"]["url"], "https://maxi.example");
    }
}

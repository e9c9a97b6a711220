//! A client that was written for the original, with its types as they were: it must find all that it knew.

use serde::Deserialize;
use serde_json::Value;
use statusphere_domain::{Indicator, PageState};

use crate::support::{ACME, Front, at, id, incident, read};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusPage {
    name: String,
    url: String,
    last_historically_scraped: String,
    last_currently_scraped: String,
    is_indexed: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusPages {
    status_pages: Vec<StatusPage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneStatusPage {
    status_page: StatusPage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    status_page_count: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CurrentStatus {
    status: String,
    is_indexed: bool,
}

#[derive(Deserialize)]
struct Event {
    title: String,
    description: String,
    time: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Incident {
    title: String,
    components: Option<Vec<String>>,
    events: Option<Vec<Event>>,
    start_time: String,
    end_time: Option<String>,
    description: Option<String>,
    deep_link: String,
    impact: String,
    status_page_url: String,
    notification_jobs_started: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Incidents {
    incidents: Vec<Incident>,
    is_indexed: bool,
}

#[derive(Deserialize)]
struct Problem {
    error: String,
}

async fn read_as<T: serde::de::DeserializeOwned>(front: &Front, what: &str, status: u64) -> T {
    let reply = front.get(what).await;
    assert_eq!(reply.status, status, "{}", reply.text);
    serde_json::from_str(&reply.text).unwrap()
}

/// The original writes times as Go does: RFC 3339.
fn is_time(text: &str) {
    assert!(chrono::DateTime::parse_from_rfc3339(text).is_ok(), "{text}");
}

#[tokio::test]
async fn a_client_of_the_original_works_unchanged() {
    let front = Front::open().await;
    front.put_state("acme", &PageState { open_incidents: 1, ..read(Indicator::Minor) }).await;
    let history = PageState { last_history: Some(at("2026-02-28T03:00:00Z")), ..PageState::default() };
    front.store.put_history(&id("acme"), &history).await.unwrap();
    front.put_item("acme", &incident("k1", Indicator::Minor, "2026-02-20T10:00:00Z", None)).await;

    let all: StatusPages = read_as(&front, "statusPages", 200).await;
    let count: Count = read_as(&front, "statusPages/count", 200).await;
    assert_eq!(usize::try_from(count.status_page_count).unwrap(), all.status_pages.len());
    let found: StatusPages = read_as(&front, "statusPages/search?query=acme", 200).await;
    let by_address: OneStatusPage = read_as(&front, &format!("statusPage?{ACME}"), 200).await;
    let by_name: OneStatusPage = read_as(&front, "statusPage?statusPageName=Acme", 200).await;
    for page in [&found.status_pages[0], &by_address.status_page, &by_name.status_page] {
        assert_eq!((page.name.as_str(), page.url.as_str()), ("Acme", "https://status.acme.example"));
        is_time(&page.last_historically_scraped);
        is_time(&page.last_currently_scraped);
        assert!(page.is_indexed);
    }

    let current: CurrentStatus = read_as(&front, &format!("currentStatus?{ACME}"), 200).await;
    assert_eq!((current.status.as_str(), current.is_indexed), ("DEGRADED", true));
    let answer: Incidents = read_as(&front, &format!("incidents?{ACME}&impact=minor&limit=1"), 200).await;
    let [incident] = answer.incidents.as_slice() else { panic!("one incident") };
    assert!(answer.is_indexed && incident.end_time.is_none() && !incident.notification_jobs_started);
    assert_eq!((incident.title.as_str(), incident.impact.as_str()), ("Trouble k1", "minor"));
    assert_eq!(incident.components.as_deref(), Some(&["Parcels".to_owned()][..]));
    let event = &incident.events.as_ref().unwrap()[0];
    assert_eq!((event.title.as_str(), event.description.as_str()), ("Investigating", "Parcels are late."));
    is_time(&event.time);
    is_time(&incident.start_time);
    assert_eq!(incident.description.as_deref(), Some("A conveyor belt is stuck."));
    assert_eq!(incident.deep_link, "https://status.acme.example/incidents/k1");
    assert_eq!(incident.status_page_url, "https://status.acme.example");

    for (what, status, error) in [
        ("statusPages/search", 400, "query is required"),
        ("statusPage", 400, "statusPageUrl or statusPageName is required"),
        ("statusPage?statusPageUrl=a&statusPageName=b", 400, "statusPageUrl and statusPageName are mutually exclusive"),
        ("statusPage?statusPageName=nobody", 404, "status page not known to statusphere"),
        ("currentStatus", 400, "statusPageUrl is required"),
        ("incidents?statusPageUrl=https://nobody.example", 404, "status page not known to statusphere"),
    ] {
        let problem: Problem = read_as(&front, what, status).await;
        assert_eq!(problem.error, error, "{what}");
    }
    let sitemap = front.get("sitemap.xml").await;
    assert_eq!(sitemap.headers["content-type"], Value::from("application/xml; charset=utf-8"));
}

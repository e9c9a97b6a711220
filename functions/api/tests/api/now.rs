//! What is broken now, and what changed.

use chrono::TimeDelta;
use serde_json::{Value, json};
use statusphere_catalogue::Catalogue;
use statusphere_domain::{Indicator, PageState};

use crate::support::{Front, at, failing, incident, later, read};

async fn front() -> Front {
    let csv = "slug,name,url,category\n\
        acme,Acme,https://acme.example,cloud\nbolt,Bolt,https://bolt.example,cloud\n\
        calm,Calm,https://calm.example,email\ndusk,Dusk,https://dusk.example,email\nedge,Edge,https://edge.example,\n\
        fern,Fern,https://fern.example,\n";
    Front::with(Catalogue::parse(csv).unwrap(), None).await
}

fn pages(answer: &Value, list: &str) -> Vec<String> {
    answer[list].as_array().unwrap().iter().map(|row| row["page"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn outages_are_all_that_is_broken_worst_first_then_newest() {
    let front = front().await;
    let open = |indicator| PageState { open_incidents: 1, ..read(indicator) };
    for (slug, state) in [
        ("acme", open(Indicator::Major)),
        ("bolt", open(Indicator::Critical)),
        ("calm", read(Indicator::Maintenance)),
        ("dusk", open(Indicator::Major)),
        ("edge", PageState { indicator: Some(Indicator::Critical), ..failing() }),
    ] {
        front.put_state(slug, &state).await;
    }
    front.put_item("acme", &incident("a", Indicator::Major, "2026-03-01T10:00:00Z", None)).await;
    front
        .put_item("acme", &incident("over", Indicator::Critical, "2026-03-01T08:00:00Z", Some("2026-03-01T09:00:00Z")))
        .await;
    front.put_item("bolt", &incident("b", Indicator::Critical, "2026-03-01T09:00:00Z", None)).await;
    front.put_item("dusk", &incident("d", Indicator::Major, "2026-03-01T11:00:00Z", None)).await;
    let answer = front.get("outages").await.ok();
    assert_eq!(pages(&answer, "outages"), ["bolt", "dusk", "acme", "edge"], "what can't be relied on comes last");
    assert_eq!((&answer["pages"], &answer["unobserved"]), (&json!(6), &json!(2)), "one is stale, one was never read");
    assert_eq!(answer["outages"][2]["incidents"].as_array().unwrap().len(), 1);
    assert_eq!(answer["outages"][2]["incidents"][0]["title"], "Trouble a");
    assert_eq!(answer["outages"][2]["since"], "2026-03-01T10:00:00Z");
    assert_eq!(answer["outages"][3]["freshness"], "stale");
    assert_eq!(
        answer["categories"],
        json!([
            { "category": "cloud", "outages": 2, "worst": "critical" },
            { "category": "email", "outages": 1, "worst": "major" },
            { "category": null, "outages": 1, "worst": "critical" },
        ])
    );
    let cloud = front.get("outages?category=cloud").await.ok();
    assert_eq!(pages(&cloud, "outages"), ["bolt", "acme"]);
    assert_eq!((&cloud["pages"], &cloud["unobserved"]), (&json!(2), &json!(0)));
    assert_eq!(front.get("outages?category=clouds").await.error(400), "invalid category");
}

#[tokio::test]
async fn outages_outlive_a_failing_table_and_say_of_when_they_are() {
    let mut front = front().await;
    front.put_state("acme", &PageState { open_incidents: 1, ..read(Indicator::Major) }).await;
    front.put_item("acme", &incident("a", Indicator::Major, "2026-03-01T10:00:00Z", None)).await;
    let before = front.get("outages").await.ok();
    front.break_store();
    later(TimeDelta::minutes(2));
    let after = front.get("outages").await.ok();
    assert_eq!(after["outages"], before["outages"]);
    assert_eq!(
        (&after["asOf"], &after["incidentsAsOf"]),
        (&json!("2026-03-01T12:00:00Z"), &json!("2026-03-01T12:00:00Z"))
    );
}

#[tokio::test]
async fn a_poller_that_takes_every_row_knows_all_there_is() {
    let front = front().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let first = front.get("changes?since=2026-01-01").await.ok();
    assert_eq!((pages(&first, "changes"), &first["more"]), (vec!["acme".to_owned()], &json!(false)));
    let since = |answer: &Value| answer["next"].as_str().unwrap().to_owned();
    assert_eq!(since(&first), "2026-03-01T11:59:50Z");

    later(TimeDelta::minutes(2));
    let next = front.get(&format!("changes?since={}", since(&first))).await.ok();
    let (mut known, next) = (vec![first["changes"][0].clone()], (next["changes"].clone(), since(&next)));
    assert!(next.0.as_array().unwrap().iter().all(|row| known.contains(row)), "nothing is new: {}", next.0);

    front.put_state("bolt", &read(Indicator::Major)).await;
    // A heartbeat is no change.
    front
        .put_state("acme", &PageState { last_change: Some(at("2026-02-27T08:30:00Z")), ..read(Indicator::None) })
        .await;
    later(TimeDelta::minutes(1));
    let changed = front.get(&format!("changes?since={}", next.1)).await.ok();
    assert_eq!(pages(&changed, "changes"), ["bolt"]);
    known.push(changed["changes"][0].clone());

    // Nobody looks for half an hour: both grow stale, without a word.
    later(TimeDelta::minutes(40));
    let stale = front.get(&format!("changes?since={}", since(&changed))).await.ok();
    assert_eq!(pages(&stale, "changes"), ["acme", "bolt"]);
    assert_eq!(
        (&stale["changes"][0]["freshness"], &stale["changes"][0]["status"]),
        (&json!("stale"), &json!("UNKNOWN"))
    );
}

#[tokio::test]
async fn changes_want_a_time() {
    let front = front().await;
    assert_eq!(front.get("changes").await.error(400), "since is required");
    for wrong in ["yesterday", "2026-13-01", "1", "2026-03-01T25:00:00Z"] {
        assert_eq!(front.get(&format!("changes?since={wrong}")).await.error(400), "since must be a time", "{wrong}");
    }
    for good in [
        "2026-03-01",
        "2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00+02:00",
        "2026-03-01t12:00:00.5%2B02:00",
        "9999-12-31T23:59:59Z",
    ] {
        assert_eq!(front.get(&format!("changes?since={good}")).await.status, 200, "{good}");
    }
}

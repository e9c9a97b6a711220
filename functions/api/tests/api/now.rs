//! What is broken now, and what changed.

use chrono::TimeDelta;
use serde_json::{Value, json};
use statusphere_catalogue::Catalogue;
use statusphere_domain::{Incident, Indicator, Item, PageState};
use statusphere_store::OwnPages;

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
    front.table.end();
    later(TimeDelta::minutes(2));
    let after = front.get("outages").await.ok();
    assert_eq!(after["outages"], before["outages"]);
    assert_eq!(
        (&after["asOf"], &after["incidentsAsOf"]),
        (&json!("2026-03-01T12:00:00Z"), &json!("2026-03-01T12:00:00Z"))
    );
}

#[tokio::test]
async fn outages_say_that_more_is_open_than_they_list() {
    let front = front().await;
    assert_eq!(front.get("outages").await.ok()["incidentsCut"], false);
    front.put_state("acme", &PageState { open_incidents: 12, ..read(Indicator::Major) }).await;
    for n in 0..12_u64 {
        let Item::Incident(one) = incident(&format!("k{n}"), Indicator::Major, "2026-03-01T10:00:00Z", None) else {
            unreachable!()
        };
        // Nothing that gets smaller when it is packed.
        let mut seed = n + 1;
        let noise = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("{:08x}", seed >> 32)
        });
        let body: String = noise.take(30_000).collect();
        let updates = one.updates.into_iter().map(|update| statusphere_domain::Update { body: body.clone(), ..update });
        front.put_item("acme", &Item::Incident(Incident { updates: updates.collect(), ..one })).await;
    }
    later(TimeDelta::minutes(2));
    let answer = front.get("outages").await.ok();
    let listed = answer["outages"][0]["incidents"].as_array().unwrap().len();
    assert!((1..12).contains(&listed), "{listed} are listed");
    assert_eq!(answer["incidentsCut"], true);
}

#[tokio::test]
async fn a_poller_that_takes_every_row_knows_all_there_is() {
    let front = front().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let first = front.get("changes?since=2026-01-01").await.ok();
    assert_eq!((pages(&first, "changes"), &first["more"]), (vec!["acme".to_owned()], &json!(false)));
    let since = |answer: &Value| answer["next"].as_str().unwrap().to_owned();
    assert_eq!(since(&first), "2026-03-01T11:59:50Z");

    // By then the list of pages is read again too.
    later(TimeDelta::minutes(5));
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

    // Somebody looks again, and all is as it was.
    let heartbeat = PageState { last_change: Some(at("2026-02-27T08:30:00Z")), ..read(Indicator::None) };
    front.put_state("acme", &heartbeat).await;
    later(TimeDelta::minutes(6));
    let fresh = front.get(&format!("changes?since={}", since(&stale))).await.ok();
    let acme = fresh["changes"].as_array().unwrap().iter().find(|row| row["page"] == "acme").unwrap();
    assert_eq!((&acme["freshness"], &acme["status"]), (&json!("fresh"), &json!("UP")));
}

#[tokio::test]
async fn a_page_that_is_listed_anew_is_not_missed_by_a_poller() {
    let front = front().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let since = |answer: &Value| answer["next"].as_str().unwrap().to_owned();
    let mut next = since(&front.get("changes?since=2026-01-01").await.ok());
    later(TimeDelta::seconds(50));
    let own = "slug,name,url\nown,Own,https://status.own.example\n";
    front.store.put_own_pages(OwnPages::InUse, own).await.unwrap();
    front.put_state("own", &read(Indicator::Major)).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let answer = front.get(&format!("changes?since={next}")).await.ok();
        seen.push(pages(&answer, "changes").contains(&"own".to_owned()));
        next = since(&answer);
        later(TimeDelta::seconds(60));
    }
    assert_eq!(seen[..2], [false, true], "the list is read again after a minute");
}

#[tokio::test]
async fn changes_want_a_time() {
    let front = front().await;
    assert_eq!(front.get("changes").await.error(400), "since is required");
    for wrong in [
        "yesterday",
        "2026-13-01",
        "1",
        "2026-03-01T25:00:00Z",
        "%2B262142-12-31",
        "-0001-12-31",
        "9999-12-31T23:59:59-23:59",
        "0000-01-01T00:00:00%2B23:59",
    ] {
        assert_eq!(front.get(&format!("changes?since={wrong}")).await.error(400), "since must be a time", "{wrong}");
    }
    for good in [
        "2026-03-01",
        "2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00+02:00",
        "2026-03-01t12:00:00.5%2B02:00",
        "0000-01-01",
        "2026-03-01T12:05:00Z",
    ] {
        assert_eq!(front.get(&format!("changes?since={good}")).await.status, 200, "{good}");
    }
    for ahead in ["2026-03-01T12:05:01Z", "9999-12-31T23:59:59Z"] {
        let reply = front.get(&format!("changes?since={ahead}")).await;
        assert_eq!(reply.error(400), "since is in the future", "{ahead}");
    }
}

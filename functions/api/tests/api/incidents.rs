//! What is said of one page over time: incidents, components, maintenances.

use serde_json::{Value, json};
use statusphere_domain::{ComponentStatus, Incident, Indicator, Item, MaintenanceStatus};

use crate::support::{ACME, Front, component, incident, maintenance, read, update};

#[tokio::test]
async fn incidents_newest_first_with_timeline_and_planned_work() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.put_item("acme", &incident("k1", Indicator::Major, "2026-02-20T10:00:00Z", None)).await;
    let end = Some("2026-01-05T09:30:00.500Z");
    front.put_item("acme", &incident("k0", Indicator::None, "2026-01-05T09:00:00Z", end)).await;
    let planned = ("2026-04-01T01:00:00Z", "2026-04-01T03:00:00Z");
    front.put_item("acme", &maintenance("m2", MaintenanceStatus::Scheduled, planned.0, planned.1)).await;
    let past = ("2026-02-01T01:00:00Z", "2026-02-01T02:00:00Z");
    front.put_item("acme", &maintenance("m1", MaintenanceStatus::Completed, past.0, past.1)).await;

    let answer = front.get(&format!("incidents?{ACME}")).await.ok();
    assert_eq!((&answer["isIndexed"], &answer["cursor"]), (&json!(true), &Value::Null));
    let incidents = answer["incidents"].as_array().unwrap();
    let ids: Vec<&str> = incidents.iter().map(|incident| incident["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["m2", "k1", "m1", "k0"]);
    assert_eq!(
        incidents[1],
        json!({
            "title": "Trouble k1", "components": ["Parcels"],
            "events": [
                { "title": "Investigating", "description": "Parcels are late.", "time": "2026-02-20T10:00:00Z" },
                { "title": "Identified", "description": "A conveyor belt is stuck.", "time": "2026-02-20T10:20:00Z" },
            ],
            "startTime": "2026-02-20T10:00:00Z", "endTime": null, "description": "A conveyor belt is stuck.",
            "deepLink": "https://status.acme.example/incidents/k1", "impact": "major",
            "statusPageUrl": "https://status.acme.example", "notificationJobsStarted": false,
            "id": "k1", "status": "identified",
        })
    );
    assert_eq!(incidents[0]["impact"], "maintenance");
    assert_eq!((&incidents[0]["endTime"], &incidents[0]["description"]), (&Value::Null, &Value::Null));
    assert_eq!((&incidents[0]["events"], &incidents[0]["status"]), (&json!([]), &json!("scheduled")));
    assert_eq!(incidents[2]["endTime"], past.1);
    assert_eq!(incidents[3]["endTime"], "2026-01-05T09:30:00.500Z");
}

#[tokio::test]
async fn incidents_are_limited_and_go_on_with_a_cursor() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    for n in 1..=5 {
        let impact = if n % 2 == 0 { Indicator::Minor } else { Indicator::Major };
        front.put_item("acme", &incident(&format!("k{n}"), impact, &format!("2026-02-0{n}T00:00:00Z"), None)).await;
    }
    for (filter, all) in [("", vec!["k5", "k4", "k3", "k2", "k1"]), ("&impact=major", vec!["k5", "k3", "k1"])] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let answer = front.get(&format!("incidents?{ACME}&limit=2{filter}{cursor}")).await.ok();
            let page = answer["incidents"].as_array().unwrap();
            assert!(page.len() <= 2);
            seen.extend(page.iter().map(|incident| incident["id"].as_str().unwrap().to_owned()));
            let Some(next) = answer["cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, all);
    }
    let none = front.get(&format!("incidents?{ACME}&limit=0")).await.ok();
    assert_eq!(none["incidents"], json!([]));
    assert_eq!(front.get(&format!("incidents?{ACME}&limit=2")).await.ok()["incidents"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn incidents_stay_below_what_lambda_sends_and_lose_nothing() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let long = "\"quoted\"".repeat(20_000);
    for n in 10..40 {
        let mut item = incident(&format!("k{n}"), Indicator::Minor, &format!("2026-01-01T00:00:{n}Z"), None);
        if let Item::Incident(incident) = &mut item {
            incident.updates = vec![update("Investigating", &long, "2026-01-01T00:01:00Z")];
        }
        front.put_item("acme", &item).await;
    }
    let mut monster = incident("monster", Indicator::Minor, "2025-12-31T00:00:00Z", None);
    if let Item::Incident(incident) = &mut monster {
        incident.updates = vec![update("Investigating", &"word ".repeat(1_000_000), "2026-01-01T00:01:00Z")];
    }
    front.put_item("acme", &monster).await;

    let (mut seen, mut cursor, mut answers) = (0, String::new(), 0);
    loop {
        let reply = front.get(&format!("incidents?{ACME}{cursor}")).await;
        assert!(serde_json::to_string(&reply.text).unwrap().len() < 5_100_000);
        let answer = reply.ok();
        answers += 1;
        let incidents = answer["incidents"].as_array().unwrap();
        seen += incidents.len();
        let Some(next) = answer["cursor"].as_str() else {
            let last = incidents.last().unwrap();
            assert_eq!((&last["id"], &last["events"]), (&json!("monster"), &json!([])));
            assert_eq!(last["description"].as_str().unwrap().len(), 10_000);
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, 31);
    assert!(answers > 1);
}

#[tokio::test]
async fn components_and_maintenances() {
    let front = Front::open().await;
    for (path, list) in [("components", "components"), ("maintenances", "maintenances"), ("incidents", "incidents")] {
        let answer = front.get(&format!("{path}?{ACME}")).await.ok();
        assert_eq!((&answer[list], &answer["isIndexed"]), (&json!([]), &json!(false)));
    }
    front.put_state("acme", &read(Indicator::None)).await;
    let parcels = component("Parcels", Some("Europe"), ComponentStatus::PartialOutage);
    front.put_current("acme", vec![parcels, component("API", None, ComponentStatus::Operational)], &[]).await;
    let (start, end) = ("2026-04-01T01:00:00Z", "2026-04-01T03:00:00Z");
    front.put_item("acme", &maintenance("m1", MaintenanceStatus::InProgress, "2026-03-01T11:00:00Z", start)).await;
    front.put_item("acme", &maintenance("m2", MaintenanceStatus::Scheduled, start, end)).await;

    let answer = front.get(&format!("components?{ACME}")).await.ok();
    assert_eq!((&answer["isIndexed"], &answer["total"], &answer["inTrouble"]), (&json!(true), &json!(2), &json!(1)));
    assert_eq!(
        answer["components"],
        json!([
            {
                "id": "parcels", "name": "Parcels", "group": "Europe", "region": { "code": null, "areas": ["europe"] },
                "status": "partial_outage", "since": null,
            },
            { "id": "api", "name": "API", "group": null, "region": null, "status": "operational", "since": null },
        ])
    );
    let planned = front.get(&format!("maintenances?{ACME}")).await.ok();
    assert_eq!(
        planned["maintenances"][0],
        json!({
            "id": "m2", "title": "Works m2", "status": "scheduled", "startTime": start, "endTime": end,
            "components": ["Warehouse"], "link": "https://status.acme.example/incidents/m2",
        })
    );
    assert_eq!(planned["maintenances"][1]["status"], "in_progress");
}

#[tokio::test]
async fn a_component_that_the_page_does_not_have_is_no_empty_list() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    for path in ["components", "uptime"] {
        let answer = front.get(&format!("{path}?{ACME}&component=prcels")).await.ok();
        assert_eq!(answer["components"], json!([]), "{path}: nobody knows which components there are");
    }
    front.put_current("acme", vec![component("Parcels", Some("Europe"), ComponentStatus::Operational)], &[]).await;
    for path in ["components", "uptime"] {
        let reply = front.get(&format!("{path}?{ACME}&component=prcels")).await;
        assert_eq!(reply.error(404), "component not known on this status page", "{path}");
        assert!(reply.text.contains("component_unknown"), "{}", reply.text);
        for known in ["parcels", "PARCELS", "europe"] {
            let answer = front.get(&format!("{path}?{ACME}&component={known}")).await.ok();
            assert_eq!(answer["components"].as_array().unwrap().len(), 1, "{path} {known}");
        }
    }
    let elsewhere = front.get(&format!("components?{ACME}&component=parcels&region=us-east-1")).await.ok();
    assert_eq!(elsewhere["components"], json!([]), "known, and not of this region");
}

#[tokio::test]
async fn a_link_leads_to_the_nearest_page_above_it() {
    let csv = "slug,name,url,domains\n\
        cloud,Cloud,https://health.cloud.example/health/status,\nhome,Home,https://health.cloud.example,cloud.example\n";
    let front = Front::with(statusphere_catalogue::Catalogue::parse(csv).unwrap(), None).await;
    let own = "slug,name,url\nown,Own,https://own.example/team/status\n";
    front.store.put_own_pages(statusphere_store::OwnPages::InUse, own).await.unwrap();
    for (slug, link) in [
        ("cloud", "https://health.cloud.example/health/status?eventID=k1"),
        ("cloud", "http://HEALTH.cloud.example/health/status/events/k2#k2"),
        ("home", "https://health.cloud.example/health/k1"),
        ("home", "https://blog.cloud.example/k3"),
        ("own", "https://own.example/team/status/k1"),
    ] {
        front.put_state(slug, &read(Indicator::Major)).await;
        let Item::Incident(one) = incident(&link[link.len() - 2..], Indicator::Major, "2026-02-20T10:00:00Z", None)
        else {
            unreachable!()
        };
        front.put_item(slug, &Item::Incident(Incident { link: link.to_owned(), ..one })).await;
        let escaped: String = form_urlencoded::byte_serialize(link.as_bytes()).collect();
        let answer = front.get(&format!("incident?deepLink={escaped}")).await.ok();
        assert_eq!((&answer["page"], &answer["incident"]["deepLink"]), (&json!(slug), &json!(link)));
    }
    for (query, names) in [
        ("deepLink=https://nobody.example/k1", true),
        ("deepLink=https://health.cloud.example/k2", true),
        ("page=home&deepLink=https://health.cloud.example/k2", false),
    ] {
        let reply = front.get(&format!("incident?{query}")).await;
        reply.error(404);
        assert_eq!(reply.text.contains("Name the page too: add page=."), names, "{query}");
    }
}

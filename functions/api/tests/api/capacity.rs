//! What a request costs in read units.

use chrono::TimeDelta;
use statusphere_domain::{ComponentStatus, Indicator, MaintenanceStatus};

use crate::support::{ACME, Front, component, incident, later, maintenance, read};

/// Read units x 10 of one request.
async fn cost(front: &Front, what: &str) -> u64 {
    let before = front.store.consumed().read;
    assert_eq!(front.get(what).await.status, 200);
    front.store.consumed().read - before
}

#[tokio::test]
async fn one_page_costs_half_a_unit_and_lists_cost_nothing() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.put_item("acme", &incident("k1", Indicator::Major, "2026-02-20T10:00:00Z", None)).await;
    let (start, end) = ("2026-04-01T01:00:00Z", "2026-04-01T03:00:00Z");
    front.put_item("acme", &maintenance("m1", MaintenanceStatus::Scheduled, start, end)).await;
    front.api.warm().await;
    assert!(cost(&front, &format!("currentStatus?{ACME}")).await <= 5);
    assert!(cost(&front, &format!("statusPage?{ACME}")).await <= 5);
    assert!(cost(&front, "outages").await > 0, "the open incidents are read by the first who wants them");
    for free in [
        "statusPages",
        "statusPages/count",
        "statusPages/search?query=acme",
        "sitemap.xml",
        "outages",
        "outages?category=cloud",
        "changes?since=2026-01-01",
        "dump",
        "openapi.json",
        "docs",
    ] {
        assert_eq!(cost(&front, free).await, 0, "{free}");
    }
    for listed in ["incidents", "components", "maintenances"] {
        assert!(cost(&front, &format!("{listed}?{ACME}")).await <= 10, "{listed}");
    }
    assert!(cost(&front, &format!("incident?{ACME}&id=k1")).await <= 10, "state and incident");
    assert!(
        cost(&front, &format!("uptime?{ACME}")).await <= 30,
        "state, components, timeline, steps and the first of them"
    );
}

#[tokio::test]
async fn a_stack_costs_half_a_unit_a_page_whatever_is_chosen() {
    let front = Front::open().await;
    let parts =
        (0..100).map(|n| component(&format!("Part {n}"), Some("Parts"), ComponentStatus::Operational)).collect();
    front.put_current("acme", parts, &[]).await;
    for slug in ["acme", "zeppelin", "orchard-10", "orchard-11"] {
        front.put_state(slug, &read(Indicator::None)).await;
    }
    front.api.warm().await;
    front.get("outages").await;
    for (query, pages) in [
        ("pages=acme", 1),
        ("pages=acme,zeppelin,orchard-10,orchard-11", 4),
        ("pages=acme,acme,ACME", 1),
        ("pages=acme,zeppelin,orchard-10&components=acme:Part%207", 3),
        ("pages=acme,zeppelin&components=Part%207", 2),
    ] {
        let cost = cost(&front, &format!("stack?{query}")).await;
        assert!(cost <= 5 * pages, "{query} costs {cost} tenths");
    }
    assert_eq!(cost(&front, "stack?pages=nobody").await, 0);
}

#[tokio::test]
async fn the_open_incidents_are_read_by_one_query_in_half_a_minute() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.api.warm().await;
    let first = cost(&front, "outages").await;
    assert_eq!(cost(&front, "stack?pages=acme").await, 5);
    later(TimeDelta::seconds(31));
    assert_eq!(cost(&front, "outages").await, first, "one query");
    assert_eq!(cost(&front, "outages").await, 0);
}

#[tokio::test]
async fn what_is_refused_costs_nothing() {
    let front = Front::open().await;
    front.api.warm().await;
    let before = front.store.consumed().read;
    for refused in ["currentStatus", "incidents?statusPageUrl=https://nobody.example", "statusPages/search", "nothing"]
    {
        front.get(refused).await;
    }
    assert_eq!(front.store.consumed().read, before);
}

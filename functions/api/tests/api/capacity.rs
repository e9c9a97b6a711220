//! What a request costs in read units.

use statusphere_domain::{Indicator, MaintenanceStatus};

use crate::support::{ACME, Front, incident, maintenance, read};

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
    for free in ["statusPages", "statusPages/count", "statusPages/search?query=acme", "sitemap.xml"] {
        assert_eq!(cost(&front, free).await, 0, "{free}");
    }
    for listed in ["incidents", "components", "maintenances"] {
        assert!(cost(&front, &format!("{listed}?{ACME}")).await <= 10, "{listed}");
    }
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

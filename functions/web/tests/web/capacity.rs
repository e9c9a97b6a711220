//! What a page costs: read units, and bytes on the way to a phone.

use chrono::TimeDelta;
use statusphere_domain::{ComponentStatus, Indicator, Item, PageState};

use crate::support::{Front, component, incident, later, read, update};

/// Read units x 10 of one request.
async fn cost(front: &Front, address: &str) -> u64 {
    let before = front.store.consumed().read;
    assert_eq!(front.get(address).await.status, 200);
    front.store.consumed().read - before
}

#[tokio::test]
async fn lists_cost_nothing_and_a_page_a_few_units() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.web.warm().await;
    assert!(cost(&front, "/").await > 0, "what is open and what ended is read by the first who wants it");
    for free in ["/", "/pages", "/pages?q=acme", "/pages?state=broken", "/stack", "/robots.txt"] {
        assert_eq!(cost(&front, free).await, 0, "{free}");
    }
    assert!(cost(&front, "/stack?pages=acme,zeppelin").await <= 10);
    let units = cost(&front, "/status/acme").await;
    assert!(units <= 35, "state, components, items, timeline, work, steps and the first of them: {units}");
    later(TimeDelta::seconds(61));
    assert!(cost(&front, "/").await > 0, "memory is renewed");
}

#[tokio::test]
async fn a_page_in_great_trouble_is_at_most_thirty_kilobytes() {
    let front = Front::open().await;
    let words: Vec<String> = (0..4_000_u32).map(|n| format!("{:x}", n.wrapping_mul(2_654_435_761))).collect();
    let mut items = Vec::new();
    for n in 0..20 {
        let Item::Incident(mut item) = incident(&format!("k{n}"), Indicator::Major, "2026-02-28T10:00:00Z", None)
        else {
            unreachable!()
        };
        item.updates = (0..20)
            .map(|m| update("Update", &words[m * 200..(m + 1) * 200].join(" "), "2026-02-28T10:20:00Z"))
            .collect();
        items.push(Item::Incident(item));
    }
    for item in &items {
        front.put_item("acme", item).await;
    }
    let parts = (0..2_000)
        .map(|n| component(&format!("Part {}", words[n]), Some(&words[n / 20]), ComponentStatus::PartialOutage));
    front.put_current("acme", parts.collect(), &items.iter().collect::<Vec<_>>()).await;
    front.put_state("acme", &PageState { open_incidents: 20, ..read(Indicator::Major) }).await;
    let history = "/status/acme/history";
    for address in
        ["/", "/pages", "/status/acme", history, "/status/acme/incident?id=k1", "/stack?pages=acme&choose=acme"]
    {
        for coding in ["gzip", "br"] {
            let reply = front.ask("GET", address, &[("accept-encoding", coding)]).await;
            assert_eq!(reply.status, 200);
            assert!(reply.bytes <= 30 * 1024, "{address} has {} bytes with {coding}", reply.bytes);
        }
    }
}

#[tokio::test]
async fn style_script_and_icon_are_small() {
    let front = Front::open().await;
    let home = front.page("/").await;
    let mut bytes = 0;
    for (tag, attribute) in [("script", "src"), ("link[rel=stylesheet]", "href"), ("link[rel=icon]", "href")] {
        let address = home.attributes(tag, attribute).remove(0);
        bytes += front.ask("GET", &address, &[("accept-encoding", "br")]).await.bytes;
    }
    assert!(bytes <= 15 * 1024, "{bytes} bytes");
}

//! Whatever a caller sends, the answer is its own fault or a good one, never a 5xx.

use statusphere_domain::Indicator;
use statusphere_testing::NONSENSE;

use crate::support::{Front, incident, read};

#[tokio::test]
async fn no_address_is_our_failure() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.put_item("acme", &incident("k1", Indicator::Major, "2026-02-20T10:00:00Z", None)).await;
    let huge = "x".repeat(9_000);
    let own = [":", "::", "acme:", ":acme", "acme:parcels,,", "https%3A%2F%2Fstatus.acme.example%2Fx", &huge];
    let names = [
        "q",
        "category",
        "state",
        "part",
        "pages",
        "components",
        "add",
        "choose",
        "of",
        "c",
        "id",
        "impact",
        "after",
        "region",
    ];
    for value in NONSENSE.iter().chain(&own) {
        let mut addresses = vec![
            format!("/{value}"),
            format!("/status/{value}"),
            format!("/status/{value}/history"),
            format!("/assets/{value}"),
            format!("/status/acme/{value}"),
        ];
        for path in
            ["/", "/pages", "/search", "/stack", "/status/acme", "/status/acme/history", "/status/acme/incident"]
        {
            addresses.extend(names.iter().map(|name| format!("{path}?{name}={value}&pages=acme")));
        }
        for address in addresses {
            let reply = front.get(&address).await;
            assert!(matches!(reply.status, 200 | 303 | 400 | 404), "{address}: {}", reply.status);
            if let Some(to) = reply.headers["location"].as_str() {
                assert!(
                    to.starts_with('/') && !to.starts_with("//") && !to.contains(['\r', '\n']),
                    "{address} leads to {to}"
                );
            }
        }
    }
}

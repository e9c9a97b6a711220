//! What is open on all pages.

use statusphere_domain::{Incident, Indicator, Item};

use crate::support::{Engine, at, incident, maintenance, over, page};

fn trouble(id: &str, impact: Indicator, start: i64) -> Incident {
    Incident { impact, ..incident(id, start) }
}

#[tokio::test]
async fn open_incidents_of_all_pages_come_worst_first_and_the_oldest_of_these() {
    let store = Engine::start().await.store();
    assert_eq!(store.open_incidents().await.unwrap(), statusphere_store::Open::default());
    let expected = [
        ("globex", trouble("k1", Indicator::Critical, 9)),
        ("acme", trouble("k3", Indicator::Major, 1)),
        ("initech", trouble("k1", Indicator::Major, 5)),
        ("acme", trouble("k1", Indicator::Minor, 0)),
        ("acme", trouble("k2", Indicator::None, 3)),
    ];
    for (slug, incident) in expected.iter().rev() {
        store.put_item(&page(slug), &Item::Incident(incident.clone()), 1, at(0), false).await.unwrap();
    }
    store.put_item(&page("acme"), &maintenance("m1", 0), 1, at(0), false).await.unwrap();
    store.put_item(&page("acme"), &over("k9", 0), 1, at(0), false).await.unwrap();
    let open = store.open_incidents().await.unwrap();
    assert_eq!(open.incidents, expected.map(|(slug, incident)| (page(slug), incident)));
    assert!(!open.more);

    store.put_item(&page("globex"), &over("k1", 9), 2, at(1), false).await.unwrap();
    assert_eq!(store.open_incidents().await.unwrap().incidents.len(), 4, "what is over is not open");
}

#[tokio::test]
async fn there_is_more_than_one_call_brings() {
    let engine = Engine::start().await;
    let store = engine.store();
    for n in 0..5 {
        let item = Item::Incident(trouble(&format!("k{n}"), Indicator::Major, n));
        store.put_item(&page("acme"), &item, 1, at(0), false).await.unwrap();
        engine.set("PAGE#acme", &format!("INC#k{n}"), "more", &serde_json::json!({"S": "x".repeat(300_000)}));
    }
    let open = store.open_incidents().await.unwrap();
    assert!(open.more && (3..5).contains(&open.incidents.len()), "{} incidents", open.incidents.len());
    assert_eq!(open.incidents[0].1.id, "k0");
}

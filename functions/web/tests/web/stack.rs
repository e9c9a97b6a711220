//! My stack: what is chosen stands in the address.

use statusphere_domain::{ComponentStatus, Indicator, PageState};

use crate::support::{Front, component, incident, read};

async fn front() -> Front {
    let front = Front::open().await;
    let parts = vec![
        component("Parcels", None, ComponentStatus::MajorOutage),
        component("Letters", None, ComponentStatus::Operational),
    ];
    let open = incident("k1", Indicator::Major, "2026-02-28T10:00:00Z", None);
    front.put_item("acme", &open).await;
    front.put_current("acme", parts, &[&open]).await;
    front.put_state("acme", &PageState { open_incidents: 1, ..read(Indicator::Major) }).await;
    front.put_state("zeppelin", &read(Indicator::None)).await;
    front
}

#[tokio::test]
async fn one_verdict_with_its_reasons() {
    let front = front().await;
    for (query, verdict, rows) in [
        ("pages=zeppelin", "Up. Everything here is well, by the vendors' own words.", vec!["Up"]),
        ("pages=acme,zeppelin", "Degraded. Something here is broken.", vec!["Degraded", "Up"]),
        (
            "pages=zeppelin,orchard-100",
            "Unknown. Nothing here is known to be broken, and not everything is known.",
            vec!["Up", "Unknown"],
        ),
        (
            "pages=zeppelin,nobody",
            "Unknown. Nothing here is known to be broken, and not everything is known.",
            vec!["Up", "Unknown"],
        ),
    ] {
        let page = front.page(&format!("/stack?{query}")).await;
        assert_eq!(page.one(".answer"), verdict, "{query}");
        assert_eq!(page.all(".rows > li > .badge"), rows, "{query}");
    }
}

#[tokio::test]
async fn a_choice_of_components_hides_nothing() {
    let front = front().await;
    front.put_current("zeppelin", vec![component("Post", None, ComponentStatus::Operational)], &[]).await;
    let page = front.page("/stack?pages=acme,zeppelin&components=acme:letters").await;
    // The incident names Parcels alone.
    assert!(page.one(".answer").starts_with("Up."));
    assert!(page.one("h2 + ul li").contains("Trouble k1"), "what is not chosen and broken is told");
}

#[tokio::test]
async fn it_is_made_of_links_and_forms_alone() {
    let front = front().await;
    let goes = async |from: &str| {
        let reply = front.get(from).await;
        assert_eq!(reply.status, 303, "{from}");
        reply.headers["location"].as_str().unwrap().to_owned()
    };
    assert_eq!(goes("/stack?pages=&components=&add=Roadrunner+Supplies").await, "/stack?pages=acme");
    assert_eq!(goes("/stack?pages=acme&add=zeppelin").await, "/stack?pages=acme,zeppelin");
    assert_eq!(goes("/stack?pages=acme&add=no,body").await, "/stack?pages=acme,no%2Cbody");
    let page = front.page("/stack?pages=acme,zeppelin&choose=acme").await;
    assert_eq!(page.attributes("input[type=checkbox]", "value"), ["parcels", "letters"]);
    let chosen = goes("/stack?pages=acme,zeppelin&components=acme:parcels,zeppelin:post&of=acme&c=letters").await;
    assert_eq!(chosen, "/stack?pages=acme,zeppelin&components=zeppelin%3Apost,acme%3Aletters");
    let page = front.page("/stack?pages=acme,zeppelin&components=acme:letters,zeppelin:post").await;
    let removing = page.attributes(".rows a", "href");
    assert!(removing.contains(&"/stack?pages=zeppelin&components=zeppelin%3Apost".to_owned()), "{removing:?}");
    let too_many = vec!["acme"; 101].join(",");
    assert_eq!(front.get(&format!("/stack?pages={too_many}")).await.status, 400);
}

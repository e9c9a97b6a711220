//! What a vendor writes is shown, and does nothing.

use scraper::Selector;
use statusphere_domain::{Component, ComponentStatus, Indicator, Item, PageState};

use crate::support::{Front, incident, read, update};

const NASTY: [&str; 8] = [
    "<script>alert(1)</script>",
    "</bdi></main><h1>Gone</h1><iframe src=//evil.example></iframe>",
    "\" onmouseover=\"alert(1)",
    "<img src=x onerror=alert(1)><svg onload=alert(1)>",
    "[click](javascript:alert(1)) <a href=\"jAvA\tscript:alert(1)\">here</a>",
    "\u{202e}desrever\u{202c} \u{2066}isolated",
    "{{7*7}} {% raw %} &lt;b&gt; &#60;script&#62;",
    "</title><meta http-equiv=refresh content=\"0;url=//evil.example\">",
];

#[tokio::test]
async fn titles_updates_and_names_are_inert_wherever_they_stand() {
    let front = Front::open().await;
    let mut items = Vec::new();
    for (n, nasty) in NASTY.iter().enumerate() {
        let Item::Incident(mut item) = incident(&format!("k{n}"), Indicator::Major, "2026-02-28T10:00:00Z", None)
        else {
            unreachable!()
        };
        item.id = format!("{n} {nasty}");
        item.title = format!("title {nasty}");
        item.link = (*nasty).to_owned();
        item.components = vec![format!("part {nasty}")];
        item.updates = vec![
            update(nasty, &format!("body {nasty}"), "2026-02-28T10:20:00Z"),
            update("Long", &"x".repeat(100_000), "2026-02-28T10:30:00Z"),
        ];
        items.push(Item::Incident(item));
    }
    for item in &items {
        front.put_item("acme", item).await;
    }
    let part = |(n, nasty): (usize, &&str)| Component {
        id: format!("{n} {nasty}"),
        name: format!("part {nasty}"),
        group: Some((*nasty).to_owned()),
        status: ComponentStatus::PartialOutage,
    };
    front.put_current("acme", NASTY.iter().enumerate().map(part).collect(), &items.iter().collect::<Vec<_>>()).await;
    front.put_state("acme", &PageState { open_incidents: 8, ..read(Indicator::Major) }).await;

    let mut addresses = vec![
        "/".to_owned(),
        "/status/acme".to_owned(),
        "/status/acme/history".to_owned(),
        "/stack?pages=acme&choose=acme".to_owned(),
        "/status/%3Cscript%3Ealert(1)%3C%2Fscript%3E".to_owned(),
        "/pages?q=%3Cscript%3E".to_owned(),
        "/stack?pages=%3Cscript%3E,acme&components=%3Cimg%20onerror=x%3E".to_owned(),
    ];
    addresses.extend(
        front
            .page("/status/acme")
            .await
            .attributes("article a", "href")
            .into_iter()
            .filter(|link| link.starts_with('/')),
    );
    assert!(addresses.len() >= 7 + NASTY.len(), "each incident has a page: {addresses:?}");
    for address in addresses {
        let reply = front.get(&address).await;
        let page = crate::support::Page(scraper::Html::parse_document(&reply.text));
        assert_eq!(page.all("h1").len(), 1, "{address}");
        assert_eq!(page.all("iframe, img, object, embed, base, style, meta[http-equiv]").len(), 0, "{address}");
        assert_eq!(page.attributes("script", "src").len(), page.all("script").len(), "{address}");
        assert_eq!(page.all("main").len(), 1, "{address}");
        for element in page.0.select(&Selector::parse("*").unwrap()) {
            let handler = element.value().attrs().find(|(name, _)| name.starts_with("on") || *name == "style");
            assert_eq!(handler, None, "{address}");
        }
        for link in page.attributes("a[href]", "href") {
            let known = ["/", "#", "https://", "http://"].iter().any(|start| link.starts_with(start));
            assert!(known, "{address}: {link}");
        }
        let shown = page.all("html").remove(0);
        assert!(!shown.contains(['\u{202e}', '\u{2066}']), "{address} turns text round");
        assert!(reply.text.len() < 300_000, "{address} has {} bytes", reply.text.len());
    }
}

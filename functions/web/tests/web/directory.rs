//! The directory: all pages, those that are searched for, and its parts.

use statusphere_domain::Indicator;

use crate::support::{Front, read};

#[tokio::test]
async fn a_walk_through_its_parts_meets_every_page_once() {
    let front = Front::open().await;
    let (mut seen, mut next) = (Vec::new(), Some("/pages".to_owned()));
    while let Some(address) = next {
        let page = front.page(&address).await;
        seen.extend(page.all(".rows .name"));
        next = page.attributes("a[rel=next]", "href").pop();
    }
    assert_eq!(seen.len(), 302);
    let mut sorted = seen.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    sorted.dedup();
    assert_eq!(seen, sorted, "by name, none twice");
    assert!(front.page("/pages?part=99").await.all(".rows .name").is_empty());
    for part in ["0", "-1", "x", "99999999999999999999"] {
        assert_eq!(front.get(&format!("/pages?part={part}")).await.status, 400, "{part}");
    }
}

#[tokio::test]
async fn it_is_filtered_by_words_category_and_state() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::Major)).await;
    front.put_state("zeppelin", &read(Indicator::None)).await;
    for (query, names) in [
        ("state=broken", vec!["Acme"]),
        ("state=up", vec!["zeppelin <Mail>"]),
        ("category=email", vec!["zeppelin <Mail>"]),
        ("q=roadruner", vec!["Acme"]),
        ("q=acme&category=email", vec![]),
        ("q=&category=cloud&state=", vec!["Acme"]),
    ] {
        assert_eq!(front.page(&format!("/pages?{query}")).await.all(".rows .name"), names, "{query}");
    }
    let unknown = front.page("/pages?state=unknown").await;
    assert!(unknown.one("#found .how").starts_with("300 pages, part 1 of 3"));
    assert!(unknown.attributes("a[rel=next]", "href")[0].contains("state=unknown&part=2"));
    let none = front.page("/pages?q=%3Cb%3Eqqqq").await;
    assert_eq!(none.attributes("#filter", "value"), ["<b>qqqq"]);
}

//! What vendors may put into ids, titles and bodies: nothing of it breaks a key, a list or a cursor.

use std::collections::BTreeSet;

use statusphere_domain::{ComponentStatus, Incident, Item, Update};
use statusphere_store::{Current, Timeline};

use crate::support::{Engine, at, component, incident, maintenance, open, page, walk};

fn ids() -> Vec<String> {
    let mut ids: Vec<String> = [
        "",
        " ",
        "#",
        "##",
        "INC#",
        "MNT#x",
        "STATE",
        "a/b?c=d&e",
        "\n",
        "a\nb",
        "\0",
        "\u{1}\u{7f}\t\r",
        "\"{}\\",
        "é",
        "故障-42",
        "🔥",
        "sha256:",
        "../../etc",
    ]
    .map(str::to_owned)
    .to_vec();
    ids.extend([
        "x".repeat(200),
        "x".repeat(201),
        "x".repeat(10_240),
        format!("{}y", "x".repeat(10_239)),
        "🔥".repeat(51),
    ]);
    ids
}

#[tokio::test]
async fn items_with_odd_ids_are_told_apart_and_come_back() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let mut keys = BTreeSet::new();
    for odd in ids() {
        for item in [open(&odd, 1), maintenance(&odd, 2)] {
            store.put_item(&id, &item, 1, at(0), false).await.unwrap_or_else(|why| panic!("{odd:?}: {why}"));
            keys.insert(item.key());
        }
    }
    assert_eq!(keys.len(), ids().len() * 2);
    let stored = store.items(&id, &keys).await.unwrap();
    assert_eq!(stored.into_keys().collect::<BTreeSet<_>>(), keys);

    let current = Current { open: keys.clone(), ..Current::default() };
    store.put_current(&id, &current, &[], at(0), false).await.unwrap();
    assert_eq!(store.current(&id).await.unwrap(), Current { version: 1, ..current });
}

#[tokio::test]
async fn lists_go_on_after_odd_ids() {
    let store = Engine::start().await.store();
    let id = page("acme");
    let mut keys = BTreeSet::new();
    for odd in ids() {
        let item = open(&odd, 1);
        store.put_item(&id, &item, 1, at(0), false).await.unwrap();
        keys.insert(item.key());
    }
    let walked = walk(&store, &id, 1).await;
    assert_eq!(walked.len(), keys.len());
    assert_eq!(walked.iter().map(Item::key).collect::<BTreeSet<_>>(), keys);
}

#[tokio::test]
async fn odd_texts_come_back_as_they_were() {
    let store = Engine::start().await.store();
    let id = page("acme");
    for (n, odd) in ids().into_iter().chain(["<script>alert(1)</script>".to_owned(), "b".repeat(3_000_000)]).enumerate()
    {
        let update = Update { at: at(0), title: odd.clone(), body: odd.clone() };
        let (title, link, components) = (odd.clone(), odd.clone(), vec![odd.clone()]);
        let item = Item::Incident(Incident {
            title,
            link,
            components,
            updates: vec![update],
            ..incident(&format!("k{n}"), 0)
        });
        store.put_item(&id, &item, 1, at(0), false).await.unwrap();
        assert_eq!(store.items(&id, [&item.key()]).await.unwrap()[&item.key()].0, item);
    }
}

#[tokio::test]
async fn components_with_odd_names_come_back() {
    let store = Engine::start().await.store();
    let components = ids().iter().map(|odd| component(odd, ComponentStatus::Unknown)).collect();
    let current = Current { components: Some(components), ..Current::default() };
    store.put_current(&page("acme"), &current, &[], at(0), false).await.unwrap();
    assert_eq!(store.current(&page("acme")).await.unwrap(), Current { version: 1, ..current });
}

#[tokio::test]
async fn what_one_page_says_never_shows_on_another() {
    let store = Engine::start().await.store();
    for slug in ["acme", "acme.eu", "acme-2", "ac"] {
        store.put_item(&page(slug), &open(slug, 0), 1, at(0), false).await.unwrap();
        store.put_item(&page(slug), &maintenance(slug, 0), 1, at(0), false).await.unwrap();
    }
    let slice = store.timeline(&page("acme"), &Timeline::default()).await.unwrap();
    let seen: Vec<_> = slice.items.iter().map(|(item, _, _)| item.clone()).collect();
    assert_eq!(seen, [maintenance("acme", 0), open("acme", 0)]);
    assert_eq!(store.maintenances(&page("acme")).await.unwrap(), [maintenance("acme", 0)]);
}

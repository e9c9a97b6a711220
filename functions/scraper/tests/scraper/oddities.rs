//! Documents that are odd and not broken.

use std::collections::BTreeSet;

use serde_json::json;
use statusphere_domain::{Indicator, Item};

use crate::documents::{calm, incident, summary, trouble};
use crate::support::{ACME, Bench, GLOBEX, Web, id, incident_key, outcomes, pass, scrape_event};

const OPEN: [(&str, &str); 1] = [("investigating", "2026-03-01T11:40:00Z")];

#[tokio::test]
async fn bug_08_the_same_incident_twice_in_one_document_is_one() {
    let bench = Bench::start().await;
    let twice = [incident("k1", "minor", &OPEN), incident("k1", "major", &OPEN), incident("k2", "minor", &OPEN)];
    for expected in ["changed", "unchanged"] {
        assert_eq!(bench.scrape(Web::default().summary(ACME, &summary("major", &[], &twice))).await, expected);
        pass(5);
    }
    assert_eq!(bench.store.current(&id("acme")).await.unwrap().open.len(), 2);
    assert_eq!(bench.state().await.open_incidents, 2);
}

#[tokio::test]
async fn bug_08_items_of_a_feed_may_share_a_link() {
    let bench = Bench::start().await;
    let item = |n: u32| {
        format!(
            "<item><title>Late parcels {n}</title><link>{ACME}</link><pubDate>Sat, 28 Feb 2026 0{n}:00:00 GMT</pubDate>\
             <description>&lt;p&gt;Resolved - All parcels move.&lt;/p&gt;</description></item>"
        )
    };
    let feed = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Acme Status</title><link>{ACME}</link>\
         <description>Status</description>{}{}{}</channel></rss>",
        item(1),
        item(2),
        item(2)
    );
    for expected in ["changed", "unchanged"] {
        let web = Web::default().answer(&format!("{ACME}/feed.xml"), 200, "application/rss+xml", &feed);
        assert_eq!(bench.scrape(web).await, expected);
        pass(5);
    }
    assert_eq!(bench.state().await.open_incidents, 0);
}

#[tokio::test]
async fn bug_08_two_pages_may_use_the_same_ids() {
    let bench = Bench::start().await;
    let web = Web::default().summary(ACME, &trouble()).summary(GLOBEX, &trouble());
    let pages = [("acme", ACME), ("globex", GLOBEX)];
    let answer = bench.scraper(web.open()).handle(scrape_event(&pages)).await.unwrap();
    assert_eq!(outcomes(&answer).into_values().collect::<Vec<_>>(), ["changed", "changed"]);
    pass(5);
    bench.scrape(Web::default().summary(ACME, &calm())).await;
    assert_eq!(bench.store.current(&id("globex")).await.unwrap().open, BTreeSet::from([incident_key("k1")]));
}

#[tokio::test]
async fn bug_11_an_open_incident_without_updates_is_an_open_incident() {
    let bench = Bench::start().await;
    let mut silent = incident("k1", "major", &[]);
    let mut garbled = incident("k2", "minor", &OPEN);
    silent["incident_updates"] = json!(null);
    garbled["incident_updates"] =
        json!([{"status": "investigating", "body": 7, "created_at": "the other day"}, null, "x"]);
    bench.scrape(Web::default().summary(ACME, &summary("major", &[], &[silent, garbled]))).await;
    for key in ["k1", "k2"] {
        let (Item::Incident(incident), 1) = bench.item(&incident_key(key)).await.unwrap() else { panic!("{key}") };
        assert!(incident.is_open() && incident.updates.is_empty(), "{key}");
    }
    assert_eq!(bench.state().await.open_incidents, 2);
}

#[tokio::test]
async fn an_incident_that_cannot_be_read_ends_no_other() {
    let bench = Bench::start().await;
    let both = [incident("k1", "major", &OPEN), incident("k2", "major", &OPEN)];
    bench.scrape(Web::default().summary(ACME, &summary("major", &[], &both))).await;
    pass(5);
    let mut broken = incident("k2", "major", &OPEN);
    for field in ["id", "started_at", "incident_updates"] {
        broken.as_object_mut().unwrap().remove(field);
    }
    bench.scrape(Web::default().summary(ACME, &summary("major", &[], &[both[0].clone(), broken]))).await;
    assert_eq!(bench.state().await.open_incidents, 2, "what can't be read may well be the other one");
}

#[tokio::test]
async fn a_zombie_is_demoted_and_not_dropped() {
    let bench = Bench::start().await;
    let old = [incident("k1", "critical", &[("investigating", "2026-02-15T10:00:00Z")])];
    let web = || Web::default().summary(ACME, &summary("none", &[], &old));
    bench.scrape(web()).await;
    assert_eq!(bench.state().await.indicator, Some(Indicator::Critical));
    pass(24 * 60);
    assert_eq!(bench.scrape(web()).await, "changed", "the document is the same, the day is not");
    let state = bench.state().await;
    assert_eq!((state.indicator, state.open_incidents), (Some(Indicator::Minor), 1));
}

#[tokio::test]
async fn odd_ids_and_texts_are_stored_as_they_are() {
    let bench = Bench::start().await;
    let long = "x".repeat(10_000);
    let odd = ["#", "a\nb", "INC#k1", "\u{1}", "<b>", long.as_str()];
    let incidents: Vec<_> = odd.iter().map(|id| incident(id, "minor", &OPEN)).collect();
    let web = || Web::default().summary(ACME, &summary("minor", &[("<script>", "\u{202e}"), ("", "")], &incidents));
    assert_eq!(bench.scrape(web()).await, "changed");
    pass(5);
    assert_eq!(bench.scrape(web()).await, "unchanged");
    for id in odd {
        assert!(bench.item(&incident_key(id)).await.is_some(), "{id:.20}");
    }
}

#[tokio::test]
async fn an_incident_too_large_to_keep_is_that_pages_trouble_alone() {
    let bench = Bench::start().await;
    // Does not deflate: 900 KB of base 64 digits from a fixed stream of numbers.
    let mut state = 42_u64;
    let digit = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[(state >> 58) as usize])
    };
    let mut large = incident("k1", "major", &OPEN);
    large["incident_updates"][0]["body"] = (0..900_000).map(digit).collect::<String>().into();
    let web = Web::default().summary(ACME, &summary("major", &[], &[large])).summary(GLOBEX, &calm());
    let pages = [("acme", ACME), ("globex", GLOBEX)];
    let answer = bench.scraper(web.open()).handle(scrape_event(&pages)).await.unwrap();
    assert_eq!(outcomes(&answer).into_values().collect::<Vec<_>>(), ["unread", "changed"]);
    assert!(bench.state().await.failure.unwrap().detail.contains("too large"));
    assert!(!bench.state().await.is_indexed());
}

#[tokio::test]
async fn a_document_without_its_list_of_incidents_ends_none() {
    let bench = Bench::start().await;
    bench.scrape(Web::default().summary(ACME, &trouble())).await;
    pass(5);
    let mut silent = calm();
    silent.as_object_mut().unwrap().remove("incidents");
    bench.scrape(Web::default().summary(ACME, &silent)).await;
    assert_eq!(bench.state().await.open_incidents, 1);
    pass(5);
    bench.scrape(Web::default().summary(ACME, &calm())).await;
    assert_eq!(bench.state().await.open_incidents, 0);
}

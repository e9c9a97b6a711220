//! What a changed document writes: that which changed, and no more.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use statusphere_domain::{IncidentStatus, Indicator, Item, ItemKey, MaintenanceStatus};

use crate::documents::{calm, incident, maintenance, summary, trouble};
use crate::support::{ACME, Bench, Web, at, id, incident_key, now, pass};

fn web(document: &Value) -> Web {
    Web::default().summary(ACME, document)
}

#[tokio::test]
async fn an_incident_that_opens_and_one_that_is_missing_are_written_once_each() {
    let bench = Bench::start().await;
    bench.scrape(web(&calm())).await;
    pass(5);
    let before = bench.written().len();
    assert_eq!(bench.scrape(web(&trouble())).await, "changed");
    let opened = ["STATE", "COMPONENTS", "INC#k1", "COMPONENTS", "STATE"];
    assert_eq!(bench.keys_since(before), opened, "listed as open before it is written");

    pass(5);
    let before = bench.written().len();
    assert_eq!(bench.scrape(web(&calm())).await, "changed");
    assert_eq!(bench.keys_since(before), ["STATE", "INC#k1", "COMPONENTS", "STATE"]);
    let (Item::Incident(over), 2) = bench.item(&incident_key("k1")).await.unwrap() else { panic!("not an incident") };
    assert_eq!((over.status, over.ended_at), (IncidentStatus::Resolved, Some(now())));
    let state = bench.state().await;
    assert_eq!((state.indicator, state.open_incidents, state.last_change), (Some(Indicator::None), 0, Some(now())));
    assert!(bench.store.current(&id("acme")).await.unwrap().open.is_empty());
}

#[tokio::test]
async fn an_update_writes_the_incident_and_the_state_alone() {
    let bench = Bench::start().await;
    bench.scrape(web(&trouble())).await;
    pass(5);
    let before = bench.written().len();
    let words = [("investigating", "2026-03-01T11:40:00Z"), ("identified", "2026-03-01T12:03:00Z")];
    let components = [("Parcels", "major_outage"), ("Returns", "operational")];
    bench.scrape(web(&summary("major", &components, &[incident("k1", "major", &words)]))).await;
    let updated = bench.keys_since(before);
    assert_eq!(updated, ["STATE", "INC#k1", "STATE"], "begun, written, done; the components are as they were");
    let (Item::Incident(updated), 2) = bench.item(&incident_key("k1")).await.unwrap() else { panic!("no incident") };
    assert_eq!(updated.status, IncidentStatus::Identified);
    assert_eq!(updated.updates.iter().map(|u| u.title.as_str()).collect::<Vec<_>>(), ["Investigating", "Identified"]);
}

#[tokio::test]
async fn a_component_has_its_status_since_the_look_that_found_it_changed() {
    let bench = Bench::start().await;
    let look = |components: &[(&str, &str)]| web(&summary("none", components, &[]));
    let since = async || bench.store.current(&id("acme")).await.unwrap().since;
    let known = |times: &[(&str, DateTime<Utc>)]| times.iter().map(|(id, at)| ((*id).to_owned(), *at)).collect();
    bench.scrape(look(&[("Parcels", "operational"), ("Returns", "operational")])).await;
    assert_eq!(since().await, BTreeMap::new(), "nobody knows since when");

    pass(5);
    let first = now();
    bench.scrape(look(&[("Parcels", "major_outage"), ("Returns", "operational")])).await;
    assert_eq!(since().await, known(&[("parcels", first)]));
    pass(5);
    bench.scrape(look(&[("Parcels", "major_outage"), ("Returns", "operational"), ("Mail", "operational")])).await;
    let second = now();
    assert_eq!(since().await, known(&[("parcels", first), ("mail", second)]), "one came, the others are as they were");
    // A look that finds nothing new, and one that finds something else.
    pass(5);
    bench.scrape(look(&[("Parcels", "major_outage"), ("Returns", "operational"), ("Mail", "operational")])).await;
    pass(5);
    let parcels = incident("k1", "major", &[("investigating", "2026-03-01T11:40:00Z")]);
    let components = [("Parcels", "major_outage"), ("Returns", "operational"), ("Mail", "operational")];
    bench.scrape(web(&summary("major", &components, &[parcels]))).await;
    assert_eq!(since().await, known(&[("parcels", first), ("mail", second)]));

    pass(5);
    bench.scrape(look(&[("Returns", "degraded_performance"), ("Mail", "operational")])).await;
    assert_eq!(since().await, known(&[("returns", now()), ("mail", second)]), "one went");
}

#[tokio::test]
async fn an_incident_that_opens_again_is_open_again() {
    let bench = Bench::start().await;
    bench.scrape(web(&trouble())).await;
    pass(5);
    bench.scrape(web(&calm())).await;
    pass(5);
    bench.scrape(web(&trouble())).await;
    let (item, sequence) = bench.item(&incident_key("k1")).await.unwrap();
    assert!(item.is_open());
    assert_eq!((sequence, bench.state().await.open_incidents), (3, 1));
}

#[tokio::test]
async fn maintenances_are_planned_and_never_an_outage() {
    let bench = Bench::start().await;
    let mut document = calm();
    let (from, until) = ("2026-03-01T12:04:00Z", "2026-03-01T14:00:00Z");
    document["scheduled_maintenances"] = json!([maintenance("m1", "scheduled", from, until)]);
    bench.scrape(web(&document)).await;
    assert_eq!(bench.state().await.open_incidents, 0);
    pass(5);
    document["scheduled_maintenances"] = json!([maintenance("m1", "in_progress", from, until)]);
    document["status"]["indicator"] = json!("maintenance");
    bench.scrape(web(&document)).await;
    let key = ItemKey::Maintenance("m1".to_owned());
    let (Item::Maintenance(running), 2) = bench.item(&key).await.unwrap() else { panic!("no maintenance") };
    assert_eq!((running.status, running.ends_at), (MaintenanceStatus::InProgress, Some(at(until))));
    assert_eq!(bench.state().await.indicator, Some(Indicator::Maintenance));
    pass(5);
    bench.scrape(web(&calm())).await;
    let (Item::Maintenance(over), 3) = bench.item(&key).await.unwrap() else { panic!("no maintenance") };
    assert_eq!((over.status, over.ends_at), (MaintenanceStatus::Completed, Some(now())));
}

#[tokio::test]
async fn a_scrape_that_was_cut_off_is_made_up_for_without_saying_anything_twice() {
    let bench = Bench::start().await;
    bench.scrape(web(&trouble())).await;
    pass(5);
    // What a scrape leaves that ends the incident and dies before it writes the rest.
    let (Item::Incident(mut incident), sequence) = bench.item(&incident_key("k1")).await.unwrap() else { panic!() };
    (incident.status, incident.ended_at) = (IncidentStatus::Resolved, Some(now()));
    let ended = Item::Incident(incident);
    bench.store.put_item(&id("acme"), &ended, sequence + 1, now(), false).await.unwrap();
    pass(5);
    let before = bench.written().len();
    assert_eq!(bench.scrape(web(&calm())).await, "changed");
    assert_eq!(bench.keys_since(before), ["STATE", "COMPONENTS", "STATE"], "the end is not written again");
    assert_eq!(bench.item(&incident_key("k1")).await.unwrap(), (ended, 2));
    assert_eq!(bench.state().await.open_incidents, 0);
}

#[tokio::test]
async fn what_the_history_wrote_meanwhile_does_not_hide_what_is_open() {
    let bench = Bench::start().await;
    bench.scrape(web(&calm())).await;
    pass(5);
    // A moment after this scrape began, the history wrote the same incident, as over.
    let item = history_says_over().await;
    bench.store.put_item(&id("acme"), &item, 1, now() + TimeDelta::seconds(2), true).await.unwrap();
    assert_eq!(bench.scrape(web(&trouble())).await, "outdated");
    pass(5);
    assert_eq!(bench.scrape(web(&trouble())).await, "changed");
    assert!(bench.item(&incident_key("k1")).await.unwrap().0.is_open(), "the page lists it as open");
    assert_eq!(bench.state().await.open_incidents, 1);
}

async fn history_says_over() -> Item {
    let bench = Bench::start().await;
    bench.scrape(web(&trouble())).await;
    let (Item::Incident(mut incident), _) = bench.item(&incident_key("k1")).await.unwrap() else { panic!() };
    (incident.status, incident.ended_at) = (IncidentStatus::Resolved, Some(now()));
    Item::Incident(incident)
}

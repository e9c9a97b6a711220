//! What is announced of items and transitions: each fact with one id, however often its record comes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use statusphere_domain::{
    ComponentStatus, Detail, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, PageState, Step,
    Transition,
};
use statusphere_store::Current;

use crate::support::{Bench, Delivered, at, incident, page, read};

/// The life of one incident beside that of another, as scrapes write them.
async fn two_incidents(bench: &Bench) {
    let story = [
        ("k1", IncidentStatus::Investigating, 1),
        ("k1", IncidentStatus::Identified, 2),
        ("k2", IncidentStatus::Investigating, 1),
        ("k1", IncidentStatus::Resolved, 3),
        ("k1", IncidentStatus::Postmortem, 4),
        ("k2", IncidentStatus::Resolved, 2),
        ("k2", IncidentStatus::Investigating, 3),
    ];
    for (minute, (key, status, sequence)) in (5..).zip(story) {
        let item = Item::Incident(incident(key, status));
        bench.store.put_item(&page("acme"), &item, sequence, at(minute), false).await.unwrap();
    }
}

const STORY: [&str; 7] = [
    "IncidentOpened acme/INC#k1/1",
    "IncidentUpdated acme/INC#k1/2",
    "IncidentOpened acme/INC#k2/1",
    "IncidentResolved acme/INC#k1/3",
    "IncidentUpdated acme/INC#k1/4",
    "IncidentResolved acme/INC#k2/2",
    "IncidentOpened acme/INC#k2/3",
];

#[tokio::test]
async fn an_incident_is_opened_updated_and_resolved() {
    let bench = Bench::start().await;
    two_incidents(&bench).await;
    let delivered = bench.publish_all().await;
    assert_eq!(delivered.iter().map(Delivered::told).collect::<Vec<_>>(), STORY);
    let expected = json!({
        "version": 1,
        "id": "acme/INC#k1/3",
        "page": "acme",
        "sequence": 3,
        "at": "2026-01-01T00:08:00Z",
        "incident": {
            "id": "k1",
            "title": "Parcels arrive late",
            "status": "resolved",
            "impact": "major",
            "link": "https://status.acme.example/incidents/k1",
            "startTime": "2026-01-01T00:01:00Z",
            "endTime": "2026-01-01T00:30:00Z",
            "components": ["Parcels"],
            "update": {"title": "Identified", "body": "A belt is <b>stuck</b>.", "time": "2026-01-01T00:02:00Z"},
        },
    });
    assert_eq!(delivered[3].detail, expected);
}

#[tokio::test]
async fn however_the_stream_is_cut_and_repeated_the_facts_are_the_same() {
    for size in 1..=STORY.len() {
        let bench = Bench::start().await;
        two_incidents(&bench).await;
        let records = bench.records();
        for batch in records.chunks(size) {
            bench.publish(batch).await.unwrap();
            bench.publish(batch).await.unwrap();
        }
        // And all of it once more, as after a lost position.
        bench.publish(&records).await.unwrap();
        let delivered = bench.delivered();
        assert_eq!(delivered.len(), STORY.len() * 3);
        let facts: BTreeSet<_> = delivered.iter().map(Delivered::told).collect();
        assert_eq!(facts, STORY.map(str::to_owned).into());
        // The same id always says the same.
        for event in &delivered {
            assert!(delivered.iter().all(|other| other.id() != event.id() || other == event));
        }
        // A consumer that drops what it knows sees each incident's sequence grow one by one.
        let (mut seen, mut last) = (BTreeSet::new(), BTreeMap::new());
        for event in delivered.iter().filter(|event| seen.insert(event.id())) {
            let sequence = last.entry(event.detail["incident"]["id"].to_string()).or_insert(0_u64);
            *sequence += 1;
            assert_eq!(event.detail["sequence"], *sequence);
        }
    }
}

#[tokio::test]
async fn a_baseline_announces_nothing() {
    let bench = Bench::start().await;
    let id = page("acme");
    for (key, status) in [("k1", IncidentStatus::Investigating), ("k2", IncidentStatus::Resolved)] {
        bench.store.put_item(&id, &Item::Incident(incident(key, status)), 1, at(5), true).await.unwrap();
    }
    let steps = [Transition::Indicator { from: None, to: Some(Indicator::Major) }];
    steps_are_sure(&bench, 0, &steps, 5, true).await;
    assert!(bench.publish_all().await.is_empty());
    // What happens after it is news.
    let resolved = Item::Incident(incident("k1", IncidentStatus::Resolved));
    bench.store.put_item(&id, &resolved, 2, at(10), false).await.unwrap();
    let told: Vec<_> = bench.publish_last().await.iter().map(Delivered::told).collect();
    assert_eq!(told, ["IncidentResolved acme/INC#k1/2"]);
}

#[tokio::test]
async fn the_same_write_twice_is_one_fact() {
    let bench = Bench::start().await;
    let item = Item::Incident(incident("k1", IncidentStatus::Investigating));
    for minute in [5, 5, 6] {
        bench.store.put_item(&page("acme"), &item, 1, at(minute), false).await.unwrap();
    }
    let records = bench.records();
    assert_eq!(records.len(), 1);
    let told: Vec<_> = bench.publish_all().await.iter().map(Delivered::told).collect();
    assert_eq!(told, ["IncidentOpened acme/INC#k1/1"]);
}

#[tokio::test]
async fn a_maintenance_is_scheduled_started_updated_and_ended() {
    let bench = Bench::start().await;
    let work = |id: &str, status, title: &str| {
        Item::Maintenance(Maintenance {
            id: id.to_owned(),
            title: title.to_owned(),
            link: "https://status.acme.example/incidents/m1".to_owned(),
            status,
            starts_at: at(60),
            ends_at: Some(at(120)),
            updates: Vec::new(),
            components: Vec::new(),
            detail: Detail::Full,
        })
    };
    let story = [
        work("m1", MaintenanceStatus::Scheduled, "Belts"),
        work("m1", MaintenanceStatus::Scheduled, "New belts"),
        work("m1", MaintenanceStatus::InProgress, "New belts"),
        work("m1", MaintenanceStatus::Completed, "New belts"),
    ];
    for (sequence, item) in (1..).zip(&story) {
        bench.store.put_item(&page("acme"), item, sequence, at(5), false).await.unwrap();
    }
    // One that is over when it is first seen is no news.
    let over = work("m2", MaintenanceStatus::Completed, "Old belts");
    bench.store.put_item(&page("acme"), &over, 1, at(5), false).await.unwrap();
    let delivered = bench.publish_all().await;
    let told: Vec<_> = delivered.iter().map(Delivered::told).collect();
    let names = ["Scheduled", "Updated", "Started", "Ended"].into_iter().zip(1..);
    assert_eq!(told, names.map(|(name, n)| format!("Maintenance{name} acme/MNT#m1/{n}")).collect::<Vec<_>>());
    assert_eq!(delivered[0].detail["maintenance"]["update"], json!(null));
    assert_eq!(delivered[2].detail["maintenance"]["status"], "in_progress");
}

#[tokio::test]
async fn each_transition_is_one_event() {
    let bench = Bench::start().await;
    let component = |id: &str, to| {
        let (id, name) = (id.to_owned(), id.to_uppercase());
        Transition::Component { id, name, from: Some(ComponentStatus::Operational), to }
    };
    let steps = [
        Transition::Indicator { from: Some(Indicator::None), to: Some(Indicator::Minor) },
        component("api", Some(ComponentStatus::PartialOutage)),
        component("mail", None),
    ];
    steps_are_sure(&bench, 0, &steps, 5, false).await;
    for (to, minute) in [(false, 9), (true, 12)] {
        let step = Step { transition: Transition::Readable { to }, since: at(3) };
        let state = PageState { unreadable_since: (!to).then(|| at(minute)), ..read(minute) };
        bench.store.put_readable(&page("acme"), &state, None, &[step], at(minute), false).await.unwrap();
    }
    let delivered = bench.publish_all().await;
    let told: Vec<_> = delivered.iter().map(Delivered::told).collect();
    let expected = [
        "IndicatorChanged acme/TR#2026-01-01T00:05:00.000Z#COMPONENTS/indicator",
        "ComponentChanged acme/TR#2026-01-01T00:05:00.000Z#COMPONENTS/component/api",
        "ComponentChanged acme/TR#2026-01-01T00:05:00.000Z#COMPONENTS/component/mail",
        "PageUnreadable acme/TR#2026-01-01T00:09:00.000Z#STATE/readable",
        "PageReadable acme/TR#2026-01-01T00:12:00.000Z#STATE/readable",
    ];
    assert_eq!(
        told.iter().filter(|told| !told.starts_with("Backfill")).collect::<Vec<_>>(),
        expected.iter().collect::<Vec<_>>()
    );
    assert_eq!((&delivered[0].detail["from"], &delivered[0].detail["to"]), (&json!("none"), &json!("minor")));
    assert_eq!(delivered[1].detail["component"], json!({"id": "api", "name": "API"}));
    assert_eq!(delivered[2].detail["to"], json!(null));
    let unreadable = delivered.iter().find(|event| event.told().starts_with("PageUnreadable")).unwrap();
    assert_eq!(
        (&unreadable.detail["at"], &unreadable.detail["since"]),
        (&json!("2026-01-01T00:09:00Z"), &json!("2026-01-01T00:03:00Z"))
    );
}

#[tokio::test]
async fn a_silence_of_our_own_and_a_baseline_without_steps_are_no_news() {
    let bench = Bench::start().await;
    // A first reading that tells nothing has a row without steps.
    steps_are_sure(&bench, 0, &[], 5, true).await;
    bench.store.put_scrape(&page("acme"), &read(5), None).await.unwrap();
    let step = |to, minute| Step { transition: Transition::Readable { to }, since: at(minute) };
    let silence = [step(false, 5), step(true, 300)];
    bench.store.put_readable(&page("acme"), &read(300), Some(&read(5)), &silence, at(300), true).await.unwrap();
    let told: Vec<_> = bench.publish_all().await.into_iter().map(|event| event.name).collect();
    assert!(told.iter().all(|name| name == "BackfillRequested"), "{told:?}");
    assert_eq!(bench.store.live().await.unwrap()[&page("acme")].state.last_success, Some(at(300)));
}

#[tokio::test]
async fn the_largest_texts_of_a_vendor_still_go_over_the_bus() {
    let bench = Bench::start().await;
    let text = |length: usize| "é\u{1}\"".repeat(length);
    let huge = text(2_000);
    for n in 0..12 {
        let mut one = incident(&format!("k{n}"), IncidentStatus::Investigating);
        one.title.clone_from(&huge);
        one.link.clone_from(&huge);
        one.updates[0].body = text(if n == 0 { 70_000 } else { 12_000 });
        one.components = vec![huge.clone(); 30];
        bench.store.put_item(&page("acme"), &Item::Incident(one), 1, at(5), false).await.unwrap();
    }
    let component = |id: &str| Transition::Component { id: id.to_owned(), name: huge.clone(), from: None, to: None };
    steps_are_sure(&bench, 0, &[component(&huge), component("api")], 5, false).await;
    let ids: BTreeSet<_> = bench.publish_all().await.iter().map(Delivered::id).collect();
    assert_eq!(ids.len(), 14);
    assert!(ids.contains("acme/TR#2026-01-01T00:05:00.000Z#COMPONENTS/component/api"));
}

/// Steps that two observations agree on, as a scrape writes them on top of a version.
async fn steps_are_sure(bench: &Bench, version: u64, steps: &[Transition], minute: i64, baseline: bool) {
    let steps: Vec<_> = steps.iter().map(|step| Step { transition: step.clone(), since: at(3) }).collect();
    let current = Current { version, ..Current::default() };
    bench.store.put_current(&page("acme"), &current, &steps, at(minute), baseline).await.unwrap();
}

//! One incident, filters of many, and how well a page ran.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use statusphere_domain::{
    Component, ComponentStatus, Incident, Indicator, Item, MaintenanceStatus, PageState, Step, Transition,
};
use statusphere_store::Current;

use crate::support::{ACME, Front, at, component, failing, id, incident, maintenance, now, read};

fn ids(answer: &Value) -> Vec<&str> {
    answer["incidents"].as_array().unwrap().iter().map(|incident| incident["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn incidents_by_time_status_and_component() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front
        .put_item("acme", &incident("old", Indicator::Minor, "2025-12-31T23:59:59Z", Some("2026-01-01T03:00:00Z")))
        .await;
    front.put_item("acme", &incident("new", Indicator::Major, "2026-01-01T00:00:00Z", None)).await;
    let Item::Incident(other) = incident("api", Indicator::Minor, "2026-02-01T00:00:00Z", Some("2026-02-01T01:00:00Z"))
    else {
        unreachable!("an incident")
    };
    front.put_item("acme", &Item::Incident(Incident { components: vec!["Public API".to_owned()], ..other })).await;
    let (start, end) = ("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    front.put_item("acme", &maintenance("plan", MaintenanceStatus::Scheduled, start, end)).await;
    for (filter, expected) in [
        ("", &["plan", "api", "new", "old"][..]),
        ("from=2026-01-01", &["plan", "api", "new"]),
        ("to=2026-01-01", &["old"]),
        ("from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00%2B01:00", &["new"]),
        ("from=2026-01-01T01:00:00%2B01:00&to=2026-01-01T00:00:01Z", &["new"]),
        ("from=2026-01-01&to=2026-01-01", &[]),
        ("status=open", &["plan", "new"]),
        ("status=over", &["api", "old"]),
        ("status=identified", &["new"]),
        ("status=scheduled,resolved", &["plan", "api", "old"]),
        ("component=parcels", &["new", "old"]),
        ("component=public%20api&status=over&impact=minor&from=2026-01-15", &["api"]),
        ("component=nothing", &[]),
    ] {
        assert_eq!(ids(&front.get(&format!("incidents?{ACME}&{filter}")).await.ok()), expected, "{filter}");
    }
    for (filter, error) in [
        ("from=soon", "from must be a time"),
        ("to=2026-02-30", "to must be a time"),
        ("from=2026-02-01&to=2026-01-01", "from is after to"),
        ("status=closed", "invalid status"),
        ("status=open,", "invalid status"),
    ] {
        assert_eq!(front.get(&format!("incidents?{ACME}&{filter}")).await.error(400), error, "{filter}");
    }
    let (first, second) = ("limit=1&status=over", "limit=5&status=over");
    let cursor = front.get(&format!("incidents?{ACME}&{first}")).await.ok()["cursor"].as_str().unwrap().to_owned();
    let rest = front.get(&format!("incidents?{ACME}&{second}&cursor={cursor}")).await.ok();
    assert_eq!((ids(&rest), &rest["cursor"]), (vec!["old"], &Value::Null));
}

#[tokio::test]
async fn an_incident_by_its_id_and_by_its_link() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::Major)).await;
    front.put_item("acme", &incident("k1", Indicator::Major, "2026-02-20T10:00:00Z", None)).await;
    let (start, end) = ("2026-04-01T01:00:00Z", "2026-04-01T03:00:00Z");
    front.put_item("acme", &maintenance("m1", MaintenanceStatus::Scheduled, start, end)).await;
    let Item::Incident(odd) = incident("77", Indicator::Minor, "2026-02-21T10:00:00Z", None) else { unreachable!() };
    let link = "https://elsewhere.example/posts?about=acme".to_owned();
    front.put_item("acme", &Item::Incident(Incident { link, ..odd })).await;

    let link = "https%3A%2F%2Fstatus.acme.example%2Fincidents%2F";
    for (query, id) in [
        (format!("{ACME}&id=k1"), "k1"),
        ("page=acme&id=m1".to_owned(), "m1"),
        (format!("deepLink={link}k1"), "k1"),
        (format!("deepLink={link}m1%2F"), "m1"),
        (format!("page=acme&deepLink={link}k1"), "k1"),
        ("page=acme&deepLink=https://elsewhere.example/posts?about=acme".to_owned(), "77"),
    ] {
        let answer = front.get(&format!("incident?{query}")).await.ok();
        assert_eq!((&answer["incident"]["id"], &answer["page"]), (&json!(id), &json!("acme")), "{query}");
        assert_eq!((&answer["sequence"], &answer["freshness"]), (&json!(1), &json!("fresh")));
    }
    let whole = front.get(&format!("incident?{ACME}&id=k1")).await.ok();
    assert_eq!(whole["incident"]["events"].as_array().unwrap().len(), 2);
    for (query, status, error) in [
        (ACME.to_owned(), 400, "id or deepLink is required"),
        ("id=k1".to_owned(), 400, "statusPageUrl is required"),
        (format!("{ACME}&id=k1&deepLink={link}k1"), 400, "id and deepLink are mutually exclusive"),
        (format!("{ACME}&id=k2"), 404, "incident not known to statusphere"),
        (format!("deepLink={link}k2"), 404, "incident not known to statusphere"),
        ("deepLink=https://nobody.example/incidents/k1".to_owned(), 404, "status page not known to statusphere"),
    ] {
        assert_eq!(front.get(&format!("incident?{query}")).await.error(status), error, "{query}");
    }
}

#[tokio::test]
async fn planned_work_by_where_it_stands() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    for (key, status, start) in [
        ("past", MaintenanceStatus::Completed, "2026-01-01T00:00:00Z"),
        ("running", MaintenanceStatus::InProgress, "2026-03-01T11:00:00Z"),
        ("upcoming", MaintenanceStatus::Scheduled, "2026-03-05T00:00:00Z"),
    ] {
        front.put_item("acme", &maintenance(key, status, start, "2026-03-06T00:00:00Z")).await;
    }
    for (state, expected) in
        [("upcoming", &["upcoming"][..]), ("running,past", &["running", "past"]), ("past", &["past"])]
    {
        let answer = front.get(&format!("maintenances?{ACME}&state={state}")).await.ok();
        let ids: Vec<&Value> = answer["maintenances"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
        assert_eq!(json!(ids), json!(expected), "{state}");
    }
    assert_eq!(front.get(&format!("maintenances?{ACME}&state=over")).await.error(400), "invalid state");
}

/// A page's past as a script of what was seen when.
struct Script {
    front: Front,
    parts: Vec<Component>,
    indicator: Option<Indicator>,
}

impl Script {
    async fn seen(&mut self, when: &str, steps: Vec<Transition>) {
        let when = at(when);
        for step in &steps {
            match step {
                Transition::Indicator { to, .. } => self.indicator = *to,
                Transition::Component { id, name, to, .. } => {
                    self.parts.retain(|part| part.id != *id);
                    self.parts.extend(to.map(|status| component(name, None, status)));
                }
                Transition::Readable { .. } => {}
            }
        }
        let version = self.front.store.current(&id("acme")).await.unwrap().version;
        let current =
            Current { version, indicator: self.indicator, components: Some(self.parts.clone()), ..Current::default() };
        let steps: Vec<Step> = steps.into_iter().map(|transition| Step { transition, since: when }).collect();
        // Sure some minutes after they were first seen; a first reading is sure at once.
        let sure = if version == 0 { when } else { when + TimeDelta::minutes(5) };
        self.front.store.put_current(&id("acme"), &current, &steps, sure, version == 0).await.unwrap();
    }
}

fn page(from: Option<Indicator>, to: Option<Indicator>) -> Transition {
    Transition::Indicator { from, to }
}

fn part(name: &str, from: Option<ComponentStatus>, to: Option<ComponentStatus>) -> Transition {
    Transition::Component { id: name.to_lowercase(), name: name.to_owned(), from, to }
}

/// Seconds of a window as the answer gives them, in the order of the columns of the tables below.
fn row(seconds: &Value, names: [&str; 8]) -> [i64; 8] {
    names.map(|name| seconds[name].as_i64().unwrap())
}

const PAGE: [&str; 8] =
    ["none", "maintenance", "minor", "major", "critical", "unknown", "unobserved", "downDuringMaintenance"];
const PART: [&str; 8] = [
    "operational",
    "underMaintenance",
    "degradedPerformance",
    "partialOutage",
    "majorOutage",
    "unknown",
    "unobserved",
    "downDuringMaintenance",
];

/// The script, by hand. The window of 7 days is 2026-02-22 12:00 to 2026-03-01 12:00, 604,800 s.
///
/// | from | to | seconds | page | why |
/// |---|---|---|---|---|
/// | 22nd 12:00 | 23rd 00:00 | 43,200 | unobserved | first read then |
/// | 23rd 00:00 | 24th 06:00 | 108,000 | none | |
/// | 24th 06:00 | 24th 08:00:30 | 7,230 | major | an outage |
/// | within it, 07:00 | 07:30 | 1,800 | major; `Api` planned | planned work inside the outage |
/// | 24th 08:00:30 | 25th 00:00 | 57,570 | none | |
/// | within it, 12:00 | 13:00 | 3,600 | maintenance | planned work that names no component |
/// | 25th 00:00 | 26th 00:00 | 86,400 | unobserved | not read for a day |
/// | 26th 00:00 | 26th 10:00 | 36,000 | minor | as it was when it could be read again |
/// | 26th 10:00 | 27th 10:00 | 86,400 | none | |
/// | within it, 27th 00:00 | 02:00 | 7,200 | none; `Api` maintenance | planned work, two windows that overlap |
/// | 27th 10:00 | 1st 12:00 | 180,000 | critical, then none from 28th 10:00 (93,600) | |
///
/// None are 108,000 + 57,570 - 3,600 + 86,400 + 93,600 = 341,970 s.
#[tokio::test]
async fn uptime_is_that_of_a_table_worked_by_hand() {
    use ComponentStatus::{DegradedPerformance, MajorOutage, Operational, PartialOutage};
    use Indicator::{Critical, Major, Minor, None as Calm};
    let mut script = Script { front: Front::open().await, parts: Vec::new(), indicator: None };
    let (all_well, none) = (Some(Operational), Some(Calm));
    script
        .seen("2026-02-23T00:00:00Z", vec![page(None, none), part("Api", None, all_well), part("Web", None, all_well)])
        .await;
    script.seen("2026-02-24T06:00:00Z", vec![page(none, Some(Major)), part("Api", all_well, Some(MajorOutage))]).await;
    script.seen("2026-02-24T08:00:30Z", vec![page(Some(Major), none), part("Api", Some(MajorOutage), all_well)]).await;
    script
        .seen("2026-02-26T00:00:00Z", vec![page(none, Some(Minor)), part("Web", all_well, Some(DegradedPerformance))])
        .await;
    script
        .seen("2026-02-26T10:00:00Z", vec![page(Some(Minor), none), part("Web", Some(DegradedPerformance), all_well)])
        .await;
    script.seen("2026-02-27T10:00:00Z", vec![page(none, Some(Critical)), part("New", None, Some(PartialOutage))]).await;
    script.seen("2026-02-28T10:00:00Z", vec![page(Some(Critical), none), part("New", Some(PartialOutage), None)]).await;
    let front = script.front;
    // Not read for the whole of the 25th.
    unread(&front, "2026-02-25T00:00:00Z", "2026-02-26T00:00:00Z").await;
    for (key, named, start, end) in [
        ("inside", Some("Api"), "2026-02-24T07:00:00Z", "2026-02-24T07:30:00Z"),
        ("wide", None, "2026-02-24T12:00:00Z", "2026-02-24T13:00:00Z"),
        ("one", Some("Api"), "2026-02-27T00:00:00Z", "2026-02-27T01:30:00Z"),
        ("two", Some("api"), "2026-02-27T01:00:00Z", "2026-02-27T02:00:00Z"),
    ] {
        let Item::Maintenance(work) = maintenance(key, MaintenanceStatus::Completed, start, end) else {
            unreachable!()
        };
        let components = named.map(str::to_owned).into_iter().collect();
        front.put_item("acme", &Item::Maintenance(statusphere_domain::Maintenance { components, ..work })).await;
    }

    let answer = front.get(&format!("uptime?{ACME}&days=7")).await.ok();
    assert_eq!((&answer["from"], &answer["to"]), (&json!("2026-02-22T12:00:00Z"), &json!("2026-03-01T12:00:00Z")));
    let overall = &answer["overall"];
    //                                            none     maint. minor   major  critical unknown unobserved during
    assert_eq!(row(&overall["seconds"], PAGE), [341_970, 3_600, 36_000, 7_230, 86_400, 0, 129_600, 0]);
    let told = 341_970.0 + 3_600.0 + 36_000.0 + 7_230.0 + 86_400.0;
    assert_eq!(overall["uptime"], json!((told - 93_630.0) / told));
    assert_eq!(overall["coverage"], json!(475_200.0 / 604_800.0));
    let days = overall["days"].as_array().unwrap();
    let day = |date: &str| days.iter().find(|day| day["date"] == date).unwrap();
    assert_eq!(days.len(), 8);
    assert_eq!(row(&day("2026-02-25")["seconds"], PAGE), [0, 0, 0, 0, 0, 0, 86_400, 0]);
    assert_eq!(day("2026-02-25")["uptime"], Value::Null);
    assert_eq!(row(&day("2026-02-27")["seconds"], PAGE), [36_000, 0, 0, 0, 50_400, 0, 0, 0]);
    assert_eq!(row(&day("2026-02-22")["seconds"], PAGE), [0, 0, 0, 0, 0, 0, 43_200, 0]);

    let parts: Vec<(&str, [i64; 8])> = answer["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["name"].as_str().unwrap(), row(&part["seconds"], PART)))
        .collect();
    let mut expected = [
        //       operational maint. degraded partial major unknown unobserved during
        ("Api", [460_770, 7_200, 0, 0, 7_230, 0, 129_600, 1_800]),
        ("Web", [439_200, 0, 36_000, 0, 0, 0, 129_600, 0]),
        ("New", [0, 0, 0, 86_400, 0, 0, 518_400, 0]),
    ];
    expected.sort_unstable();
    let mut sorted = parts;
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    let one = front.get(&format!("uptime?{ACME}&days=7&component=NEW")).await.ok();
    let [new] = one["components"].as_array().unwrap().as_slice() else { panic!("one component") };
    assert_eq!((&new["listed"], new["days"].as_array().unwrap().len()), (&json!(false), 8));
}

#[tokio::test]
async fn a_year_of_many_components_fits_and_only_a_single_one_has_its_days() {
    let mut front = Front::open().await;
    let long = |n: usize| format!("Depot {n} {}", "\"".repeat(400));
    let parts = |count| (0..count).map(|n| component(&long(n), Some("Depots"), ComponentStatus::Operational)).collect();
    front.put_state("acme", &read(Indicator::None)).await;
    front.put_current("acme", parts(150), &[]).await;
    let plain = [("accept-encoding", "")];
    for query in ["", "&component=depots"] {
        let reply = front.ask("GET", &format!("uptime?{ACME}&days=365{query}"), &plain).await;
        assert!(reply.in_transit < 6_000_000, "{} bytes for {query}", reply.in_transit);
        let answer = reply.ok();
        let components = answer["components"].as_array().unwrap();
        assert_eq!(components.len(), 150);
        assert!(components.iter().all(|one| one["days"].is_null()), "no days of many");
    }
    let name = long(7).replace('"', "%22").replace(' ', "%20");
    let one = front.get(&format!("uptime?{ACME}&days=365&component={name}")).await.ok();
    let [only] = one["components"].as_array().unwrap().as_slice() else { panic!("one component") };
    assert_eq!(only["days"].as_array().unwrap().len(), 366);

    // However many there are, the answer ends in time.
    front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    front.put_current("acme", parts(5_000), &[]).await;
    let reply = front.ask("GET", &format!("uptime?{ACME}&days=365"), &plain).await;
    assert!(reply.in_transit < 6_000_000, "{} bytes", reply.in_transit);
    let shown = reply.ok()["components"].as_array().unwrap().len();
    assert!((1_000..5_000).contains(&shown), "{shown} of 5000");
}

/// As the scraper writes it: the page could not be read, and then could.
async fn unread(front: &Front, from: &str, to: &str) {
    let failed = PageState {
        last_attempt: Some(at(from) + TimeDelta::minutes(15)),
        unreadable_since: Some(at(from)),
        ..failing()
    };
    let step = |to, since: DateTime<Utc>| [Step { transition: Transition::Readable { to }, since }];
    let (store, told) = (&front.store, at(from) + TimeDelta::minutes(15));
    store.put_readable(&id("acme"), &failed, None, &step(false, at(from)), told, false).await.unwrap();
    let recovered = read(Indicator::None);
    store.put_readable(&id("acme"), &recovered, None, &step(true, at(to)), at(to), false).await.unwrap();
    front.put_state("acme", &PageState { last_attempt: Some(now()), ..read(Indicator::None) }).await;
}

#[tokio::test]
async fn a_page_that_was_never_read_was_neither_up_nor_down() {
    let front = Front::open().await;
    for days in ["", "&days=7", "&days=30", "&days=90", "&days=365"] {
        let answer = front.get(&format!("uptime?{ACME}{days}")).await.ok();
        assert_eq!((&answer["overall"]["uptime"], &answer["overall"]["coverage"]), (&Value::Null, &json!(0.0)));
        assert_eq!(answer["isIndexed"], false);
    }
    assert_eq!(front.get(&format!("uptime?{ACME}&days=8")).await.error(400), "days must be 7, 30, 90 or 365");
}

#[tokio::test]
async fn acknowledgement_is_from_the_vendors_beginning_to_its_first_word() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    for (key, start, first) in [
        ("a", "2026-02-25T10:00:00Z", Some("2026-02-25T10:01:00Z")),
        ("b", "2026-02-26T10:00:00Z", Some("2026-02-26T10:10:00Z")),
        ("c", "2026-02-27T10:00:00Z", Some("2026-02-27T11:00:00Z")),
        ("d", "2026-02-28T10:00:00Z", None),
        ("before the window", "2026-02-01T10:00:00Z", Some("2026-02-09T10:00:00Z")),
    ] {
        let Item::Incident(one) = incident(key, Indicator::Minor, start, Some("2026-02-28T12:00:00Z")) else {
            unreachable!()
        };
        let updates =
            first.map(|first| crate::support::update("Investigating", "Looking.", first)).into_iter().collect();
        front.put_item("acme", &Item::Incident(Incident { updates, ..one })).await;
    }
    let answer = front.get(&format!("uptime?{ACME}&days=7")).await.ok();
    assert_eq!(
        answer["acknowledgement"],
        json!({ "incidents": 3, "medianSeconds": 600, "longestSeconds": 3_600, "notTold": 1 })
    );
}

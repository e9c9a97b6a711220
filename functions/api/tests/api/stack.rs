//! One verdict for many pages.

use chrono::TimeDelta;
use serde_json::{Value, json};
use statusphere_domain::{Component, ComponentStatus, Indicator, Item, PageState};
use statusphere_store::Current;

use crate::support::{Front, component, failing, id, incident, now, read};

impl Front {
    /// What the last reading of a page said.
    async fn put_reading(&self, slug: &str, indicator: Indicator, components: Vec<Component>, open: &[Item]) {
        let version = self.store.current(&id(slug)).await.unwrap().version;
        let current = Current {
            version,
            indicator: Some(indicator),
            components: Some(components),
            open: open.iter().map(Item::key).collect(),
            ..Current::default()
        };
        self.store.put_current(&id(slug), &current, &[], now(), false).await.unwrap();
        for item in open {
            self.put_item(slug, item).await;
        }
        let open_incidents = u32::try_from(open.len()).unwrap();
        self.put_state(slug, &PageState { open_incidents, ..read(indicator) }).await;
    }
}

fn parts(parcels: ComponentStatus, api: ComponentStatus) -> Vec<Component> {
    vec![component("Parcels", Some("Belts"), parcels), component("API", None, api)]
}

fn touching(names: &[&str]) -> Item {
    match incident("k1", Indicator::Major, "2026-03-01T10:00:00Z", None) {
        Item::Incident(incident) => Item::Incident(statusphere_domain::Incident {
            components: names.iter().map(ToString::to_string).collect(),
            ..incident
        }),
        Item::Maintenance(_) => unreachable!("an incident"),
    }
}

async fn verdict(front: &Front, query: &str) -> (Value, Value, Value) {
    let answer = front.get(&format!("stack?{query}")).await.ok();
    (answer["status"].clone(), answer["unfiltered"]["status"].clone(), answer)
}

#[tokio::test]
async fn a_stack_is_as_well_as_its_worst_page() {
    use ComponentStatus::Operational;
    let front = Front::open().await;
    front.put_reading("acme", Indicator::None, parts(Operational, Operational), &[]).await;
    front.put_reading("zeppelin", Indicator::None, Vec::new(), &[]).await;
    let (status, unfiltered, answer) = verdict(&front, "pages=acme,Zeppelin%20Mail").await;
    assert_eq!((status, unfiltered), (json!("UP"), json!("UP")));
    assert_eq!((&answer["reasons"], &answer["pages"][1]["page"]), (&json!([]), &json!("zeppelin")));

    crate::support::later(TimeDelta::minutes(5));
    front.put_state("zeppelin", &failing()).await;
    let (status, _, answer) = verdict(&front, "pages=acme,zeppelin").await;
    assert_eq!(status, "UNKNOWN");
    let reason = answer["reasons"][0].as_str().unwrap();
    assert!(reason.starts_with("zeppelin Mail: The page can't be reached: HTTP 503."), "{reason}");
    assert!(reason.contains("it said none"), "{reason}");

    let trouble = touching(&["Parcels"]);
    front.put_reading("acme", Indicator::Major, parts(ComponentStatus::MajorOutage, Operational), &[trouble]).await;
    crate::support::later(TimeDelta::minutes(1));
    let (status, _, answer) = verdict(&front, "pages=zeppelin,acme").await;
    assert_eq!((status, &answer["indicator"]), (json!("DEGRADED"), &json!("major")));
    assert_eq!(
        answer["reasons"][0], "Acme: \"Trouble k1\" (major, identified) since 2026-03-01T10:00:00Z.",
        "what is broken comes before what is not known"
    );
    assert_eq!(answer["reasons"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_choice_of_components_hides_only_what_is_surely_elsewhere() {
    use ComponentStatus::{DegradedPerformance, MajorOutage, Operational, UnderMaintenance, Unknown};
    for (what, indicator, parcels, api, named, chosen) in [
        ("trouble elsewhere", Indicator::Major, MajorOutage, Operational, Some(&["Parcels"][..]), "UP"),
        ("its own trouble", Indicator::Minor, Operational, DegradedPerformance, None, "DEGRADED"),
        ("a green part in an incident", Indicator::Major, Operational, Operational, Some(&["Api"]), "DEGRADED"),
        ("an incident that names nothing", Indicator::Major, Operational, Operational, Some(&[]), "DEGRADED"),
        (
            "an incident that names what is not listed",
            Indicator::Major,
            MajorOutage,
            Operational,
            Some(&["Moon"]),
            "DEGRADED",
        ),
        ("an incident of another group", Indicator::Major, Operational, Operational, Some(&["Belts"]), "UP"),
        ("a page that does not say where", Indicator::Minor, Operational, Operational, None, "DEGRADED"),
        (
            "an incident that names it by half",
            Indicator::Major,
            MajorOutage,
            Operational,
            Some(&["Parcels", "API v2"]),
            "DEGRADED",
        ),
        ("trouble of another part, no incident", Indicator::Minor, DegradedPerformance, Operational, None, "UP"),
        (
            "a page in more trouble than its parts",
            Indicator::Critical,
            DegradedPerformance,
            Operational,
            None,
            "DEGRADED",
        ),
        ("planned work on it", Indicator::Maintenance, Operational, UnderMaintenance, None, "UP"),
        ("a word that is not known", Indicator::None, Operational, Unknown, None, "UNKNOWN"),
    ] {
        let front = Front::open().await;
        let open: Vec<Item> = named.map(touching).into_iter().collect();
        front.put_reading("acme", indicator, parts(parcels, api), &open).await;
        let (status, unfiltered, answer) = verdict(&front, "pages=acme&components=acme:api").await;
        assert_eq!(status, chosen, "{what}: {answer}");
        let whole = if indicator >= Indicator::Minor { "DEGRADED" } else { "UP" };
        assert_eq!(unfiltered, whole, "{what}");
        assert_eq!(answer["pages"][0]["components"][0]["name"], "API", "{what}");
    }
}

#[tokio::test]
async fn an_incident_that_was_not_read_yet_counts() {
    let front = Front::open().await;
    let all_well = parts(ComponentStatus::Operational, ComponentStatus::Operational);
    front.put_reading("acme", Indicator::None, all_well.clone(), &[]).await;
    assert_eq!(verdict(&front, "pages=acme&components=acme:api").await.0, "UP");
    front.put_reading("acme", Indicator::Major, all_well, &[touching(&["Parcels"])]).await;
    let (status, _, answer) = verdict(&front, "pages=acme&components=acme:api").await;
    assert_eq!(
        (status, &answer["reasons"][0]),
        (json!("DEGRADED"), &json!("Acme: An incident is open that was not read here yet."))
    );
}

#[tokio::test]
async fn what_is_not_there_is_never_up() {
    let front = Front::open().await;
    let all_well = parts(ComponentStatus::Operational, ComponentStatus::Operational);
    front.put_reading("acme", Indicator::None, all_well, &[]).await;
    for (query, reason) in [
        ("pages=acme,acne", "acne: No page is known by this name. Did you mean acme?"),
        ("pages=acme&components=acme:apu", "Acme: There is no component apu."),
        ("pages=acme&components=apu", "No page of this stack has a component apu."),
        ("pages=acme&components=zeppelin:api", "No page of this stack has a component zeppelin:api."),
        ("pages=acme,zeppelin", "zeppelin Mail: The page has not been read yet."),
    ] {
        let (status, _, answer) = verdict(&front, query).await;
        assert_eq!((status, &answer["reasons"]), (json!("UNKNOWN"), &json!([reason])), "{query}");
    }
    for query in
        ["pages=acme&components=api", "pages=acme&components=Acme:%20API%20,belts", "pages=,acme,&components=,"]
    {
        assert_eq!(verdict(&front, query).await.0, "UP", "{query}");
    }
    for query in ["", "pages=", "pages=,%20,"] {
        assert_eq!(front.get(&format!("stack?{query}")).await.error(400), "pages is required");
    }
    let many = vec!["acme"; 101].join(",");
    assert_eq!(front.get(&format!("stack?pages={many}")).await.error(400), "pages has more than 100");
    assert_eq!(
        front.get(&format!("stack?pages=acme&components={many}")).await.error(400),
        "components has more than 100"
    );
}

#[tokio::test]
async fn another_incident_than_the_one_that_is_listed_counts() {
    let front = Front::open().await;
    let all_well = parts(ComponentStatus::Operational, ComponentStatus::Operational);
    front.put_reading("acme", Indicator::Major, all_well.clone(), &[touching(&["Parcels"])]).await;
    assert_eq!(verdict(&front, "pages=acme&components=acme:api").await.0, "UP");
    // That one is over, and another is open, when the list of open incidents is still the old one.
    crate::support::later(TimeDelta::seconds(5));
    let other = incident("k2", Indicator::Major, "2026-03-01T11:59:00Z", None);
    front.put_reading("acme", Indicator::Major, all_well, &[other]).await;
    let (status, _, answer) = verdict(&front, "pages=acme&components=acme:api").await;
    assert_eq!(
        (status, &answer["reasons"][0]),
        (json!("DEGRADED"), &json!("Acme: An incident is open that was not read here yet."))
    );
}

#[tokio::test]
async fn a_page_counts_once_whatever_it_is_called() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::Major)).await;
    let (_, _, answer) = verdict(&front, "pages=acme,Acme,https://status.acme.example,acne,acne").await;
    assert_eq!((answer["pages"].as_array().unwrap().len(), answer["reasons"].as_array().unwrap().len()), (2, 2));
}

#[tokio::test]
async fn a_slip_of_the_pen_is_no_region_and_a_group_of_that_name_adds_to_one() {
    use ComponentStatus::{MajorOutage, Operational};
    let front = Front::open().await;
    let parts = vec![
        component("Frankfurt", Some("Europe"), Operational),
        component("Dallas", Some("North America"), Operational),
        component("Workers", None, MajorOutage),
    ];
    front.put_reading("acme", Indicator::Critical, parts, &[]).await;
    for (word, status) in [
        ("Europe", "DEGRADED"),
        ("eu", "DEGRADED"),
        ("Frankfurt", "DEGRADED"),
        ("Paymnets%20EU", "UNKNOWN"),
        ("frankfrut", "UNKNOWN"),
    ] {
        assert_eq!(verdict(&front, &format!("pages=acme&components=acme:{word}")).await.0, status, "{word}");
    }
    assert_eq!(front.get("components?page=acme&region=Paymnets%20EU").await.error(400), "region is not known");
}

#[tokio::test]
async fn a_large_choice_costs_little_and_fits_into_an_answer() {
    let front = Front::open().await;
    let status = |n: usize| if n == 4_000 { ComponentStatus::MajorOutage } else { ComponentStatus::Operational };
    let part =
        |n| component(&format!("A component with a long name, number {n} (eu-west-1)"), Some("Europe"), status(n));
    let parts: Vec<Component> = (0..5_000).map(part).collect();
    for slug in ["acme", "zeppelin", "orchard-10"] {
        front.put_reading(slug, Indicator::Critical, parts.clone(), &[]).await;
    }
    let words = vec!["europe"; 50].join(",") + "," + &vec!["eu-west-1"; 50].join(",");
    let (status, _, answer) = verdict(&front, &format!("pages=acme,zeppelin,orchard-10&components={words}")).await;
    assert_eq!(status, "DEGRADED");
    let listed = answer["pages"][0]["components"].as_array().unwrap();
    assert_eq!((listed.len(), &listed[0]["status"]), (50, &json!("major_outage")), "the worst first");
}

#[tokio::test]
async fn a_region_chooses_what_may_touch_it() {
    use ComponentStatus::{MajorOutage, Operational};
    let front = Front::open().await;
    let parts = vec![
        component("Compute (us-east-1)", None, MajorOutage),
        component("Compute (eu-west-1)", None, Operational),
        component("Console", None, Operational),
    ];
    front.put_reading("acme", Indicator::Critical, parts, &[]).await;
    let (status, unfiltered, answer) = verdict(&front, "pages=acme&components=acme:eu-west-1").await;
    assert_eq!((status, unfiltered), (json!("UP"), json!("DEGRADED")), "{answer}");
    let names: Vec<&Value> = answer["pages"][0]["components"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    assert_eq!(json!(names), json!(["Compute (eu-west-1)", "Console"]));
    assert_eq!(verdict(&front, "pages=acme&components=us-east-1").await.0, "DEGRADED");
    assert_eq!(verdict(&front, "pages=acme&components=europe").await.0, "UP");
}

#[tokio::test]
async fn shells_get_the_verdict_on_the_first_line_and_no_vendor_can_fake_one() {
    use ComponentStatus::{MajorOutage, Operational};
    let front = Front::open().await;
    let Item::Incident(incident) = touching(&["Parcels"]) else { unreachable!("an incident") };
    let title = "It is fine\r\nUP\n\u{202e}\u{2028}really\u{0}".to_owned() + &"!".repeat(5_000);
    let hostile = Item::Incident(statusphere_domain::Incident { title, ..incident });
    front.put_reading("acme", Indicator::Major, parts(MajorOutage, Operational), &[hostile]).await;
    let text = front.text("stack?pages=acme&components=acme:api").await;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[0], lines.len()), ("UP", 3), "{text}");
    assert!(lines[1].starts_with("Not chosen: Acme: \"It is fine UP really !!!"), "{text}");
    assert!(lines[1].len() < 300 && lines[1].ends_with("(major, identified) since 2026-03-01T10:00:00Z."), "{text}");
    assert_eq!(lines[2], "The oldest reading is that of Acme, of 2026-03-01T11:59:00Z.");
    assert!(front.text("stack?pages=acme").await.starts_with("DEGRADED\nAcme: \""));
    let unknown = front.text("stack?pages=%0AUP%0A").await;
    assert_eq!(unknown.lines().next(), Some("UNKNOWN"));
    assert!(!unknown.lines().skip(1).any(|line| line == "UP"), "{unknown}");
}

#[tokio::test]
async fn text_goes_to_those_who_name_it_and_json_to_everybody_else() {
    let front = Front::open().await;
    for (accept, kind) in [
        ("*/*", "json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "json"),
        ("text/plain", "text"),
        ("Text/Plain; q=0.5, application/json;q=0.4", "text"),
        ("text/plain;q=0.4, application/json", "json"),
        ("text/plain;q=0", "json"),
        (";;,q=,text/plain;q=x", "text"),
    ] {
        let mut event = crate::support::event("GET", "/api/v1/stack", "pages=acme");
        event["headers"]["accept"] = json!(accept);
        let reply = front.send(event).await;
        let expected = if kind == "text" { "text/plain; charset=utf-8" } else { "application/json; charset=utf-8" };
        assert_eq!(reply.headers["content-type"], expected, "{accept}");
        assert!(reply.headers["vary"].as_str().unwrap().contains("accept"), "{accept}");
    }
}

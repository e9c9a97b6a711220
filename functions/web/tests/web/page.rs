//! A page's page: the answer, how we know, and what belongs to it.

use chrono::TimeDelta;
use statusphere_domain::{ComponentStatus, Failure, FailureKind, Indicator, Item, MaintenanceStatus, PageState};

use crate::support::{Front, component, incident, later, maintenance, now, read, update};

#[tokio::test]
async fn the_answer_is_a_word_and_a_sentence_and_never_a_guess() {
    let front = Front::open().await;
    let open = |indicator, open_incidents| PageState { open_incidents, ..read(indicator) };
    let failing = |kind| PageState {
        last_success: Some(now() - TimeDelta::hours(2)),
        failing_since: Some(now() - TimeDelta::minutes(115)),
        failure: Some(Failure { kind, detail: "HTTP 503".to_owned() }),
        ..read(Indicator::None)
    };
    let says_nothing = PageState { indicator: None, ..read(Indicator::None) };
    for (state, answer) in [
        (None, "Not known yet. The status page of Acme was not read yet. Not read yet"),
        (Some(open(Indicator::None, 0)), "No. Acme says that all is well. All well"),
        (
            Some(open(Indicator::Maintenance, 0)),
            "No. Acme says that planned work is going on, and no trouble. Planned work",
        ),
        (Some(open(Indicator::Minor, 1)), "Partly. Acme reports minor trouble. 1 incident is open. Minor trouble"),
        (
            Some(open(Indicator::Major, 2)),
            "Yes, in part. Acme reports major trouble. 2 incidents are open. Major trouble",
        ),
        (Some(open(Indicator::Critical, 0)), "Yes. Acme reports a critical outage. Critical"),
        (
            Some(open(Indicator::None, 1)),
            "Partly. Acme has trouble that it does not rate. 1 incident is open. Incident open",
        ),
        (Some(says_nothing), "Not known. The page of Acme was read, and does not say. Does not say"),
        (
            Some(failing(FailureKind::Unreachable)),
            "Nobody here knows. The page can't be reached: HTTP 503. Ask the official page. Not read lately",
        ),
        (
            Some(failing(FailureKind::Malformed)),
            "Nobody here knows. The page answers, but not as its platform promises: HTTP 503. Ask the official page. Can't be read",
        ),
    ] {
        if let Some(state) = state {
            let version = front.store.state(&crate::support::id("acme")).await.unwrap().version;
            front.put_state("acme", &PageState { version, ..state }).await;
        }
        let page = front.page("/status/acme").await;
        assert_eq!(page.one("h1"), "Is Acme down?");
        assert_eq!(page.one(".answer"), answer);
        assert_eq!(
            page.attributes(".how a", "href"),
            ["https://status.acme.example"],
            "the official page is a click away"
        );
        assert!(page.attributes("meta[property='og:description']", "content")[0].len() > 10);
        later(TimeDelta::seconds(1));
    }
    let how = front.page("/status/acme").await.one(".how");
    assert!(how.contains("Reading it fails since 1 Mar 2026, 10:05 UTC, last tried"), "{how}");
    assert!(how.contains("When it was last read, it said: all well."), "{how}");
}

#[tokio::test]
async fn what_was_well_is_not_well_any_more_when_nobody_looks() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    assert_eq!(front.page("/status/acme").await.one(".answer .badge"), "All well");
    later(TimeDelta::minutes(31));
    assert_eq!(front.page("/status/acme").await.one(".answer .badge"), "Not read lately");
    assert_eq!(front.page("/status/acme").await.one("title"), "Is Acme down? Not read lately");
}

#[tokio::test]
async fn trouble_that_is_not_rated_is_not_planned_work_and_a_failing_page_says_so() {
    let front = Front::open().await;
    let state = PageState { open_incidents: 1, ..read(Indicator::Maintenance) };
    front.put_state("acme", &state).await;
    assert_eq!(front.page("/status/acme").await.one(".answer .badge"), "Incident open");
    let failing = PageState {
        version: front.store.state(&crate::support::id("acme")).await.unwrap().version,
        failing_since: Some(now() - TimeDelta::minutes(5)),
        failure: Some(Failure { kind: FailureKind::TimedOut, detail: "after 10 s".to_owned() }),
        ..read(Indicator::None)
    };
    later(TimeDelta::seconds(1));
    front.put_state("acme", &failing).await;
    let page = front.page("/status/acme").await;
    assert_eq!(page.one(".answer .badge"), "All well", "what it said still counts for a while");
    let how = page.one(".how");
    assert!(how.contains("Reading it fails since") && !how.contains("or after"), "{how}");
}

#[tokio::test]
async fn what_is_old_is_headed_as_old() {
    let front = Front::open().await;
    let open = incident("k1", Indicator::None, "2026-02-28T10:00:00Z", None);
    front.put_item("acme", &open).await;
    front.put_current("acme", vec![component("Parcels", None, ComponentStatus::Operational)], &[&open]).await;
    front.put_state("acme", &PageState { open_incidents: 1, ..read(Indicator::None) }).await;
    assert_eq!(front.page("/status/acme").await.one("article .badge"), "Not rated", "and not green");
    later(TimeDelta::hours(3));
    let page = front.page("/status/acme").await;
    assert_eq!(page.all("h2")[..2], ["Open incidents when last read", "Components when last read"]);
    assert!(page.one(".how").contains("it said: incident open."), "{}", page.one(".how"));
    assert_eq!(page.all("ul.parts .b-none").len(), 0, "nothing is green that is not known");
}

#[tokio::test]
async fn hundreds_of_open_incidents_are_not_read_for_one_page() {
    let front = Front::open().await;
    let all: Vec<_> =
        (0..60).map(|n| incident(&format!("k{n}"), Indicator::Minor, "2026-02-28T10:00:00Z", None)).collect();
    for item in &all {
        front.put_item("acme", item).await;
    }
    front.put_current("acme", Vec::new(), &all.iter().collect::<Vec<_>>()).await;
    front.put_state("acme", &PageState { open_incidents: 60, ..read(Indicator::Minor) }).await;
    let page = front.page("/status/acme").await;
    assert_eq!(page.all("article").len(), 25);
    assert!(page.one("section[aria-labelledby=incidents]").contains("35 more open incidents not shown here"));
}

#[tokio::test]
async fn incidents_planned_work_and_components_stand_on_it() {
    let front = Front::open().await;
    let mut open = incident("k1", Indicator::Major, "2026-02-28T10:00:00Z", None);
    if let Item::Incident(open) = &mut open {
        open.updates.push(update("Monitoring", "The belt **runs**.", "2026-02-28T11:00:00Z"));
    }
    let old = incident("k0", Indicator::Minor, "2026-01-10T10:00:00Z", Some("2026-01-10T12:00:00Z"));
    let running = maintenance("m1", MaintenanceStatus::InProgress, "2026-03-01T11:00:00Z", "2026-03-01T13:00:00Z");
    let next = maintenance("m2", MaintenanceStatus::Scheduled, "2026-04-01T01:00:00Z", "2026-04-01T03:00:00Z");
    for item in [&open, &old, &running, &next] {
        front.put_item("acme", item).await;
    }
    let parts = vec![
        component("Parcels", Some("Belgium"), ComponentStatus::MajorOutage),
        component("Letters", Some("Belgium"), ComponentStatus::Operational),
        component("Depot (us-east-1)", Some("America"), ComponentStatus::Operational),
    ];
    front.put_current("acme", parts, &[&open, &running, &next]).await;
    front.put_state("acme", &PageState { open_incidents: 1, ..read(Indicator::Major) }).await;

    let page = front.page("/status/acme").await;
    assert_eq!(
        page.all("h2"),
        [
            "Open incidents",
            "Planned work, going on",
            "Planned work to come",
            "Components",
            "90 days",
            "Past incidents",
            "Use this from code",
        ]
    );
    assert_eq!(page.all("article h3"), ["Trouble k1", "Works m1", "Works m2"]);
    let first = page.all("article").remove(0);
    let (later, earlier) = (first.find("A conveyor belt is stuck.").unwrap(), first.find("Parcels are late.").unwrap());
    assert!(later < earlier, "the newest message comes first: {first}");
    assert_eq!(page.all("article .vendor strong"), ["runs"], "Markdown is shown as what it means");
    assert_eq!(
        page.all("details.group summary"),
        ["Belgium 1 of 2 components, major outage at worst", "America 1 component, all operational"]
    );
    assert_eq!(page.attributes("details.group", "open").len(), 1, "only the group in trouble is open");
    assert_eq!(page.all("#past + ul a"), ["Trouble k0"]);
    assert!(page.all("article time").contains(&"1 Apr 2026, 01:00 UTC".to_owned()));
    assert_eq!(page.attributes("svg[role=img]", "aria-label").len(), 1);

    let near = front.page("/status/acme?region=europe").await;
    assert_eq!(near.all("ul.parts bdi"), ["Parcels", "Letters"]);
}

#[tokio::test]
async fn an_incident_that_is_not_stored_yet_is_counted() {
    let front = Front::open().await;
    front.put_state("acme", &PageState { open_incidents: 2, ..read(Indicator::Major) }).await;
    let page = front.page("/status/acme").await;
    assert!(page.one("section[aria-labelledby=incidents]").contains("2 more open incidents not shown here"));
}

#[tokio::test]
async fn other_names_lead_to_the_page_and_unknown_ones_to_similar_pages() {
    let front = Front::open().await;
    for (asked, to) in [
        ("/status/Acme", "/status/acme"),
        ("/status/Roadrunner%20Supplies", "/status/acme"),
        ("/status/status.acme.example/history?impact=major", "/status/acme/history?impact=major"),
        ("/search?q=roadrunner+supplies", "/status/acme"),
        ("/search?q=something+else", "/pages?q=something+else"),
    ] {
        let reply = front.get(asked).await;
        assert_eq!((reply.status, reply.headers["location"].as_str()), (303, Some(to)), "{asked}");
    }
    let reply = front.get("/status/zepelin").await;
    assert_eq!(reply.status, 404);
    assert!(
        reply.text.contains("<a class=\"name\" href=\"/status/zeppelin\">zeppelin &#60;Mail&#62;</a>"),
        "{}",
        reply.text
    );
    assert!(reply.text.contains("How one is added"));
    assert_eq!(front.get("/status/acme/incident?id=nobody").await.status, 404);
    assert_eq!(front.get("/somewhere/else").await.status, 404);
}

#[tokio::test]
async fn home_lists_what_is_broken_what_is_doubtful_and_what_ended() {
    let front = Front::open().await;
    let open = incident("k1", Indicator::Critical, "2026-02-28T10:00:00Z", None);
    let over = incident("k2", Indicator::Minor, "2026-03-01T09:00:00Z", Some("2026-03-01T11:00:00Z"));
    front.put_item("acme", &open).await;
    front.put_item("zeppelin", &over).await;
    front.put_state("acme", &PageState { open_incidents: 1, ..read(Indicator::Critical) }).await;
    front.put_state("zeppelin", &read(Indicator::None)).await;
    let silent = PageState { last_success: Some(now() - TimeDelta::hours(3)), ..read(Indicator::Major) };
    front.put_state("orchard-100", &silent).await;
    let home = front.page("/").await;
    assert_eq!(home.all("#broken + ul .name"), ["Acme"]);
    assert_eq!(home.all("#broken + ul .said"), ["Trouble k1"]);
    assert_eq!(home.all("section[aria-labelledby=doubtful] .name"), ["Orchard 100"]);
    let ended = home.one("#ended + ul li");
    assert_eq!(ended, "zeppelin <Mail> Trouble k2 1 Mar 2026, 11:00 UTC");
    assert!(home.one(".how").starts_with("302 pages watched, 2 of them read lately"));
}

#[tokio::test]
async fn nothing_is_called_calm_before_anything_was_read() {
    let front = Front::open().await;
    let home = front.page("/").await;
    assert!(home.one("section[aria-labelledby=broken]").contains("Nothing is known yet."));
}

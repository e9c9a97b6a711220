//! A day in which every function does all it can, and what was seen of it.
//!
//! Deliberately absent: whether the functions do the right thing. Other tests say so.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use statusphere_domain::{Detail, IncidentStatus, Indicator, Item, MaintenanceStatus, PageId};
use statusphere_internet::{Fault, Incident, Maintenance, Platform, Site, Story, Trouble, Update};
use statusphere_store::{OwnPages, Store};
use tokio::sync::OnceCell;

use crate::simulation::calls::{Permission, kind};
use crate::simulation::{INTERVAL, Setting, Simulation, clock, envelope};

/// What was seen.
pub(crate) struct Lived {
    /// The permissions that each function needed, by its folder.
    pub(crate) used: BTreeMap<&'static str, BTreeSet<Permission>>,
    /// An event of each type that was put on the bus, as EventBridge delivers it, and whether the scraper takes it.
    pub(crate) events: BTreeMap<String, (Value, bool)>,
    /// Records of each kind of item that was written, and whether the publisher does anything about that kind.
    pub(crate) kinds: BTreeMap<String, (Vec<Value>, bool)>,
    /// The table as the store made it.
    pub(crate) table: Value,
}

fn at(minute: i64) -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn sites() -> Vec<Site> {
    let mut story = Story::quiet(3);
    let parts = vec![story.components[0].0.clone()];
    let stages = [
        (20, IncidentStatus::Investigating, "We are looking into it."),
        (28, IncidentStatus::Identified, "A disk is full."),
        (40, IncidentStatus::Resolved, "All is well."),
    ];
    story.incidents.push(Incident {
        id: "7001".to_owned(),
        title: "Requests fail".to_owned(),
        impact: Indicator::Major,
        components: parts.clone(),
        started_at: at(20),
        updates: stages.map(|(minute, status, body)| Update { at: at(minute), status, body: body.to_owned() }).to_vec(),
    });
    story.maintenances.push(Maintenance {
        id: "8001".to_owned(),
        title: "Database upgrade".to_owned(),
        announced_at: at(15),
        starts_at: at(50),
        ends_at: at(70),
        components: parts,
    });
    let shared = ["vendor1", "vendor2"].map(|slug| Site {
        host: "pages.platform.example".to_owned(),
        path: format!("/{slug}"),
        faults: vec![Fault { from: at(30), to: at(60), trouble: Trouble::ServerError }],
        ..Site::new(slug, Platform::Statuspage, Story::quiet(2))
    });
    [vec![Site::new("acme", Platform::Statuspage, story)], shared.to_vec()].concat()
}

/// A system in which nothing has happened yet.
pub(crate) async fn begin() -> Simulation {
    let deadline = Duration::from_secs(5);
    Simulation::start(Setting { sites: sites(), start: at(0), pages_per_event: 5, deadline }).await
}

/// The day, lived once for all tests.
pub(crate) async fn lived() -> &'static Lived {
    static LIVED: OnceCell<Lived> = OnceCell::const_new();
    LIVED.get_or_init(live).await
}

async fn live() -> Lived {
    let world = begin().await;
    let own = "slug,name,url\nacme,Acme,http://status.acme.example\n";
    let owner = Store::new(&world.aws.config_of("owner"), "statusphere");
    owner.put_own_pages(OwnPages::Wanted, own).await.unwrap();
    let (mut records, mut events) = (Vec::new(), BTreeMap::new());
    let mut waiting = Vec::new();
    for _ in 0..200 {
        clock::pass(TimeDelta::minutes(1));
        waiting.extend(world.tick().await.unwrap());
        step(&world, &mut waiting, &mut events, &mut records).await;
    }
    change_a_plan(&world).await;
    step(&world, &mut waiting, &mut events, &mut records).await;
    // A history is looked at again within a week.
    while waiting.iter().all(|event| event["detail-type"] != "BackfillRequested") {
        assert!(clock::now() < at(9 * 24 * 60), "no history was asked for again");
        clock::pass(TimeDelta::minutes(INTERVAL.into()));
        waiting = world.tick().await.unwrap();
    }
    step(&world, &mut waiting, &mut events, &mut records).await;
    ask_everything(&world).await;

    let mut kinds: BTreeMap<String, (Vec<Value>, bool)> = BTreeMap::new();
    for record in records {
        let keys = &record["dynamodb"]["Keys"];
        let name = kind_of_item(keys["pk"]["S"].as_str().unwrap(), keys["sk"]["S"].as_str().unwrap());
        let done = world.publish(std::slice::from_ref(&record)).await.unwrap();
        let (seen, acts) = kinds.entry(name).or_default();
        *acts |= done != json!({"events": 0, "pages": 0});
        seen.push(record);
    }
    let mut taken = BTreeMap::new();
    for (name, event) in events {
        let refused = world.scraper.handle(event.clone()).await.is_err_and(|why| why.to_string().contains("not for"));
        taken.insert(name, (event, !refused));
    }
    let table = world.aws.database.describe_table(serde_json::from_value(json!({"TableName": "statusphere"})).unwrap());
    let table = json!(table.unwrap())["Table"].clone();
    Lived { used: world.aws.used(), events: taken, kinds, table }
}

/// What stands for an item's keys; shards are numbered.
pub(crate) fn kind_of_item(pk: &str, sk: &str) -> String {
    if pk == "LIVE" { pk.to_owned() } else { format!("{} {}", kind(pk), kind(sk)) }
}

/// Delivers what waits, hands on what the table's stream has, and keeps what was put on the bus.
async fn step(
    world: &Simulation,
    waiting: &mut Vec<Value>,
    events: &mut BTreeMap<String, Value>,
    records: &mut Vec<Value>,
) {
    for event in std::mem::take(waiting) {
        events.insert(event["detail-type"].as_str().unwrap().to_owned(), event.clone());
        world.scraper.handle(event).await.unwrap();
    }
    let new = world.records();
    world.publish(&new).await.unwrap();
    records.extend(new);
    for event in world.aws.put().iter().map(envelope) {
        let name = event["detail-type"].as_str().unwrap();
        if name == "BackfillRequested" {
            waiting.push(event);
        } else {
            events.insert(name.to_owned(), event);
        }
    }
}

/// The vendor moves planned work, which the test internet does not do.
async fn change_a_plan(world: &Simulation) {
    for (sequence, ends) in [(1, at(900)), (2, at(960))] {
        let planned = statusphere_domain::Maintenance {
            id: "8002".to_owned(),
            title: "Network upgrade".to_owned(),
            status: MaintenanceStatus::Scheduled,
            link: "https://status.acme.example/8002".to_owned(),
            starts_at: at(800),
            ends_at: Some(ends),
            components: Vec::new(),
            updates: Vec::new(),
            detail: Detail::Full,
        };
        let item = Item::Maintenance(planned);
        world.store.put_item(&PageId::new("acme").unwrap(), &item, sequence, clock::now(), false).await.unwrap();
    }
}

async fn ask_everything(world: &Simulation) {
    let page = "statusPageUrl=http://status.acme.example";
    for path in statusphere_api::routes() {
        let query = match path.rsplit('/').next().unwrap() {
            // Neither JSON nor anything read.
            "docs" | "sitemap.xml" => continue,
            "search" => "query=acme".to_owned(),
            "stack" => "pages=acme,vendor1&components=acme:nothing".to_owned(),
            "changes" => "since=2026-01-01".to_owned(),
            "incident" => format!("{page}&id=7001"),
            _ => page.to_owned(),
        };
        let answer = world.get(path, &query).await;
        assert!(answer.get("error").is_none(), "{path}: {answer}");
    }
    let answer = world.get("/api/v1/incidents", &format!("{page}&limit=1")).await;
    let cursor = answer["cursor"].as_str().expect("more than one incident");
    world.get("/api/v1/incidents", &format!("{page}&cursor={cursor}")).await;
    look_at_everything(world).await;
}

/// Every page that people look at.
async fn look_at_everything(world: &Simulation) {
    for route in statusphere_web::ROUTES {
        let (path, query) = match route {
            "/stack" => ("/stack".to_owned(), "pages=acme,vendor1&choose=acme"),
            "/status/{page}/incident" => ("/status/acme/incident".to_owned(), "id=7001"),
            // It has a name that changes with it, and is not read from the table.
            "/assets/{file}" => continue,
            _ => (route.replace("{page}", "acme"), "q=acme"),
        };
        let answer = world.ask("web", &path, query).await;
        let right = if route == "/search" { 303 } else { 200 };
        assert_eq!(answer["statusCode"], right, "{path}: {answer}");
    }
}

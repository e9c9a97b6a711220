//! The events in `events/`: each is in the table of `docs/events.md`, and the function that it is for takes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::Value;
use statusphere_api::Api;
use statusphere_catalogue::Catalogue;
use statusphere_store::Store;
use statusphere_web::Web;

use crate::simulation::{Simulation, clock};
use crate::source::{Template, read, root};
use crate::story;

/// Every sample with the name of its file.
pub(crate) fn all() -> Vec<(String, Value)> {
    let files = fs::read_dir(root().join("events")).unwrap();
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let parsed = |name: &String| serde_json::from_str(&read(&format!("events/{name}"))).expect(name);
    names.iter().map(|name| (name.clone(), parsed(name))).collect()
}

/// The logical id of the function that each file is for, by the first two columns of the docs' table.
fn documented() -> BTreeMap<String, String> {
    let docs = read("docs/events.md");
    let rows = docs.lines().filter_map(|line| line.strip_prefix("| `events/"));
    let cells = rows.map(|row| row.split('`').collect::<Vec<_>>());
    cells.map(|cells| (cells[0].to_owned(), cells[2].to_owned())).collect()
}

#[tokio::test]
async fn every_sample_is_documented_and_taken_by_the_function_that_it_is_for() {
    let (template, documented) = (Template::read(), documented());
    let files: BTreeSet<String> = all().into_iter().map(|(name, _)| name).collect();
    assert_eq!(files, documented.keys().cloned().collect(), "left: events/; right: the table in docs/events.md");
    let world = story::begin().await;
    let (api, web) = of_the_shipped(&world);
    for (file, event) in all() {
        let functions = template.functions();
        let function = functions.iter().find(|function| function.id == documented[&file]).expect(&file);
        let event_of_gateway = || serde_json::from_value(event.clone()).unwrap();
        let answer = match function.name {
            "api" => Some(api.invoke(event_of_gateway()).await),
            "web" => Some(web.invoke(event_of_gateway()).await),
            _ => None,
        };
        if let Some(answer) = answer {
            let status = serde_json::to_value(answer).unwrap()["statusCode"].clone();
            let right = match file.as_str() {
                // Nothing is stored here, not even the incident that a sample asks for.
                "api-not-found.json" | "api-incident.json" | "web-not-found.json" | "web-incident.json" => 404,
                "web-search.json" => 303,
                _ => 200,
            };
            assert_eq!(status, right, "{file}");
        } else {
            let answer = world.invoke(function.name, event).await;
            assert!(answer.is_ok(), "{file}: {answer:?}");
        }
    }
}

/// The functions that answer requests, on the catalogue that the samples ask about.
fn of_the_shipped(world: &Simulation) -> (Api, Web) {
    let store = Arc::new(Store::new(&world.aws.config_of("api"), "statusphere"));
    let catalogue = Arc::new(Catalogue::shipped());
    let (interval, live_for) = (TimeDelta::minutes(5), TimeDelta::seconds(60));
    let settings = statusphere_web::Settings { interval, public_url: None, live_for, clock: clock::now };
    let web = Web::new(Arc::clone(&store), Arc::clone(&catalogue), settings);
    let settings = statusphere_api::Settings {
        interval,
        public_url: None,
        live_for,
        cursor_key: "statusphere".to_owned(),
        clock: clock::now,
    };
    (Api::new(store, catalogue, settings), web)
}

#[test]
fn there_is_a_sample_for_every_way_into_a_function() {
    let (template, documented) = (Template::read(), documented());
    let mut ways = BTreeSet::new();
    for function in template.functions() {
        ways.extend(function.events().map(|(_, event)| (function.id, event["Type"].as_str().unwrap().to_owned())));
    }
    let shown = all().into_iter().map(|(file, event)| (documented[&file].clone(), kind(&event).to_owned()));
    let shown: BTreeSet<(String, String)> = shown.collect();
    let ways: BTreeSet<(String, String)> = ways.into_iter().map(|(id, kind)| (id.to_owned(), kind)).collect();
    assert_eq!(ways, shown, "left: ways into the functions of template.yaml; right: those that events/ shows");
}

#[tokio::test]
async fn the_docs_name_every_type_of_event() {
    let docs = read("docs/events.md");
    let rows =
        docs.lines().filter_map(|line| line.strip_prefix("| `")).filter(|row| row.starts_with(char::is_uppercase));
    let mut named: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    named.extend(["ScrapeRequested", "BackfillRequested"].into_iter().filter(|name| docs.contains(*name)));
    let put: BTreeSet<&str> = story::lived().await.events.keys().map(String::as_str).collect();
    assert_eq!(named, put, "left: docs/events.md; right: what was put on the bus");
}

/// The type of the template's event that an event comes from.
fn kind(event: &Value) -> &'static str {
    match event["Records"][0]["eventSource"].as_str() {
        Some("aws:sqs") => "SQS",
        Some("aws:dynamodb") => "DynamoDB",
        _ if event["version"] == "2.0" => "HttpApi",
        _ if event.get("detail-type").is_some() => "EventBridgeRule",
        _ => "ScheduleV2",
    }
}

//! The OpenAPI document: that it is the one of the handlers, that its examples are true, and that every answer of every test
//! is as it says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::TimeDelta;
use jsonschema::Validator;
use serde_json::{Value, json};
use statusphere_domain::{ComponentStatus, Indicator, MaintenanceStatus, PageState, Step, Transition};
use statusphere_store::Current;

use crate::support::{Front, Reply, at, component, id, incident, maintenance, now, read};

const SERVED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(statusphere_api::document()).unwrap());

/// A validator of each schema, which takes no field that is not described.
static VALIDATORS: LazyLock<BTreeMap<String, Validator>> = LazyLock::new(|| {
    let mut components = DOCUMENT["components"].clone();
    let schemas = components["schemas"].as_object_mut().unwrap();
    let parts: BTreeSet<String> = schemas
        .values()
        .flat_map(|schema| schema["allOf"].as_array().into_iter().flatten())
        .filter_map(|part| part["$ref"].as_str().map(str::to_owned))
        .collect();
    for (name, schema) in schemas.iter_mut() {
        let is_object = schema["type"] == "object" || schema.get("allOf").is_some();
        if is_object && !parts.contains(&format!("#/components/schemas/{name}")) {
            schema["unevaluatedProperties"] = json!(false);
        }
    }
    let names: Vec<String> = schemas.keys().cloned().collect();
    let validator = |name: &str| {
        let root = json!({ "$ref": format!("#/components/schemas/{name}"), "components": components });
        jsonschema::options().should_validate_formats(true).build(&root).unwrap()
    };
    names.into_iter().map(|name| (name.clone(), validator(&name))).collect()
});

/// Fails when an answer is not as the document says.
pub(crate) fn check(path: &str, reply: &Reply) {
    let path = path.trim_end_matches('/').strip_prefix("/api/v1").unwrap_or(path);
    let status = reply.status.to_string();
    let operation = &DOCUMENT["paths"][path]["get"];
    let schema = match reply.status {
        204 | 304 => return,
        // Of other paths and other methods the document says nothing.
        404 if operation.is_null() => "Error",
        405 => "Error",
        _ => {
            let response = &operation["responses"][&status];
            assert!(response.is_object(), "{path} answers {status}, which the document does not say");
            let media = reply.headers["content-type"].as_str().unwrap().split(';').next().unwrap();
            let content = &response["content"][media];
            assert!(content.is_object(), "{path} answers {status} as {media}, which the document does not say");
            if media != "application/json" || reply.text.is_empty() {
                return;
            }
            match content["schema"]["$ref"].as_str() {
                Some(name) => name.rsplit('/').next().unwrap(),
                None => return,
            }
        }
    };
    if reply.text.is_empty() {
        return;
    }
    let value: Value = serde_json::from_str(&reply.text).unwrap();
    let wrong: Vec<String> =
        VALIDATORS[schema].iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{path} {status}: {}\n{}", wrong.join("\n"), reply.text);
}

/// A vendor in the middle of an incident, and one request of each endpoint.
const REQUESTS: [(&str, &str); 14] = [
    ("/currentStatus", "page=acme"),
    ("/stack", "pages=acme,zeppelin%20mail&components=acme:api"),
    ("/outages", ""),
    ("/components", "page=acme"),
    ("/changes", "since=2026-03-01T11:00:00Z"),
    ("/incidents", "page=acme&status=open"),
    ("/incident", "page=acme&id=k1"),
    ("/maintenances", "page=acme&state=upcoming"),
    ("/uptime", "page=acme&days=7&component=parcels"),
    ("/statusPage", "page=acme"),
    ("/statusPages", ""),
    ("/statusPages/search", "query=acme"),
    ("/statusPages/count", ""),
    ("/dump", ""),
];

async fn vendor() -> Front {
    let csv = "slug,name,url,home,category,domains,aliases,products\n\
        acme,Acme,https://status.acme.example,https://acme.example,commerce,acme.example,Roadrunner Supplies,Parcels\n\
        zeppelin,Zeppelin Mail,https://zeppelin.example/status,https://zeppelin.example,email,zeppelin.example,,\n";
    let front = Front::with(statusphere_catalogue::Catalogue::parse(csv).unwrap(), None).await;
    let history = PageState { last_history: Some(at("2026-02-28T03:00:00Z")), ..PageState::default() };
    front.store.put_history(&id("acme"), &history).await.unwrap();
    front
        .put_state(
            "acme",
            &PageState { open_incidents: 1, last_change: Some(at("2026-03-01T11:44:00Z")), ..read(Indicator::Major) },
        )
        .await;
    front.put_state("zeppelin", &read(Indicator::None)).await;
    front.put_item("acme", &incident("k1", Indicator::Major, "2026-03-01T11:40:00Z", None)).await;
    let (start, end) = ("2026-04-01T01:00:00Z", "2026-04-01T03:00:00Z");
    front.put_item("acme", &maintenance("m1", MaintenanceStatus::Scheduled, start, end)).await;
    let parts = vec![
        component("Parcels", Some("Frankfurt"), ComponentStatus::PartialOutage),
        component("API", None, ComponentStatus::Operational),
    ];
    let baseline = vec![
        Step {
            transition: Transition::Indicator { from: None, to: Some(Indicator::None) },
            since: at("2026-02-24T12:00:00Z"),
        },
        Step {
            transition: Transition::Component {
                id: "parcels".to_owned(),
                name: "Parcels".to_owned(),
                from: None,
                to: Some(ComponentStatus::Operational),
            },
            since: at("2026-02-24T12:00:00Z"),
        },
    ];
    let mut current =
        Current { indicator: Some(Indicator::None), components: Some(parts.clone()), ..Current::default() };
    front.store.put_current(&id("acme"), &current, &baseline, at("2026-02-24T12:00:00Z"), true).await.unwrap();
    current.version = 1;
    current.indicator = Some(Indicator::Major);
    current.open = [incident("k1", Indicator::Major, "2026-03-01T11:40:00Z", None).key()].into();
    current.since = [("parcels".to_owned(), at("2026-03-01T11:44:00Z"))].into();
    let steps = vec![
        Step {
            transition: Transition::Indicator { from: Some(Indicator::None), to: Some(Indicator::Major) },
            since: at("2026-03-01T11:44:00Z"),
        },
        Step {
            transition: Transition::Component {
                id: "parcels".to_owned(),
                name: "Parcels".to_owned(),
                from: Some(ComponentStatus::Operational),
                to: Some(ComponentStatus::PartialOutage),
            },
            since: at("2026-03-01T11:44:00Z"),
        },
    ];
    front.store.put_current(&id("acme"), &current, &steps, now() - TimeDelta::minutes(15), false).await.unwrap();
    front
}

/// The document with true answers as examples.
async fn with_examples() -> Value {
    let front = vendor().await;
    let mut document = DOCUMENT.clone();
    for (path, query) in REQUESTS {
        let example = front.get(&format!("{}?{query}", &path[1..])).await.ok();
        document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["example"] = example;
    }
    let text = front.text("stack?pages=acme,zeppelin%20mail&components=acme:api").await;
    document["paths"]["/stack"]["get"]["responses"]["200"]["content"]["text/plain"]["example"] = json!(text);
    for (path, query, status) in [
        ("/currentStatus", "page=acne", 404),
        ("/incidents", "page=acme&limit=many", 400),
        ("/statusPages", "cursor=x", 400),
    ] {
        let reply = front.get(&format!("{}?{query}", &path[1..])).await;
        let example: Value = serde_json::from_str(&reply.text).unwrap();
        document["paths"][path]["get"]["responses"][status.to_string()]["content"]["application/json"]["example"] =
            example;
    }
    document
}

#[tokio::test]
async fn the_document_that_is_served_is_that_of_the_handlers() {
    let document = serde_json::to_string_pretty(&with_examples().await).unwrap() + "\n";
    if std::env::var_os("STATUSPHERE_BLESS").is_some() {
        std::fs::write(SERVED, &document).unwrap();
    }
    let served = std::fs::read_to_string(SERVED).unwrap();
    assert!(served == document, "docs/openapi.json is out of date: STATUSPHERE_BLESS=1 cargo test -p statusphere-api");
}

#[tokio::test]
async fn what_is_served_is_the_document_and_a_page_that_names_all_of_it() {
    let front = Front::open().await;
    let served = front.get("openapi.json").await;
    assert_eq!(served.headers["content-type"], "application/json; charset=utf-8");
    let document = served.ok();
    assert_eq!(document["openapi"], "3.1.0");
    let page = front.get("docs").await;
    assert_eq!((page.status, &page.headers["content-type"]), (200, &json!("text/html; charset=utf-8")));
    let mut named = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .chain(document["components"]["schemas"].as_object().unwrap().keys());
    assert!(named.all(|name| page.text.contains(name.as_str())));
}

#[test]
fn every_endpoint_is_described_and_nothing_else() {
    let described: BTreeSet<&str> = DOCUMENT["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let routes: BTreeSet<&str> =
        statusphere_api::routes().map(|route| route.strip_prefix("/api/v1").unwrap()).collect();
    assert_eq!(described, routes);
}

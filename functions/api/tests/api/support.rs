//! A front door with a table behind it, and the things that stand in the table.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use statusphere_api::{Api, Settings};
use statusphere_catalogue::Catalogue;
use statusphere_domain::{
    Component, ComponentStatus, Detail, Failure, FailureKind, Incident, IncidentStatus, Indicator, Item, Maintenance,
    MaintenanceStatus, PageId, PageState, Update,
};
use statusphere_http as gateway;
use statusphere_store::{Current, Store};

pub(crate) const ACME: &str = "statusPageUrl=https://status.acme.example";

/// Two pages with a story and thirty that only have a name.
pub(crate) fn catalogue() -> Catalogue {
    let mut csv = String::from("slug,name,url,aliases\n");
    csv.push_str("acme,Acme,https://status.acme.example,Roadrunner Supplies\n");
    csv.push_str("zeppelin,zeppelin Mail,https://zeppelin.example/status,\n");
    for n in 10..40 {
        writeln!(csv, "orchard-{n},Orchard {n},https://orchard{n}.example,").unwrap();
    }
    Catalogue::parse(&csv).expect("a good catalogue")
}

thread_local! {
    static NOW: Cell<DateTime<Utc>> = Cell::new(at("2026-03-01T12:00:00Z"));
}

/// The present of the test that asks: each runs on its own thread.
pub(crate) fn now() -> DateTime<Utc> {
    NOW.get()
}

pub(crate) fn later(by: TimeDelta) {
    NOW.set(now() + by);
}

pub(crate) fn at(time: &str) -> DateTime<Utc> {
    time.parse().expect("a time")
}

pub(crate) fn id(slug: &str) -> PageId {
    PageId::new(slug).expect("a slug")
}

/// The API, and the engine behind it until it is dropped.
pub(crate) struct Front {
    pub(crate) api: Api,
    pub(crate) store: Arc<Store>,
    engine: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Front {
    pub(crate) async fn open() -> Self {
        Self::with(catalogue(), None).await
    }

    pub(crate) async fn with(catalogue: Catalogue, public_url: Option<&str>) -> Self {
        let (engine, endpoint) = engine();
        let store = Arc::new(Store::new(&statusphere_runtime::emulator(&endpoint), "statusphere"));
        store.create_table().await.expect("a table");
        let settings = Settings {
            interval: TimeDelta::minutes(5),
            public_url: public_url.map(str::to_owned),
            live_for: TimeDelta::seconds(60),
            cursor_key: "statusphere".to_owned(),
            clock: now,
        };
        Self { api: Api::new(Arc::clone(&store), Arc::new(catalogue), settings), store, engine: Some(engine) }
    }

    /// Ends the engine with all its connections; time then runs as fast as it may, so retries cost none.
    pub(crate) fn break_store(&mut self) {
        self.engine = None;
        tokio::time::pause();
    }

    /// Stores a page's state and shows it to the lists.
    pub(crate) async fn put_state(&self, slug: &str, state: &PageState) {
        self.store.put_scrape(&id(slug), state, None).await.unwrap();
        let stored = self.store.state(&id(slug)).await.unwrap();
        self.store.merge_live(0, BTreeMap::from([(id(slug), stored)]), now).await.unwrap();
    }

    pub(crate) async fn put_item(&self, slug: &str, item: &Item) {
        self.store.put_item(&id(slug), item, 1, now(), false).await.unwrap();
    }

    pub(crate) async fn put_components(&self, slug: &str, components: Vec<Component>) {
        let current = Current { components: Some(components), ..Current::default() };
        self.store.put_current(&id(slug), &current, &[], now(), false).await.unwrap();
    }

    /// `GET /api/v1/<what>`.
    pub(crate) async fn get(&self, what: &str) -> Reply {
        let (path, query) = what.split_once('?').unwrap_or((what, ""));
        self.send(event("GET", &format!("/api/v1/{path}"), query)).await
    }

    /// The way an event takes in the cloud: JSON in, JSON out.
    pub(crate) async fn send(&self, event: Value) -> Reply {
        let path = event["rawPath"].as_str().unwrap_or_default().to_owned();
        let event: gateway::Event = serde_json::from_value(event).expect("an event");
        let response = self.api.handle(event.into()).await.unwrap();
        let reply = Reply::from(gateway::Reply::from(response));
        assert_eq!(reply.headers["access-control-allow-origin"], "*");
        assert_eq!(reply.headers["access-control-expose-headers"], "etag, x-request-id, retry-after");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert!(reply.headers["cache-control"].is_string());
        crate::openapi::check(&path, &reply);
        reply
    }

    /// The plain text of `GET /api/v1/<what>`.
    pub(crate) async fn text(&self, what: &str) -> String {
        let reply = self.ask("GET", what, &[("accept", "text/plain")]).await;
        assert_eq!((reply.status, &reply.headers["content-type"]), (200, &json!("text/plain; charset=utf-8")));
        reply.text
    }

    /// A request below `/api/v1` with these headers beside the usual ones; an empty value takes a header away.
    pub(crate) async fn ask(&self, method: &str, what: &str, headers: &[(&str, &str)]) -> Reply {
        let (path, query) = what.split_once('?').unwrap_or((what, ""));
        let mut event = event(method, &format!("/api/v1/{path}"), query);
        for (name, value) in headers {
            event["headers"][*name] = json!(value);
        }
        event["headers"].as_object_mut().unwrap().retain(|_, value| value != "");
        self.send(event).await
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u64,
    pub(crate) headers: Value,
    /// The body as it is, once it is decompressed.
    pub(crate) text: String,
    /// Bytes of the gateway's JSON.
    pub(crate) in_transit: usize,
}

impl From<gateway::Reply> for Reply {
    fn from(reply: gateway::Reply) -> Self {
        let reply = serde_json::to_value(reply).unwrap();
        let body = reply["body"].as_str().unwrap_or_default();
        let mut text = String::new();
        if reply["isBase64Encoded"] == true {
            let bytes = BASE64_STANDARD.decode(body).expect("base64");
            let read = match reply["headers"]["content-encoding"].as_str() {
                Some("gzip") => flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut text),
                // By others than those who compressed it.
                Some("br") => brotli_decompressor::Decompressor::new(&*bytes, 4096).read_to_string(&mut text),
                other => panic!("{other:?} is no coding of ours"),
            };
            read.expect("what the header says");
        } else {
            assert!(body.is_empty() || reply["headers"].get("content-encoding").is_none());
            text.push_str(body);
        }
        Self {
            status: reply["statusCode"].as_u64().unwrap(),
            headers: reply["headers"].clone(),
            text,
            in_transit: reply.to_string().len(),
        }
    }
}

impl Reply {
    /// The JSON of a good answer.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The text of a refusal with this status.
    pub(crate) fn error(&self, status: u64) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers["cache-control"], "no-store");
        let body: Value = serde_json::from_str(&self.text).expect("JSON");
        assert!(body["code"].is_string() && !body["hint"].as_str().unwrap().is_empty(), "{body}");
        body["error"].as_str().expect("an error text").to_owned()
    }
}

/// A gateway event: a shipped one with another method, path and query.
pub(crate) fn event(method: &str, path: &str, query: &str) -> Value {
    let mut event: Value =
        serde_json::from_str(include_str!("../../../../events/api-current-status.json")).expect("an event");
    event["rawPath"] = json!(path);
    event["rawQueryString"] = json!(query);
    event["requestContext"]["http"]["method"] = json!(method);
    event["requestContext"]["http"]["path"] = json!(path);
    event["queryStringParameters"] = json!({ "statusPageUrl": "joined,by,commas" });
    event
}

/// An engine on a thread of its own, so that dropping the sender ends its connections too.
fn engine() -> (tokio::sync::oneshot::Sender<()>, String) {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let serving = dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap());
            tokio::select! { () = serving => {}, _ = stopped => {} }
        });
    });
    let address = told.recv().unwrap();
    (stop, format!("http://{address}"))
}

/// A page that was read a minute ago.
pub(crate) fn read(indicator: Indicator) -> PageState {
    PageState {
        provider: Some("statuspage".to_owned()),
        indicator: Some(indicator),
        last_attempt: Some(now() - TimeDelta::minutes(1)),
        last_success: Some(now() - TimeDelta::minutes(1)),
        last_change: Some(at("2026-02-27T08:30:00Z")),
        ..PageState::default()
    }
}

/// A page that was read two hours ago and failed ever since, the last time a minute ago.
pub(crate) fn failing() -> PageState {
    PageState {
        last_success: Some(now() - TimeDelta::hours(2)),
        failing_since: Some(now() - TimeDelta::minutes(115)),
        failure: Some(Failure { kind: FailureKind::Unreachable, detail: "HTTP 503".to_owned() }),
        ..read(Indicator::None)
    }
}

pub(crate) fn incident(key: &str, impact: Indicator, start: &str, end: Option<&str>) -> Item {
    Item::Incident(Incident {
        id: key.to_owned(),
        title: format!("Trouble {key}"),
        link: format!("https://status.acme.example/incidents/{key}"),
        impact,
        status: if end.is_some() { IncidentStatus::Resolved } else { IncidentStatus::Identified },
        started_at: at(start),
        ended_at: end.map(at),
        updates: vec![
            update("Investigating", "Parcels are late.", start),
            update("Identified", "A conveyor belt is stuck.", "2026-02-20T10:20:00Z"),
        ],
        components: vec!["Parcels".to_owned()],
        detail: Detail::Full,
    })
}

pub(crate) fn update(title: &str, body: &str, time: &str) -> Update {
    Update { at: at(time), title: title.to_owned(), body: body.to_owned() }
}

pub(crate) fn maintenance(key: &str, status: MaintenanceStatus, start: &str, end: &str) -> Item {
    Item::Maintenance(Maintenance {
        id: key.to_owned(),
        title: format!("Works {key}"),
        link: format!("https://status.acme.example/incidents/{key}"),
        status,
        starts_at: at(start),
        ends_at: Some(at(end)),
        updates: Vec::new(),
        components: vec!["Warehouse".to_owned()],
        detail: Detail::Full,
    })
}

pub(crate) fn component(name: &str, group: Option<&str>, status: ComponentStatus) -> Component {
    Component { id: name.to_lowercase(), name: name.to_owned(), group: group.map(str::to_owned), status }
}

//! A front door with a table behind it, and the things that stand in the table.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use statusphere_catalogue::Catalogue;
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus,
    PageId, PageState, Update,
};
use statusphere_http::Event;
use statusphere_store::{Current, Store};
use statusphere_web::{Settings, Web};

/// Two pages with a story and three hundred that only have a name.
fn catalogue() -> Catalogue {
    let mut csv = String::from("slug,name,url,category,aliases\n");
    csv.push_str("acme,Acme,https://status.acme.example,cloud,Roadrunner Supplies\n");
    csv.push_str("zeppelin,zeppelin <Mail>,https://zeppelin.example/status,email,\n");
    for n in 100..400 {
        writeln!(csv, "orchard-{n},Orchard {n},https://orchard{n}.example,,").unwrap();
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

/// The pages, and the engine behind them until it is dropped.
pub(crate) struct Front {
    pub(crate) web: Web,
    pub(crate) store: Arc<Store>,
    engine: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Front {
    pub(crate) async fn open() -> Self {
        let (engine, endpoint) = engine();
        let store = Arc::new(Store::new(&statusphere_runtime::emulator(&endpoint), "statusphere"));
        store.create_table().await.expect("a table");
        let settings = Settings {
            interval: TimeDelta::minutes(5),
            public_url: None,
            live_for: TimeDelta::seconds(60),
            clock: now,
        };
        Self { web: Web::new(Arc::clone(&store), Arc::new(catalogue()), settings), store, engine: Some(engine) }
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

    /// Components, and the keys of what is not over.
    pub(crate) async fn put_current(&self, slug: &str, components: Vec<Component>, open: &[&Item]) {
        let open: BTreeSet<_> = open.iter().map(|item| item.key()).collect();
        let current = Current { components: Some(components), open, ..Current::default() };
        self.store.put_current(&id(slug), &current, &[], now(), true).await.unwrap();
    }

    /// `GET <address>`.
    pub(crate) async fn get(&self, address: &str) -> Reply {
        self.ask("GET", address, &[]).await
    }

    /// The document of a good answer.
    pub(crate) async fn page(&self, address: &str) -> Page {
        let reply = self.get(address).await;
        assert_eq!(reply.status, 200, "{address}: {}", reply.text);
        Page(Html::parse_document(&reply.text))
    }

    /// The way an event takes in the cloud: JSON in, JSON out. Nothing is compressed unless the headers ask for it.
    pub(crate) async fn ask(&self, method: &str, address: &str, headers: &[(&str, &str)]) -> Reply {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut event = json!({
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {"host": "statusphere.example", "x-forwarded-proto": "https"},
            "requestContext": {"http": {"method": method}, "requestId": "Abc1="},
        });
        for (name, value) in headers {
            event["headers"][*name] = json!(value);
        }
        let event: Event = serde_json::from_value(event).expect("an event");
        let reply = serde_json::to_value(self.web.invoke(event).await).unwrap();
        let body = reply["body"].as_str().unwrap_or_default();
        let (text, bytes) = if reply["isBase64Encoded"] == true {
            (String::new(), BASE64_STANDARD.decode(body).expect("base64").len())
        } else {
            (body.to_owned(), body.len())
        };
        let reply =
            Reply { status: reply["statusCode"].as_u64().unwrap(), headers: reply["headers"].clone(), text, bytes };
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert_eq!(reply.headers.get("set-cookie"), None);
        reply
    }
}

pub(crate) struct Reply {
    pub(crate) status: u64,
    pub(crate) headers: Value,
    /// Empty when it is compressed.
    pub(crate) text: String,
    /// Of the body on its way.
    pub(crate) bytes: usize,
}

pub(crate) struct Page(pub(crate) Html);

impl Page {
    /// The text of each element that a selector finds, spaces folded.
    pub(crate) fn all(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let text = |element: scraper::ElementRef<'_>| element.text().collect::<String>();
        self.0.select(&selector).map(text).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// The text of the only one.
    pub(crate) fn one(&self, selector: &str) -> String {
        let mut all = self.all(selector);
        assert_eq!(all.len(), 1, "{selector}: {all:?}");
        all.remove(0)
    }

    /// An attribute of each element that a selector finds.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.0.select(&selector).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }
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
            update("Investigating", "Parcels are **late**.", start),
            update("Identified", "A conveyor belt is stuck.", "2026-02-28T10:20:00Z"),
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
        updates: vec![update("Scheduled", "A new conveyor belt.", "2026-02-20T10:20:00Z")],
        components: vec!["Warehouse".to_owned()],
        detail: Detail::Full,
    })
}

pub(crate) fn component(name: &str, group: Option<&str>, status: ComponentStatus) -> Component {
    Component { id: name.to_lowercase(), name: name.to_owned(), group: group.map(str::to_owned), status }
}

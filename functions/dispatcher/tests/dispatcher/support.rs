//! A dispatcher over an invented catalogue.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, SecondsFormat, Utc};
use dynoxide::Database;
use serde_json::{Value, json};
use statusphere_bus::Bus;
use statusphere_catalogue::Catalogue;
use statusphere_dispatcher::{Dispatcher, Settings};
use statusphere_domain::{Lane, PageId, PageState};
use statusphere_store::{Store, Written};
use tokio::net::TcpListener;

use crate::bus::{self, Log, Mood};

pub(crate) struct Bench {
    pub(crate) store: Arc<Store>,
    pub(crate) dispatcher: Dispatcher,
    /// Where the table answers.
    pub(crate) table: String,
    /// Where the bus answers.
    pub(crate) bus: String,
    log: Arc<Mutex<Log>>,
    mood: Arc<Mutex<Mood>>,
}

impl Bench {
    /// So many pages, each read every five minutes, one in an event.
    pub(crate) async fn start(pages: usize) -> Self {
        Self::with(pages, Settings { interval: 5, pages_per_event: 1 }).await
    }

    pub(crate) async fn with(pages: usize, settings: Settings) -> Self {
        Self::of(&catalogue(pages), settings).await
    }

    pub(crate) async fn of(catalogue: &Catalogue, settings: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let table = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(dynoxide::server::serve_on(listener, Database::memory().unwrap()));
        let store = Arc::new(Store::new(&statusphere_runtime::emulator(&table), "statusphere"));
        store.create_table().await.unwrap();
        let (log, mood) = (Arc::new(Mutex::new(Log::default())), Arc::new(Mutex::new(Mood::Good)));
        let endpoint = bus::listen(Arc::clone(&log), Arc::clone(&mood)).await;
        let bus = Bus::new(&statusphere_runtime::emulator(&endpoint), "statusphere");
        let dispatcher = Dispatcher::new(Arc::clone(&store), bus, Arc::new(catalogue.clone()), settings);
        Self { store, dispatcher, table, bus: endpoint, log, mood }
    }

    /// Puts a page into a lane, as a scrape does.
    pub(crate) async fn lane(&self, slug: &str, lane: Option<Lane>) {
        let id = PageId::new(slug).unwrap();
        let state = self.store.latest_state(&id).await.unwrap();
        let written = self.store.put_scrape(&id, &PageState { lane, ..state }, None).await.unwrap();
        assert_eq!(written, Written::Yes);
    }

    /// What the bus does from now on.
    pub(crate) fn mood(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// One tick; answers with the number of pages that were asked for.
    pub(crate) async fn tick(&self, time: DateTime<Utc>) -> anyhow::Result<u64> {
        let answer = self.dispatcher.handle(json!({"time": time.to_rfc3339_opts(SecondsFormat::Secs, true)})).await?;
        Ok(answer["pages"].as_u64().unwrap())
    }

    /// What came over the bus since the last look.
    pub(crate) fn log(&self) -> Log {
        std::mem::take(&mut *self.log.lock().unwrap())
    }
}

pub(crate) fn catalogue(pages: usize) -> Catalogue {
    let mut csv = String::from("slug,name,url,provider,key\n");
    for n in 0..pages {
        writeln!(
            csv,
            "vendor-{n},Vendor {n},https://status.vendor{n}.example,{},",
            if n % 2 == 0 { "statuspage" } else { "" }
        )
        .unwrap();
    }
    Catalogue::parse(&csv).unwrap()
}

/// So many pages of status.io, which reads all of them from one host, behind so many pages with hosts of their own.
pub(crate) fn with_shared(alone: usize, shared: usize) -> Catalogue {
    let mut csv = String::from("slug,name,url,provider,key\n");
    for n in 0..alone {
        writeln!(csv, "alone-{n},Alone {n},https://status.alone{n}.example,,").unwrap();
    }
    for n in 0..shared {
        writeln!(csv, "shared-{n},Shared {n},https://status.shared{n}.example,statusio,{n:024x}").unwrap();
    }
    Catalogue::parse(&csv).unwrap()
}

impl Log {
    /// The pages of each `ScrapeRequested`, in the order of their delivery.
    pub(crate) fn scrapes(&self) -> Vec<Vec<String>> {
        let scrapes = self.taken.iter().filter(|(name, _)| name == "ScrapeRequested");
        scrapes.map(|(_, detail)| slugs(detail)).collect()
    }

    /// Every page that was asked for, sorted, as often as it was.
    pub(crate) fn pages(&self) -> Vec<String> {
        let mut pages: Vec<String> = self.scrapes().into_iter().flatten().collect();
        pages.sort();
        pages
    }
}

fn slugs(detail: &Value) -> Vec<String> {
    detail["pages"].as_array().unwrap().iter().map(|page| page["id"].as_str().unwrap().to_owned()).collect()
}

/// The slugs of the first so many pages, sorted.
pub(crate) fn all(pages: usize) -> Vec<String> {
    let mut all: Vec<String> = (0..pages).map(|n| format!("vendor-{n}")).collect();
    all.sort();
    all
}

/// So many minutes after the beginning of the tests' year.
pub(crate) fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600 + minute * 60, 0).unwrap()
}

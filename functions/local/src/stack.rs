//! Composes the functions: who is started with what.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use chrono::{TimeDelta, Utc};
use statusphere_api::{Api, Settings as ApiSettings};
use statusphere_bus::Bus;
use statusphere_catalogue::Catalogue;
use statusphere_dispatcher::{Dispatcher, Settings as DispatcherSettings};
use statusphere_fetch::{Config, Fetcher, Limits};
use statusphere_publisher::Publisher;
use statusphere_scraper::{Scraper, Settings as ScraperSettings};
use statusphere_store::{Store, StoreError};
use statusphere_web::{Settings as WebSettings, Web};
use tokio::net::TcpListener;

use crate::engine::{Data, Engine, TABLE};
use crate::progress::{Progress, Round};
use crate::queue::Queue;
use crate::{bus, http, pages, schedule, stream};

/// Minutes between two scrapes of a page.
const INTERVAL: u32 = 5;
/// What stands in every request's User-Agent unless `CONTACT_URL` names someone: a person's own machine.
const CONTACT: &str = "http://localhost/";
/// Live shards: enough for the shipped catalogue.
const LIVE_SHARDS: usize = 60;

/// Where documents come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// The internet, through a proxy if one is named.
    Web {
        /// The proxy's address.
        proxy: Option<String>,
    },
    /// A folder of recordings, whose pages are then the catalogue.
    Recordings(PathBuf),
}

/// How to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port of the API on the loopback address; 0 for any that is free.
    pub port: u16,
    /// Where the data lives.
    pub data: Data,
    /// Where documents come from.
    pub source: Source,
    /// A file of own pages.
    pub pages: Option<PathBuf>,
}

/// The running system.
#[derive(Debug)]
pub struct Stack {
    /// Where the API answers.
    pub address: SocketAddr,
    /// The first round.
    pub progress: Arc<Progress>,
    queue: Arc<Queue>,
    records: tokio::sync::watch::Receiver<u64>,
    _lock: Option<std::fs::File>,
}

impl Stack {
    /// Starts everything and returns at once; pages are read from then on.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port))
            .await
            .with_context(|| format!("port {} can't be opened; choose another with --port", options.port))?;
        let address = listener.local_addr()?;
        let fetcher = options.source.fetcher()?;
        let mut catalogue = match &fetcher {
            Fetcher::Recordings(recordings) => pages::from_recordings(recordings)?,
            Fetcher::Web(_) => Catalogue::shipped(),
        };
        if let Some(file) = &options.pages {
            catalogue = pages::with_file(&catalogue, file)?;
        }
        let catalogue = Arc::new(catalogue);

        let position = stream::Position::new(match &options.data {
            Data::Memory => None,
            Data::Folder(folder) => Some(folder.join("stream")),
        });
        let engine = Engine::start(&options.data, position.stored()).await?;
        let queue = Arc::new(Queue::default());
        let bus_endpoint = bus::serve(Arc::clone(&queue)).await?;

        let store = Arc::new(Store::new(&statusphere_runtime::emulator(&engine.endpoint), TABLE));
        match (store.create_table().await, &options.data) {
            (Err(StoreError::Outmoded { .. }), Data::Folder(folder)) => bail!(
                "the data folder {} was made by an earlier version; remove it or choose another with --data",
                folder.display()
            ),
            (created, _) => created?,
        }
        let bus = Bus::new(&statusphere_runtime::emulator(&bus_endpoint), "local");
        let interval = TimeDelta::minutes(INTERVAL.into());
        #[expect(clippy::disallowed_methods, reason = "an entry point asks the clock")]
        let clock = Utc::now;

        let settings = DispatcherSettings { interval: INTERVAL, pages_per_event: 1 };
        let dispatcher = Dispatcher::new(Arc::clone(&store), bus.clone(), Arc::clone(&catalogue), settings);
        let scraper = Scraper::new(Arc::clone(&store), Arc::new(fetcher), ScraperSettings { interval, clock });
        let publisher = Publisher::new(Arc::clone(&store), bus, LIVE_SHARDS, clock);
        let cursor_key = TABLE.to_owned();
        let settings = ApiSettings { interval, public_url: None, live_for: TimeDelta::seconds(2), cursor_key, clock };
        let api = Api::new(Arc::clone(&store), Arc::clone(&catalogue), settings);
        let settings = WebSettings { interval, public_url: None, live_for: TimeDelta::seconds(2), clock };
        let web = Web::new(Arc::clone(&store), Arc::clone(&catalogue), settings);
        api.warm().await;
        web.warm().await;

        let progress = Arc::new(Progress::new(catalogue.iter().map(|entry| entry.page.id.to_string())));
        let records = stream::follow(engine.database, Arc::new(publisher), Arc::clone(&queue), position)?;
        bus::deliver(&queue, &scraper, &progress);
        schedule::start(Arc::new(dispatcher));
        // A page that someone asks for is read before those that nobody waits for.
        let waiting = Arc::clone(&queue);
        http::serve(listener, http::Functions { api, web }, catalogue, move |page| waiting.promote(page));
        Ok(Self { address, progress, queue, records, _lock: engine.lock })
    }

    /// Waits until every page was tried once and what it brought is published, histories included.
    pub async fn settled(&self) {
        let mut round = self.progress.watch();
        // The sender lives as long as this does.
        let _ = round.wait_for(Round::is_over).await;
        let mut records = self.records.clone();
        loop {
            let before = *records.borrow_and_update();
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            if *records.borrow() == before && self.queue.is_quiet() {
                return;
            }
        }
    }
}

impl Source {
    /// What fetches from it.
    pub fn fetcher(&self) -> anyhow::Result<Fetcher> {
        #[expect(clippy::disallowed_methods, reason = "an entry point asks the clock")]
        let clock = Utc::now;
        Ok(match self {
            Self::Recordings(folder) => Fetcher::recordings(folder)?,
            Self::Web { proxy } => Fetcher::web(Config {
                contact: statusphere_runtime::optional("CONTACT_URL").unwrap_or_else(|| CONTACT.to_owned()),
                limits: Limits::default(),
                allowed_hosts: Vec::new(),
                proxy: proxy.clone(),
                clock,
            })?,
        })
    }
}

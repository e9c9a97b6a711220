//! Reads pages: fetches politely, runs the provider cascade, compares with what is stored, writes only what changed.
//!
//! Deliberately absent: announcements. What is written shows in the table's stream, and `publisher` tells the world.

mod backfill;
mod read;
mod redrive;
mod scrape;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use statusphere_bus::{Backfill, PageRef, Scrape};
use statusphere_domain::PageId;
use statusphere_fetch::Fetcher;
use statusphere_store::Store;
use tokio::task::JoinSet;
use tokio::time::Instant;

use scrape::Scraped;

/// The time that one page may take in all, its requests and its writes.
const PAGE_DEADLINE: Duration = Duration::from_secs(50);
/// After this long no further page of a host is begun: the rest waits for its next turn.
const TURN: Duration = Duration::from_mins(1);

/// How the scraper is set up.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Time between two scrapes of a page; decides when failing becomes stale.
    pub interval: TimeDelta,
    /// The clock.
    pub clock: fn() -> DateTime<Utc>,
}

/// The Lambda's state, kept between invocations. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Scraper {
    store: Arc<Store>,
    fetcher: Arc<Fetcher>,
    settings: Settings,
}

impl Scraper {
    /// Joins what it needs; nothing is sent.
    pub fn new(store: Arc<Store>, fetcher: Arc<Fetcher>, settings: Settings) -> Self {
        Self { store, fetcher, settings }
    }

    /// The Lambda entry: `ScrapeRequested` or `BackfillRequested` in EventBridge's envelope, or messages of the
    /// dead-letter queue that hold some. An error means that the table could not be read or written; the event can be
    /// delivered again at any time.
    pub async fn handle(&self, payload: Value) -> anyhow::Result<Value> {
        if !redrive::is_one(&payload) {
            return self.event(payload).await;
        }
        let mut answers = Vec::new();
        for event in redrive::events(payload)? {
            answers.push(self.event(event).await?);
        }
        Ok(json!({"redriven": answers}))
    }

    async fn event(&self, payload: Value) -> anyhow::Result<Value> {
        let event: EventBridgeEvent<Value> = serde_json::from_value(payload).context("not an EventBridge event")?;
        match event.detail_type.as_str() {
            "ScrapeRequested" => self.scrape_all(serde_json::from_value(event.detail)?).await,
            "BackfillRequested" => self.backfill(serde_json::from_value(event.detail)?).await,
            other => bail!("an event that is not for the scraper: {other}"),
        }
    }

    /// Pages are read side by side, those that share a host one after another. An error when none could be dealt with:
    /// one page's trouble must not have the others read twice, and its next turn comes soon.
    async fn scrape_all(&self, request: Scrape) -> anyhow::Result<Value> {
        let mut groups: BTreeMap<Option<String>, Vec<PageRef>> = BTreeMap::new();
        for page in request.pages {
            groups.entry(page.host.clone()).or_default().push(page);
        }
        let mut tasks = JoinSet::new();
        for page in groups.remove(&None).unwrap_or_default() {
            let scraper = self.clone();
            tasks.spawn(async move { vec![(page.id.clone(), scraper.scrape_apart(page).await)] });
        }
        for (host, pages) in groups {
            let scraper = self.clone();
            tasks.spawn(async move { scraper.scrape_in_turn(&host.unwrap_or_default(), pages).await });
        }
        let (mut pages, mut failed) = (serde_json::Map::new(), 0);
        while let Some(done) = tasks.join_next().await {
            for (id, scraped) in done.context("a group of pages ended abruptly")? {
                let outcome = scraped.unwrap_or_else(|error| {
                    failed += 1;
                    tracing::error!(page.id = %id, error = format!("{error:#}"), "A page could not be scraped.");
                    Scraped::Failed
                });
                pages.insert(id.to_string(), outcome.to_json());
            }
        }
        if failed > 0 && failed == pages.len() {
            bail!("{failed} pages could not be scraped");
        }
        Ok(json!({"pages": pages}))
    }

    /// One page as its own task with its own deadline, so that one that hangs or panics harms no other.
    async fn scrape_apart(&self, page: PageRef) -> anyhow::Result<Scraped> {
        let scraper = self.clone();
        let scrape = async move { tokio::time::timeout(PAGE_DEADLINE, scraper.scrape(&page)).await };
        match tokio::spawn(scrape).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => bail!("took longer than {} s", PAGE_DEADLINE.as_secs()),
            Err(error) => bail!("ended abruptly: {error}"),
        }
    }

    /// Pages of one host. What the host's breaker learns is kept for those who ask it next.
    async fn scrape_in_turn(&self, host: &str, pages: Vec<PageRef>) -> Vec<(PageId, anyhow::Result<Scraped>)> {
        let started = Instant::now();
        let known = match self.store.breaker(host).await {
            Ok(known) => {
                self.fetcher.set_breaker(host, known.clone());
                known
            }
            Err(error) => {
                tracing::warn!(host, error = %error, "The host's breaker can't be read.");
                self.fetcher.breaker(host)
            }
        };
        let mut done = Vec::new();
        for page in pages {
            let id = page.id.clone();
            let scraped = if started.elapsed() < TURN { self.scrape_apart(page).await } else { Ok(Scraped::Postponed) };
            done.push((id, scraped));
        }
        let learned = self.fetcher.breaker(host);
        if learned != known
            && let Err(error) = self.store.put_breaker(host, &learned, (self.settings.clock)()).await
        {
            tracing::warn!(host, error = %error, "The host's breaker can't be written.");
        }
        done
    }

    async fn backfill(&self, request: Backfill) -> anyhow::Result<Value> {
        // On the heap: with the SDK's own futures inside, the whole would nest deeper than the compiler follows.
        let items = Box::pin(self.backfill_step(&request)).await?;
        Ok(json!({"page": request.page.id, "items": items}))
    }
}

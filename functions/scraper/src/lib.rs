//! Reads pages: fetches politely, runs the provider cascade, compares with what is stored, writes only what changed.
//!
//! Deliberately absent: announcements. What is written shows in the table's stream, and `publisher` tells the world.

mod backfill;
mod read;
mod scrape;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use statusphere_bus::{Backfill, PageRef, Scrape};
use statusphere_fetch::Fetcher;
use statusphere_store::Store;
use tokio::task::JoinSet;

use scrape::Scraped;

/// The time that one page may take in all, its requests and its writes.
const PAGE_DEADLINE: Duration = Duration::from_secs(50);

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

    /// The Lambda entry: `ScrapeRequested` or `BackfillRequested` in EventBridge's envelope. An error means that the
    /// table could not be read or written; the event can be delivered again at any time.
    pub async fn handle(&self, payload: Value) -> anyhow::Result<Value> {
        let event: EventBridgeEvent<Value> = serde_json::from_value(payload).context("not an EventBridge event")?;
        match event.detail_type.as_str() {
            "ScrapeRequested" => self.scrape_all(serde_json::from_value(event.detail)?).await,
            "BackfillRequested" => self.backfill(serde_json::from_value(event.detail)?).await,
            other => bail!("an event that is not for the scraper: {other}"),
        }
    }

    /// Each page is its own task with its own deadline, so that one that hangs or panics harms no other.
    async fn scrape_all(&self, request: Scrape) -> anyhow::Result<Value> {
        let mut tasks = JoinSet::new();
        for page in request.pages {
            let scraper = self.clone();
            tasks.spawn(async move { (page.id.clone(), scraper.scrape_in_time(&page).await) });
        }
        let (mut pages, mut failed) = (serde_json::Map::new(), 0);
        while let Some(done) = tasks.join_next().await {
            match done {
                Ok((id, Ok(scraped))) => {
                    pages.insert(id.to_string(), scraped.to_json());
                }
                Ok((id, Err(error))) => {
                    failed += 1;
                    tracing::error!(page.id = %id, error = format!("{error:#}"), "A page could not be scraped.");
                }
                Err(error) => {
                    failed += 1;
                    tracing::error!(error = %error, "The scrape of a page ended abruptly.");
                }
            }
        }
        if failed > 0 {
            bail!("{failed} pages could not be scraped");
        }
        Ok(json!({"pages": pages}))
    }

    async fn scrape_in_time(&self, page: &PageRef) -> anyhow::Result<Scraped> {
        match tokio::time::timeout(PAGE_DEADLINE, self.scrape(page)).await {
            Ok(done) => done,
            Err(_) => bail!("took longer than {} s", PAGE_DEADLINE.as_secs()),
        }
    }

    async fn backfill(&self, request: Backfill) -> anyhow::Result<Value> {
        // On the heap: with the SDK's own futures inside, the whole would nest deeper than the compiler follows.
        let items = Box::pin(self.backfill_step(&request)).await?;
        Ok(json!({"page": request.page.id, "items": items}))
    }
}

//! Decides each minute which pages are due and asks for their scrape.
//!
//! Deliberately absent: whether a page needs it. Due is computed from names; read are the few pages off that beat.

mod due;
mod own;
mod plan;
mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, DurationRound as _, TimeDelta, Timelike as _, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use statusphere_bus::{Backfill, Bus, Event, PageRef, Scrape};
use statusphere_catalogue::Catalogue;
use statusphere_domain::{Lane, PageId};
use statusphere_store::Store;

pub use due::is_due;
pub use plan::Plan;
pub use watch::Watch;

use own::OwnPlan;

/// How often, and how many at once.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Minutes between two scrapes of a page, at least 1.
    pub interval: u32,
    /// Pages of different hosts that ride in one event, 1 to 25.
    pub pages_per_event: usize,
}

/// Minutes between two looks at a page's history.
const HISTORY_INTERVAL: u32 = 7 * 24 * 60;

/// Minutes between two looks at how well the pages are watched, and at whether an owner handed in pages.
const WATCH_INTERVAL: u32 = 5;

/// The Lambda's state, kept between invocations.
#[derive(Debug)]
pub struct Dispatcher {
    store: Arc<Store>,
    bus: Bus,
    plan: OwnPlan,
    interval: TimeDelta,
}

/// What the schedule sends: its own time, so that a late or repeated tick means the same minute.
#[derive(Debug, Deserialize)]
struct Tick {
    time: DateTime<Utc>,
    /// Asked for by a person: every page now, whatever is due.
    #[serde(default)]
    all: bool,
}

impl Dispatcher {
    /// Joins what it needs; nothing is sent.
    pub fn new(store: Arc<Store>, bus: Bus, catalogue: Arc<Catalogue>, settings: Settings) -> Self {
        let interval = TimeDelta::minutes(settings.interval.into());
        Self { store, bus, plan: OwnPlan::new(catalogue, settings), interval }
    }

    /// The Lambda entry: `{"time": "<RFC 3339>"}` from the schedule, with `"all": true` for every page at once; answers
    /// with the slot and the number of pages.
    ///
    /// The slot is written down after delivery. A tick that fails is made up for by the next one, a tick that comes
    /// twice asks for nothing, and after a longer gap one interval is caught up.
    pub async fn handle(&self, payload: Value) -> anyhow::Result<Value> {
        let tick: Tick = serde_json::from_value(payload).context("the tick has no `time` in RFC 3339")?;
        let slot = tick.time.duration_trunc(TimeDelta::minutes(1)).context("the tick's time is out of range")?;
        let last = self.store.last_slot().await?;
        let plan = self.plan.plan(&self.store, slot.minute().is_multiple_of(WATCH_INTERVAL)).await?;
        let minutes = plan.minutes(last, slot);
        if minutes.is_empty() && !tick.all {
            return Ok(json!({"slot": slot, "pages": 0}));
        }
        let lanes = self.lanes().await;
        let due = if tick.all { plan.all() } else { plan.due(&lanes, &minutes) };
        let pages: usize = due.iter().map(Vec::len).sum();
        let mut events: Vec<Event> = due.into_iter().map(|pages| Event::Scrape(Scrape::new(slot, pages))).collect();
        // Not on the first tick: then every history is asked for as soon as its page is read.
        if last.is_some() {
            let (from, to) = minutes.into_inner();
            let again = plan.pages().filter(|page| is_due(&page.id, from, to, HISTORY_INTERVAL));
            // A history may lie elsewhere than what is asked for again and again.
            let again = again.map(|page| PageRef { host: None, ..page.clone() });
            events.extend(again.map(|page| Event::Backfill(Backfill::new(page, String::new()))));
        }
        self.bus.put(events).await?;
        self.store.finish_slot(slot).await?;
        tracing::info!(dispatch.pages = pages, dispatch.slot = %slot, "Asked for the pages that are due.");
        if slot.minute().is_multiple_of(WATCH_INTERVAL) {
            self.watch(&plan, &lanes, slot).await;
            self.plan.adopt(&self.store).await;
        }
        Ok(json!({"slot": slot, "pages": pages}))
    }

    /// Looks whether every page gets its turn. What was dispatched stands whether this works or not.
    async fn watch(&self, plan: &Plan, lanes: &BTreeMap<PageId, Lane>, slot: DateTime<Utc>) {
        match self.store.live().await {
            Ok(live) => Watch::new(plan.pages().map(|page| &page.id), &live, lanes, slot, self.interval).log(),
            Err(error) => tracing::warn!(%error, "The live state can't be read: a forgotten page would not show."),
        }
    }

    /// The pages off the regular beat. A tick that can't have them asks as if there were none: the scraper keeps the
    /// pauses that hosts asked for itself.
    async fn lanes(&self) -> BTreeMap<PageId, Lane> {
        self.store.lanes().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "The lanes can't be read: all pages are on the regular beat.");
            BTreeMap::new()
        })
    }
}

//! Decides each minute which pages are due and asks for their scrape.
//!
//! Deliberately absent: whether a page needs it. Nothing is read about a single page here; due is computed from its name.

mod due;

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use statusphere_bus::{Backfill, Bus, Event, Scrape};
use statusphere_catalogue::Catalogue;
use statusphere_store::Store;

pub use due::is_due;

/// How often, and how many at once.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Minutes between two scrapes of a page, at least 1.
    pub interval: u32,
    /// Pages that ride in one event, 1 to 25.
    pub pages_per_event: usize,
}

/// Minutes between two looks at a page's history.
const HISTORY_INTERVAL: u32 = 7 * 24 * 60;

/// The Lambda's state, kept between invocations.
#[derive(Debug)]
pub struct Dispatcher {
    store: Arc<Store>,
    bus: Bus,
    catalogue: Arc<Catalogue>,
    settings: Settings,
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
        let settings =
            Settings { interval: settings.interval.max(1), pages_per_event: settings.pages_per_event.clamp(1, 25) };
        Self { store, bus, catalogue, settings }
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
        if last.is_some_and(|last| last >= slot) && !tick.all {
            return Ok(json!({"slot": slot, "pages": 0}));
        }
        let oldest = slot - TimeDelta::minutes(i64::from(self.settings.interval) - 1);
        let from = last.map_or(oldest, |last| (last + TimeDelta::minutes(1)).max(oldest));

        let due: Vec<_> = self
            .catalogue
            .by_rank()
            .filter(|entry| tick.all || is_due(&entry.page.id, from, slot, self.settings.interval))
            .map(|entry| (&entry.page).into())
            .collect();
        let pages = due.len();
        let mut events: Vec<Event> = due
            .chunks(self.settings.pages_per_event)
            .map(|pages| Event::Scrape(Scrape::new(slot, pages.to_vec())))
            .collect();
        // Not on the first tick: then every history is asked for as soon as its page is read.
        if last.is_some() {
            let again = self.catalogue.iter().filter(|entry| is_due(&entry.page.id, from, slot, HISTORY_INTERVAL));
            events.extend(again.map(|entry| Event::Backfill(Backfill::new((&entry.page).into(), String::new()))));
        }
        self.bus.put(events).await?;
        self.store.finish_slot(slot).await?;
        tracing::info!(dispatch.pages = pages, dispatch.slot = %slot, "Asked for the pages that are due.");
        Ok(json!({"slot": slot, "pages": pages}))
    }
}

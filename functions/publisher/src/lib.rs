//! Turns the table's stream into events on the bus and keeps the live shards current.
//!
//! Deliberately absent: any look at the web or at a page's own items beyond what the stream shows. A batch may come twice;
//! its events have the same ids again, and shards keep the newest state.

mod changes;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use aws_lambda_events::event::dynamodb;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use statusphere_bus::{Backfill, Bus, Event, PageRef};
use statusphere_domain::{Hint, PageId, PageState};
use statusphere_store::{Image, Store, Written, read_image, shard_of};

/// Times a shard is tried when another publisher writes it too.
const TRIES: usize = 8;

/// The Lambda's state, kept between invocations.
#[derive(Debug)]
pub struct Publisher {
    store: Arc<Store>,
    bus: Bus,
    live_shards: usize,
    clock: fn() -> DateTime<Utc>,
}

impl Publisher {
    /// Joins what it needs; nothing is sent. `live_shards`: number of shards, about one per 25 pages. A
    /// multiple of the interval has the pages of a shard read in the same minute, so that it is written seldom. `clock`:
    /// by which live states change.
    pub fn new(store: Arc<Store>, bus: Bus, live_shards: usize, clock: fn() -> DateTime<Utc>) -> Self {
        Self { store, bus, live_shards, clock }
    }

    /// The Lambda entry: a batch of the table's stream. An error asks for the batch again.
    pub async fn handle(&self, payload: Value) -> anyhow::Result<Value> {
        let batch: dynamodb::Event = serde_json::from_value(payload).context("not a batch of a DynamoDB stream")?;
        let mut events = Vec::new();
        let mut states = BTreeMap::new();
        for record in batch.records {
            let Some((page, new)) = read_image(record.change.new_image)? else { continue };
            let old = read_image(record.change.old_image)?.map(|(_, image)| image);
            events.extend(changes::changes(&page, &new, old.as_ref()).into_iter().map(Event::Change));
            if let Image::State(state) = new {
                events.extend(backfill(&page, &state, old.as_ref()).map(Event::Backfill));
                states.insert(page, *state);
            }
        }
        let (announced, pages) = (events.len(), states.len());
        self.merge(states).await?;
        self.bus.put(events).await?;
        Ok(json!({"events": announced, "pages": pages}))
    }

    async fn merge(&self, states: BTreeMap<PageId, PageState>) -> anyhow::Result<()> {
        let mut shards: BTreeMap<usize, BTreeMap<PageId, PageState>> = BTreeMap::new();
        for (page, state) in states {
            shards.entry(shard_of(&page, self.live_shards)).or_default().insert(page, state);
        }
        for (shard, states) in shards {
            let mut tries = 0;
            while self.store.merge_live(shard, states.clone(), self.clock).await? == Written::Outdated {
                tries += 1;
                if tries == TRIES {
                    bail!("live shard {shard} is written by others all the time");
                }
            }
        }
        Ok(())
    }
}

/// The next step of a history: the first when a page is newly indexed, the following when one is done, and one again
/// that was lost on the way.
fn backfill(page: &PageId, state: &PageState, old: Option<&Image>) -> Option<Backfill> {
    let before = match old {
        Some(Image::State(old)) => old.backfill.as_deref().unwrap_or_default(),
        _ => "",
    };
    let next = state.backfill.clone().filter(|next| before != next);
    let cursor = next.or_else(|| state.stalled_backfill())?;
    let hint = state.provider.clone().map(|provider| Hint { provider, key: state.key.clone() });
    Some(Backfill::new(PageRef { id: page.clone(), url: state.url.clone()?, hint, host: None }, cursor))
}

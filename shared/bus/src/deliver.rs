//! Delivery with `PutEvents`: ten entries a call, several calls in flight, failed entries sent again.
//!
//! Delivers at least once. What can't be delivered is reported to the caller, never dropped in silence.

use std::time::Duration;

use aws_sdk_eventbridge::{Client, error::DisplayErrorContext, types::PutEventsRequestEntry};
use futures_util::{StreamExt as _, stream};

use crate::Event;

/// Entries of one call, at most.
const ENTRIES: usize = 10;
/// Bytes of one call, at most; the service refuses a call of 256 KB as a whole.
const BYTES: usize = 240_000;
/// Calls under way at once.
const IN_FLIGHT: usize = 16;
/// Times an entry is sent, at most.
const TRIES: u32 = 6;
/// Pause before the second try; doubles with each further one.
const PAUSE: Duration = Duration::from_millis(50);

/// An event bus.
#[derive(Debug, Clone)]
pub struct Bus {
    client: Client,
    name: String,
}

/// Events that could not be delivered, and the last reason given.
#[derive(Debug, thiserror::Error)]
#[error("{} events were not delivered: {reason}", events.len())]
pub struct Undelivered {
    /// In no order.
    pub events: Vec<Event>,
    /// What the service said last.
    pub reason: String,
}

/// An event as it is sent.
struct Entry {
    event: Event,
    detail: String,
}

impl Bus {
    /// A bus by its name; nothing is sent.
    pub fn new(config: &aws_types::SdkConfig, name: impl Into<String>) -> Self {
        Self { client: Client::new(config), name: name.into() }
    }

    /// Delivers all events or says which ones it could not. Order is kept as far as nothing fails.
    pub async fn put(&self, events: Vec<Event>) -> Result<(), Undelivered> {
        let entry = |event: Event| Entry { detail: event.detail().to_string(), event };
        let mut waiting: Vec<Entry> = events.into_iter().map(entry).collect();
        let mut reason = String::new();
        for attempt in 0..TRIES {
            if waiting.is_empty() {
                return Ok(());
            }
            if attempt > 0 {
                tracing::warn!(events = waiting.len(), attempt, reason, "Events were refused and are sent again.");
                tokio::time::sleep(PAUSE * 2_u32.pow(attempt - 1)).await;
            }
            waiting = self.round(waiting, &mut reason).await;
        }
        let events: Vec<Event> = waiting.into_iter().map(|entry| entry.event).collect();
        if events.is_empty() { Ok(()) } else { Err(Undelivered { events, reason }) }
    }

    /// Sends each entry once; answers with those that failed.
    async fn round(&self, entries: Vec<Entry>, reason: &mut String) -> Vec<Entry> {
        let calls = batches(entries).into_iter().map(|batch| self.send(batch));
        let mut answers = stream::iter(calls.collect::<Vec<_>>()).buffer_unordered(IN_FLIGHT);
        let mut failed = Vec::new();
        while let Some((refused, why)) = answers.next().await {
            failed.extend(refused);
            if let Some(why) = why {
                *reason = why;
            }
        }
        failed
    }

    /// One call; answers with the entries that failed and why.
    async fn send(&self, batch: Vec<Entry>) -> (Vec<Entry>, Option<String>) {
        let entries = batch.iter().map(|entry| {
            PutEventsRequestEntry::builder()
                .event_bus_name(&self.name)
                .source("statusphere")
                .detail_type(entry.event.name())
                .detail(&entry.detail)
                .build()
        });
        match self.client.put_events().set_entries(Some(entries.collect())).send().await {
            Err(error) => (batch, Some(DisplayErrorContext(&error).to_string())),
            Ok(output) if output.failed_entry_count() == 0 => (Vec::new(), None),
            Ok(output) => {
                let codes = output.entries.unwrap_or_default();
                let why = codes.iter().find_map(|entry| entry.error_code.clone());
                let refused = |n: usize| codes.get(n).is_none_or(|entry| entry.error_code.is_some());
                let failed = batch.into_iter().enumerate().filter(|(n, _)| refused(*n)).map(|(_, entry)| entry);
                (failed.collect(), why)
            }
        }
    }
}

/// Cuts entries into calls. One that is too large for any call goes alone, so that it takes no other with it.
fn batches(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut batches: Vec<Vec<Entry>> = Vec::new();
    let mut room = 0;
    for entry in entries {
        // The detail-type and the source count too.
        let bytes = entry.detail.len() + 100;
        match batches.last_mut() {
            Some(batch) if batch.len() < ENTRIES && bytes <= room => {
                room -= bytes;
                batch.push(entry);
            }
            _ => {
                room = BYTES.saturating_sub(bytes);
                batches.push(vec![entry]);
            }
        }
    }
    batches
}

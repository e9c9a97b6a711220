//! Delivery with `PutEvents`: full calls, several in flight, refused entries sent again.
//!
//! Delivers at least once. What can't be delivered is reported to the caller, never dropped in silence.

use std::time::Instant;

use aws_sdk_eventbridge::{Client, error::DisplayErrorContext, types::PutEventsRequestEntry};
use futures_util::{StreamExt as _, stream::FuturesUnordered};

use crate::Event;
use crate::queue::{Entry, Queue};

/// Calls under way at once: a smaller region takes some thousand calls a second, which is far beyond what these make.
pub const IN_FLIGHT: usize = 8;

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

impl Bus {
    /// A bus by its name; nothing is sent.
    pub fn new(config: &aws_types::SdkConfig, name: impl Into<String>) -> Self {
        Self { client: Client::new(config), name: name.into() }
    }

    /// Delivers all events or says which ones it could not. Order is kept as far as nothing fails; an entry that was
    /// refused rides in a later call.
    pub async fn put(&self, events: Vec<Event>) -> Result<(), Undelivered> {
        let mut queue = Queue::new(events);
        let mut calls = FuturesUnordered::new();
        let mut reason = String::new();
        loop {
            while calls.len() < IN_FLIGHT {
                let call = queue.next(Instant::now());
                if call.is_empty() {
                    break;
                }
                calls.push(self.send(call));
            }
            let pause_ends = queue.pause_ends().filter(|_| calls.len() < IN_FLIGHT);
            tokio::select! {
                Some((refused, why)) = calls.next() => {
                    queue.refused(refused, Instant::now());
                    reason = why.unwrap_or(reason);
                }
                () = tokio::time::sleep_until(pause_ends.unwrap_or_else(Instant::now).into()), if pause_ends.is_some() => {}
                else => break,
            }
        }
        if queue.again > 0 {
            tracing::warn!(events = queue.again, reason, "Events were refused and sent again.");
        }
        let events = queue.undelivered;
        if events.is_empty() { Ok(()) } else { Err(Undelivered { events, reason }) }
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

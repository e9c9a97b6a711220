//! The event bus: what the events are and their delivery.
//!
//! Deliberately absent: who listens. Shapes and ids: `docs/decisions/0002-events.md`.

mod deliver;
mod events;
mod queue;

pub use deliver::{Bus, IN_FLIGHT, Undelivered};
pub use events::{Backfill, Change, Event, PageRef, Scrape, VERSION};

//! A table with a clock beside it, and the things that stand in it, for tests of what answers requests.
//!
//! Deliberately absent: the front doors, which are the functions' own. Only tests and benchmarks use this crate.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test ends where something is wrong")]

mod stream;
mod table;
mod things;

use std::cell::Cell;

use chrono::{DateTime, TimeDelta, Utc};

pub use stream::records;
pub use table::Table;
pub use things::{NONSENSE, component, failing, id, incident, maintenance, read, update};

thread_local! {
    static NOW: Cell<DateTime<Utc>> = Cell::new(at("2026-03-01T12:00:00Z"));
}

/// The present of the test that asks: each runs on its own thread.
pub fn now() -> DateTime<Utc> {
    NOW.get()
}

/// Puts the clock of this test forward.
pub fn later(by: TimeDelta) {
    NOW.set(now() + by);
}

/// A moment as RFC 3339 has it.
pub fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

//! What a million scrapes cost on AWS: the counters of a quiet hour, times the price table.
//!
//! Deliberately absent: what no counter here knows. A request is taken to last 250 ms, a run of the publisher 50 ms, a tick
//! a second; callers of the API, and the free tier, are left out.

use crate::bound;

/// Dollars in us-east-1, on demand, functions on arm64; looked up in 2026-08.
mod price {
    pub(super) const EVENT: f64 = 1.00e-6;
    pub(super) const RUN: f64 = 0.20e-6;
    pub(super) const GB_SECOND: f64 = 0.000_013_333_4;
    pub(super) const WRITE_UNIT: f64 = 0.625e-6;
    pub(super) const READ_UNIT: f64 = 0.125e-6;
}

/// Memory of a function, in GB.
const MEMORY: f64 = 0.125;

/// What an hour took.
pub(crate) struct Counters {
    pub(crate) scrapes: f64,
    /// To a host for one scrape: those of a page of one document, as nearly all of the catalogue are.
    pub(crate) requests: f64,
    /// `ScrapeRequested` on the bus, each of which is a run of the scraper.
    pub(crate) events: f64,
    /// Runs of the publisher.
    pub(crate) batches: f64,
    pub(crate) ticks: f64,
    pub(crate) written: f64,
    pub(crate) read: f64,
}

impl Counters {
    /// Prints the bill and compares it with the bound, both in dollars for a million scrapes.
    pub(crate) fn bill(&self, pages_per_event: usize, most: f64) -> bool {
        // Pages of one event are read side by side.
        let reading = self.events * 0.25 * self.requests;
        let seconds = reading + self.batches * 0.05 + self.ticks;
        let runs = self.events + self.batches + self.ticks;
        let items = [
            ("events", self.events * price::EVENT),
            ("runs", runs * price::RUN),
            ("compute", seconds * MEMORY * price::GB_SECOND),
            ("writes", self.written * price::WRITE_UNIT),
            ("reads", self.read * price::READ_UNIT),
        ];
        let a_million = |dollars: f64| dollars / self.scrapes * 1e6;
        for (what, dollars) in items {
            println!("  {what:<10} ${:.3}", a_million(dollars));
        }
        let total = a_million(items.iter().map(|(_, dollars)| dollars).sum());
        bound(&format!("dollars a million scrapes, {pages_per_event} pages an event"), total, most)
    }
}

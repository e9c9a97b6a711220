//! One page, its story, and everything that may happen to what the functions send each other.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use statusphere_internet::{Fault, Platform, Site, Story, Trouble};

use crate::simulation::aws::Faults;
use crate::simulation::{INTERVAL, Setting, Simulation, clock, envelope};
use crate::{Delivery, Publishing, Turn};

/// The page's slug.
pub(crate) const PAGE: &str = "acme";

pub(crate) struct World {
    pub(crate) simulation: Simulation,
    pub(crate) site: Site,
    /// Every record of the stream, once.
    pub(crate) records: Vec<Value>,
    /// How many of them the publisher took.
    taken: usize,
    /// Requests on their way to the scraper.
    waiting: Vec<Value>,
    /// Every change event that was put on the bus, as often as it was.
    pub(crate) announced: Vec<Value>,
    /// Ids of incidents that were open when a scrape went well.
    pub(crate) seen: BTreeSet<String>,
}

impl World {
    pub(crate) async fn start(seed: u64) -> Self {
        let start: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let until = start + TimeDelta::minutes(60);
        let platforms = Platform::ALL;
        let platform = platforms[usize::try_from(seed % platforms.len() as u64).unwrap()];
        let mut site = Site::new(PAGE, platform, Story::random(seed, start, until));
        if seed.is_multiple_of(3) {
            let from = start + TimeDelta::minutes(i64::try_from(seed % 31).unwrap());
            let to = from + TimeDelta::minutes(i64::try_from(seed % 47).unwrap());
            site.faults.push(Fault { from, to, trouble: Trouble::ServerError });
        }
        let setting =
            Setting { sites: vec![site.clone()], start, pages_per_event: 1, deadline: Duration::from_secs(5) };
        let simulation = Simulation::start(setting).await;
        Self {
            simulation,
            site,
            records: Vec::new(),
            taken: 0,
            waiting: Vec::new(),
            announced: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    pub(crate) async fn live_through(&mut self, turn: &Turn) {
        clock::pass(TimeDelta::minutes(turn.minutes));
        self.simulation.aws.break_with(turn.tick.unwrap_or_default());
        self.tick().await;
        if turn.last_first {
            self.waiting.reverse();
        }
        let waiting = std::mem::take(&mut self.waiting);
        for (event, delivery) in waiting.into_iter().zip(turn.deliveries.iter().cycle()) {
            self.deliver(event, *delivery).await;
        }
        match turn.publishing {
            Publishing::Waits => {}
            Publishing::Batches { of, twice } => self.publish(of, twice).await,
            Publishing::Broken { of, faults } => {
                self.simulation.aws.break_with(faults);
                self.publish(of, false).await;
            }
        }
        self.simulation.aws.break_with(Faults::default());
    }

    /// Nothing goes wrong any more: what waits is delivered, and the page is read to the end of its story and beyond.
    pub(crate) async fn come_to_rest(&mut self) {
        clock::pass(TimeDelta::hours(9));
        for _ in 0..2 * INTERVAL {
            clock::pass(TimeDelta::minutes(1));
            self.tick().await;
            for event in std::mem::take(&mut self.waiting) {
                self.deliver(event, Delivery::Once).await;
            }
            self.publish(100, false).await;
        }
    }

    async fn tick(&mut self) {
        if let Ok(requests) = self.simulation.tick().await {
            self.waiting.extend(requests);
        }
        self.take_what_was_put();
    }

    async fn deliver(&mut self, event: Value, delivery: Delivery) {
        match delivery {
            Delivery::Once => self.scrape(&event).await,
            Delivery::Twice => {
                self.scrape(&event).await;
                clock::pass(TimeDelta::seconds(2));
                self.scrape(&event).await;
            }
            Delivery::AtOnce => {
                tokio::join!(async { self.simulation.scraper.handle(event.clone()).await.ok() }, async {
                    self.simulation.scraper.handle(event.clone()).await.ok()
                },);
            }
            // The second begins before the first is done, a minute later by the clock: it may see another page.
            Delivery::Overlapping { steps } => {
                tokio::join!(async { self.simulation.scraper.handle(event.clone()).await.ok() }, async {
                    for _ in 0..steps {
                        tokio::task::yield_now().await;
                    }
                    clock::pass(TimeDelta::minutes(1));
                    self.simulation.scraper.handle(event.clone()).await.ok()
                });
            }
            Delivery::Later => self.waiting.push(event),
            Delivery::Broken(faults) => {
                self.simulation.aws.break_with(faults);
                self.scrape(&event).await;
                self.simulation.aws.break_with(Faults::default());
                // It may have gone well all the same; Lambda delivers again what did not.
                self.waiting.push(event);
            }
        }
        self.records.extend(self.simulation.records());
    }

    async fn scrape(&mut self, event: &Value) {
        let Ok(answer) = self.simulation.scraper.handle(event.clone()).await else { return };
        if matches!(answer["pages"][PAGE]["outcome"].as_str(), Some("changed" | "unchanged")) {
            let truth = self.site.at(clock::now());
            self.seen.extend(truth.open().map(|incident| incident.id.clone()));
        }
    }

    /// Hands out what is new in batches, in order; one that is refused stays the first.
    async fn publish(&mut self, of: usize, twice: bool) {
        while self.taken < self.records.len() {
            let batch = &self.records[self.taken..self.records.len().min(self.taken + of)];
            if twice {
                let _ = self.simulation.publish(batch).await;
            }
            if self.simulation.publish(batch).await.is_err() {
                break;
            }
            self.taken += batch.len();
        }
        self.take_what_was_put();
    }

    /// What is for the scraper waits, the rest is news.
    fn take_what_was_put(&mut self) {
        for entry in self.simulation.aws.put() {
            let event = envelope(&entry);
            match event["detail-type"].as_str() {
                Some("ScrapeRequested" | "BackfillRequested") => self.waiting.push(event),
                _ => self.announced.push(event),
            }
        }
    }
}

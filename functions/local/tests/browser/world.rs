//! The world that a browser sees: vendors with a history of some days, and the functions that answer it over HTTP.
//!
//! Deliberately absent: who the vendors are.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use statusphere_api::Api;
use statusphere_catalogue::Catalogue;
use statusphere_local::{Functions, serve};
use statusphere_store::Store;
use statusphere_web::Web;
use tokio::net::TcpListener;

use crate::simulation::{INTERVAL, Setting, Simulation, clock, envelope};
use crate::vendors::{Vendor, crowd, vendors};

/// Days before the browser starts.
const DAYS: i64 = 6;
const PER_EVENT: usize = 50;
const TABLE: &str = "statusphere";

/// The running system.
pub(crate) struct World {
    /// Where the pages are: `http://127.0.0.1:port`.
    pub(crate) address: String,
    simulation: Simulation,
    /// Slugs of the crowd, which is read only from when the browser is about to start.
    crowd: BTreeSet<String>,
}

/// A moment, in minutes from when the browser starts.
pub(crate) fn at(minutes: i64) -> DateTime<Utc> {
    "2026-03-08T09:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
}

impl World {
    /// Lives through all days up to the moment when the browser starts, and serves the pages from then on.
    pub(crate) async fn begin() -> Self {
        let (vendors, crowd) = (vendors(), crowd());
        let everybody = || vendors.iter().chain(&crowd);
        let catalogue = Arc::new(catalogue(everybody()));
        let sites = everybody().map(|vendor| vendor.site.clone()).collect();
        let start = at(-DAYS * 24 * 60);
        let deadline = Duration::from_secs(5);
        let simulation = Simulation::start(Setting { sites, start, pages_per_event: PER_EVENT, deadline }).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let crowd = crowd.iter().map(|vendor| vendor.site.slug.clone()).collect();
        let mut world = Self { address, simulation, crowd };

        let interval = TimeDelta::minutes(INTERVAL.into());
        // Each page at every second turn: it is fresh all the time, and the days pass in half the time.
        let last = interval * 2;
        world.live(TimeDelta::days(DAYS) - last, interval * 2).await;
        world.crowd.clear();
        world.live(last, TimeDelta::minutes(1)).await;
        world.serve(listener, catalogue, interval);
        world
    }

    fn serve(&self, listener: TcpListener, catalogue: Arc<Catalogue>, interval: TimeDelta) {
        let store = |function| Arc::new(Store::new(&self.simulation.aws.config_of(function), TABLE));
        // Time stands still between two steps: after each, everything is read again.
        let live_for = TimeDelta::seconds(1);
        let settings = statusphere_api::Settings {
            interval,
            public_url: None,
            live_for,
            cursor_key: TABLE.to_owned(),
            clock: clock::now,
        };
        let api = Api::new(store("api"), Arc::clone(&catalogue), settings);
        let settings = statusphere_web::Settings { interval, public_url: None, live_for, clock: clock::now };
        let web = Web::new(store("web"), Arc::clone(&catalogue), settings);
        serve(listener, Functions { api, web }, catalogue, |_| {});
    }

    /// Lives through some time, tick by tick.
    pub(crate) async fn live(&self, time: TimeDelta, tick: TimeDelta) {
        let until = clock::now() + time;
        let mut histories = Vec::new();
        while clock::now() < until {
            clock::pass(tick);
            let mut events = self.simulation.tick().await.unwrap();
            for event in &mut events {
                self.spare_crowd(event);
            }
            events.append(&mut histories);
            for event in events {
                self.simulation.scraper.handle(event).await.unwrap();
            }
            self.simulation.publish(&self.simulation.records()).await.unwrap();
            let put = self.simulation.aws.put();
            histories.extend(put.iter().map(envelope).filter(|event| event["detail-type"] == "BackfillRequested"));
        }
    }

    /// Takes the crowd's pages out of a request.
    fn spare_crowd(&self, event: &mut Value) {
        if let Some(pages) = event["detail"]["pages"].as_array_mut() {
            pages.retain(|page| !page["id"].as_str().is_some_and(|page| self.crowd.contains(page)));
        }
    }
}

fn catalogue<'a>(vendors: impl Iterator<Item = &'a Vendor>) -> Catalogue {
    let mut csv = String::from("slug,name,url,category,provider,key\n");
    for Vendor { name, category, site } in vendors {
        let hint = site.hint();
        let key = hint.key.unwrap_or_default();
        writeln!(csv, "{},{name},{},{category},{},{key}", site.slug, site.url(), hint.provider).unwrap();
    }
    Catalogue::parse(&csv).unwrap()
}

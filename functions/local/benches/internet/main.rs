//! A thousand pages on the test internet: what they cost while nothing happens, and how old they grow while others hang.
//!
//! Counts come from the internet's log and from the engine's own capacity; the exit code says whether a bound broke.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

#[path = "../../tests/simulation/mod.rs"]
mod simulation;

mod cost;
mod trouble;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use statusphere_domain::stable_hash;
use statusphere_internet::{Platform, Site, Story, Validators};
use statusphere_store::Consumed;

use crate::cost::Counters;
use crate::simulation::{INTERVAL, Setting, Simulation, clock, envelope};

const PAGES: usize = 1_000;
/// Invocations of the scraper at once.
const AT_ONCE: usize = 50;

fn start() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// Prints a figure beside its bound.
fn bound(what: &str, value: f64, most: f64) -> bool {
    let holds = value <= most;
    println!("{what:<58} {value:>9.3} <= {most:<8} {}", if holds { "ok" } else { "BROKEN" });
    holds
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let calm = [(1, 2.0), (10, 0.55)].map(|(pages, dollars)| runtime.block_on(calm(pages, dollars)));
    let trouble = runtime.block_on(trouble::run());
    if calm == [true; 2] && trouble { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A quiet hour, after one in which every page and its history were read for the first time.
async fn calm(pages_per_event: usize, dollars: f64) -> bool {
    println!("--- {PAGES} quiet pages, {INTERVAL} minutes apart, {pages_per_event} in an event, for an hour");
    let validators = [Validators::ETag, Validators::LastModified, Validators::Nothing];
    let sites: Vec<Site> = (0..PAGES)
        .map(|n| {
            let platform = Platform::ALL[n % Platform::ALL.len()];
            let mut site = Site::new(&format!("vendor{n}"), platform, Story::quiet(3 + n % 7));
            site.validators = validators[n / Platform::ALL.len() % validators.len()];
            site.gzip = n % 2 == 0;
            site
        })
        .collect();
    let deadline = Duration::from_secs(10);
    let simulation =
        Simulation::start(Setting { sites: sites.clone(), start: start(), pages_per_event, deadline }).await;
    hour(&simulation).await;

    simulation.internet.forget();
    let before = (simulation.store.consumed(), simulation.live.consumed());
    let Hour { scrapes, events, batches, outcomes, keys } = hour(&simulation).await;
    let after = (simulation.store.consumed(), simulation.live.consumed());
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let each = |units: usize| units as f64 / scrapes as f64;
    let tenths = |units: u64| each(usize::try_from(units).unwrap()) / 10.0;

    println!("scrapes {scrapes}, outcomes {outcomes:?}, written {keys:?}");
    let mut by_platform: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for site in &sites {
        let requests = simulation.internet.requests(&site.host);
        let first = requests.iter().filter(|seen| seen.path == requests[0].path).count();
        let (all, whole) = by_platform.entry(site.platform.provider()).or_default();
        *all += requests.len();
        *whole += first;
    }
    for (platform, (all, documents)) in &by_platform {
        println!("{platform:<20} {all:>6} requests for {documents:>6} looks at its first document");
    }
    let total = simulation.internet.total();
    println!(
        "304 answers {}, documents {}, read units {:.3} a scrape",
        total.unchanged,
        total.documents,
        tenths(after.0.read - before.0.read)
    );
    println!(
        "publisher: {:.3} write units, {:.3} read units a scrape",
        tenths(after.1.written - before.1.written),
        tenths(after.1.read - before.1.read)
    );
    let one = by_platform.get("statuspage").map_or(0, |(all, _)| *all);
    let pages = sites.iter().filter(|site| site.platform == Platform::Statuspage).count();
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let per_page = one as f64 / (pages * 12) as f64;
    let items = keys.iter().filter(|(key, _)| key.as_str() == "INC" || key.as_str() == "MNT").map(|(_, n)| n).sum();
    let all_unchanged = outcomes.keys().all(|outcome| outcome == "unchanged");
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let counters = {
        let all = |units: fn(&Consumed) -> u64| {
            let spent = |(before, after): (&Consumed, &Consumed)| units(after) - units(before);
            (spent((&before.0, &after.0)) + spent((&before.1, &after.1))) as f64 / 10.0
        };
        let [scrapes, events, batches] = [scrapes, events, batches].map(|count| count as f64);
        // A tick: its own item read and written, and the lanes.
        let (written, read) = (all(|units| units.written) + 60.0, all(|units| units.read) + 120.0);
        Counters { scrapes, requests: per_page, events, batches, ticks: 60.0, written, read }
    };
    [
        counters.bill(pages_per_event, dollars),
        bound("requests a scrape of a page of one document", per_page, 1.02),
        bound("write units of the scraper a scrape", tenths(after.0.written - before.0.written), 0.35),
        bound("incidents and maintenances written", each(items), 0.0),
        bound("scrapes that found something new", if all_unchanged { 0.0 } else { 1.0 }, 0.0),
        bound("requests at once to one host", each(total.at_once * scrapes), 1.0),
    ]
    .iter()
    .all(|holds| *holds)
}

/// What sixty ticks did.
#[derive(Default)]
struct Hour {
    scrapes: usize,
    /// Requests to scrape that were on the bus.
    events: usize,
    /// Batches of the stream that were published.
    batches: usize,
    outcomes: BTreeMap<String, usize>,
    /// Writes, by kind.
    keys: BTreeMap<String, usize>,
}

/// Sixty ticks with all that follows from them.
async fn hour(simulation: &Simulation) -> Hour {
    let mut hour = Hour::default();
    let mut histories = Vec::new();
    for _ in 0..60 {
        clock::pass(TimeDelta::minutes(1));
        let mut events = simulation.tick().await.unwrap();
        hour.events += events.len();
        events.append(&mut histories);
        let handled = stream::iter(events.into_iter().map(|event| simulation.scraper.handle(event)));
        let answers: Vec<anyhow::Result<Value>> = handled.buffer_unordered(AT_ONCE).collect().await;
        for answer in answers {
            for (_, page) in answer.unwrap()["pages"].as_object().into_iter().flatten() {
                hour.scrapes += 1;
                *hour.outcomes.entry(page["outcome"].as_str().unwrap().to_owned()).or_insert(0) += 1;
            }
        }
        // As from a new table on demand, whose stream comes in four shards.
        let mut shards: [Vec<Value>; 4] = Default::default();
        for record in simulation.records() {
            let keys = &record["dynamodb"]["Keys"];
            let (pk, sk) = (keys["pk"]["S"].as_str().unwrap(), keys["sk"]["S"].as_str().unwrap());
            let kind = if pk.starts_with("PAGE#") { sk.split('#').next().unwrap() } else { "live and dispatch" };
            *hour.keys.entry(kind.to_owned()).or_insert(0) += 1;
            let shard = stable_hash(&format!("shard of {pk}")) % 4;
            shards[usize::try_from(shard).unwrap()].push(record);
        }
        for batch in shards.iter().flat_map(|records| records.chunks(100)) {
            hour.batches += 1;
            simulation.publish(batch).await.unwrap();
        }
        let put = simulation.aws.put();
        histories = put.iter().filter(|entry| entry["DetailType"] == "BackfillRequested").map(envelope).collect();
    }
    hour
}

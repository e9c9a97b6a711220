//! Delivery of 50,000 pages that are due at once, over a bus that refuses one entry in twenty:
//! `cargo bench -p statusphere-dispatcher`, with a seed behind `--` to repeat a run.
//!
//! The bus has its own thread and says how long its answers took. The best of some rounds counts, so that a busy machine
//! changes little; nothing may be lost in any. Ends with an error when a bound does not hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a benchmark")]

mod bus;

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bus::{LATENCY, Stub, Tally};
use serde_json::json;
use statusphere_bus::{Bus, IN_FLIGHT};
use statusphere_catalogue::Catalogue;
use statusphere_dispatcher::{Dispatcher, Settings};
use statusphere_store::Store;

const PAGES: usize = 50_000;
const ROUNDS: u64 = 3;
/// Longest time that delivery may take, as a multiple of calls x latency / calls in flight.
const MOST: f64 = 1.2;
/// Least share of full calls among those that carry an entry for the first time.
const FULL: f64 = 0.99;

fn main() -> ExitCode {
    let seed = std::env::args().find_map(|argument| argument.parse().ok());
    let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(0) % 1_000_000);
    println!("{PAGES} pages of as many hosts are due, one entry in twenty is refused; seed {seed}");
    let catalogue = catalogue();
    let mut good = true;
    // With few calls the pauses before the last entries are sent again weigh more: that ratio is told, not bounded.
    for (pages_per_event, most) in [(1, Some(MOST)), (10, None)] {
        let settings = Settings { interval: 1, pages_per_event };
        let rounds: Vec<_> = (0..ROUNDS).map(|round| deliver(&catalogue, settings, seed + round)).collect();
        let best = rounds.iter().min_by(|one, other| ratio(one).total_cmp(&ratio(other))).unwrap();
        let (tally, wall) = best;
        let lost: usize = rounds.iter().map(|(tally, _)| PAGES - tally.pages.len() + tally.twice).sum();
        let full = share(tally.first_full, tally.first);
        println!("\n{pages_per_event} in an event: {} calls, {} in flight", tally.calls, IN_FLIGHT);
        println!("  lost, or taken twice    {lost} (most 0)");
        println!("  full first-round calls   {:.2}% of {} (least {:.0}%)", full * 100.0, tally.first, FULL * 100.0);
        println!("  refused and sent again   {}", tally.refused);
        println!("  latency                  {:.2?} (asked for {LATENCY:?})", tally.latency());
        println!("  wall                     {wall:.2?}, calls x latency / in flight {:.2?}", ideal(tally));
        let bound = most.map_or(String::new(), |most| format!(" (most {most:.2})"));
        println!("  ratio                    {:.3}{bound}", ratio(best));
        good &= lost == 0 && full >= FULL && most.is_none_or(|most| ratio(best) <= most);
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One tick through the Lambda entry; answers with what the bus saw and how long the tick took.
fn deliver(catalogue: &Catalogue, settings: Settings, seed: u64) -> (Tally, Duration) {
    let stub = Stub::start(seed);
    // The Lambda's own runtime has one thread.
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let store = Arc::new(Store::new(&statusphere_runtime::emulator(&stub.table), "statusphere"));
        store.create_table().await.unwrap();
        let bus = Bus::new(&statusphere_runtime::emulator(&stub.bus), "statusphere");
        let dispatcher = Dispatcher::new(store, bus, Arc::new(catalogue.clone()), settings);
        let start = Instant::now();
        let answer = dispatcher.handle(json!({"time": "2026-01-01T00:05:00Z"})).await.unwrap();
        let wall = start.elapsed();
        assert_eq!(answer["pages"], PAGES);
        (stub.tally(), wall)
    })
}

fn catalogue() -> Catalogue {
    let mut csv = String::from("slug,name,url,provider,key\n");
    for n in 0..PAGES {
        writeln!(csv, "vendor-{n},Vendor {n},https://status.vendor{n}.example,statuspage,").unwrap();
    }
    Catalogue::parse(&csv).unwrap()
}

fn ideal(tally: &Tally) -> Duration {
    tally.latency() * u32::try_from(tally.calls).unwrap() / u32::try_from(IN_FLIGHT).unwrap()
}

fn ratio((tally, wall): &(Tally, Duration)) -> f64 {
    wall.as_secs_f64() / ideal(tally).as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

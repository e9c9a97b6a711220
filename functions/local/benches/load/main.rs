//! Sixty-four clients for a minute against the running program: `cargo bench -p statusphere-local --bench load`.
//!
//! Its pages are the crate's own recordings, or those of the folder that `STATUSPHERE_RECORDINGS` names;
//! `STATUSPHERE_LOAD_SECONDS` is the time, a number behind `--` repeats a seed. Ends with an error when a bound does not
//! hold. Deliberately absent: other systems than Linux, whose record of a process is read, and absolute times, which say
//! more about the machine than about the program.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark")]

#[path = "../../tests/support/mod.rs"]
mod support;

mod client;
mod mix;
mod tally;

use std::hash::{BuildHasher as _, RandomState};
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::LocalSet;
use tokio::time::Instant;

use crate::client::Client;
use crate::mix::Mix;
use crate::support::program::Running;
use crate::tally::Tally;

const CLIENTS: u64 = 64;
/// Longest p99, as a multiple of p50: what one caller asks for must not hold up the others.
const MOST: u32 = 10;
/// Time after which the program's buffers and caches have their size.
const WARM_UP: Duration = Duration::from_secs(5);
const LOOKS: Duration = Duration::from_secs(10);
/// Memory at the end, in KiB, at most. Pages are read again meanwhile, of which the embedded engine keeps every record, and
/// an allocator gives back late; but a minute is a hundred thousand requests and more, so a hundred bytes lost with each show.
const fn most_memory(warm: u64) -> u64 {
    warm * 115 / 100 + 4 * 1024
}

fn main() -> ExitCode {
    let number = |text: String| text.parse().ok();
    let seed = std::env::args().find_map(number).unwrap_or_else(|| RandomState::new().hash_one(0) % 1_000_000);
    let seconds = std::env::var("STATUSPHERE_LOAD_SECONDS").ok().and_then(number).unwrap_or(60);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let recordings = std::env::var("STATUSPHERE_RECORDINGS").map(|folder| root.join(folder));
    let recordings = recordings.unwrap_or_else(|_| support::own_recordings());

    let mut program = Running::start(&["--recordings", recordings.to_str().unwrap()]);
    println!("{}", program.first_round());
    // What others do on this machine shows in the times.
    let others = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{CLIENTS} clients, {seconds} s, seed {seed}; load of the machine before: {others}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (tally, memory) = runtime.block_on(LocalSet::new().run_until(load(&program, seed, seconds)));
    program.kill();
    judge(&tally, &memory)
}

/// All clients until the time is over; meanwhile looks at the program's memory.
async fn load(program: &Running, seed: u64, seconds: u64) -> (Tally, Vec<(Duration, u64)>) {
    let mix = Rc::new(Mix::of(program.address));
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|n| Client::new(program.address, Rc::clone(&mix), seed ^ (n << 32)))
        .map(|client| tokio::task::spawn_local(client.ask_until(end)))
        .collect();
    let mut memory = Vec::new();
    let looks = (1..).map(|n| LOOKS * n).take_while(|look| look.as_secs() < seconds);
    for look in std::iter::once(WARM_UP).chain(looks).map(|look| start + look).chain([end]) {
        tokio::time::sleep_until(look.min(end)).await;
        memory.push((start.elapsed(), resident(program.id())));
    }
    let mut logs = Vec::new();
    for client in clients {
        logs.push(client.await.unwrap());
    }
    (Tally::of(logs), memory)
}

/// Memory of a process that is in the machine's own, in KiB.
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

fn judge(tally: &Tally, memory: &[(Duration, u64)]) -> ExitCode {
    tally.print();
    for (at, kib) in memory {
        println!("memory after {:>3} s {kib:>8} KiB", at.as_secs());
    }
    let (warm, last) = (memory[0].1, memory[memory.len() - 1].1);
    let (p50, p99) = (tally.overall(50), tally.overall(99));
    let holds = [
        bound("requests without a right answer", tally.errors() as u64, 0),
        bound("p99, microseconds", p99.into(), (p50 * MOST).into()),
        // A process that is gone has no memory at all.
        bound("memory at the end, KiB", if last == 0 { u64::MAX } else { last }, most_memory(warm)),
    ];
    if holds == [true; 3] { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a figure beside its bound.
fn bound(what: &str, value: u64, most: u64) -> bool {
    let holds = value <= most;
    println!("{what:<34} {value:>9} <= {most:<9} {}", if holds { "ok" } else { "BROKEN" });
    holds
}

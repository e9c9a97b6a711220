//! What hostile answers cost beside normal ones: `cargo bench -p statusphere-scraper --bench hostile`.
//!
//! Each page is read by a process of its own, with the real fetcher from a server in this one. Ends with an error when
//! a bound does not hold. With arguments only the pages whose names contain one of them are read. Deliberately absent:
//! what is read; the tests of the providers know.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    reason = "a benchmark"
)]

mod bodies;
mod child;
mod corpus;
mod grown;
mod server;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use corpus::{Case, Syntax};
use server::{Ended, Server};

/// CPU per byte, as a multiple of a normal page's of the same syntax.
const MAX_RATIO: f64 = 10.0;
/// Memory beside what one body may have.
const MAX_MEMORY: u64 = 16 << 20;
/// Sizes of a body: just below the cap, and one that tells growth from a high constant.
const LARGE: usize = child::MAX_BODY - (16 << 10);
const SMALL: usize = 256 << 10;

struct Line {
    case: String,
    ended: Ended,
    ratio: f64,
    bytes_above: u64,
    holds: bool,
}

impl Line {
    /// The measure is the page itself at its normal size, or a normal page of the same syntax with about as many documents.
    fn judge(case: String, ended: Ended, own: Option<&Ended>, syntax: Syntax, normal: &[(Syntax, Ended)]) -> Self {
        let alike = normal.iter().filter(|(of, _)| *of == syntax).map(|(_, normal)| normal);
        let alike = alike.min_by_key(|normal| normal.documents.abs_diff(ended.documents)).unwrap();
        let like_own =
            |own: &&Ended| own.documents.abs_diff(ended.documents) <= alike.documents.abs_diff(ended.documents);
        let measure = own.filter(|own| own.documents > 0).filter(like_own).unwrap_or(alike);
        let ratio = ended.cost_per_byte() / measure.cost_per_byte();
        let bytes_above = ended.memory.saturating_sub(alike.memory);
        let holds = ended.why.is_none() && ratio <= MAX_RATIO && bytes_above <= child::MAX_BODY as u64 + MAX_MEMORY;
        Self { case, ended, ratio, bytes_above, holds }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [first, rest @ ..] = &arguments[..]
        && first == child::ARGUMENT
    {
        child::run(rest);
        return ExitCode::SUCCESS;
    }
    let seed = std::env::var("STATUSPHERE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(4);
    println!("STATUSPHERE_SEED={seed}");
    let cases: Vec<Case> = corpus::all(seed, &arguments);
    let normal: Vec<(Syntax, Ended)> = {
        let server = Server::start();
        let run = |case: &Case| (case.syntax, server.run(case, case.syntax.normal_size()));
        corpus::normal().iter().map(run).collect()
    };
    for (syntax, ended) in &normal {
        println!(
            "normal {syntax:?}: {} documents, {} bytes, {:.1} ns a byte, {} MiB in all: {}",
            ended.documents,
            ended.bytes,
            ended.cost_per_byte(),
            ended.memory >> 20,
            ended.outcome
        );
    }
    let lines = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let work = || {
        let server = Server::start();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let own = case.has_normal.then(|| server.run(case, case.syntax.normal_size()));
            for size in [SMALL, LARGE] {
                let ended = server.run(case, size);
                let line = Line::judge(
                    format!("{} {}", case.name, if size == LARGE { "4M" } else { "256K" }),
                    ended,
                    own.as_ref(),
                    case.syntax,
                    &normal,
                );
                let broken = !line.holds;
                lines.lock().unwrap().push(line);
                // A larger one would only take longer to break it.
                if broken {
                    break;
                }
            }
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            worker.join().unwrap();
        }
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort_by(|a, b| (a.holds, b.ratio).partial_cmp(&(b.holds, a.ratio)).unwrap());
    println!("{:60} {:>4} {:>9} {:>9} {:>7} {:>7}", "page", "docs", "bytes", "ms", "x", "MiB");
    for line in &lines {
        let Line { case, ended, ratio, bytes_above, holds } = line;
        let (mib, milliseconds) = (*bytes_above as f64 / f64::from(1 << 20), ended.cpu.as_secs_f64() * 1e3);
        let verdict = ended.why.as_deref().unwrap_or(if *holds { "" } else { "BREAKS A BOUND" });
        println!(
            "{case:60} {:4} {:9} {milliseconds:9.1} {ratio:7.2} {mib:7.1} {verdict} {}",
            ended.documents, ended.bytes, ended.outcome
        );
    }
    let broken = lines.iter().filter(|line| !line.holds).count();
    println!(
        "{} pages, {broken} of them beyond {MAX_RATIO} x or {} MiB",
        lines.len(),
        (child::MAX_BODY as u64 + MAX_MEMORY) >> 20
    );
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

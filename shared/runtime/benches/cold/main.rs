//! What a function costs until it answers for the first time: `cargo bench-cold`.
//!
//! The real binaries, as they are shipped, in a Lambda's environment: the Runtime API and AWS behind TLS are played on
//! loopback. Counts are instructions, so that they say the same on any machine; the measure is a Lambda that does nothing.
//! Ends with an error when a bound does not hold. With a folder as its argument it measures the binaries there instead of
//! building them. Deliberately absent: the network, and how long AWS takes to start a process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark"
)]

mod aws;
mod binaries;
mod cost;
mod function;
mod report;
mod runs;

use std::path::Path;
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let folder = std::env::args().skip(1).find(|argument| argument != "--bench");
    let binaries = folder.map_or_else(binaries::build, |folder| binaries::found_in(Path::new(&folder)));
    let scratch = tempfile::tempdir().unwrap();
    let aws = aws::Aws::start(scratch.path()).await;
    let counted = cost::can_count();
    let mut rows = Vec::new();
    for binary in &binaries {
        println!("{} is measured ...", binary.name);
        rows.push(runs::measure(binary, &aws, counted, scratch.path()).await);
    }
    let broken = report::show(&rows);
    if !counted {
        println!("\nSKIPPED: instructions were not counted, since valgrind is not installed");
    }
    for bound in &broken {
        println!("BROKEN: {bound}");
    }
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

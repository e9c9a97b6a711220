//! `cargo dev`: the whole system on this machine, with one command.
//!
//! Only the command line is here; the system is composed in the library.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use statusphere_local::{Data, Options, Round, Source, Stack};

/// Runs Statusphere on this machine: reads status pages and answers on http://localhost:PORT.
#[derive(Debug, Parser)]
#[command(name = "cargo dev", bin_name = "cargo dev --", disable_version_flag = true)]
struct Arguments {
    /// Port of the API, on the loopback address
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    /// Folder of the data, or `memory` [default: .statusphere, with --recordings memory]
    #[arg(long, value_name = "DIR|memory")]
    data: Option<String>,
    /// Answer from a folder of recordings instead of the internet; its pages are the catalogue
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
    /// A file of pages of your own, besides those that are shipped
    #[arg(long, value_name = "FILE")]
    pages: Option<PathBuf>,
    /// Proxy for everything that is fetched
    #[arg(long, value_name = "URL", conflicts_with = "recordings")]
    proxy: Option<String>,
    /// One full round, a summary, and out
    #[arg(long)]
    once: bool,
}

impl Arguments {
    fn options(&self) -> Options {
        let data = match (self.data.as_deref(), &self.recordings) {
            (Some("memory"), _) | (None, Some(_)) => Data::Memory,
            (Some(folder), _) => Data::Folder(folder.into()),
            (None, None) => Data::Folder(".statusphere".into()),
        };
        let source = match &self.recordings {
            Some(folder) => Source::Recordings(folder.clone()),
            None => Source::Web { proxy: self.proxy.clone() },
        };
        Options { port: self.port, data, source, pages: self.pages.clone() }
    }
}

#[tokio::main]
#[expect(clippy::print_stderr, reason = "a command line program")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = std::io::stderr().is_terminal();
    // A progress bar and a log don't share a terminal well: there only warnings are shown.
    let level = if terminal { tracing::Level::WARN } else { tracing::Level::INFO };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(terminal)
        .with_target(false)
        .init();
    match run(&arguments, terminal).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}.");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: &Arguments, terminal: bool) -> anyhow::Result<()> {
    let stack = Stack::start(arguments.options()).await?;
    let base = format!("http://localhost:{}", stack.address.port());
    let total = stack.progress.watch().borrow().total;
    say(&format!("Statusphere answers on {base} and reads {total} status pages. Try:"));
    say(&format!("  curl '{base}/api/v1/currentStatus?statusPageUrl=https://www.githubstatus.com'"));
    say(&format!("  curl '{base}/api/v1/statusPages/search?query=github'"));
    say(&format!("Everything that can be asked: {base}/api/v1/docs"));
    let round = first_round(&stack, terminal);
    if !arguments.once {
        tokio::select! {
            round = async { round.await; std::future::pending::<()>().await } => round,
            _ = tokio::signal::ctrl_c() => {}
        }
        return Ok(());
    }
    tokio::select! {
        () = async { round.await; stack.settled().await } => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(())
}

/// Shows the first round: a bar on a terminal, a line every few seconds elsewhere, a summary at its end.
async fn first_round(stack: &Stack, terminal: bool) {
    let mut watch = stack.progress.watch();
    let bar = if terminal { ProgressBar::new(watch.borrow().total as u64) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} pages; {msg}") {
        bar.set_style(style);
    }
    loop {
        let round = *watch.borrow_and_update();
        bar.set_position(round.done() as u64);
        bar.set_message(summary(&round));
        if !terminal {
            tracing::info!("First round: {}/{} pages; {}", round.done(), round.total, summary(&round));
        }
        if round.is_over() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(if terminal { 100 } else { 3000 })).await;
    }
    bar.finish_and_clear();
    let round = *watch.borrow();
    say(&format!("First round done: {} pages; {}.", round.total, summary(&round)));
}

/// Prints a line. A reader that went away (`| head`) is no reason to end.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn summary(round: &Round) -> String {
    format!("{} read, {} not indexed, {} unreachable", round.read, round.not_indexed, round.unreachable)
}

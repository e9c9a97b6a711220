//! `cargo record ADDRESS`: saves one live page as a recording, for maintainers who review it.
//!
//! Only the command line is here; what is done is in the library.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use statusphere_domain::Hint;
use statusphere_local::{Source, record};

/// Saves what a status page answers, in the format that `cargo dev -- --recordings` reads.
#[derive(Debug, Parser)]
#[command(name = "cargo record", bin_name = "cargo record", disable_version_flag = true)]
struct Arguments {
    /// The page's address
    address: String,
    /// Folder of the recordings
    #[arg(long, value_name = "DIR", default_value = "recordings")]
    into: PathBuf,
    /// The platform, with its key for the page where it needs one
    #[arg(long, value_name = "PROVIDER[:KEY]")]
    hint: Option<String>,
    /// Proxy for everything that is fetched
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
}

#[tokio::main]
#[expect(clippy::print_stderr, clippy::print_stdout, reason = "a command line program")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(recording) => {
            println!("{}", recording.summary);
            println!("{}: compare `expect` in page.json with the page itself", recording.folder.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}.");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<statusphere_local::Recording> {
    let hint = arguments.hint.as_deref().map(|hint| match hint.split_once(':') {
        Some((provider, key)) => Hint { provider: provider.to_owned(), key: Some(key.to_owned()) },
        None => Hint { provider: hint.to_owned(), key: None },
    });
    let fetcher = Source::Web { proxy: arguments.proxy }.fetcher()?;
    #[expect(clippy::disallowed_methods, reason = "the day of the recording")]
    let now = chrono::Utc::now();
    record(&fetcher, &arguments.address, hint, &arguments.into, now).await
}

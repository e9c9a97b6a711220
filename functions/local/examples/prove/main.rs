//! Proves the deployed stack on an emulator of AWS: its real functions read a fixture internet, and what the API answers,
//! people are shown and the bus tells is compared with what that internet knows, through deaths, faults and repetitions.
//! Run by `.ci/prove`.
//!
//! Deliberately absent: how the emulator is started and the stack deployed, which are commands of the caller.

mod asked;
mod aws;
mod deaths;
mod ledger;
mod pages;
mod repeated;
mod weather;
mod web;
mod world;

use std::fmt::Display;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use clap::Parser;

use crate::aws::Aws;
use crate::ledger::Ledger;
use crate::weather::Weather;
use crate::world::World;

/// How long a chapter may take until everything answered is true. The schedule fires each minute, and a step has to be seen
/// twice.
const PATIENCE: Duration = Duration::from_mins(8);
const PAUSE: Duration = Duration::from_secs(3);

/// Proves the deployed stack on an emulator of AWS.
#[derive(Debug, Parser)]
#[command(name = "prove", disable_version_flag = true)]
struct Arguments {
    /// Host and port of the emulator
    #[arg(long)]
    emulator: String,
    /// Its process, whose children are the functions
    #[arg(long)]
    process: u32,
    /// The command that deploys; it finds `AWS_ENDPOINT` and `FETCH_PROXY` in its environment
    #[arg(last = true, required = true)]
    deploy: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let started = Instant::now();
    match prove(&Arguments::parse()).await {
        Ok(()) => {
            say(format!("proven in {} s", started.elapsed().as_secs()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(format!("NOT PROVEN after {} s: {error:#}", started.elapsed().as_secs()));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "a command line program")]
pub(crate) fn say(text: impl Display) {
    println!("{text}");
}

async fn prove(arguments: &Arguments) -> anyhow::Result<()> {
    let world = World::start().await?;
    let weather = Weather::start(&arguments.emulator).await?;
    deploy(&arguments.deploy, &weather.url(), &world.internet.proxy())?;
    let aws = Aws::find(&arguments.emulator).await?;
    let mut proof = Proof { ledger: Ledger::open(&aws).await?, aws, world, since: Instant::now() };

    proof.before_the_first_tick().await?;

    proof.begin("all pages are read for the first time", 0);
    proof.until_true().await?;
    ensure!(proof.ledger.told() == 0, "a first reading was announced");
    ensure!(proof.aws.waiting("ScrapeFailures").await? == 0, "scrapes fail, and nothing is wrong");

    proof.begin("incidents open, while functions die", 1);
    let died = deaths::for_a_while(arguments.process).await?;
    say(format!("  died: {died:?}"));
    proof.until_true().await?;

    proof.begin("incidents go on, while the table and the bus throttle, fail and lose answers", 2);
    weather.storm().await?;
    say(format!("  went wrong: {:?}", weather.counts()));
    proof.until_true().await?;

    proof.begin("incidents end, while events come twice and out of order", 3);
    repeated::requests(&proof.aws, &proof.ledger).await?;
    repeated::ticks(&proof.aws, &proof.ledger).await?;
    proof.until_true().await?;
    repeated::batches(&proof.aws, &proof.world).await?;
    proof.until_true().await?;

    proof.nothing_is_left_behind().await
}

fn deploy(command: &[String], endpoint: &str, proxy: &str) -> anyhow::Result<()> {
    let (program, rest) = command.split_first().context("no command")?;
    let status = Command::new(program).args(rest).env("AWS_ENDPOINT", endpoint).env("FETCH_PROXY", proxy).status();
    ensure!(status.with_context(|| format!("`{program}` can't be run"))?.success(), "the stack was not deployed");
    Ok(())
}

struct Proof {
    aws: Aws,
    world: World,
    ledger: Ledger,
    since: Instant,
}

impl Proof {
    async fn before_the_first_tick(&self) -> anyhow::Result<()> {
        asked::manners(&self.aws, self.world.catalogue.len()).await?;
        say(
            "the API answers before anything was read: its own 404 and 405, HEAD, CORS, the first question of the outputs",
        );
        pages::manners(&self.aws, self.world.catalogue.len()).await?;
        say(
            "people are shown pages before anything was read: home, directory, unknown names, HEAD, what a browser loads",
        );
        Ok(())
    }

    fn begin(&mut self, title: &str, chapter: usize) {
        self.since = Instant::now();
        say(title);
        self.world.turn_to(chapter);
    }

    /// Waits until all that is answered is true, and everything was told that had to be.
    async fn until_true(&mut self) -> anyhow::Result<()> {
        let (since, mut said) = (Instant::now(), 0);
        loop {
            self.ledger.drain(&self.aws).await?;
            let mut wrong = asked::differences(&self.aws, &self.world).await?;
            if wrong.is_empty() {
                wrong = pages::differences(&self.aws, &self.world).await;
            }
            if wrong.is_empty() {
                self.ledger.drain(&self.aws).await?;
                wrong = self.ledger.differences(&self.aws, &self.world).await?;
            }
            if wrong.is_empty() {
                let (pages, told) = (self.world.sites.len(), self.ledger.told());
                say(format!("  true after {} s: {pages} pages, {told} events told", self.since.elapsed().as_secs()));
                return Ok(());
            }
            if since.elapsed() > PATIENCE {
                wrong.truncate(12);
                bail!("still wrong after {} s:\n{}", PATIENCE.as_secs(), wrong.join("\n"));
            }
            if since.elapsed().as_secs() / 60 > said {
                said += 1;
                say(format!("  not yet: {}", wrong[0]));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What failed waits in a queue; when it is redriven, nothing stays.
    async fn nothing_is_left_behind(&mut self) -> anyhow::Result<()> {
        let (failures, lost) = (self.aws.waiting("ScrapeFailures").await?, self.aws.waiting("PublishFailures").await?);
        ensure!(lost == 0, "{lost} batches of changes were given up");
        ensure!(failures > 0, "no scrape failed for good, so that redriving can't be tried");
        self.since = Instant::now();
        self.aws.redrive().await?;
        while self.aws.waiting("ScrapeFailures").await? > 0 {
            ensure!(self.since.elapsed() < PATIENCE, "what failed can't be redriven");
            tokio::time::sleep(PAUSE).await;
        }
        say(format!("{failures} scrapes had failed for good and were redriven"));
        self.until_true().await
    }
}

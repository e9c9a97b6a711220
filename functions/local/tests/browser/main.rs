//! The pages in a browser: the product's own functions on the test internet, and a script that walks what they show.
//!
//! Deliberately absent: what the pages must be like. `.ci/browser.mjs` says so; here is the world that it walks through, and
//! time, which it moves.
//!
//! `STATUSPHERE_BROWSER` names the folder with the installed node modules; without it nothing is walked. `.ci/browser` sets it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "a test's own setting")]

mod hostile;
#[path = "../simulation/mod.rs"]
mod simulation;
mod vendors;
mod world;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::TimeDelta;
use tokio::sync::mpsc;

use crate::world::World;

#[tokio::test]
async fn the_pages_are_walked_in_a_browser() {
    let Ok(modules) = std::env::var("STATUSPHERE_BROWSER") else {
        eprintln!("SKIPPED: no browser walks the pages, STATUSPHERE_BROWSER is not set; .ci/browser does it all");
        return;
    };
    let world = World::begin().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut script = Command::new("node")
        .arg(root.join(".ci/browser.mjs"))
        .env("STATUSPHERE_BROWSER", modules)
        .env("STATUSPHERE_URL", &world.address)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let (said, mut lines) = mpsc::unbounded_channel();
    let output = BufReader::new(script.stdout.take().unwrap());
    // Time stands still on this thread alone, and the functions answer on it: who reads may wait elsewhere.
    std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
    let mut answers = script.stdin.take().unwrap();
    while let Some(line) = lines.recv().await {
        let Some(minutes) = line.strip_prefix("@step ") else {
            println!("{line}");
            continue;
        };
        world.live(TimeDelta::minutes(minutes.parse().unwrap()), TimeDelta::minutes(1)).await;
        writeln!(answers, "done").unwrap();
    }
    assert!(script.wait().unwrap().success(), "the pages are not as they must be: see above");
}

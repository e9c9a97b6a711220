//! Delivers again what was delivered: requests and batches of the stream twice and from the newest to the oldest, ticks
//! twice and late.
//!
//! Deliberately absent: what must come of it, which is nothing: whoever compares sees it.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::aws::Aws;
use crate::ledger::Ledger;
use crate::say;
use crate::world::World;

/// So many requests come again.
const REQUESTS: usize = 100;
const BATCH: usize = 100;

/// Requests for scrapes.
pub(crate) async fn requests(aws: &Aws, ledger: &Ledger) -> anyhow::Result<()> {
    let newest_first: Vec<&Value> = ledger.requests.iter().rev().take(REQUESTS).collect();
    ensure!(!newest_first.is_empty(), "no request was on the bus");
    let twice = newest_first.iter().flat_map(|detail| [detail, detail]);
    let entries: Vec<Value> = twice
        .map(|detail| {
            let detail = detail.to_string();
            json!({"EventBusName": aws.bus, "Source": "statusphere", "DetailType": "ScrapeRequested", "Detail": detail})
        })
        .collect();
    for ten in entries.chunks(10) {
        aws.call("AWSEvents.PutEvents", &json!({"Entries": ten})).await?;
    }
    say(format!("  {} requests came again", entries.len()));
    Ok(())
}

/// Ticks of the schedule for minutes that are done.
pub(crate) async fn ticks(aws: &Aws, ledger: &Ledger) -> anyhow::Result<()> {
    let mut slots: Vec<&str> = ledger.requests.iter().filter_map(|detail| detail["slot"].as_str()).collect();
    slots.sort_unstable();
    slots.dedup();
    let newest = slots.last().context("no request names its slot")?;
    for slot in [newest, newest, &slots[0]] {
        let answer = aws.invoke("Dispatcher", &json!({"time": slot})).await?;
        ensure!(answer["pages"] == 0, "a tick for {slot} came again and asked for {answer}");
    }
    Ok(())
}

/// Batches of the stream, those of the story's pages.
pub(crate) async fn batches(aws: &Aws, world: &World) -> anyhow::Result<()> {
    let pages: BTreeSet<String> = world.sites.iter().map(|site| format!("PAGE#{}", site.slug)).collect();
    let mut records = aws.records().await?;
    records.retain(|record| {
        let key = |name: &str| record["dynamodb"]["Keys"][name]["S"].as_str().unwrap_or_default();
        pages.contains(key("pk")) && key("sk") != "COMPONENTS"
    });
    let forth = records.clone();
    records.reverse();
    for batch in forth.chunks(BATCH).chain(records.chunks(BATCH)) {
        aws.invoke("Publisher", &json!({"Records": batch})).await?;
    }
    say(format!("  {} records of the stream came again, twice", records.len()));
    Ok(())
}

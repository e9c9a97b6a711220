//! What must hold at the end of every history.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use statusphere_domain::{Freshness, Indicator, Item, ItemKey, PageId, Transition};
use statusphere_store::{Image, read_image};

use crate::simulation::{INTERVAL, clock};
use crate::world::{PAGE, World};

/// Longer than a page that is looked at is ever without a success that is written down, and readable all along.
const LONG: TimeDelta = TimeDelta::hours(1);

macro_rules! hold {
    ($condition:expr, $($why:tt)*) => {
        if !$condition {
            return Err(format!($($why)*));
        }
    };
}

pub(crate) async fn all(world: &World) -> Result<(), String> {
    let images = images(world);
    what_is_stored_is_true(world).await?;
    every_change_is_written_once(&images)?;
    every_change_is_told_once(world, &images)?;
    every_silence_is_in_the_history(&images)?;
    every_step_goes_on_from_the_last(world, &images).await
}

/// The images of all records, oldest first, by their sort key.
fn images(world: &World) -> Vec<(String, Image)> {
    let image = |record: &Value| {
        let attributes = serde_json::from_value(record["dynamodb"]["NewImage"].clone()).unwrap();
        let (_, image) = read_image(attributes).unwrap()?;
        Some((record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap().to_owned(), image))
    };
    world.records.iter().filter_map(image).collect()
}

async fn what_is_stored_is_true(world: &World) -> Result<(), String> {
    let (id, now) = (PageId::new(PAGE).unwrap(), clock::now());
    let truth = world.site.at(now);
    let state = world.simulation.store.state(&id).await.unwrap();
    let current = world.simulation.store.current(&id).await.unwrap();

    let freshness = state.freshness(now, TimeDelta::minutes(INTERVAL.into()));
    hold!(freshness == Freshness::Fresh, "the page reads, and is {freshness:?}: {state:?}");
    hold!(state.failing_since.is_none() && state.unreadable_since.is_none(), "still failing: {state:?}");
    hold!(!state.unsettled && current.pending.is_empty(), "something waits for ever: {:?}", current.pending);

    let incidents = |keys: &BTreeSet<ItemKey>| -> BTreeSet<String> {
        keys.iter().filter_map(|key| if let ItemKey::Incident(id) = key { Some(id.clone()) } else { None }).collect()
    };
    let open: BTreeSet<String> = truth.open().map(|incident| incident.id.clone()).collect();
    hold!(incidents(&current.open) == open, "open are {open:?}, stored as open {:?}", current.open);
    hold!(state.open_incidents as usize == open.len(), "{} open, not {}", state.open_incidents, open.len());
    hold!(state.indicator == current.indicator, "two indicators: {:?}, {:?}", state.indicator, current.indicator);
    let indicator = state.indicator.unwrap_or(Indicator::None);
    hold!(indicator == truth.indicator, "the page says {:?}, we {indicator:?}", truth.indicator);
    if let Some(components) = &current.components {
        let ours: Vec<_> = components.iter().map(|part| (&part.name, part.status)).collect();
        let theirs: Vec<_> = truth.components.iter().map(|part| (&part.name, part.status)).collect();
        hold!(ours == theirs, "components are {theirs:?}, stored are {ours:?}");
    }

    let seen: Vec<_> = world.seen.iter().cloned().map(ItemKey::Incident).collect();
    let stored = world.simulation.store.items(&id, &seen).await.unwrap();
    hold!(stored.len() == world.seen.len(), "{:?} were seen, stored are {:?}", world.seen, stored.keys());
    for (key, (item, _)) in &stored {
        let Item::Incident(incident) = item else { continue };
        hold!(item.is_open() == open.contains(&incident.id), "{key:?} is open or not: {item:?}");
    }
    let live = world.simulation.store.live().await.unwrap();
    let packed = &live[&id].state;
    let same = packed.version == state.version
        && packed.indicator == state.indicator
        && packed.open_incidents == state.open_incidents
        && packed.last_success == state.last_success;
    hold!(same, "the live shard says {packed:?}, the state {state:?}");
    Ok(())
}

/// No item is written twice with one sequence number, and none is left out.
fn every_change_is_written_once(images: &[(String, Image)]) -> Result<(), String> {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    for (key, image) in images {
        if let Image::Item { sequence, .. } = image {
            let before = last.insert(key, *sequence).unwrap_or(0);
            hold!(*sequence == before + 1, "{key} is written as number {sequence} after {before}");
        }
    }
    Ok(())
}

/// Exactly the changes that are no baseline are announced, each with one id and one content.
fn every_change_is_told_once(world: &World, images: &[(String, Image)]) -> Result<(), String> {
    let mut told: BTreeMap<String, &Value> = BTreeMap::new();
    for event in &world.announced {
        let id = event["detail"]["id"].as_str().unwrap().to_owned();
        let first = told.entry(id.clone()).or_insert(event);
        hold!(first["detail"] == event["detail"], "{id} is told in two ways");
    }
    let mut expected = BTreeSet::new();
    let mut open: BTreeMap<&str, bool> = BTreeMap::new();
    for (key, image) in images {
        match image {
            Image::Item { item, sequence, baseline, .. } => {
                let was = open.insert(key, item.is_open());
                let id = format!("{PAGE}/{key}/{sequence}");
                let is_history = matches!(**item, Item::Maintenance(_)) && was.is_none() && !item.is_open();
                if *baseline || is_history {
                    continue;
                }
                let name = told.get(&id).map(|event| event["detail-type"].as_str().unwrap_or_default());
                let right = match (was, item.is_open(), item.as_ref()) {
                    (None | Some(false), true, Item::Incident(_)) => name == Some("IncidentOpened"),
                    (None | Some(true), false, Item::Incident(_)) => name == Some("IncidentResolved"),
                    (_, _, Item::Incident(_)) => name == Some("IncidentUpdated"),
                    (_, _, Item::Maintenance(_)) => name.is_some_and(|name| name.starts_with("Maintenance")),
                };
                hold!(right, "{id} is told as {name:?}, it was open: {was:?}, and is {}", item.is_open());
                expected.insert(id);
            }
            Image::Transitions { key, steps, baseline: false, .. } => {
                expected.extend(steps.iter().map(|step| match &step.transition {
                    Transition::Indicator { .. } => format!("{PAGE}/{key}/indicator"),
                    Transition::Component { id, .. } => format!("{PAGE}/{key}/component/{id}"),
                    Transition::Readable { .. } => format!("{PAGE}/{key}/readable"),
                }));
            }
            _ => {}
        }
    }
    let told: BTreeSet<String> = told.into_keys().collect();
    hold!(told == expected, "told too much: {:?}, too little: {:?}", &told - &expected, &expected - &told);
    Ok(())
}

/// Where two successes that were written down are far apart, the history says that nobody read the page in between.
fn every_silence_is_in_the_history(images: &[(String, Image)]) -> Result<(), String> {
    let readable = |image: &Image| match image {
        Image::Transitions { steps, .. } => steps.clone(),
        _ => Vec::new(),
    };
    let steps = images.iter().flat_map(|(_, image)| readable(image));
    let steps: Vec<(bool, DateTime<Utc>)> = steps
        .filter_map(|step| match step.transition {
            Transition::Readable { to } => Some((to, step.since)),
            _ => None,
        })
        .collect();
    let successes = images.iter().filter_map(|(_, image)| match image {
        Image::State(state) => state.last_success,
        _ => None,
    });
    let successes: Vec<DateTime<Utc>> = successes.collect();
    for pair in successes.windows(2).filter(|pair| pair[1] - pair[0] >= LONG) {
        let gap = steps.windows(2).any(|steps| match steps {
            [(false, from), (true, to)] => *from - pair[0] < LONG && *to == pair[1],
            _ => false,
        });
        hold!(gap, "from {} to {} nobody read the page, and the steps say {steps:?}", pair[0], pair[1]);
    }
    Ok(())
}

/// Steps are a chain for each thing they tell of, which ends at what is true now.
async fn every_step_goes_on_from_the_last(world: &World, images: &[(String, Image)]) -> Result<(), String> {
    let mut last: BTreeMap<String, Value> = BTreeMap::new();
    for (key, image) in images {
        let Image::Transitions { steps, .. } = image else { continue };
        for step in steps {
            let json = serde_json::to_value(&step.transition).unwrap();
            let (from, to) = match &step.transition {
                Transition::Readable { to } => (Value::Bool(!to), Value::Bool(*to)),
                _ => (json["from"].clone(), json["to"].clone()),
            };
            let subject = format!("{}{}", json["of"], json["id"]);
            let first =
                if matches!(step.transition, Transition::Readable { .. }) { Value::Bool(true) } else { Value::Null };
            let before = last.insert(subject.clone(), to).unwrap_or(first);
            hold!(before == from, "{key}: {subject} goes on from {from}, and was {before}");
        }
    }
    let current = world.simulation.store.current(&PageId::new(PAGE).unwrap()).await.unwrap();
    let indicator = serde_json::to_value(current.indicator).unwrap();
    let told = last.get("\"indicator\"null").cloned().unwrap_or_default();
    hold!(told == indicator, "the steps end at {told}, the indicator is {indicator}");
    for part in current.components.iter().flatten() {
        let told = last.get(&format!("\"component\"\"{}\"", part.id)).cloned().unwrap_or_default();
        hold!(told == part.status.as_str(), "the steps of {} end at {told}, it is {:?}", part.name, part.status);
    }
    let readable = last.get("\"readable\"null").is_none_or(|to| *to == true);
    hold!(readable, "the page reads again, and nobody said so");
    Ok(())
}

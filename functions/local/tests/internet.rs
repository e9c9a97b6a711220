//! The product's own cascade on the test internet: what each platform publishes is read as it is true.
//!
//! Deliberately absent: what a fault makes of a page. Here every host is well.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use statusphere_domain::{ComponentStatus, Hint, Indicator, MaintenanceStatus, Reading};
use statusphere_fetch::{Config, Fetcher, Limits};
use statusphere_internet::{Internet, Platform, Site, Story, Truth};
use statusphere_providers::{Next, Outcome, Seen, Target, advance};

const SEED: u64 = 20_310_514;
const FROM: i64 = 1_900_000_000;
const TO: i64 = FROM + 2 * 24 * 3600;
const STORIES: u64 = 12;
const MOMENTS: i64 = 24;

/// What both sides can say of a page, in one shape.
#[derive(Debug, PartialEq)]
struct State {
    indicator: Indicator,
    components: Vec<(String, String, ComponentStatus)>,
    open: Vec<Open>,
    planned: Vec<(String, String, MaintenanceStatus, DateTime<Utc>, Option<DateTime<Utc>>)>,
}

#[derive(Debug, PartialEq, PartialOrd)]
struct Open {
    id: String,
    title: String,
    impact: Indicator,
    started_at: DateTime<Utc>,
    status: String,
    updates: Vec<(DateTime<Utc>, String)>,
    components: Vec<String>,
}

impl State {
    fn sorted(mut self) -> Self {
        self.open.sort_by(|a, b| a.id.cmp(&b.id));
        self.planned.sort_by(|a, b| a.0.cmp(&b.0));
        self
    }

    fn of_truth(truth: &Truth) -> Self {
        let open = truth.open().map(|incident| Open {
            id: incident.id.clone(),
            title: incident.title.clone(),
            impact: incident.impact,
            started_at: incident.started_at(),
            status: incident.status().as_str().to_owned(),
            updates: incident.updates.iter().map(|update| (update.at, update.body.clone())).collect(),
            components: truth.names(&incident.components).map(|part| part.name.clone()).collect(),
        });
        let planned = truth.maintenances.iter().map(|work| {
            (work.id.clone(), work.title.clone(), work.status(truth.now), work.starts_at, Some(work.ends_at))
        });
        let parts = truth.components.iter().map(|part| (part.id.clone(), part.name.clone(), part.status));
        let (indicator, components) = (truth.indicator, parts.collect());
        Self { indicator, components, open: open.collect(), planned: planned.collect() }.sorted()
    }

    fn of_reading(reading: Reading) -> Self {
        let open = reading.incidents.into_iter().filter(|incident| incident.is_open()).map(|incident| Open {
            id: incident.id,
            title: incident.title,
            impact: incident.impact,
            started_at: incident.started_at,
            status: incident.status.as_str().to_owned(),
            updates: incident.updates.into_iter().map(|update| (update.at, update.body)).collect(),
            components: incident.components,
        });
        let planned = reading.maintenances.into_iter().filter(|work| work.status != MaintenanceStatus::Completed);
        let planned = planned.map(|work| (work.id, work.title, work.status, work.starts_at, work.ends_at));
        let parts = reading.components.into_iter().flatten().map(|part| (part.id, part.name, part.status));
        Self {
            indicator: reading.indicator.unwrap(),
            components: parts.collect(),
            open: open.collect(),
            planned: planned.collect(),
        }
        .sorted()
    }
}

async fn read(fetcher: &Fetcher, url: &str, hint: Option<&Hint>, now: DateTime<Utc>) -> Outcome {
    let target = Target::new(url, now);
    let mut seen = Seen::default();
    loop {
        match advance(&target, hint, hint.is_some(), &seen) {
            Next::Done(outcome) => return outcome,
            Next::Fetch(urls) => {
                for url in urls {
                    let answer = fetcher.get(&url).await;
                    seen.insert(url, answer);
                }
            }
        }
    }
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

/// Known pages by their hint, unknown ones by the whole cascade.
#[tokio::test]
async fn every_platform_is_read_as_it_is_true() {
    let now = Arc::new(AtomicI64::new(FROM));
    let clock = {
        let now = Arc::clone(&now);
        Arc::new(move || time(now.load(Ordering::Relaxed)))
    };
    let mut sites = Vec::new();
    for platform in Platform::ALL {
        for story in 0..STORIES {
            let slug = format!("{}{story}", platform.provider());
            let mut site = Site::new(&slug, platform, Story::random(SEED + story, time(FROM), time(TO)));
            site.gzip = story % 2 == 0;
            sites.push(site);
        }
    }
    let internet = Internet::start(sites.clone(), clock).await.unwrap();
    let fetcher = Fetcher::web(Config {
        contact: "https://statusphere.example/contact".to_owned(),
        limits: Limits::default(),
        allowed_hosts: Vec::new(),
        proxy: Some(internet.proxy()),
    })
    .unwrap();
    let mut wrong = Vec::new();
    let mut troubled = 0;
    for step in 0..MOMENTS {
        now.store(FROM + step * (TO - FROM) / MOMENTS, Ordering::Relaxed);
        let now = time(now.load(Ordering::Relaxed));
        for site in &sites {
            let truth = State::of_truth(&site.at(now));
            troubled += usize::from(!truth.open.is_empty());
            for hint in [None, Some(site.hint())] {
                let at = format!("seed {SEED}, {} at {now}, hint {hint:?}", site.url());
                match read(&fetcher, &site.url(), hint.as_ref(), now).await {
                    Outcome::Read { reading, .. } => {
                        if reading.provider != site.platform.provider() {
                            wrong.push(format!("{at}: read by {}", reading.provider));
                        }
                        let reading = State::of_reading(*reading);
                        if reading != truth {
                            wrong.push(format!("{at}:\n read {reading:#?}\n true {truth:#?}"));
                        }
                    }
                    Outcome::Failed(failure) => wrong.push(format!("{at}: {failure:?}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong, the first: {}", wrong.len(), wrong[0]);
    assert!(troubled > sites.len(), "seed {SEED}: hardly anything ever happens");
}

//! The product's own client and cascade on the test internet: what each platform publishes is read as it is true, and
//! each fault is taken for what it is.
//!
//! Deliberately absent: what the product makes of it over time.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use statusphere_domain::{ComponentStatus, FetchErrorKind, Hint, Indicator, MaintenanceStatus, Reading};
use statusphere_fetch::{Config, Fetcher, Limits};
use statusphere_internet::{Fault, Internet, Platform, Site, Story, Trouble, Truth};
use statusphere_providers::{Next, Outcome, Seen, Target, advance};

const SEED: u64 = 20_310_514;
const FROM: i64 = 1_900_000_000;
const TO: i64 = FROM + 2 * 24 * 3600;
const STORIES: u64 = 6;
const MOMENTS: i64 = 16;

/// What both sides can say of a page, in one shape.
#[derive(Debug, PartialEq)]
struct State {
    indicator: Indicator,
    components: Vec<(String, String, ComponentStatus)>,
    open: Vec<Open>,
    planned: Vec<Planned>,
}

type Planned = (String, String, MaintenanceStatus, DateTime<Utc>, DateTime<Utc>);

#[derive(Debug, PartialEq)]
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
            started_at: incident.started_at,
            status: incident.status().as_str().to_owned(),
            updates: incident.updates.iter().map(|update| (update.at, update.body.clone())).collect(),
            components: truth.names(&incident.components).map(|part| part.name.clone()).collect(),
        });
        let planned = truth
            .maintenances
            .iter()
            .map(|work| (work.id.clone(), work.title.clone(), work.status(truth.now), work.starts_at, work.ends_at));
        let parts = truth.components.iter().map(|part| (part.id.clone(), part.name.clone(), part.status));
        let (indicator, components) = (truth.indicator, parts.collect());
        Self { indicator, components, open: open.collect(), planned: planned.collect() }.sorted()
    }

    fn of_reading(reading: Reading, truth: &Truth) -> Self {
        // This platform shows no ends.
        let end = |id: &str| truth.maintenances.iter().find(|work| reading.provider == "statuscast" && work.id == id);
        let open = reading.incidents.into_iter().filter(statusphere_domain::Incident::is_open).map(|incident| Open {
            id: incident.id,
            title: incident.title,
            impact: incident.impact,
            started_at: incident.started_at,
            status: incident.status.as_str().to_owned(),
            updates: incident.updates.into_iter().map(|update| (update.at, update.body)).collect(),
            components: incident.components,
        });
        let planned = reading.maintenances.into_iter().filter(|work| work.status != MaintenanceStatus::Completed);
        let planned = planned.map(|work| {
            let ends_at = work.ends_at.or(end(&work.id).map(|work| work.ends_at));
            (work.id, work.title, work.status, work.starts_at, ends_at.unwrap())
        });
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

fn fetcher(internet: &Internet, limits: Limits) -> Fetcher {
    Fetcher::web(Config {
        contact: "https://statusphere.example/contact".to_owned(),
        limits,
        allowed_hosts: Vec::new(),
        proxy: Some(internet.proxy()),
        clock: || time(FROM),
    })
    .unwrap()
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
            if story % 3 == 0 {
                (site.host, site.path) = ("pages.shared.example".to_owned(), format!("/{slug}"));
            }
            sites.push(site);
        }
    }
    let internet = Internet::start(sites.clone(), clock).await.unwrap();
    let fetcher = fetcher(&internet, Limits::default());
    let mut wrong = Vec::new();
    let mut troubled = 0;
    for step in 0..MOMENTS {
        now.store(FROM + step * (TO - FROM) / MOMENTS, Ordering::Relaxed);
        let now = time(now.load(Ordering::Relaxed));
        for site in &sites {
            let told = site.at(now);
            let truth = State::of_truth(&told);
            troubled += usize::from(!truth.open.is_empty());
            for hint in [None, Some(site.hint())] {
                let at = format!("seed {SEED}, {} at {now}, hint {hint:?}", site.url());
                match read(&fetcher, &site.url(), hint.as_ref(), now).await {
                    Outcome::Read { reading, .. } => {
                        if reading.provider != site.platform.provider() {
                            wrong.push(format!("{at}: read by {}", reading.provider));
                        }
                        let reading = State::of_reading(*reading, &told);
                        if reading != truth {
                            wrong.push(format!("{at}:\n read {reading:#?}\n true {truth:#?}"));
                        }
                    }
                    Outcome::Failed(failure) => wrong.push(format!("{at}: {failure:?}")),
                }
            }
        }
    }
    for why in wrong.iter().take(3) {
        eprintln!("{why}");
    }
    assert!(wrong.is_empty(), "seed {SEED}: {} readings are wrong", wrong.len());
    assert!(troubled > sites.len(), "seed {SEED}: hardly anything ever happens");
}

#[tokio::test]
async fn every_fault_is_taken_for_what_it_is() {
    use FetchErrorKind::{Gone, NotFound, Throttled, TimedOut, Unreachable, Unusable};
    let cases = [
        (Trouble::Slow(Duration::from_millis(1)), None),
        (Trouble::Hung, Some(TimedOut)),
        (Trouble::Reset, Some(Unreachable)),
        (Trouble::Throttled { retry_after_s: 60 }, Some(Throttled)),
        (Trouble::ServerError, Some(Unreachable)),
        (Trouble::Truncated, Some(Unreachable)),
        (Trouble::WrongLength, None),
        (Trouble::WrongCharset, None),
        (Trouble::RedirectLoop, Some(Unusable)),
        (Trouble::TlsError, Some(Unreachable)),
        (Trouble::NotFound, Some(NotFound)),
        (Trouble::Gone, Some(Gone)),
        (Trouble::Moved { host: "status.well.example".to_owned() }, None),
        (Trouble::OtherPlatform(Platform::IncidentIo), None),
    ];
    let mut sites = vec![Site::new("well", Platform::Statuspage, Story::quiet(3))];
    for (at, (trouble, _)) in cases.iter().enumerate() {
        let mut site = Site::new(&format!("vendor{at}"), Platform::Statuspage, Story::quiet(3));
        site.faults.push(Fault { from: time(FROM), to: time(TO), trouble: trouble.clone() });
        sites.push(site);
    }
    let internet = Internet::start(sites.clone(), Arc::new(|| time(FROM))).await.unwrap();
    let fetcher = fetcher(&internet, Limits { deadline: Duration::from_millis(1_500), ..Limits::default() });
    for (site, (trouble, expected)) in sites[1..].iter().zip(cases) {
        let answer = fetcher.get(&format!("{}/api/v2/summary.json", site.url())).await;
        assert_eq!(answer.as_ref().err().map(|error| error.kind), expected, "{trouble:?}: {answer:?}");
    }
}

#[tokio::test]
async fn a_page_that_moves_or_migrates_is_found_again() {
    let mut moved = Site::new("moved", Platform::Statuspage, Story::quiet(3));
    let well = Site::new("well", Platform::Statuspage, Story::quiet(3));
    let mut migrated = Site::new("migrated", Platform::Cachet, Story::quiet(3));
    let fault = |trouble| Fault { from: time(FROM), to: time(TO), trouble };
    moved.faults.push(fault(Trouble::Moved { host: well.host.clone() }));
    migrated.faults.push(fault(Trouble::OtherPlatform(Platform::Instatus)));
    let sites = vec![moved.clone(), well.clone(), migrated.clone()];
    let internet = Internet::start(sites, Arc::new(|| time(FROM))).await.unwrap();
    let fetcher = fetcher(&internet, Limits::default());
    let Outcome::Read { moved_to, .. } = read(&fetcher, &moved.url(), Some(&moved.hint()), time(FROM)).await else {
        panic!("the page that moved was not read");
    };
    assert_eq!(moved_to, Some(well.url()));
    let Outcome::Read { reading, .. } = read(&fetcher, &migrated.url(), None, time(FROM)).await else {
        panic!("the page that migrated was not read");
    };
    assert_eq!(reading.provider, "instatus");
}

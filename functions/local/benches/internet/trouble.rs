//! One page of twenty hangs and one fails, from some minute on, while time runs faster than it does.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_internet::{Fault, Platform, Site, Story, Trouble};
use tokio::sync::Semaphore;
use tokio::task::LocalSet;

use crate::simulation::{INTERVAL, Setting, Simulation, clock, envelope};
use crate::{AT_ONCE, bound, start};

/// Slow enough that our own work, all on one thread, takes little of a minute.
const SPEED: i32 = 20;
const PAGES: usize = 500;
/// Trouble begins, and all is over, so many minutes after the start.
const BEGINS: i64 = 8;
const ENDS: i64 = 38;
/// The deadline of a request, in the simulation's time.
const DEADLINE: u64 = 15;

/// When a page was last seen fresh, and first seen stale.
type Shown = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// When pages were read, by slug, and what was announced of them.
#[derive(Default)]
struct Log {
    read: BTreeMap<String, Vec<DateTime<Utc>>>,
    unreadable: BTreeMap<String, DateTime<Utc>>,
    shown: BTreeMap<String, Shown>,
}

pub(crate) async fn run() -> bool {
    println!("--- {PAGES} pages of which 5% hang and 5% fail, {SPEED} times faster");
    let fault =
        |trouble| Fault { from: start() + TimeDelta::minutes(BEGINS), to: start() + TimeDelta::days(1), trouble };
    let sites: Vec<Site> = (0..PAGES)
        .map(|n| {
            let mut site = Site::new(&format!("vendor{n}"), Platform::Statuspage, Story::quiet(3 + n % 7));
            match n % 20 {
                7 => site.faults.push(fault(Trouble::Hung)),
                13 => site.faults.push(fault(Trouble::ServerError)),
                _ => {}
            }
            site
        })
        .collect();
    let deadline = Duration::from_millis(DEADLINE * 1000 / u64::from(SPEED.unsigned_abs()));
    let setting = Setting { sites: sites.clone(), start: start(), pages_per_event: 1, deadline };
    let simulation = Rc::new(Simulation::start(setting).await);
    let log = Rc::new(RefCell::new(Log::default()));
    clock::run(SPEED);
    Box::pin(LocalSet::new().run_until(live(&simulation, &log, &sites))).await;
    judge(&simulation, &log.borrow(), &sites)
}

async fn live(simulation: &Rc<Simulation>, log: &Rc<RefCell<Log>>, sites: &[Site]) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let end = start() + TimeDelta::minutes(ENDS);
    let mut next_tick = start() + TimeDelta::minutes(1);
    let mut next_look = start();
    while clock::now() < end {
        if clock::now() >= next_tick {
            next_tick += TimeDelta::minutes(1);
            for event in simulation.tick().await.unwrap() {
                invoke(simulation, log, &places, event);
            }
        }
        for batch in simulation.records().chunks(100) {
            simulation.publish(batch).await.unwrap();
        }
        for entry in simulation.aws.put() {
            let event = envelope(&entry);
            match event["detail-type"].as_str() {
                Some("BackfillRequested") => invoke(simulation, log, &places, event),
                Some("PageUnreadable") => {
                    let page = event["detail"]["page"].as_str().unwrap().to_owned();
                    log.borrow_mut().unreadable.entry(page).or_insert_with(clock::now);
                }
                _ => {}
            }
        }
        if clock::now() >= next_look {
            next_look += TimeDelta::seconds(50);
            for site in sites.iter().filter(|site| !site.faults.is_empty()) {
                look(simulation, log, site).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Lambda: so many at once, the others wait.
fn invoke(simulation: &Rc<Simulation>, log: &Rc<RefCell<Log>>, places: &Arc<Semaphore>, event: serde_json::Value) {
    let (simulation, log, places) = (Rc::clone(simulation), Rc::clone(log), Arc::clone(places));
    tokio::task::spawn_local(async move {
        let _place = places.acquire().await.unwrap();
        let answer = simulation.scraper.handle(event).await.unwrap();
        for (page, scraped) in answer["pages"].as_object().into_iter().flatten() {
            if matches!(scraped["outcome"].as_str(), Some("changed" | "unchanged")) {
                log.borrow_mut().read.entry(page.clone()).or_default().push(clock::now());
            }
        }
    });
}

/// What the API says of a bad page.
async fn look(simulation: &Simulation, log: &Rc<RefCell<Log>>, site: &Site) {
    let url = format!("statusPageUrl={}", site.url());
    let (before, status) = (clock::now(), simulation.get("/api/v1/currentStatus", &url).await);
    let mut log = log.borrow_mut();
    let shown = log.shown.entry(site.slug.clone()).or_default();
    match status["freshness"].as_str().unwrap() {
        "fresh" => shown.0 = Some(before),
        "stale" => {
            shown.1.get_or_insert(clock::now());
        }
        _ => {}
    }
}

fn judge(simulation: &Simulation, log: &Log, sites: &[Site]) -> bool {
    let mut ages: Vec<f64> = Vec::new();
    for site in sites.iter().filter(|site| site.faults.is_empty()) {
        let times = &log.read[&site.slug];
        let end = start() + TimeDelta::minutes(ENDS);
        ages.extend(times.iter().zip(times.iter().skip(1).chain([&end])).map(|(from, to)| seconds(*to - *from)));
    }
    ages.sort_by(f64::total_cmp);
    let (p50, p99) = (ages[ages.len() / 2], ages[ages.len() * 99 / 100]);
    println!(
        "ages of healthy pages: {} gaps, p50 {p50:.1} s, p99 {p99:.1} s, most {:.1} s",
        ages.len(),
        ages[ages.len() - 1]
    );

    let (mut least_tries, mut early, mut late, mut told_late, mut untold) = (usize::MAX, 0.0_f64, 0.0_f64, 0.0_f64, 0);
    for site in sites.iter().filter(|site| !site.faults.is_empty()) {
        let begins = site.faults[0].from;
        let tries: Vec<_> = simulation.internet.requests(&site.host).into_iter().filter(|r| r.at >= begins).collect();
        least_tries = least_tries.min(tries.len());
        let due = tries[0].at + TimeDelta::minutes(15);
        let (fresh, stale) = log.shown[&site.slug];
        early = early.max(stale.map_or(0.0, |stale| seconds(due - stale)));
        late = late.max(fresh.map_or(0.0, |fresh| seconds(fresh - due)));
        match log.unreadable.get(&site.slug) {
            Some(told) => told_late = told_late.max(seconds(*told - due)),
            None => untold += 1,
        }
    }
    let interval = f64::from(INTERVAL * 60);
    println!(
        "bad pages were tried at least {least_tries} times; stale was announced at most {told_late:.1} s after it was due"
    );
    [
        bound("p99 of the age of a healthy page, seconds", p99, interval + 30.0),
        bound("bad pages that were not tried again", if least_tries > 1 { 0.0 } else { 1.0 }, 0.0),
        bound("seconds that a page was shown stale too early", early, 1.0),
        bound("seconds that a page was shown fresh too long", late, 1.0),
        bound("seconds until it was announced, after it was due", told_late, interval + 90.0),
        bound("bad pages of which nothing was announced", f64::from(untold), 0.0),
    ]
    .iter()
    .all(|holds| *holds)
}

#[expect(clippy::cast_precision_loss, reason = "spans are short")]
fn seconds(span: TimeDelta) -> f64 {
    span.num_milliseconds() as f64 / 1000.0
}

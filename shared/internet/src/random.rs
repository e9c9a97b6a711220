//! Draws stories and whole populations from a seed: the same seed gives the same internet on every machine.
//!
//! Deliberately absent: the clock, and any randomness after the draw.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use statusphere_domain::{IncidentStatus, Indicator};

use crate::{Fault, Incident, Maintenance, Platform, Site, Story, Trouble, Update, Validators};

const PARTS: [&str; 9] =
    ["API", "Dashboard", "Webhooks", "Búsqueda", "Billing", "Uploads", "Sign-in", "Händler", "Mail & chat"];
const TROUBLES: [&str; 5] =
    ["Requests fail", "Elevated error rates", "Störung der Zahlungen", "Exports & uploads time out", "Queues grow"];
const STAGES: [(IncidentStatus, &str); 3] = [
    (IncidentStatus::Investigating, "We are looking into it."),
    (IncidentStatus::Identified, "A disk is full, and more than one user in ten is affected."),
    (IncidentStatus::Monitoring, "A fix is in place; we watch the numbers."),
];

impl Story {
    /// Nothing ever happens to so many components.
    pub fn quiet(components: usize) -> Self {
        let name = |at: usize| PARTS.get(at).map_or_else(|| format!("Region {at}"), |name| (*name).to_owned());
        let components = (0..components).map(|at| ((at + 11).to_string(), name(at))).collect();
        Self { components, ..Self::default() }
    }

    /// Drawn from a seed: one to four incidents and up to two maintenances that begin between two times. What begins
    /// late goes on beyond the second time, and one incident of ten never ends.
    pub fn random(seed: u64, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut story = Self::quiet(rng.usize(2..=PARTS.len()));
        let mut id = rng.u32(10_000..90_000_000);
        for _ in 0..rng.u32(1..=4) {
            let components = some(&mut rng, &story);
            story.incidents.push(incident(&mut rng, id, components, from, to));
            id += 1;
        }
        story.incidents.sort_by_key(|incident| incident.started_at);
        for _ in 0..rng.u32(0..=2) {
            let starts_at = moment(&mut rng, from, to);
            story.maintenances.push(Maintenance {
                id: id.to_string(),
                title: "Database upgrade".to_owned(),
                announced_at: starts_at - TimeDelta::minutes(rng.i64(30..3 * 24 * 60)),
                starts_at,
                ends_at: starts_at + TimeDelta::minutes(rng.i64(10..240)),
                components: some(&mut rng, &story),
            });
            id += 1;
        }
        story
    }
}

fn some(rng: &mut Rng, story: &Story) -> Vec<String> {
    let places: BTreeSet<usize> = (0..rng.usize(1..=3)).map(|_| rng.usize(..story.components.len())).collect();
    places.into_iter().filter_map(|place| story.components.get(place)).map(|(id, _)| id.clone()).collect()
}

/// A whole minute between two times.
fn moment(rng: &mut Rng, from: DateTime<Utc>, to: DateTime<Utc>) -> DateTime<Utc> {
    let at = from.timestamp() + rng.i64(0..(to - from).num_seconds().max(1));
    DateTime::from_timestamp(at - at.rem_euclid(60), 0).unwrap_or(from)
}

fn incident(rng: &mut Rng, id: u32, components: Vec<String>, from: DateTime<Utc>, to: DateTime<Utc>) -> Incident {
    let started_at = moment(rng, from, to);
    let (mut at, mut updates) = (started_at, Vec::new());
    // A vendor may write twice at one stage, or leave one out, the first excepted.
    for (stage, (status, body)) in STAGES.into_iter().enumerate() {
        let least = u32::from(stage == 0);
        for _ in 0..rng.u32(least..=2) {
            updates.push(Update { at, status, body: body.to_owned() });
            at += TimeDelta::minutes(rng.i64(1..45));
        }
    }
    if rng.u32(..10) > 0 {
        updates.push(Update { at, status: IncidentStatus::Resolved, body: "It is over.".to_owned() });
    }
    let impact = [Indicator::Minor, Indicator::Major, Indicator::Critical][rng.usize(..3)];
    let title = TROUBLES[rng.usize(..TROUBLES.len())].to_owned();
    Incident { id: id.to_string(), title, impact, components, started_at, updates }
}

/// A whole population from a seed: `count` sites over all platforms, each with a story between two times. One site of
/// ten has a fault for some of that time, of any kind that needs no other site.
pub fn population(seed: u64, count: usize, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Site> {
    let mut rng = Rng::with_seed(seed);
    let mut sites = Vec::with_capacity(count);
    for number in 0..count {
        let platform = Platform::ALL[number % Platform::ALL.len()];
        let mut site = Site::new(&format!("vendor{number}"), platform, Story::random(rng.u64(..), from, to));
        site.validators = [Validators::ETag, Validators::LastModified, Validators::Nothing][rng.usize(..3)];
        site.gzip = rng.bool();
        if rng.u32(..10) == 0 {
            let begins = moment(&mut rng, from, to);
            let ends = begins + TimeDelta::minutes(rng.i64(5..180));
            site.faults.push(Fault { from: begins, to: ends, trouble: trouble(&mut rng) });
        }
        sites.push(site);
    }
    sites
}

/// All but `Moved`.
fn trouble(rng: &mut Rng) -> Trouble {
    match rng.u32(..13) {
        0 => Trouble::Slow(Duration::from_millis(rng.u64(100..2_000))),
        1 => Trouble::Hung,
        2 => Trouble::Reset,
        3 => Trouble::Throttled { retry_after_s: rng.u32(30..1_800) },
        4 => Trouble::ServerError,
        5 => Trouble::Truncated,
        6 => Trouble::WrongLength,
        7 => Trouble::WrongCharset,
        8 => Trouble::RedirectLoop,
        9 => Trouble::TlsError,
        10 => Trouble::NotFound,
        11 => Trouble::Gone,
        _ => Trouble::OtherPlatform(Platform::ALL[rng.usize(..Platform::ALL.len())]),
    }
}

//! What is true while the proof runs: pages of the shipped catalogue with invented stories, told in chapters.
//!
//! Deliberately absent: TLS. Pages with https addresses can't be reached here, so that they must never look healthy.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use statusphere_catalogue::Catalogue;
use statusphere_domain::{IncidentStatus, Indicator};
use statusphere_internet::{Incident, Internet, Maintenance, Platform, Site, Story, Update};

const SEED: u64 = 20_261_123;
/// Minutes before the start of the proof at which each chapter plays.
const CHAPTERS: [i64; 4] = [20, 15, 10, 5];

/// The pages, and what time it is for them.
pub(crate) struct World {
    pub(crate) internet: Internet,
    pub(crate) sites: Vec<Site>,
    pub(crate) catalogue: Catalogue,
    started: DateTime<Utc>,
    now: Arc<AtomicI64>,
}

impl World {
    /// All pages of the catalogue that have http addresses, over all platforms. The story stands still between chapters:
    /// however slow the machine is, there is something to wait for.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "an entry point asks the clock")]
        let started = Utc::now().duration_trunc(TimeDelta::minutes(1))?;
        let catalogue = Catalogue::shipped();
        let mut sites = Vec::new();
        for entry in catalogue.iter() {
            let Some(host) = entry.page.url.strip_prefix("http://") else { continue };
            // Its documents come from its platform's own host, by https.
            if entry.request_host() != host.split('/').next().unwrap_or_default() {
                continue;
            }
            let number = sites.len();
            let platform = Platform::ALL[number % Platform::ALL.len()];
            let mut site = Site::new(entry.page.id.as_str(), platform, story(number, started));
            host.trim_end_matches('/').clone_into(&mut site.host);
            site.gzip = number.is_multiple_of(2);
            sites.push(site);
        }
        let now = Arc::new(AtomicI64::new((started - TimeDelta::minutes(CHAPTERS[0])).timestamp()));
        let clock = Arc::clone(&now);
        let internet = Internet::start(sites.clone(), Arc::new(move || time(&clock))).await?;
        Ok(Self { internet, sites, catalogue, started, now })
    }

    pub(crate) fn turn_to(&self, chapter: usize) {
        self.now.store((self.started - TimeDelta::minutes(CHAPTERS[chapter])).timestamp(), Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        time(&self.now)
    }

    /// Ids of a page's incidents that must be known: open in a chapter so far, or before the first one where there is a
    /// history to read.
    pub(crate) fn known(&self, site: &Site) -> BTreeSet<String> {
        let chapters = CHAPTERS.iter().map(|ago| self.started - TimeDelta::minutes(*ago));
        let mut known = BTreeSet::new();
        for (chapter, at) in chapters.enumerate().filter(|(_, at)| *at <= self.now()) {
            let has_history = chapter == 0 && site.platform == Platform::Statuspage;
            let incidents = site.at(at).incidents;
            let seen = incidents.into_iter().filter(|incident| has_history || incident.is_open());
            known.extend(seen.map(|incident| incident.id));
        }
        known
    }
}

fn time(clock: &AtomicI64) -> DateTime<Utc> {
    DateTime::from_timestamp(clock.load(Ordering::Relaxed), 0).unwrap_or_default()
}

/// What was before is drawn from the seed; what happens in the chapters goes by the page's number.
fn story(number: usize, started: DateTime<Utc>) -> Story {
    let ago = |minutes: i64| started - TimeDelta::minutes(minutes);
    let mut story = Story::random(SEED + number as u64, ago(2 * 24 * 60), ago(3 * 60));
    // Who writes ahead of the proof's end would change the truth between two looks.
    story.maintenances.clear();
    let component = story.components.first().map(|(id, _)| id.clone());
    let update = |minutes: i64, status, body: &str| Update { at: ago(minutes), status, body: body.to_owned() };
    let mut open = |id: usize, impact, updates: Vec<Update>| {
        story.incidents.push(Incident {
            id: (95_000_000 + id).to_string(),
            title: "Requests time out".to_owned(),
            impact,
            components: component.iter().cloned().collect(),
            started_at: updates.first().map_or(started, |update| update.at),
            updates,
        });
    };
    let first = update(17, IncidentStatus::Investigating, "We are looking into it.");
    let second = update(12, IncidentStatus::Monitoring, "A fix is in place; we watch the numbers.");
    let last = update(7, IncidentStatus::Resolved, "It is over.");
    match number % 4 {
        // Opens, goes on, ends.
        0 => open(0, Indicator::Major, vec![first, second, last]),
        // Opens and stays.
        1 => open(1, Indicator::Critical, vec![first, second]),
        // Opens late, and ends.
        2 => open(2, Indicator::Minor, vec![update(12, IncidentStatus::Identified, "A disk is full."), last]),
        _ => {}
    }
    if number.is_multiple_of(5) {
        for (id, starts, ends) in [(96_000_000, 120, -360), (96_000_001, -24 * 60, -26 * 60)] {
            story.maintenances.push(Maintenance {
                id: id.to_string(),
                title: "Database upgrade".to_owned(),
                announced_at: ago(4 * 24 * 60),
                starts_at: ago(starts),
                ends_at: ago(ends),
                components: Vec::new(),
            });
        }
    }
    story
}

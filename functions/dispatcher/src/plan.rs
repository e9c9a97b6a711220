//! Which pages are asked for in a tick, and which of them ride in one event.
//!
//! Deliberately absent: I/O. Everything that the catalogue decides is computed once; a tick walks over the pages.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, TimeDelta, Utc};
use rustc_hash::FxHashMap;
use statusphere_bus::PageRef;
use statusphere_catalogue::Catalogue;
use statusphere_domain::{Lane, Page, PageId, stable_hash};

use crate::{Settings, due::Beat};

/// Pages of a shared host in one event, which is one minute's share of that host.
const TOGETHER: usize = 25;

/// All pages, and when each of them is due.
#[derive(Debug)]
pub struct Plan {
    /// Pages that share their request host with no other, the best known first.
    alone: Vec<Planned>,
    /// The pages of each host that several are read from.
    hosts: Vec<Vec<Planned>>,
    /// Minutes, at least 1.
    interval: u32,
    /// At least 1.
    pages_per_event: usize,
}

#[derive(Debug)]
struct Planned {
    page: PageRef,
    beat: Beat,
}

/// Why a page is asked for. Where a host has no room for all, the first come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// On its regular beat. There is always room for these.
    Regular,
    /// A pause is over.
    Again,
    /// In the fast lane.
    Fast,
}

impl Plan {
    /// Gives every page of the catalogue its beat.
    pub fn new(catalogue: &Catalogue, settings: Settings) -> Self {
        let settings = Settings {
            interval: settings.interval.max(1),
            pages_per_event: settings.pages_per_event.clamp(1, TOGETHER),
        };
        let interval = settings.interval.into();
        let pages: Vec<_> = catalogue.by_rank().map(|entry| (entry.request_host(), &entry.page)).collect();
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for (host, _) in &pages {
            *counts.entry(host).or_default() += 1;
        }
        let (alone, together): (Vec<_>, Vec<_>) = pages.iter().partition(|(host, _)| counts[host.as_ref()] == 1);
        let mut hosts: BTreeMap<&str, Vec<&Page>> = BTreeMap::new();
        for (host, page) in together {
            hosts.entry(host).or_default().push(page);
        }
        let planned = |page: &Page| Planned { page: page.into(), beat: Beat::of(page.id.as_str(), 0, interval) };
        let alone = alone.into_iter().map(|(_, page)| planned(page)).collect();
        let hosts = hosts.into_iter().map(|(host, pages)| shared(host, pages, interval)).collect();
        Self { alone, hosts, interval: settings.interval, pages_per_event: settings.pages_per_event }
    }

    /// All pages, those of one host in a row.
    pub fn pages(&self) -> impl Iterator<Item = &PageRef> {
        self.hosts.iter().flatten().chain(&self.alone).map(|planned| &planned.page)
    }

    /// Every page, whatever is due, in events.
    pub fn all(&self) -> Vec<Vec<PageRef>> {
        let hosts = self.hosts.iter().map(|host| host.iter().map(|planned| &planned.page).collect());
        self.events(hosts, &self.alone.iter().map(|planned| &planned.page).collect::<Vec<_>>())
    }

    /// The minutes that a tick answers for: those after the `last` one that was finished, one interval at most.
    pub fn minutes(&self, last: Option<DateTime<Utc>>, slot: DateTime<Utc>) -> RangeInclusive<DateTime<Utc>> {
        let oldest = slot - TimeDelta::minutes(i64::from(self.interval) - 1);
        last.map_or(oldest, |last| (last + TimeDelta::minutes(1)).max(oldest))..=slot
    }

    /// The pages that are due in one of these minutes, in events. Pages off the regular beat are in `lanes`.
    pub fn due(&self, lanes: &BTreeMap<PageId, Lane>, minutes: &RangeInclusive<DateTime<Utc>>) -> Vec<Vec<PageRef>> {
        let (from, to) = (*minutes.start(), *minutes.end());
        let due = |planned: &Planned| planned.due(lanes.get(&planned.page.id), from, to);
        let room = TOGETHER * usize::try_from((to - from).num_minutes() + 1).unwrap_or(0);
        let hosts = self.hosts.iter().map(|host| {
            let mut riders: Vec<_> = host.iter().filter_map(|planned| Some((due(planned)?, &planned.page))).collect();
            // Who rides when not all of the fast lane can is drawn anew in each minute.
            riders.sort_by_cached_key(|(due, page)| {
                let drawn = || stable_hash(&format!("{}/{}", to.timestamp(), page.id));
                (*due, if *due == Due::Regular { 0 } else { drawn() })
            });
            riders.into_iter().take(room).map(|(_, page)| page).collect()
        });
        let alone = self.alone.iter().filter(|planned| due(planned).is_some()).map(|planned| &planned.page);
        self.events(hosts, &alone.collect::<Vec<_>>())
    }

    /// Packs pages. Those of a host go first: they are read one after another, which takes longest.
    fn events<'a>(&self, hosts: impl Iterator<Item = Vec<&'a PageRef>>, alone: &[&PageRef]) -> Vec<Vec<PageRef>> {
        let packed = |pages: &[&PageRef]| pages.iter().copied().cloned().collect();
        let mut events: Vec<Vec<PageRef>> = Vec::new();
        hosts.for_each(|pages| events.extend(pages.chunks(TOGETHER).map(packed)));
        events.extend(alone.chunks(self.pages_per_event).map(packed));
        events
    }
}

/// Cuts the pages of a host into as few chunks as can ride, of about one size, and gives each chunk a minute of its own.
/// With more chunks than the interval has minutes, the interval grows.
fn shared(host: &str, mut pages: Vec<&Page>, interval: u64) -> Vec<Planned> {
    pages.sort_by(|one, other| one.id.cmp(&other.id));
    let chunks = pages.len().div_ceil(TOGETHER).max(1);
    let interval = interval.max(chunks as u64);
    let size = pages.len().div_ceil(chunks).max(1);
    let planned = pages.into_iter().enumerate().map(|(n, page)| Planned {
        page: PageRef { host: Some(host.to_owned()), ..page.into() },
        beat: Beat::of(host, (n / size) as u64, interval),
    });
    planned.collect()
}

impl Planned {
    /// Whether and why the page is due in one of the minutes `from..=to`.
    fn due(&self, lane: Option<&Lane>, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Due> {
        let regular = self.beat.falls_in(from, to).then_some(Due::Regular);
        match lane {
            Some(Lane::Later(until)) if *until > to => None,
            // One that was over before this tick was asked for then. If that came to nothing, the regular beat holds.
            Some(Lane::Later(until)) if *until > from - TimeDelta::minutes(1) => regular.or(Some(Due::Again)),
            Some(Lane::Fast) => regular.or(Some(Due::Fast)),
            None | Some(Lane::Later(_)) => regular,
        }
    }
}

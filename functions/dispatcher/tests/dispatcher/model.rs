//! Random lanes and random ticks, some late, some twice, some whose delivery fails: nobody is forgotten, and a pause is
//! kept.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use statusphere_bus::PageRef;
use statusphere_dispatcher::{Plan, Settings};
use statusphere_domain::{Lane, PageId};

use crate::support::{at, with_shared};

/// A tick that was delivered: the minutes it answers for, and whom it asked for.
struct Tick {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    asked: BTreeSet<String>,
}

/// Seconds after the beginning that a pause lasts; none is the fast lane.
fn lanes() -> impl Strategy<Value = Vec<(usize, Option<i64>)>> {
    prop::collection::vec((0_usize..100, prop::option::of(-600_i64..4800)), 0..60)
}

/// Minutes since the tick before, none when it comes twice; and whether delivery fails.
fn ticks() -> impl Strategy<Value = Vec<(i64, bool)>> {
    let wait = prop_oneof![8 => Just(1_i64), 1 => Just(0_i64), 2 => 2_i64..12];
    prop::collection::vec((wait, prop::bool::weighted(0.15)), 1..90)
}

/// Each event holds pages of one shared host or such as share none, and a host has no more events than minutes.
fn check_events(events: &[Vec<PageRef>], minutes: i64, pages_per_event: usize) -> Result<(), TestCaseError> {
    let (shared, alone): (Vec<_>, Vec<_>) = events.iter().partition(|event| event[0].host.is_some());
    prop_assert!(i64::try_from(shared.len()).unwrap() <= minutes);
    prop_assert!(shared.iter().all(|event| event.len() <= 25 && event.iter().all(|page| page.host == event[0].host)));
    prop_assert!(alone.iter().all(|event| event.len() <= pages_per_event));
    prop_assert!(alone.iter().flat_map(|event| event.iter()).all(|page| page.host.is_none()));
    let pages = events.iter().flatten().map(|page| &page.id);
    prop_assert_eq!(pages.clone().collect::<BTreeSet<_>>().len(), pages.count(), "a page twice in one tick");
    Ok(())
}

/// Whether the page is asked for in each run of `interval` minutes that these ticks answer for without a gap.
fn holds_the_beat(slug: &str, ticks: &[&Tick], interval: i64) -> bool {
    let mut silent = 0;
    let mut end = None;
    for tick in ticks {
        if end != Some(tick.from - TimeDelta::minutes(1)) {
            silent = 0;
        }
        end = Some(tick.to);
        silent = if tick.asked.contains(slug) { 0 } else { silent + (tick.to - tick.from).num_minutes() + 1 };
        if silent >= interval {
            return false;
        }
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_forgotten_and_pauses_are_kept(
        (interval, pages_per_event) in (1_u32..7, 1_usize..26),
        (alone, shared) in (0_usize..20, 0_usize..80),
        (lanes, schedule) in (lanes(), ticks()),
    ) {
        let catalogue = with_shared(alone, shared);
        let plan = Plan::new(&catalogue, Settings { interval, pages_per_event });
        let slug = |n: usize| if n < alone { format!("alone-{n}") } else { format!("shared-{}", n - alone) };
        let lane = |seconds: Option<i64>| seconds.map_or(Lane::Fast, |s| Lane::Later(at(0) + TimeDelta::seconds(s)));
        let lanes: BTreeMap<PageId, Lane> =
            lanes.into_iter().map(|(n, seconds)| (PageId::new(slug(n)).unwrap(), lane(seconds))).collect();

        let (mut last, mut minute, mut delivered) = (None, 0, Vec::new());
        for (wait, fails) in schedule {
            minute += wait;
            let minutes = plan.minutes(last, at(minute));
            if minutes.is_empty() || fails {
                continue;
            }
            let (from, to) = (*minutes.start(), *minutes.end());
            let events = plan.due(&lanes, &minutes);
            check_events(&events, (to - from).num_minutes() + 1, pages_per_event)?;
            let asked = events.iter().flatten().map(|page| page.id.to_string()).collect();
            delivered.push(Tick { from, to, asked });
            last = Some(to);
        }

        let chunks = i64::try_from(shared.div_ceil(25)).unwrap();
        for page in plan.pages() {
            let slug = page.id.as_str();
            let interval = if page.host.is_some() { chunks.max(interval.into()) } else { interval.into() };
            // Beyond that a host may have no room for all who are off the beat.
            let has_room = page.host.is_none() || shared <= 25;
            let all: Vec<&Tick> = delivered.iter().collect();
            match lanes.get(&page.id) {
                None => prop_assert!(holds_the_beat(slug, &all, interval), "{}", slug),
                Some(Lane::Fast) => {
                    prop_assert!(holds_the_beat(slug, &all, interval), "{}", slug);
                    prop_assert!(!has_room || all.iter().all(|tick| tick.asked.contains(slug)), "{} is fast", slug);
                }
                Some(Lane::Later(until)) => {
                    let (before, after): (Vec<_>, Vec<_>) = all.into_iter().partition(|tick| tick.to < *until);
                    prop_assert!(before.iter().all(|tick| !tick.asked.contains(slug)), "{} is asked too early", slug);
                    prop_assert!(holds_the_beat(slug, &after, interval), "{}", slug);
                    let first = after.first().is_none_or(|tick| tick.asked.contains(slug));
                    prop_assert!(!has_room || first, "{} is asked too late", slug);
                }
            }
        }
    }
}

//! How well the pages are watched, for the alarm and the dashboard that read the log.
//!
//! Deliberately absent: blame. A page that waits too long was not asked for, or its scraper did not write; their own
//! metrics tell which.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_domain::{Freshness, Lane, PageId};
use statusphere_store::Live;

/// What one look at all pages shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The page that waits longest to be read, and for how long. One that was never read counts among the unknown only,
    /// one that is to be left alone waits from the end of its pause on.
    pub longest_wait: Option<(TimeDelta, PageId)>,
    /// Pages about which nothing fresh is known: never read, stale, unreadable or gone.
    pub unknown: usize,
}

impl Watch {
    /// Looks at the live state of these pages, which is written down at each change and every quarter of an hour.
    pub fn new<'a>(
        pages: impl Iterator<Item = &'a PageId>,
        live: &Live,
        lanes: &BTreeMap<PageId, Lane>,
        now: DateTime<Utc>,
        interval: TimeDelta,
    ) -> Self {
        let mut watch = Self::default();
        for page in pages {
            let state = live.get(page).map(|page| &page.state);
            let fresh = state.is_some_and(|state| state.freshness(now, interval) == Freshness::Fresh);
            watch.unknown += usize::from(!fresh);
            let Some(since) = state.and_then(|state| state.last_attempt) else { continue };
            let waits = match lanes.get(page) {
                Some(Lane::Later(until)) => now - since.max(*until),
                Some(Lane::Fast) | None => now - since,
            };
            watch.longest_wait = watch.longest_wait.max(Some((waits.max(TimeDelta::zero()), page.clone())));
        }
        watch
    }

    /// One line in the log. `template.yaml` makes metrics of `longest_wait_minutes` and `unknown_pages`.
    pub fn log(&self) {
        let (waits, page) = self.longest_wait.clone().unzip();
        tracing::info!(
            target: "statusphere::metrics",
            longest_wait_minutes = waits.map_or(0, |waits| waits.num_minutes()),
            longest_wait_page = page.map(|page| page.to_string()),
            unknown_pages = self.unknown,
            "How well the pages are watched."
        );
    }
}

//! Everything that is broken now, worst first, from memory.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use statusphere_catalogue::Entry;
use statusphere_domain::{Freshness, Incident, Indicator, PageState};

use crate::{Loaded, Open, Pages, View};

/// What is broken, and how much of the whole that says something about.
#[derive(Debug)]
pub struct Outages<'a> {
    /// Worst first, then the newest; those that can't be relied on now come last, in the same order.
    pub outages: Vec<Outage<'a>>,
    /// Pages that were asked for and can't be relied on at this moment.
    pub unobserved: usize,
    /// Pages that were asked for.
    pub asked: usize,
}

/// A page that says minor or worse or has an open incident.
#[derive(Debug)]
pub struct Outage<'a> {
    /// The page.
    pub entry: &'a Entry,
    /// Its state.
    pub state: &'a PageState,
    /// Whether that may be relied on.
    pub freshness: Freshness,
    /// Its open incidents, as far as they were read.
    pub incidents: &'a [Incident],
    /// Start of the newest of the worst of these, if they explain how bad it is.
    pub began: Option<DateTime<Utc>>,
}

impl View {
    /// What is broken among the pages that `wanted` takes, by this live state and these open incidents.
    pub fn outages<'a>(
        &'a self,
        pages: &'a Pages,
        open: &'a Loaded<Open>,
        wanted: impl Fn(&Entry) -> bool,
    ) -> Outages<'a> {
        let now = self.now();
        let mut all = Outages { outages: Vec::new(), unobserved: 0, asked: 0 };
        for entry in self.catalogue.iter().filter(|entry| wanted(entry)) {
            let state = pages.state(&entry.page.id);
            let freshness = self.freshness(state);
            all.asked += 1;
            all.unobserved += usize::from(freshness != Freshness::Fresh);
            if state.open_incidents > 0 || state.indicator >= Some(Indicator::Minor) {
                let incidents = open.value.of(&entry.page.id);
                all.outages.push(Outage { entry, state, freshness, incidents, began: began(state, incidents, now) });
            }
        }
        all.outages.sort_by_key(|outage| {
            Reverse((outage.freshness == Freshness::Fresh, outage.state.indicator, outage.since()))
        });
        all
    }
}

impl Outage<'_> {
    /// When it began; where no incident tells, when the page's word last changed.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.began.or(self.state.last_change)
    }
}

/// An old incident does not date trouble that is worse than it.
fn began(state: &PageState, incidents: &[Incident], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let counts = |incident: &Incident| incident.impact_at(now).max(Indicator::Minor);
    let worst = incidents.iter().filter(|incident| Some(counts(incident)) >= state.indicator);
    worst.max_by_key(|incident| (counts(incident), incident.started_at)).map(|incident| incident.started_at)
}

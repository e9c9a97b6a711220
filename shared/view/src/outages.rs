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
    /// Start of the newest of the worst of these; where there is none, when the page's word last changed.
    pub since: Option<DateTime<Utc>>,
}

impl View {
    /// What is broken among the pages that `wanted` takes, by this live state and these open incidents.
    pub fn outages<'a>(
        &'a self,
        pages: &'a Pages,
        open: &'a Loaded<Open>,
        wanted: impl Fn(&Entry) -> bool,
    ) -> Outages<'a> {
        let mut all = Outages { outages: Vec::new(), unobserved: 0, asked: 0 };
        for entry in self.catalogue.iter().filter(|entry| wanted(entry)) {
            let state = pages.state(&entry.page.id);
            let freshness = self.freshness(state);
            all.asked += 1;
            all.unobserved += usize::from(freshness != Freshness::Fresh);
            if state.open_incidents > 0 || state.indicator >= Some(Indicator::Minor) {
                let incidents = open.value.of(&entry.page.id);
                all.outages.push(Outage { entry, state, freshness, incidents, since: since(state, incidents) });
            }
        }
        all.outages.sort_by_key(|outage| {
            Reverse((outage.freshness == Freshness::Fresh, outage.state.indicator, outage.since))
        });
        all
    }
}

fn since(state: &PageState, incidents: &[Incident]) -> Option<DateTime<Utc>> {
    let worst = incidents.iter().max_by_key(|incident| (incident.impact, incident.started_at));
    worst.map(|incident| incident.started_at).or(state.last_change)
}

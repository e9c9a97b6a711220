//! How well a page and its components ran, from the steps that were seen.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use statusphere_catalogue::Entry;
use statusphere_domain::{Incident, Item, Maintenance, PageState, Past, Uptime, uptime};
use statusphere_store::{Current, StoreError, Timeline};

use crate::View;

/// Planned work that began so long before the window is taken for over.
const LONGEST_WORK: TimeDelta = TimeDelta::days(31);
/// Items of the timeline that are read at once, and how often, at most.
const CHUNK: i32 = 200;
const READS: usize = 25;

/// How a page ran in a window.
#[derive(Debug)]
pub struct Ran {
    /// Beginning of the window.
    pub from: DateTime<Utc>,
    /// Its end: the last whole minute, so that the answer is the same if one asks twice in a minute.
    pub to: DateTime<Utc>,
    /// The page and its components.
    pub uptime: Uptime,
    /// Incidents that began in the window or up to a month before, newest first.
    pub incidents: Vec<Incident>,
}

impl View {
    /// How a page in this state with these components ran in the last days.
    pub async fn ran(&self, entry: &Entry, state: &PageState, current: &Current, days: i64) -> Result<Ran, StoreError> {
        let now = self.now();
        let to = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
        let from = to - TimeDelta::days(days);
        let history = self.store.history(&entry.page.id, from).await?;
        let (incidents, planned) = self.timeline(entry, from, to).await?;
        let past = Past {
            steps: &history.steps,
            pending: &current.pending,
            first: history.first,
            indicator: current.indicator,
            components: current.components.as_deref().unwrap_or_default(),
            unread_from: state.unread_from(now, self.interval()),
            planned: &planned,
        };
        Ok(Ran { from, to, uptime: uptime(&past, from, to), incidents })
    }

    /// Incidents and planned work that concern a window.
    async fn timeline(
        &self,
        entry: &Entry,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<(Vec<Incident>, Vec<Maintenance>), StoreError> {
        let (mut incidents, mut planned) = (Vec::new(), Vec::new());
        let mut wish =
            Timeline { limit: Some(CHUNK), from: Some(from - LONGEST_WORK), to: Some(to), ..Timeline::default() };
        for _ in 0..READS {
            let slice = self.store.timeline(&entry.page.id, &wish).await?;
            let more = slice.more;
            for (item, _, after) in slice.items {
                wish.cursor = Some(after);
                match item {
                    Item::Incident(incident) => incidents.push(incident),
                    Item::Maintenance(maintenance) => planned.push(maintenance),
                }
            }
            if !more {
                break;
            }
        }
        Ok((incidents, planned))
    }
}

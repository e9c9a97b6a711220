//! How well a page and its components ran, from the steps that were seen.

use std::sync::PoisonError;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use statusphere_catalogue::Entry;
use statusphere_domain::{Incident, Item, PageId, PageState, Past, Step, Transition, Uptime, uptime};
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
}

impl View {
    /// How a page in this state ran in the last days, and each of its components if those are wanted: they are most of the work.
    pub async fn ran(
        &self,
        entry: &Entry,
        state: &PageState,
        current: &Current,
        days: u16,
        parts: bool,
    ) -> Result<Ran, StoreError> {
        let now = self.now();
        let to = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
        let from = to - TimeDelta::days(days.into());
        let id = &entry.page.id;
        // One after the other: what is asked at once needs a connection each, and opening one takes longer than an answer.
        let begun = self.begun(id).await?;
        let steps = self.store.history(id, from).await?;
        let mut planned = Vec::new();
        self.timeline(entry, from - LONGEST_WORK, to, true, |item| match item {
            Item::Maintenance(maintenance) => planned.push(maintenance),
            Item::Incident(_) => {}
        })
        .await?;
        let wanted = |step: &Step| parts || !matches!(step.transition, Transition::Component { .. });
        let steps: Vec<Step> = steps.into_iter().filter(wanted).collect();
        let pending: Vec<Step> = current.pending.iter().filter(|step| wanted(step)).cloned().collect();
        let components = current.components.as_deref().filter(|_| parts);
        let past = Past {
            steps: &steps,
            pending: &pending,
            first: begun,
            indicator: current.indicator,
            components: components.unwrap_or_default(),
            unread_from: state.unread_from(now, self.interval()),
            planned: &planned,
        };
        Ok(Ran { from, to, uptime: uptime(&past, from, to) })
    }

    async fn begun(&self, id: &PageId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let known = self.begun.lock().unwrap_or_else(PoisonError::into_inner).get(id).copied();
        if known.is_some() {
            return Ok(known);
        }
        let begun = self.store.begun(id).await?;
        if let Some(begun) = begun {
            self.begun.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), begun);
        }
        Ok(begun)
    }

    /// The incidents that began in a window, newest first.
    pub async fn incidents(
        &self,
        entry: &Entry,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Incident>, StoreError> {
        let mut incidents = Vec::new();
        self.timeline(entry, from, to, false, |item| match item {
            Item::Incident(incident) => incidents.push(incident),
            Item::Maintenance(_) => {}
        })
        .await?;
        Ok(incidents)
    }

    /// Hands on what began in a window, newest first.
    async fn timeline(
        &self,
        entry: &Entry,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        planned: bool,
        mut take: impl FnMut(Item),
    ) -> Result<(), StoreError> {
        let mut wish = Timeline {
            limit: (!planned).then_some(CHUNK),
            from: Some(from),
            to: Some(to),
            planned,
            ..Timeline::default()
        };
        for _ in 0..READS {
            let slice = self.store.timeline(&entry.page.id, &wish).await?;
            for (item, _, after) in slice.items {
                wish.cursor = Some(after);
                take(item);
            }
            if !slice.more {
                break;
            }
        }
        Ok(())
    }
}

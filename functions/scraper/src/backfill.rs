//! One step of a page's history: read, keep what is new, remember where to go on.
//!
//! The current document has the last word: while it lists an incident as open, history never closes it, and what it does
//! not list as open, history never opens.

use std::time::Duration;

use chrono::{DateTime, Utc};
use statusphere_bus::Backfill;
use statusphere_domain::{Detail, Hint, IncidentStatus, Item, MaintenanceStatus, PageState, merge};
use statusphere_providers::{BackfillStep, Seen, Target, backfill};
use statusphere_store::{Current, StoreError};

use crate::Scraper;
use crate::scrape::is_paused;

/// The time for the requests of one step.
const STEP: Duration = Duration::from_secs(80);

impl Scraper {
    /// Carries out a step and answers with the number of items that were new. A step that was done already is skipped.
    pub(crate) async fn backfill_step(&self, request: &Backfill) -> anyhow::Result<usize> {
        let id = &request.page.id;
        let old = self.store.latest_state(id).await?;
        let Some(provider) = old.provider.clone() else { return Ok(0) };
        if old.backfill.clone().unwrap_or_default() != request.cursor {
            return Ok(0);
        }
        let now = (self.settings.clock)();
        // Asked for again within a day, or by the next look at all histories.
        if is_paused(&old, now) {
            return Ok(0);
        }
        let mut new = PageState { history_attempt: Some(now), ..old.clone() };
        let hint = Hint { provider, key: old.key.clone() };
        let url = old.url.clone().unwrap_or_else(|| request.page.url.clone());
        let as_of = self.fetcher.as_of(&request.page.url, now);

        let read = tokio::time::timeout(STEP, self.read_history(&url, &hint, &request.cursor, as_of)).await;
        let (items, next) = match read.unwrap_or_else(|_| Err(format!("took longer than {} s", STEP.as_secs()))) {
            Ok(step) => step,
            Err(why) => {
                // Written down first: it is tried again in a day, not in a week.
                new.backfill = Some(request.cursor.clone());
                self.store.put_history(id, &new).await?;
                tracing::warn!(page.id = %id, backfill.cursor = request.cursor, why, "A page of history can't be read.");
                return Ok(0);
            }
        };
        let written = self.write_history(request, items, now).await?;
        // A look at a history that is known ends at the first page that brings nothing new.
        new.backfill = next.filter(|_| old.last_history.is_none() || written > 0);
        if new.backfill.is_none() {
            new.last_history = Some(now);
        }
        self.store.put_history(id, &new).await?;
        tracing::info!(page.id = %id, backfill.cursor = request.cursor, backfill.items = written, "Read a page of history.");
        Ok(written)
    }

    async fn read_history(
        &self,
        url: &str,
        hint: &Hint,
        cursor: &str,
        as_of: DateTime<Utc>,
    ) -> Result<(Vec<Item>, Option<String>), String> {
        let cursor = Some(cursor).filter(|cursor| !cursor.is_empty());
        let target = Target { key: hint.key.as_deref(), known: true, cursor, ..Target::new(url, as_of) };
        let mut seen = Seen::default();
        loop {
            let Some(step) = backfill(&hint.provider, &target, &seen) else { return Ok((Vec::new(), None)) };
            let urls = match step {
                BackfillStep::Items { items, next } => return Ok((items, next)),
                BackfillStep::Failed(why) => return Err(why),
                BackfillStep::Want(urls) => urls,
            };
            if urls.iter().all(|url| seen.get(url).is_some()) {
                return Err("its provider asks for the same document again".to_owned());
            }
            for url in urls {
                let answer = self.fetcher.get(&url).await;
                if let Err(error) = &answer
                    && !error.kind.host_is_up()
                {
                    return Err(format!("{url}: {}", error.detail));
                }
                seen.insert(url, answer);
            }
        }
    }

    async fn write_history(&self, request: &Backfill, items: Vec<Item>, now: DateTime<Utc>) -> anyhow::Result<usize> {
        let id = &request.page.id;
        let current = self.store.current(id).await?;
        let items: Vec<Item> = items.into_iter().filter_map(|item| past(item, &current)).collect();
        let keys: Vec<_> = items.iter().map(Item::key).collect();
        let known = self.store.items(id, &keys).await?;
        let mut written = 0;
        for item in items {
            let stored = known.get(&item.key());
            let merged = merge(stored.map(|(item, _)| item), &item);
            if stored.is_some_and(|(stored, _)| *stored == merged) {
                continue;
            }
            let sequence = stored.map_or(1, |(_, sequence)| sequence + 1);
            match self.store.put_item(id, &merged, sequence, now, true).await {
                Ok(_) => written += 1,
                Err(error @ StoreError::TooLarge { .. }) => {
                    tracing::warn!(page.id = %id, error = %error, "An item of the history was left out.");
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(written)
    }
}

/// An item of the history as it may be kept beside the current document; `None` when that document has the last word.
fn past(item: Item, current: &Current) -> Option<Item> {
    if current.open.contains(&item.key()) {
        return None;
    }
    match item {
        item if !item.is_open() => Some(item),
        // A row without an end that is not open any more: its end is not known, so it ends with the last thing it says.
        Item::Incident(mut incident) if incident.detail == Detail::Row => {
            incident.ended_at =
                Some(incident.updates.last().map_or(incident.started_at, |u| u.at.max(incident.started_at)));
            incident.status = IncidentStatus::Resolved;
            Some(Item::Incident(incident))
        }
        Item::Maintenance(mut maintenance) if maintenance.detail == Detail::Row => {
            maintenance.status = MaintenanceStatus::Completed;
            Some(Item::Maintenance(maintenance))
        }
        _ => None,
    }
}

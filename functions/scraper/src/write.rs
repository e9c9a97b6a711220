//! Writes down what came of a scrape: what changed, and the page's state last.
//!
//! Each write is whole by itself, and what it builds on is checked: a scrape that is cut off between two of them, or that
//! another overtakes, is made up for by the next one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use statusphere_bus::PageRef;
use statusphere_domain::{
    Failure, FailureKind, Freshness, Incident, Known, Lane, PageState, Reading, Step, Transition, after_failure, diff,
    settle, since,
};
use statusphere_store::{Current, Written};

use crate::Scraper;
use crate::scrape::{Scraped, is_settled};

/// Success after success, and failure after failure, is written down at most this often.
const HEARTBEAT: TimeDelta = TimeDelta::minutes(15);
/// A tick comes a little early at times; a heartbeat that is this close to due is due.
const SLACK: TimeDelta = TimeDelta::seconds(30);
/// A step that waits for longer is no longer looked for: the page does not tell of it any more.
const WAITS: TimeDelta = TimeDelta::hours(1);
/// A scrape that began so long ago has come to its end.
const LONGEST_SCRAPE: TimeDelta = TimeDelta::minutes(2);
/// Characters of a reason that are kept: providers may quote what the page says, and `STATE` stays under 1 KB.
const REASON: usize = 200;

impl Scraper {
    pub(crate) async fn write_failure(
        &self,
        page: &PageRef,
        old: &PageState,
        mut new: PageState,
        mut failure: Failure,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Scraped> {
        if let Some((end, _)) = failure.detail.char_indices().nth(REASON) {
            failure.detail.truncate(end);
        }
        tracing::info!(page.id = %page.id, failure = ?failure.kind, detail = failure.detail, "A page was not read.");
        let kind = failure.kind;
        let since = old.failing_since.unwrap_or(now);
        new.failing_since = Some(since);
        new.failure = Some(failure);
        let interval = self.settings.interval;
        let unreadable = !matches!(new.freshness(now, interval), Freshness::Fresh | Freshness::Never);
        let step = (unreadable && old.unreadable_since.is_none()).then(|| {
            // If nobody had looked for long, it is not known since then.
            let since = old.silent_since(now, interval).unwrap_or(since);
            Step { transition: Transition::Readable { to: false }, since }
        });
        if step.is_some() {
            new.unreadable_since = Some(now);
        }
        new.lane = self.lane_of_a_failing_page(page, &new, since, now);

        let same = old.failure == new.failure && old.lane == new.lane;
        // Where that decides when all providers are asked again, it is not left to the next heartbeat.
        let asked_all =
            old.detected_at != new.detected_at && (old.provider.is_some() || kind == FailureKind::Unrecognised);
        if let Some(step) = step {
            self.store.put_readable(&page.id, &new, Some(old), &[step], now, false).await?;
        } else if !same || asked_all || heartbeat_is_due(old, now) {
            self.store.put_scrape(&page.id, &new, Some(old)).await?;
        }
        Ok(Scraped::Unread(kind))
    }

    /// The moment at which a page's silence has to be told is not slept through.
    fn lane_of_a_failing_page(
        &self,
        page: &PageRef,
        new: &PageState,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<Lane> {
        let throttled = new.failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::Throttled);
        let pause = new.paused_until.and_then(|until| (until - now).to_std().ok());
        let lane = after_failure(page.id.as_str(), since, throttled, pause, now, self.settings.interval)?;
        let told_at = new.unreadable_from(self.settings.interval).filter(|_| new.unreadable_since.is_none());
        match (lane, told_at) {
            (Lane::Later(until), Some(told_at)) if told_at > now => Some(Lane::Later(until.min(told_at))),
            (lane, _) => Some(lane),
        }
    }

    /// A page of which no document, or nothing that they say, is new.
    pub(crate) async fn write_same(
        &self,
        page: &PageRef,
        old: &PageState,
        mut new: PageState,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Scraped> {
        let (steps, silence) = self.succeed(old, &mut new, now);
        if !steps.is_empty() {
            self.store.put_readable(&page.id, &new, Some(old), &steps, now, silence).await?;
        } else if old.failing_since.is_some() || old.lane != new.lane || heartbeat_is_due(old, now) {
            self.store.put_scrape(&page.id, &new, Some(old)).await?;
        }
        Ok(Scraped::Unchanged)
    }

    pub(crate) async fn write_reading(
        &self,
        page: &PageRef,
        old: &PageState,
        mut new: PageState,
        reading: &Reading,
        as_of: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Scraped> {
        let hash = hash(reading, as_of)?;
        if old.hash.as_ref() == Some(&hash) && is_settled(old, as_of) {
            return self.write_same(page, old, new, now).await;
        }

        let baseline = old.last_success.is_none();
        let mut current = self.store.current(&page.id).await?;
        let mentioned: Vec<_> = reading.items().map(|item| item.key()).collect();
        let items = self.store.items(&page.id, current.open.iter().chain(&mentioned)).await?;
        // Somebody else has listed it, and is about to write it.
        let under_way = old.unsettled && old.last_attempt.is_some_and(|began| now - began < LONGEST_SCRAPE);
        if under_way && current.open.iter().any(|key| !items.contains_key(key)) {
            return Ok(Scraped::Outdated);
        }
        let known = Known {
            indicator: current.indicator,
            components: current.components.clone(),
            open: current.open.clone(),
            items,
        };
        let changes = diff(&known, reading, as_of);
        let news = baseline || !changes.is_empty(&known);
        let (steps, pending) = if baseline {
            let sure = |transition| Step { transition, since: now };
            (changes.transitions.iter().cloned().map(sure).collect(), Vec::new())
        } else {
            let observed =
                |step: &Transition| reading.components.is_some() || !matches!(step, Transition::Component { .. });
            settle(current.pending.clone(), changes.transitions.clone(), observed, now)
        };

        let mut read = Current {
            version: current.version,
            indicator: changes.indicator,
            since: match &changes.components {
                // What a first reading finds may have been so for long.
                Some(_) if baseline => BTreeMap::new(),
                Some(after) => since(&current.since, known.components.as_deref().unwrap_or(&[]), after, now),
                None => current.since.clone(),
            },
            components: changes.components.clone().or(known.components),
            open: changes.open.clone(),
            pending,
        };
        // A first reading always counts: the page's history begins with it.
        let differs = read != current || current.version == 0 || baseline;
        // Cut off after this, the next scrape looks again, even if the page by then says what it said before.
        let mut stored = old.clone();
        if (differs || !changes.items.is_empty()) && old.hash.is_some() {
            stored = PageState { last_attempt: Some(now), unsettled: true, ..stored };
            if self.store.put_scrape(&page.id, &stored, Some(old)).await? == Written::Outdated {
                return Ok(Scraped::Outdated);
            }
        }
        // What opens is listed before it is written, or it would stay open for ever.
        if !changes.open.is_subset(&current.open) {
            current.open.extend(changes.open.iter().cloned());
            if self.store.put_current(&page.id, &current, &[], now, false).await? == Written::Outdated {
                return Ok(Scraped::Outdated);
            }
            read.version += 1;
        }
        for (item, sequence) in &changes.items {
            if self.store.put_item(&page.id, item, *sequence, now, baseline).await? == Written::Outdated {
                // Somebody was faster. The state stays as it is, so that the next scrape looks again.
                return Ok(Scraped::Outdated);
            }
        }
        if differs && self.store.put_current(&page.id, &read, &steps, now, baseline).await? == Written::Outdated {
            return Ok(Scraped::Outdated);
        }
        new.indicator = changes.indicator;
        new.open_incidents = u32::try_from(changes.open_incidents()).unwrap_or(u32::MAX);
        new.busy = changes.busy;
        new.unsettled = read.pending.iter().any(|step| now - step.since < WAITS);
        new.turns_at = changes.turns_at;
        new.hash = Some(hash);
        if news {
            new.last_change = Some(now);
        }
        let (steps, silence) = self.succeed(old, &mut new, now);
        if steps.is_empty() {
            self.store.put_scrape(&page.id, &new, Some(&stored)).await?;
        } else {
            self.store.put_readable(&page.id, &new, Some(&stored), &steps, now, silence).await?;
        }
        Ok(if news { Scraped::Changed } else { Scraped::Unchanged })
    }

    /// The page was read; answers with the steps that lead to that, if it was not readable or nobody had looked, and
    /// whether they are announced by nothing.
    fn succeed(&self, old: &PageState, new: &mut PageState, now: DateTime<Utc>) -> (Vec<Step>, bool) {
        let silent_since = old.silent_since(now, self.settings.interval);
        new.last_success = Some(now);
        new.failing_since = None;
        new.failure = None;
        new.lane = match new.paused_until {
            Some(until) => Some(Lane::Later(until)),
            None => (new.busy || new.unsettled).then_some(Lane::Fast),
        };
        let unreadable = new.unreadable_since.take().is_some();
        let step = |to, since| Step { transition: Transition::Readable { to }, since };
        match silent_since {
            // Our own silence is no news, and yet nobody knows how the page fared in it.
            Some(since) => (vec![step(false, since), step(true, now)], true),
            None => (unreadable.then(|| step(true, now)).into_iter().collect(), false),
        }
    }
}

pub(crate) fn heartbeat_is_due(old: &PageState, now: DateTime<Utc>) -> bool {
    old.last_attempt.is_none_or(|last| now - last >= HEARTBEAT - SLACK)
}

/// A hash of what a reading says. The impact that counts at `as_of` is part of it, since open incidents age.
fn hash(reading: &Reading, as_of: DateTime<Utc>) -> anyhow::Result<String> {
    let impacts: Vec<_> =
        reading.incidents.iter().filter(|i| i.is_open()).map(|i: &Incident| i.impact_at(as_of)).collect();
    let json = serde_json::to_vec(&(reading, impacts)).context("a reading does not serialise")?;
    Ok(Sha256::digest(json).iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

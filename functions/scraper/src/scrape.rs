//! One scrape of one page: read, compare, write what changed, the page's state last.

use std::fmt::Write as _;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use statusphere_bus::PageRef;
use statusphere_domain::{
    Failure, FailureKind, Freshness, Hint, Incident, Known, PageState, Reading, Transition, diff,
};
use statusphere_providers::{Outcome, PROVIDERS};
use statusphere_store::{Current, StoreError, Written};

use crate::Scraper;

/// Success after success, and failure after failure, is written down at most this often.
const HEARTBEAT: TimeDelta = TimeDelta::minutes(15);
/// A tick comes a little early at times; a heartbeat that is this close to due is due.
const SLACK: TimeDelta = TimeDelta::seconds(30);
/// A page that its provider can't read any more, or that no provider knows, is put before all of them again after this
/// long: that costs up to a dozen requests.
const REDETECT: TimeDelta = TimeDelta::hours(24);
/// Characters of a reason that are kept: providers may quote what the page says, and `STATE` stays under 1 KB.
const REASON: usize = 200;

/// What came of a scrape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scraped {
    /// Read, and something was new.
    Changed,
    /// Read, nothing was new.
    Unchanged,
    /// Not read; the reason is in the page's state.
    Unread(FailureKind),
    /// Something later is stored already.
    Outdated,
}

impl Scraped {
    /// For the answer of the Lambda.
    pub(crate) fn to_json(self) -> Value {
        match self {
            Self::Changed => json!({"outcome": "changed"}),
            Self::Unchanged => json!({"outcome": "unchanged"}),
            Self::Unread(failure) => json!({"outcome": "unread", "failure": failure}),
            Self::Outdated => json!({"outcome": "outdated"}),
        }
    }
}

impl Scraper {
    pub(crate) async fn scrape(&self, page: &PageRef) -> anyhow::Result<Scraped> {
        let old = self.store.state(&page.id).await?;
        let now = (self.settings.clock)();
        if old.last_attempt.is_some_and(|last| last > now) {
            return Ok(Scraped::Outdated);
        }
        if is_nobodys(&old, now) {
            return Ok(Scraped::Unread(FailureKind::Unrecognised));
        }
        let detect = old.provider.is_none()
            || old.failing_since.is_some() && old.detected_at.is_none_or(|last| now - last >= REDETECT);
        let hint = hint(page, &old, detect);
        let url = old.moved_to.as_ref().filter(|_| !detect).unwrap_or(&page.url).clone();
        let as_of = self.fetcher.as_of(&page.url, now);

        let mut new = PageState { sequence: old.sequence + 1, last_attempt: Some(now), ..old.clone() };
        if detect {
            new.detected_at = Some(now);
            new.detected_with = provider_count();
        }
        match self.read(&url, hint.as_ref(), !detect, as_of).await {
            Outcome::Failed(failure) => self.write_failure(page, &old, new, failure, now).await,
            Outcome::Read { reading, moved_to } => {
                new.moved_to = moved_to.or_else(|| old.moved_to.clone().filter(|_| !detect));
                new.url = Some(new.moved_to.clone().unwrap_or_else(|| page.url.clone()));
                new.provider = Some(reading.provider.clone());
                new.key = reading
                    .key
                    .clone()
                    .or_else(|| hint.filter(|hint| hint.provider == reading.provider).and_then(|hint| hint.key));
                let reading = moved_in(&old, *reading);
                match self.write_reading(page, &old, new.clone(), &reading, as_of, now).await {
                    // Tried again it would be as large: that is this page's trouble, and no reason to repeat the event.
                    Err(error) if is_too_large(&error) => {
                        let failure = Failure { kind: FailureKind::Malformed, detail: error.to_string() };
                        self.write_failure(page, &old, new, failure, now).await
                    }
                    done => done,
                }
            }
        }
    }

    async fn write_failure(
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
        new.failing_since = old.failing_since.or(Some(now));
        new.failure = Some(failure);
        let unreadable = !matches!(new.freshness(now, self.settings.interval), Freshness::Fresh | Freshness::Never);
        if unreadable && old.unreadable_since.is_none() {
            new.unreadable_since = Some(now);
            let step = [Transition::Readable { to: false }];
            self.store.put_transitions(&page.id, &step, new.sequence, now, false).await?;
        }
        let same = old.failure == new.failure && old.unreadable_since == new.unreadable_since;
        // Where that decides when all providers are asked again, it is not left to the next heartbeat.
        let asked_all =
            old.detected_at != new.detected_at && (old.provider.is_some() || kind == FailureKind::Unrecognised);
        if !same || asked_all || heartbeat_is_due(old, now) {
            self.store.put_scrape(&page.id, &new).await?;
        }
        Ok(Scraped::Unread(kind))
    }

    async fn write_reading(
        &self,
        page: &PageRef,
        old: &PageState,
        mut new: PageState,
        reading: &Reading,
        as_of: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Scraped> {
        let hash = hash(reading, as_of)?;
        new.last_success = Some(now);
        new.failing_since = None;
        new.failure = None;
        let mut steps = Vec::new();
        if new.unreadable_since.take().is_some() {
            steps.push(Transition::Readable { to: true });
        }
        if old.hash.as_ref() == Some(&hash) {
            if !steps.is_empty() {
                self.store.put_transitions(&page.id, &steps, new.sequence, now, false).await?;
            }
            if old.failing_since.is_some() || heartbeat_is_due(old, now) {
                self.store.put_scrape(&page.id, &new).await?;
            }
            return Ok(Scraped::Unchanged);
        }

        let baseline = old.last_success.is_none();
        let current = self.store.current(&page.id).await?;
        let mentioned: Vec<_> = reading.items().map(|item| item.key()).collect();
        let items = self.store.items(&page.id, current.open.iter().chain(&mentioned)).await?;
        let known = Known { indicator: old.indicator, components: current.components, open: current.open, items };
        let changes = diff(&known, reading, as_of);
        let news = baseline || !changes.is_empty(&known);

        for (item, sequence) in &changes.items {
            if self.store.put_item(&page.id, item, *sequence, now, baseline).await? == Written::Outdated {
                // The history was faster. The state stays as it is, so that the next scrape looks again.
                return Ok(Scraped::Outdated);
            }
        }
        steps.extend(changes.transitions.iter().cloned());
        if !steps.is_empty() {
            self.store.put_transitions(&page.id, &steps, new.sequence, now, baseline).await?;
        }
        if changes.components.is_some() || changes.open != known.open || baseline {
            let components = changes.components.clone().or(known.components);
            self.store.put_current(&page.id, &Current { components, open: changes.open.clone() }, now).await?;
        }
        new.indicator = changes.indicator;
        new.open_incidents = u32::try_from(changes.open_incidents()).unwrap_or(u32::MAX);
        new.hash = Some(hash);
        if news {
            new.last_change = Some(now);
        }
        self.store.put_scrape(&page.id, &new).await?;
        Ok(if news { Scraped::Changed } else { Scraped::Unchanged })
    }
}

/// A page's first reading by another platform. It can't list what the old one did under ids of its own: that ends here,
/// and the old components go.
fn moved_in(old: &PageState, reading: Reading) -> Reading {
    if old.provider.as_ref().is_none_or(|provider| *provider == reading.provider) {
        return reading;
    }
    let components = Some(reading.components.unwrap_or_default());
    Reading { components, lists_all_open: true, lists_all_planned: true, ..reading }
}

/// True when all the providers there are have looked at the page lately and none knew it.
fn is_nobodys(old: &PageState, now: DateTime<Utc>) -> bool {
    old.provider.is_none()
        && old.failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::Unrecognised)
        && old.detected_with == provider_count()
        && old.detected_at.is_some_and(|last| now - last < REDETECT)
}

fn is_too_large(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::TooLarge { .. }))
}

fn provider_count() -> Option<u32> {
    u32::try_from(PROVIDERS.len()).ok()
}

/// Who is asked first: whoever read the page last, else whom the catalogue names. The catalogue's key stays good.
fn hint(page: &PageRef, old: &PageState, detect: bool) -> Option<Hint> {
    let listed = page.hint.clone();
    let Some(provider) = old.provider.clone().filter(|_| !detect) else { return listed };
    let key = old.key.clone().or_else(|| listed.filter(|hint| hint.provider == provider).and_then(|hint| hint.key));
    Some(Hint { provider, key })
}

fn heartbeat_is_due(old: &PageState, now: DateTime<Utc>) -> bool {
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

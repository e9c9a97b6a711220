//! One scrape of one page: whether to ask at all, whom to ask, and what came of it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use statusphere_bus::PageRef;
use statusphere_domain::{Document, Failure, FailureKind, Hint, Lane, PageState, Reading};
use statusphere_providers::{Outcome, PROVIDERS};
use statusphere_store::StoreError;

use crate::Scraper;
use crate::read::{Looked, Wanted};
use crate::write::heartbeat_is_due;

/// A page that its provider can't read any more, or that no provider knows, is put before all of them again after this
/// long: that costs up to a dozen requests.
const REDETECT: TimeDelta = TimeDelta::hours(24);
/// Some readings change with the clock alone, in ways that only their provider knows: after this long a page is read
/// whole, whatever its host says of its documents.
const READ_WHOLE: TimeDelta = TimeDelta::hours(1);
/// The time for all requests of one look; what is left of a page's own is for its writes.
const READING: Duration = Duration::from_secs(40);
/// How long a robots.txt holds (RFC 9309, section 2.4).
const ROBOTS: TimeDelta = TimeDelta::hours(24);

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
    /// Its host was slow; not asked this time.
    Postponed,
    /// The table failed, or we did.
    Failed,
}

impl Scraped {
    /// For the answer of the Lambda.
    pub(crate) fn to_json(self) -> Value {
        match self {
            Self::Changed => json!({"outcome": "changed"}),
            Self::Unchanged => json!({"outcome": "unchanged"}),
            Self::Unread(failure) => json!({"outcome": "unread", "failure": failure}),
            Self::Outdated => json!({"outcome": "outdated"}),
            Self::Postponed => json!({"outcome": "postponed"}),
            Self::Failed => json!({"outcome": "failed"}),
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
        if is_paused(&old, now) || is_nobodys(&old, now) {
            return self.leave_alone(page, &old, now).await;
        }
        let detect = old.provider.is_none()
            || old.unreadable_since.is_some() && old.detected_at.is_none_or(|last| now - last >= REDETECT);
        let hint = hint(page, &old, detect);
        let url = old.moved_to.as_ref().filter(|_| !detect).unwrap_or(&page.url).clone();
        let as_of = self.fetcher.as_of(&page.url, now);

        let mut new = PageState { last_attempt: Some(now), paused_until: None, ..old.clone() };
        if detect {
            new.detected_at = Some(now);
            new.detected_with = provider_count();
        }
        let robots_known = !detect && old.robots_at.is_some_and(|last| now - last < ROBOTS);
        let wanted = Wanted {
            url: &url,
            hint: hint.as_ref(),
            certain: !detect,
            as_of,
            known: if detect { &[] } else { known_documents(&old, &url, as_of, now) },
            allowed: &old.documents,
            robots_known,
        };
        let looked = tokio::time::timeout(READING, self.read(&wanted)).await;
        let (outcome, documents, retry_after, robots_asked) = match looked.unwrap_or_else(|_| too_slow()) {
            Looked::Same => return self.write_same(page, &old, new, now).await,
            Looked::Read { outcome, documents, retry_after, robots_asked } => {
                (outcome, documents, retry_after, robots_asked)
            }
        };
        new.paused_until = retry_after.and_then(|pause| TimeDelta::from_std(pause).ok()).map(|pause| now + pause);
        match outcome {
            Outcome::Failed(failure) => self.write_failure(page, &old, new, failure, now).await,
            Outcome::Read { reading, moved_to } => {
                new.moved_to = moved_to.or_else(|| old.moved_to.clone().filter(|_| !detect));
                new.url = Some(new.moved_to.clone().unwrap_or_else(|| page.url.clone()));
                new.provider = Some(reading.provider.clone());
                new.key = reading
                    .key
                    .clone()
                    .or_else(|| hint.filter(|hint| hint.provider == reading.provider).and_then(|hint| hint.key));
                new.documents = documents;
                new.read_at = Some(now);
                if !robots_known && robots_asked {
                    new.robots_at = Some(now);
                }
                let reading = moved_in(&old, *reading);
                match self.write_reading(page, &old, new.clone(), &reading, as_of, now).await {
                    // Tried again it would be as large: that is this page's trouble, and no reason to repeat the event.
                    Err(error) if is_too_large(&error) => {
                        let failure = Failure { kind: FailureKind::Malformed, detail: error.to_string() };
                        let begun = self.store.latest_state(&page.id).await?;
                        let new = PageState { last_attempt: Some(now), unsettled: true, ..begun.clone() };
                        self.write_failure(page, &begun, new, failure, now).await
                    }
                    done => done,
                }
            }
        }
    }

    /// A page that is not asked now. Its failure goes on meanwhile, and may last long enough to be told.
    async fn leave_alone(&self, page: &PageRef, old: &PageState, now: DateTime<Utc>) -> anyhow::Result<Scraped> {
        let Some(failure) = old.failure.clone() else { return Ok(Scraped::Postponed) };
        if matches!(old.lane, Some(Lane::Later(until)) if until > now) {
            return Ok(Scraped::Unread(failure.kind));
        }
        self.write_failure(page, old, old.clone(), failure, now).await
    }
}

fn too_slow() -> Looked {
    let detail = format!("its documents did not all come within {} s", READING.as_secs());
    let outcome = Outcome::Failed(Failure { kind: FailureKind::TimedOut, detail });
    Looked::Read { outcome, documents: Vec::new(), retry_after: None, robots_asked: false }
}

/// True while the page's host wants to be left alone.
pub(crate) fn is_paused(old: &PageState, now: DateTime<Utc>) -> bool {
    old.paused_until.is_some_and(|until| until > now)
}

/// The documents of which it is enough to know that none changed: not when a step waits to be seen again, when the clock
/// gave them another meaning, or when it is time for a whole reading, which then is written down.
fn known_documents<'a>(old: &'a PageState, url: &str, as_of: DateTime<Utc>, now: DateTime<Utc>) -> &'a [Document] {
    let read_lately = old.read_at.is_some_and(|last| now - last < READ_WHOLE) || !heartbeat_is_due(old, now);
    let usable = old.url.as_deref() == Some(url) && is_settled(old, as_of) && read_lately;
    if usable { &old.documents } else { &[] }
}

/// True when the same reading again would say nothing new.
pub(crate) fn is_settled(old: &PageState, as_of: DateTime<Utc>) -> bool {
    !old.unsettled && old.turns_at.is_none_or(|turn| turn > as_of)
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

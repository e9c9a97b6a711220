//! What is kept of a page between scrapes, and what may be said of it at a given moment.
//!
//! "Could we read it" is kept apart from "how does it fare": an unreadable page is never up and never down.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{FetchError, FetchErrorKind, Indicator, Lane};

/// A page's state after its last scrape. Times are ours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PageState {
    /// Grows with every write.
    pub version: u64,
    /// The provider that read it last, asked first next time.
    pub provider: Option<String>,
    /// The platform's key.
    pub key: Option<String>,
    /// Where it was read last.
    pub url: Option<String>,
    /// Where the page has moved to, when it is no longer at its listed address.
    pub moved_to: Option<String>,
    /// When the whole cascade was tried last.
    pub detected_at: Option<DateTime<Utc>>,
    /// Number of providers that were tried then; more of them are worth another look.
    pub detected_with: Option<u32>,
    /// Effective indicator: the worst of the page's own and of each open incident. `None` when the source does not tell.
    pub indicator: Option<Indicator>,
    /// Number of open incidents, maintenances not counted.
    pub open_incidents: u32,
    /// Last try.
    pub last_attempt: Option<DateTime<Utc>>,
    /// Last success.
    pub last_success: Option<DateTime<Utc>>,
    /// When what the vendor says last changed.
    pub last_change: Option<DateTime<Utc>>,
    /// First failure since the last success.
    pub failing_since: Option<DateTime<Utc>>,
    /// When it was written down that the page can't be read; cleared on recovery.
    pub unreadable_since: Option<DateTime<Utc>>,
    /// Why the last try failed.
    pub failure: Option<Failure>,
    /// Hash of the last reading.
    pub hash: Option<String>,
    /// How it stands off the regular beat; `None` is on it.
    pub lane: Option<Lane>,
    /// Until when its host asked to be left alone.
    pub paused_until: Option<DateTime<Utc>>,
    /// True while an incident that somebody cares for is open, or planned work is going on.
    pub busy: bool,
    /// True while a step of its indicator or of a component was seen once and waits to be seen again.
    pub unsettled: bool,
    /// When the same documents will mean something else.
    pub turns_at: Option<DateTime<Utc>>,
    /// The documents of the last reading, to ask only whether they changed; empty when that can't be asked.
    pub documents: Vec<Document>,
    /// When all of its documents were read last, changed or not.
    pub read_at: Option<DateTime<Utc>>,
    /// When the robots.txt of its host was last seen to allow this.
    pub robots_at: Option<DateTime<Utc>>,
    /// When the history was last read to its end.
    pub last_history: Option<DateTime<Utc>>,
    /// When a step of the history was tried last.
    pub history_attempt: Option<DateTime<Utc>>,
    /// Where the running backfill goes on; `None` when none is running.
    pub backfill: Option<String>,
}

/// A document as it was last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its address.
    pub url: String,
    /// What its host marks this version with: an entity tag or a date.
    pub validator: Option<String>,
    /// Hash of its body.
    pub hash: String,
}

/// Why a page could not be read, as kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What readers branch on.
    pub kind: FailureKind,
    /// For people: "HTTP 503", "no `status` object".
    pub detail: String,
}

/// The kinds of failure that read differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The page answers "not found".
    NotFound,
    /// The page says that it is gone for good, or was deactivated.
    Gone,
    /// The page refuses us.
    Denied,
    /// The page asks us to slow down.
    Throttled,
    /// No answer in time.
    TimedOut,
    /// No connection, or an error of the server.
    Unreachable,
    /// Its platform was recognised and could not be read.
    Malformed,
    /// No provider recognised it.
    Unrecognised,
}

impl From<&FetchError> for Failure {
    fn from(error: &FetchError) -> Self {
        let kind = match error.kind {
            FetchErrorKind::NotFound => FailureKind::NotFound,
            FetchErrorKind::Gone => FailureKind::Gone,
            FetchErrorKind::Denied => FailureKind::Denied,
            FetchErrorKind::Throttled => FailureKind::Throttled,
            FetchErrorKind::TimedOut => FailureKind::TimedOut,
            FetchErrorKind::Unreachable => FailureKind::Unreachable,
            FetchErrorKind::Unusable => FailureKind::Malformed,
        };
        Self { kind, detail: error.detail.clone() }
    }
}

/// Whether what we say of a page may be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Read lately.
    Fresh,
    /// Not reached for a while, or nobody looked.
    Stale,
    /// It answers, and what it answers can't be read.
    Unreadable,
    /// It says that it is no more.
    Gone,
    /// Never read.
    Never,
}

impl Freshness {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Unreadable => "unreadable",
            Self::Gone => "gone",
            Self::Never => "never",
        }
    }
}

/// The v1 answer to "is it them?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpDown {
    /// Nothing is wrong, by the vendor's own words.
    Up,
    /// Something is wrong, by the vendor's own words.
    Degraded,
    /// We can't tell.
    Unknown,
}

impl UpDown {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "UP",
            Self::Degraded => "DEGRADED",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// Success after success is written down at most this often, so silence is only silence well beyond it.
const SILENCE: TimeDelta = TimeDelta::minutes(30);
/// A step of the history that brought nothing back is asked for again after this long.
const BACKFILL_RETRY: TimeDelta = TimeDelta::hours(24);
/// The least time a page may fail before it is called stale.
pub(crate) const GRACE: TimeDelta = TimeDelta::minutes(15);

/// After this long without a word it counts as silence.
fn silence(interval: TimeDelta) -> TimeDelta {
    (interval * 3).max(SILENCE)
}

impl PageState {
    /// The backfill step that should be under way and is not: the first one, or one that was lost. `None` if all is well.
    pub fn stalled_backfill(&self) -> Option<String> {
        let now = self.last_success?;
        let waiting = self.last_history.is_none() || self.backfill.is_some();
        let stalled = self.history_attempt.is_none_or(|last| now - last >= BACKFILL_RETRY);
        (waiting && stalled).then(|| self.backfill.clone().unwrap_or_default())
    }

    /// True once it was read.
    pub fn is_indexed(&self) -> bool {
        self.last_success.is_some()
    }

    /// When a page that fails counts as stale or unreadable; `None` while it does not fail.
    pub fn unreadable_from(&self, interval: TimeDelta) -> Option<DateTime<Utc>> {
        self.failing_since.map(|since| since + (interval * 3).max(GRACE))
    }

    /// From when on nobody knows how the page fares, if its last reading may not be relied on at `now`; `None` for a page
    /// that is fresh, or was never read.
    pub fn unread_from(&self, now: DateTime<Utc>, interval: TimeDelta) -> Option<DateTime<Utc>> {
        let last_success = self.last_success.filter(|_| self.freshness(now, interval) != Freshness::Fresh)?;
        // Before a failure that came first after a silence nobody had looked either.
        Some(self.failing_since.filter(|since| *since - last_success < silence(interval)).unwrap_or(last_success))
    }

    /// From when on the last reading may not be relied on, if no other comes; `None` for a page that was never read.
    pub fn stale_from(&self, interval: TimeDelta) -> Option<DateTime<Utc>> {
        let silent = self.last_success? + silence(interval);
        Some(self.unreadable_from(interval).map_or(silent, |failing| failing.min(silent)))
    }

    /// From when on nobody looked, when the next look comes at `now` and so late that the page counted as stale. `None`
    /// for a page that was looked at, was never read, or is known to be unreadable.
    pub fn silent_since(&self, now: DateTime<Utc>, interval: TimeDelta) -> Option<DateTime<Utc>> {
        let last_success = self.last_success.filter(|_| self.unreadable_since.is_none())?;
        // A look that was cut off leaves its time, and no success.
        let heard = self.failing_since.map_or(Some(last_success), |_| self.last_attempt)?;
        (now - heard >= silence(interval)).then(|| self.failing_since.unwrap_or(last_success))
    }

    /// Whether the last reading may be relied on at `now`, for a page read every `interval`.
    pub fn freshness(&self, now: DateTime<Utc>, interval: TimeDelta) -> Freshness {
        let Some(last_success) = self.last_success else { return Freshness::Never };
        let failing = self.unreadable_from(interval).is_some_and(|from| now >= from);
        let silent = now - last_success >= silence(interval);
        if !failing && !silent {
            return Freshness::Fresh;
        }
        match self.failure.as_ref().map(|failure| failure.kind) {
            Some(FailureKind::Gone) => Freshness::Gone,
            Some(FailureKind::NotFound | FailureKind::Denied | FailureKind::Malformed | FailureKind::Unrecognised) => {
                Freshness::Unreadable
            }
            Some(FailureKind::Throttled | FailureKind::TimedOut | FailureKind::Unreachable) | None => Freshness::Stale,
        }
    }

    /// The v1 status at `now`.
    pub fn up_down(&self, now: DateTime<Utc>, interval: TimeDelta) -> UpDown {
        if self.freshness(now, interval) != Freshness::Fresh {
            return UpDown::Unknown;
        }
        match self.indicator {
            _ if self.open_incidents > 0 => UpDown::Degraded,
            Some(indicator) if indicator >= Indicator::Minor => UpDown::Degraded,
            Some(_) => UpDown::Up,
            None => UpDown::Unknown,
        }
    }
}

/// A sentence that says why a page's state is not known or may be old; `None` when it is simply known.
pub fn reason(state: &PageState, freshness: Freshness) -> Option<String> {
    if let Some(failure) = &state.failure {
        let what = match failure.kind {
            FailureKind::NotFound => "The page answers that it is not there",
            FailureKind::Gone => "The page says that it is gone",
            FailureKind::Denied => "The page refuses to be read",
            FailureKind::Throttled => "The page asks for fewer requests",
            FailureKind::TimedOut => "The page did not answer in time",
            FailureKind::Unreachable => "The page can't be reached",
            FailureKind::Malformed => "The page answers, but not as its platform promises",
            FailureKind::Unrecognised => "No known platform was recognised on the page",
        };
        return Some(format!("{what}: {}.", failure.detail));
    }
    match freshness {
        Freshness::Never => Some("The page has not been read yet.".to_owned()),
        Freshness::Fresh if state.indicator.is_none() && state.open_incidents == 0 => {
            Some("The page does not say whether all is well.".to_owned())
        }
        Freshness::Fresh => None,
        _ => Some("Nobody has looked at the page lately.".to_owned()),
    }
}

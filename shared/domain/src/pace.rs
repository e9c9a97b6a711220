//! When a page or a host is asked again: politeness as pure rules.
//!
//! Deliberately absent: the regular beat, which follows from a page's name and is computed where pages are dispatched.
//! Waits are spread by a hash of who waits and since when, so that the same moment gives the same answer.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{FetchError, FetchErrorKind, stable_hash, state::GRACE};

/// How a page stands off the regular beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Asked every minute: something is going on.
    Fast,
    /// Left alone until then: it fails for long, or its host asked for a pause.
    Later(DateTime<Utc>),
}

/// Longest wait on top of the interval in the first day of failing, and after it.
const LONGEST_WAIT: (TimeDelta, TimeDelta) = (TimeDelta::minutes(30), TimeDelta::hours(2));

/// When a page that fails is asked again; `None` is the regular beat, which lasts until the page is called stale.
///
/// Full jitter: the wait is drawn from nothing up to as long as it has failed, on top of the interval.
pub fn after_failure(
    page: &str,
    failing_since: DateTime<Utc>,
    throttled: bool,
    retry_after: Option<Duration>,
    now: DateTime<Utc>,
    interval: TimeDelta,
) -> Option<Lane> {
    let failing_for = now - failing_since;
    let wait = if let Some(asked) = retry_after {
        let asked = bounded(asked);
        asked.max(interval) + drawn(page, now, asked / 10)
    } else if throttled || failing_for >= GRACE.max(interval * 3) {
        let longest = if failing_for < TimeDelta::days(1) { LONGEST_WAIT.0 } else { LONGEST_WAIT.1 };
        interval + drawn(page, now, failing_for.clamp(interval, longest))
    } else {
        return None;
    };
    Some(Lane::Later(now + wait))
}

/// What a host asked for; a day at most.
fn bounded(asked: Duration) -> TimeDelta {
    TimeDelta::from_std(asked).map_or(TimeDelta::days(1), |asked| asked.min(TimeDelta::days(1)))
}

/// A span from nothing to `longest`, spread evenly over those who ask.
fn drawn(who: &str, now: DateTime<Utc>, longest: TimeDelta) -> TimeDelta {
    let longest = u64::try_from(longest.num_milliseconds()).unwrap_or(0);
    let hash = stable_hash(&format!("{who}/{}", now.timestamp_millis()));
    TimeDelta::milliseconds(i64::try_from(hash % (longest + 1)).unwrap_or(0))
}

/// A host's circuit breaker: several failures in a row, or its own word, keep everyone away from it for a while. Then one
/// request decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    /// Failures in a row.
    pub failures: u32,
    /// The last one, and until when it keeps us away.
    pub open: Option<(FetchErrorKind, DateTime<Utc>)>,
}

/// Failures in a row that open a breaker.
const FAILURES: u32 = 3;
/// Least and longest time that it stays open, unless the host asks for more.
const OPEN: (TimeDelta, TimeDelta) = (TimeDelta::seconds(30), TimeDelta::minutes(15));

impl Breaker {
    /// The failure that a request to `host` would meet at `now`, if it is to be left alone.
    pub fn refuses(&self, host: &str, now: DateTime<Utc>) -> Option<FetchError> {
        let (kind, until) = self.open.filter(|(_, until)| *until > now)?;
        Some(FetchError {
            kind,
            detail: format!("{host} is left alone for a while after {} failures", self.failures),
            retry_after: (until - now).to_std().ok(),
        })
    }

    /// The host answered.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// The host did not answer, or asked us to stay away.
    pub fn failed(&mut self, host: &str, error: &FetchError, now: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        let asked = error.retry_after.map(bounded);
        let ours = (self.failures >= FAILURES).then(|| {
            let doubled = OPEN.0 * 2_i32.pow((self.failures - FAILURES).min(8));
            OPEN.0 + drawn(host, now, doubled.min(OPEN.1 - OPEN.0))
        });
        // A host that always asks for no pause at all gets ours in the end.
        let Some(pause) = asked.max(ours) else { return };
        self.open = Some((error.kind, now + pause));
    }
}

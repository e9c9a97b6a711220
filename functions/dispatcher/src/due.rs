//! When a page is due, computed from its name alone.

use chrono::{DateTime, Utc};
use statusphere_domain::{PageId, stable_hash};

/// True when the page is due in one of the minutes `from..=to`: those in which minute + hash is a multiple of `interval`.
pub fn is_due(page: &PageId, from: DateTime<Utc>, to: DateTime<Utc>, interval: u32) -> bool {
    Beat::of(page.as_str(), 0, interval.into()).falls_in(from, to)
}

/// One minute in each interval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beat {
    offset: u64,
    /// In minutes, at least 1.
    interval: u64,
}

impl Beat {
    /// The beat of a name, or one that lies `ahead` minutes before it.
    pub(crate) fn of(name: &str, ahead: u64, interval: u64) -> Self {
        let interval = interval.max(1);
        Self { offset: (stable_hash(name) % interval + ahead) % interval, interval }
    }

    /// True when one of the minutes `from..=to` is on the beat.
    pub(crate) fn falls_in(self, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        let minute = |time: DateTime<Utc>| u64::try_from(time.timestamp().div_euclid(60)).unwrap_or(0);
        let (from, to) = (minute(from), minute(to));
        let wait = (self.interval - (from + self.offset) % self.interval) % self.interval;
        from <= to && from + wait <= to
    }
}

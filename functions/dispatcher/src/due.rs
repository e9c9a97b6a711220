//! When a page is due, computed from its name alone.

use chrono::{DateTime, Utc};
use statusphere_domain::{PageId, stable_hash};

/// True when the page is due in one of the minutes `from..=to`: those in which minute + hash is a multiple of `interval`.
pub fn is_due(page: &PageId, from: DateTime<Utc>, to: DateTime<Utc>, interval: u32) -> bool {
    let interval = u64::from(interval.max(1));
    let minute = |time: DateTime<Utc>| u64::try_from(time.timestamp().div_euclid(60)).unwrap_or(0);
    let (from, to) = (minute(from), minute(to));
    if to < from {
        return false;
    }
    let hash = stable_hash(page.as_str()) % interval;
    let wait = (interval - (from + hash) % interval) % interval;
    from + wait <= to
}

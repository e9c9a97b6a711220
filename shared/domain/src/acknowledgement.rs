//! How soon a vendor says something after an incident began.
//!
//! Deliberately absent: a judgement. Vendors date the beginning themselves, some when they noticed, some when it broke.

use crate::{Detail, Incident};

/// The time from the beginning of incidents to the vendor's first word, in whole seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Incidents whose whole timeline is known.
    pub count: usize,
    /// Half of them were acknowledged in this time; of an even number the middle of the two, cut to the second. `None`
    /// when there are none.
    pub median: Option<i64>,
    /// The longest that one took.
    pub longest: Option<i64>,
    /// Incidents of which the first word is not known.
    pub untold: usize,
}

/// Of these incidents. A word that is dated before the beginning took no time.
pub fn acknowledgement<'a>(incidents: impl IntoIterator<Item = &'a Incident>) -> Acknowledgement {
    let mut untold = 0;
    let mut took: Vec<i64> = Vec::new();
    for incident in incidents {
        let first = incident.updates.iter().map(|update| update.at).min();
        match first.filter(|_| incident.detail == Detail::Full) {
            Some(first) => took.push((first.timestamp() - incident.started_at.timestamp()).max(0)),
            None => untold += 1,
        }
    }
    took.sort_unstable();
    let upper = took.get(took.len() / 2);
    let lower = took.get(took.len().saturating_sub(1) / 2);
    let median = upper.zip(lower).map(|(upper, lower)| lower + (upper - lower) / 2);
    Acknowledgement { count: took.len(), median, longest: took.last().copied(), untold }
}

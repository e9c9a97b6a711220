//! Formats the table's keys; the only place that does.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use statusphere_domain::{Indicator, Item, ItemKey, Lane, PageId};

pub(crate) const STATE: &str = "STATE";
pub(crate) const COMPONENTS: &str = "COMPONENTS";
pub(crate) const LIVE: &str = "LIVE";
pub(crate) const DISPATCH: &str = "DISPATCH";
pub(crate) const OWN_PAGES: &str = "OWN_PAGES";
pub(crate) const INCIDENT_PREFIX: &str = "INC#";
pub(crate) const MAINTENANCE_PREFIX: &str = "MNT#";
pub(crate) const TRANSITION_PREFIX: &str = "TR#";
/// Hash key of `open` for incidents.
pub(crate) const OPEN_INCIDENTS: &str = "INC";
/// What precedes the day in the hash key of `open` for incidents that ended on it.
const ENDED_PREFIX: &str = "ENDED#";
/// An incident that ended longer ago is part of a page's history, and of no list.
const LATELY: TimeDelta = TimeDelta::days(1);
pub(crate) const BREAKER: &str = "BREAKER";
const HOST_PREFIX: &str = "HOST#";
const PAGE_PREFIX: &str = "PAGE#";

/// Longest vendor id that stands in a key as it is, in bytes.
const LONGEST_ID: usize = 200;
/// Longest range key of `by-start`: a time, a prefix and an id.
pub(crate) const LONGEST_START: usize = 40 + LONGEST_ID;

pub(crate) fn page(id: &PageId) -> String {
    format!("{PAGE_PREFIX}{id}")
}

pub(crate) fn host(host: &str) -> String {
    format!("{HOST_PREFIX}{host}")
}

/// The page of a partition key; `None` for the table's other partitions.
pub(crate) fn page_of(pk: &str) -> Option<PageId> {
    PageId::new(pk.strip_prefix(PAGE_PREFIX)?).ok()
}

pub(crate) fn item(key: &ItemKey) -> String {
    match key {
        ItemKey::Incident(id) => format!("{INCIDENT_PREFIX}{}", bounded(id)),
        ItemKey::Maintenance(id) => format!("{MAINTENANCE_PREFIX}{}", bounded(id)),
    }
}

fn bounded(id: &str) -> String {
    if !id.is_empty() && id.len() <= LONGEST_ID {
        return id.to_owned();
    }
    Sha256::digest(id.as_bytes()).iter().fold(String::from("sha256:"), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Steps are named by their time and by the item that is written with them.
pub(crate) fn transitions(at: DateTime<Utc>, with: &str) -> String {
    format!("{TRANSITION_PREFIX}{}#{with}", time(at))
}

/// Where the steps that were sure at `from` or later begin and end among a page's sort keys.
pub(crate) fn transitions_from(from: DateTime<Utc>) -> (String, String) {
    // The character after `#`.
    (format!("{TRANSITION_PREFIX}{}", time(from)), TRANSITION_PREFIX.replace('#', "$"))
}

/// When the steps of this sort key were sure.
pub(crate) fn sure_at(sk: &str) -> Option<DateTime<Utc>> {
    sk.strip_prefix(TRANSITION_PREFIX)?.split('#').next()?.parse().ok()
}

/// Range key of `by-start`.
pub(crate) fn start(item: &Item, sk: &str) -> String {
    format!("{}#{sk}", time(item.starts_at()))
}

/// Hash and range key of `open`: worst first, then oldest.
pub(crate) fn open(page: &PageId, item: &Item, sk: &str) -> (String, String) {
    let kind = match item {
        Item::Incident(_) => OPEN_INCIDENTS,
        Item::Maintenance(_) => "MNT",
    };
    let severity = match item.impact() {
        Indicator::None => 0,
        Indicator::Maintenance => 1,
        Indicator::Minor => 2,
        Indicator::Major => 3,
        Indicator::Critical => 4,
    };
    (kind.to_owned(), format!("{}#{}#{page}#{sk}", 9 - severity, time(item.starts_at())))
}

/// Hash and range key of `open` for an incident that was seen to end on the day when it did, or one later: that day's, in the
/// order of time. `None` for what is not an incident or ended long before anybody looked.
pub(crate) fn ended(page: &PageId, item: &Item, sk: &str, at: DateTime<Utc>) -> Option<(String, String)> {
    let Item::Incident(incident) = item else { return None };
    let end = incident.ended_at.or(incident.updates.last().map(|update| update.at))?;
    (end <= at && at - end <= LATELY).then(|| (ended_on(end.date_naive()), format!("{}#{page}#{sk}", time(end))))
}

/// Hash key of `open` for the incidents that ended on a day of UTC.
pub(crate) fn ended_on(day: NaiveDate) -> String {
    format!("{ENDED_PREFIX}{day}")
}

/// A moment as keys hold it: in milliseconds, and in the order of time.
pub(crate) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(crate) fn live(shard: usize) -> String {
    format!("{shard:04}")
}

/// The lanes off the regular beat, each a partition of the `lanes` index.
pub(crate) const LANES: [&str; 2] = ["fast", "later"];

/// Hash and range key of `lanes`.
pub(crate) fn lane(lane: Lane) -> (&'static str, String) {
    match lane {
        Lane::Fast => (LANES[0], "-".to_owned()),
        Lane::Later(until) => (LANES[1], time(until)),
    }
}

/// The lane of such keys; `None` is the regular beat.
pub(crate) fn lane_of(lane: Option<&str>, until: Option<&str>) -> Option<Lane> {
    match lane {
        Some("fast") => Some(Lane::Fast),
        Some("later") => until?.parse().ok().map(Lane::Later),
        _ => None,
    }
}

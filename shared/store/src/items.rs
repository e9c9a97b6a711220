//! Layouts of the table's items, schema version 1, and their conversion to and from the domain.
//!
//! Deliberately its own structs: a change of a domain type must not silently change what is stored.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use statusphere_domain::{Component, Failure, FailureKind, Indicator, ItemKey, PageState, Step};

use crate::{documents, keys};

/// Schema version of everything below.
pub(crate) const VERSION: u32 = 1;

/// Decompressed size of an item, at most; a guard against a broken or hostile item.
const LARGEST: usize = 16 * 1024 * 1024;
/// Of compression, up to 9.
const LEVEL: u8 = 6;

macro_rules! state_item {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Default, Serialize, Deserialize)]
        pub(crate) struct $name {
            $(#[serde(default, skip_serializing_if = "Option::is_none")] pub(crate) $field: Option<$type>,)*
        }
        impl $name {
            /// Every attribute that this writer owns, present or not.
            pub(crate) const ATTRIBUTES: &[&str] = &[$(stringify!($field)),*];
        }
    };
}

state_item! {
    /// The attributes of `STATE` that the current scrape owns. Times are milliseconds since 1970.
    ScrapeState {
        provider: String,
        page_key: String,
        url: String,
        moved_to: String,
        detected_at: i64,
        detected_with: u32,
        indicator: Indicator,
        open_incidents: u32,
        last_attempt: i64,
        last_success: i64,
        last_change: i64,
        failing_since: i64,
        unreadable_since: i64,
        failure_kind: FailureKind,
        failure_detail: String,
        reading_hash: String,
        lane: String,
        lane_until: String,
        paused_until: i64,
        busy: bool,
        unsettled: bool,
        turns_at: i64,
        documents: String,
        read_at: i64,
        robots_at: i64,
    }
}

state_item! {
    /// The attributes of `STATE` that the backfill owns.
    HistoryState {
        last_history: i64,
        history_attempt: i64,
        backfill: String,
    }
}

/// A whole `STATE` item.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct StateItem {
    #[serde(default)]
    pub(crate) version: u64,
    #[serde(flatten)]
    pub(crate) scrape: ScrapeState,
    #[serde(flatten)]
    pub(crate) history: HistoryState,
}

fn millis(time: Option<DateTime<Utc>>) -> Option<i64> {
    time.map(|time| time.timestamp_millis())
}

fn time(millis: Option<i64>) -> Option<DateTime<Utc>> {
    millis.and_then(DateTime::from_timestamp_millis)
}

impl From<&PageState> for ScrapeState {
    fn from(state: &PageState) -> Self {
        Self {
            provider: state.provider.clone(),
            page_key: state.key.clone(),
            url: state.url.clone(),
            moved_to: state.moved_to.clone(),
            detected_at: millis(state.detected_at),
            detected_with: state.detected_with,
            indicator: state.indicator,
            open_incidents: Some(state.open_incidents).filter(|n| *n > 0),
            last_attempt: millis(state.last_attempt),
            last_success: millis(state.last_success),
            last_change: millis(state.last_change),
            failing_since: millis(state.failing_since),
            unreadable_since: millis(state.unreadable_since),
            failure_kind: state.failure.as_ref().map(|failure| failure.kind),
            failure_detail: state.failure.as_ref().map(|failure| failure.detail.clone()),
            reading_hash: state.hash.clone(),
            lane: state.lane.map(|lane| keys::lane(lane).0.to_owned()),
            lane_until: state.lane.map(|lane| keys::lane(lane).1),
            paused_until: millis(state.paused_until),
            busy: Some(true).filter(|_| state.busy),
            unsettled: Some(true).filter(|_| state.unsettled),
            turns_at: millis(state.turns_at),
            documents: documents::write(state),
            read_at: millis(state.read_at),
            robots_at: millis(state.robots_at),
        }
    }
}

impl From<&PageState> for HistoryState {
    fn from(state: &PageState) -> Self {
        Self {
            last_history: millis(state.last_history),
            history_attempt: millis(state.history_attempt),
            backfill: state.backfill.clone(),
        }
    }
}

impl From<StateItem> for PageState {
    fn from(item: StateItem) -> Self {
        let StateItem { version, scrape, history } = item;
        let page = scrape.url.as_deref().unwrap_or_default();
        let documents = scrape.documents.map(|text| documents::read(&text, page)).unwrap_or_default();
        Self {
            version,
            provider: scrape.provider,
            key: scrape.page_key,
            url: scrape.url,
            moved_to: scrape.moved_to,
            detected_at: time(scrape.detected_at),
            detected_with: scrape.detected_with,
            indicator: scrape.indicator,
            open_incidents: scrape.open_incidents.unwrap_or_default(),
            last_attempt: time(scrape.last_attempt),
            last_success: time(scrape.last_success),
            last_change: time(scrape.last_change),
            failing_since: time(scrape.failing_since),
            unreadable_since: time(scrape.unreadable_since),
            failure: scrape
                .failure_kind
                .map(|kind| Failure { kind, detail: scrape.failure_detail.unwrap_or_default() }),
            hash: scrape.reading_hash,
            lane: keys::lane_of(scrape.lane.as_deref(), scrape.lane_until.as_deref()),
            paused_until: time(scrape.paused_until),
            busy: scrape.busy.unwrap_or_default(),
            unsettled: scrape.unsettled.unwrap_or_default(),
            turns_at: time(scrape.turns_at),
            documents,
            read_at: time(scrape.read_at),
            robots_at: time(scrape.robots_at),
            last_history: time(history.last_history),
            history_attempt: time(history.history_attempt),
            backfill: history.backfill,
        }
    }
}

/// An `INC#`, `MNT#`, `TR#` or `COMPONENTS` item: keys, index keys, and the deflated JSON of its value.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DataItem {
    pub(crate) pk: String,
    pub(crate) sk: String,
    pub(crate) v: u32,
    /// Time of the observation, milliseconds.
    pub(crate) at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seq: Option<u64>,
    /// True for what a first reading or the history brought: announced by nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) baseline: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) open: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rank: Option<String>,
    #[serde(with = "serde_bytes")]
    pub(crate) data: Vec<u8>,
}

/// What `COMPONENTS` holds.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct CurrentData {
    pub(crate) indicator: Option<Indicator>,
    pub(crate) components: Option<Vec<Component>>,
    /// Milliseconds since 1970, by the component's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) since: BTreeMap<String, i64>,
    pub(crate) open: Vec<ItemKey>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) pending: Vec<Step>,
}

/// Whole values at a time: a stream needs a window of its own for each, and most are smaller than that.
pub(crate) fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    let json = serde_json::to_vec(value).map_err(|error| error.to_string())?;
    Ok(compress_to_vec(&json, LEVEL))
}

pub(crate) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let json = decompress_to_vec_with_limit(bytes, LARGEST).map_err(|error| error.to_string())?;
    serde_json::from_slice(&json).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, compress_to_vec, pack, unpack};

    #[test]
    fn what_was_packed_comes_back_at_any_length() {
        for length in [0, 1, 30, 100_000] {
            let text = "parcel ".repeat(length);
            assert_eq!(unpack::<String>(&pack(&text).unwrap()).as_ref(), Ok(&text), "{length}");
        }
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let packed = pack(&"parcel ".repeat(50)).unwrap();
        for length in 0..packed.len() {
            unpack::<String>(&packed[..length]).unwrap_err();
        }
    }

    #[test]
    fn a_value_that_would_fill_the_memory_is_refused() {
        let bomb = compress_to_vec(&vec![b' '; LARGEST + 1], 6);
        unpack::<String>(&bomb).unwrap_err();
    }
}

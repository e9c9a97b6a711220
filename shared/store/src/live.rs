//! Live fields of all pages, packed into shards of about 1 KB that `api` reads whole.
//!
//! Only `publisher` writes them, from the stream; they may lag behind `STATE` by seconds and never lead it.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use statusphere_domain::{Failure, FailureKind, Indicator, PageId, PageState};

use crate::items::{VERSION, pack, unpack};
use crate::page::layout;
use crate::{Store, StoreError, Written, conditional, keys, service};

/// Pages with what is packed of them.
pub type Live = BTreeMap<PageId, LivePage>;

/// What is packed of one page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LivePage {
    /// Its state; hash, key and provider are not part of it.
    pub state: PageState,
    /// When a merge last found that the state means something else than before, a heartbeat does not count unless it ends a
    /// silence. `None` in a shard that was written before this was kept.
    pub changed_at: Option<DateTime<Utc>>,
}

/// After this long without a success, readers may have taken the page for silent; somewhat less than they wait, since what
/// they hold may be older than the shard.
const NEARLY_SILENT: TimeDelta = TimeDelta::minutes(25);

/// The shard of a page among so many.
#[expect(clippy::cast_possible_truncation, reason = "the remainder is below a usize")]
pub fn shard_of(id: &PageId, shards: usize) -> usize {
    (statusphere_domain::stable_hash(id.as_str()) % shards.max(1) as u64) as usize
}

/// One page in a shard, as an array to save bytes. Times are milliseconds since 1970.
#[derive(Debug, Serialize, Deserialize)]
struct Entry(
    u64,
    Option<Indicator>,
    u32,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<(FailureKind, String)>,
    Option<i64>,
    #[serde(default)] Option<i64>,
);

impl From<&LivePage> for Entry {
    fn from(page: &LivePage) -> Self {
        let state = &page.state;
        let millis = |time: Option<DateTime<Utc>>| time.map(|time| time.timestamp_millis());
        Self(
            state.version,
            state.indicator,
            state.open_incidents,
            millis(state.last_attempt),
            millis(state.last_success),
            millis(state.last_change),
            millis(state.failing_since),
            state.failure.as_ref().map(|failure| (failure.kind, failure.detail.clone())),
            millis(state.last_history),
            millis(page.changed_at),
        )
    }
}

impl From<Entry> for LivePage {
    fn from(entry: Entry) -> Self {
        let time = |millis: Option<i64>| millis.and_then(DateTime::from_timestamp_millis);
        let state = PageState {
            version: entry.0,
            indicator: entry.1,
            open_incidents: entry.2,
            last_attempt: time(entry.3),
            last_success: time(entry.4),
            last_change: time(entry.5),
            failing_since: time(entry.6),
            failure: entry.7.map(|(kind, detail)| Failure { kind, detail }),
            last_history: time(entry.8),
            ..PageState::default()
        };
        Self { state, changed_at: time(entry.9) }
    }
}

impl Store {
    /// The live state of every page. Costs half a read unit per 4 KB, about 4 for 1,500 pages.
    pub async fn live(&self) -> Result<Live, StoreError> {
        let query = self
            .client
            .query()
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(keys::LIVE.to_owned()));
        let mut live = Live::new();
        for item in self.all(query).await? {
            for (id, page) in read(&item)? {
                // In two shards while their number changes.
                if live.get(&id).is_none_or(|known: &LivePage| known.state.version < page.state.version) {
                    live.insert(id, page);
                }
            }
        }
        Ok(live)
    }

    /// Merges newer states into one shard. `Outdated`: another writer was faster; call again. `clock` is asked just before
    /// the write, so that nobody who read the shard later finds an earlier change in it.
    pub async fn merge_live(
        &self,
        shard: usize,
        states: BTreeMap<PageId, PageState>,
        clock: impl Fn() -> DateTime<Utc>,
    ) -> Result<Written, StoreError> {
        let sk = keys::live(shard);
        let output = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("pk", AttributeValue::S(keys::LIVE.to_owned()))
            .key("sk", AttributeValue::S(sk.clone()))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(service("GetItem"))?;
        self.count_read(output.consumed_capacity());
        let (mut live, version) = match &output.item {
            Some(item) => (read(item)?, item.get("version").cloned()),
            None => (Live::new(), None),
        };
        if !merge(&mut live, states, clock()) {
            return Ok(Written::Yes);
        }
        let entries: BTreeMap<&PageId, Entry> = live.iter().map(|(id, page)| (id, page.into())).collect();
        let data = pack(&entries).map_err(|why| layout(keys::LIVE, &sk, why))?;
        let old: u64 = version.as_ref().and_then(|v| v.as_n().ok()).and_then(|n| n.parse().ok()).unwrap_or(0);
        let mut call = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", AttributeValue::S(keys::LIVE.to_owned()))
            .item("sk", AttributeValue::S(sk))
            .item("v", AttributeValue::N(VERSION.to_string()))
            .item("version", AttributeValue::N((old + 1).to_string()))
            .item("data", AttributeValue::B(data.into()))
            .expression_attribute_names("#version", "version")
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        call = match version {
            Some(version) => {
                call.condition_expression("#version = :version").expression_attribute_values(":version", version)
            }
            None => call.condition_expression("attribute_not_exists(#version)"),
        };
        let Some(output) = conditional("PutItem", call.send().await)? else { return Ok(Written::Outdated) };
        self.count_write(output.consumed_capacity());
        Ok(Written::Yes)
    }
}

fn read(item: &std::collections::HashMap<String, AttributeValue>) -> Result<Live, StoreError> {
    let sk = item.get("sk").and_then(|sk| sk.as_s().ok()).map_or("?", String::as_str);
    let data = item.get("data").and_then(|data| data.as_b().ok()).ok_or_else(|| layout(keys::LIVE, sk, "no data"))?;
    let entries: BTreeMap<PageId, Entry> = unpack(data.as_ref()).map_err(|why| layout(keys::LIVE, sk, why))?;
    Ok(entries.into_iter().map(|(id, entry)| (id, entry.into())).collect())
}

/// Of two states of a page the one with the higher version stays; tells whether one was replaced.
fn merge(live: &mut Live, newer: BTreeMap<PageId, PageState>, now: DateTime<Utc>) -> bool {
    let mut merged = false;
    for (id, state) in newer {
        let known = live.get(&id);
        if known.is_none_or(|known| known.state.version < state.version) {
            let same =
                known.filter(|known| says(&known.state) == says(&state) && !ends_silence(&known.state, &state, now));
            let changed_at = same.and_then(|known| known.changed_at).or(Some(now));
            live.insert(id, LivePage { state, changed_at });
            merged = true;
        }
    }
    merged
}

/// What a state means to those who ask what changed.
fn says(state: &PageState) -> impl PartialEq {
    let failure = state.failure.as_ref().map(|failure| failure.kind);
    (state.indicator, state.open_incidents, state.last_change, state.failing_since.is_some(), failure)
}

/// Whether a page is read again that may have counted as stale, by its failures or by our own silence, with nothing else
/// to show for it.
fn ends_silence(old: &PageState, new: &PageState, now: DateTime<Utc>) -> bool {
    let silent = old.last_success.is_none_or(|last| now - last >= NEARLY_SILENT);
    old.last_success != new.last_success && (silent || old.failing_since.is_some())
}

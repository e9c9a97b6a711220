//! Live fields of all pages, packed into shards of about 1 KB that `api` reads whole.
//!
//! Only `publisher` writes them, from the stream; they may lag behind `STATE` by seconds and never lead it.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use statusphere_domain::{Failure, FailureKind, Indicator, PageId, PageState};

use crate::items::{VERSION, pack, unpack};
use crate::page::layout;
use crate::{Store, StoreError, Written, conditional, keys, service};

/// Pages with their live state. Hash, key and provider are not part of it.
pub type Live = BTreeMap<PageId, PageState>;

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
);

impl From<&PageState> for Entry {
    fn from(state: &PageState) -> Self {
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
        )
    }
}

impl From<Entry> for PageState {
    fn from(entry: Entry) -> Self {
        let time = |millis: Option<i64>| millis.and_then(DateTime::from_timestamp_millis);
        Self {
            version: entry.0,
            indicator: entry.1,
            open_incidents: entry.2,
            last_attempt: time(entry.3),
            last_success: time(entry.4),
            last_change: time(entry.5),
            failing_since: time(entry.6),
            failure: entry.7.map(|(kind, detail)| Failure { kind, detail }),
            last_history: time(entry.8),
            ..Self::default()
        }
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
            merge(&mut live, read(&item)?);
        }
        Ok(live)
    }

    /// Merges newer states into one shard. `Outdated`: another writer was faster; call again.
    pub async fn merge_live(&self, shard: usize, states: Live) -> Result<Written, StoreError> {
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
        let before = live.clone();
        merge(&mut live, states);
        if live == before {
            return Ok(Written::Yes);
        }
        let entries: BTreeMap<&PageId, Entry> = live.iter().map(|(id, state)| (id, state.into())).collect();
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

/// Of two states of a page the one with the higher version stays.
fn merge(live: &mut Live, newer: Live) {
    for (id, state) in newer {
        if live.get(&id).is_none_or(|known| known.version < state.version) {
            live.insert(id, state);
        }
    }
}

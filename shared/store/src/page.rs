//! Reads and writes what stands under one page.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnConsumedCapacity};
use chrono::{DateTime, Utc};
use serde::Serialize;
use statusphere_domain::{Component, Item, ItemKey, PageId, PageState, Transition};

use crate::items::{CurrentData, DataItem, HistoryState, ScrapeState, StateItem, VERSION, pack, unpack};
use crate::{Store, StoreError, Written, conditional, keys, service};

/// Bytes of an item's packed value, at most: DynamoDB takes 400 KB with all keys and names.
const LARGEST: usize = 390 * 1024;
/// Items of one `BatchGetItem`, at most.
const BATCH: usize = 100;

/// What `COMPONENTS` says of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Current {
    /// Components as last read; `None` when none were ever read.
    pub components: Option<Vec<Component>>,
    /// Everything that is not over.
    pub open: BTreeSet<ItemKey>,
}

/// A stored incident or maintenance with its sequence number.
pub type Stored = BTreeMap<ItemKey, (Item, u64)>;

type Attributes = HashMap<String, AttributeValue>;

impl Store {
    /// The page's state; the default one when nothing was ever written. Costs half a read unit.
    pub async fn state(&self, id: &PageId) -> Result<PageState, StoreError> {
        self.read_state(id, false).await
    }

    /// The page's state as the last write left it, for a step that builds on the one before. Costs a whole read unit.
    pub async fn latest_state(&self, id: &PageId) -> Result<PageState, StoreError> {
        self.read_state(id, true).await
    }

    async fn read_state(&self, id: &PageId, consistent: bool) -> Result<PageState, StoreError> {
        let pk = keys::page(id);
        let Some(item) = self.get(&pk, keys::STATE, consistent).await? else { return Ok(PageState::default()) };
        let item: StateItem = serde_dynamo::from_item(item).map_err(|why| layout(&pk, keys::STATE, why))?;
        Ok(item.into())
    }

    /// Writes the attributes of `STATE` that the scrape owns, unless a newer attempt is stored.
    pub async fn put_scrape(&self, id: &PageId, state: &PageState) -> Result<Written, StoreError> {
        let at = state.last_attempt.map(|at| AttributeValue::N(at.timestamp_millis().to_string()));
        self.update_state(id, &ScrapeState::from(state), ScrapeState::ATTRIBUTES, at).await
    }

    /// Writes the attributes of `STATE` that the backfill owns.
    pub async fn put_history(&self, id: &PageId, state: &PageState) -> Result<Written, StoreError> {
        self.update_state(id, &HistoryState::from(state), HistoryState::ATTRIBUTES, None).await
    }

    async fn update_state<T: Serialize>(
        &self,
        id: &PageId,
        state: &T,
        attributes: &[&str],
        at: Option<AttributeValue>,
    ) -> Result<Written, StoreError> {
        let pk = keys::page(id);
        let values: Attributes = serde_dynamo::to_item(state).map_err(|why| layout(&pk, keys::STATE, why))?;
        let (set, remove): (Vec<&str>, Vec<&str>) = attributes.iter().partition(|name| values.contains_key(**name));
        let mut expression = String::from("SET v = :v, version = if_not_exists(version, :zero) + :one");
        for name in &set {
            let _ = write!(expression, ", #{name} = :{name}");
        }
        for (n, name) in remove.iter().enumerate() {
            let _ = write!(expression, "{} #{name}", if n == 0 { " REMOVE" } else { "," });
        }
        let mut call = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", AttributeValue::S(pk))
            .key("sk", AttributeValue::S(keys::STATE.to_owned()))
            .update_expression(expression)
            .expression_attribute_values(":v", AttributeValue::N(VERSION.to_string()))
            .expression_attribute_values(":zero", AttributeValue::N("0".to_owned()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        for name in attributes {
            call = call.expression_attribute_names(format!("#{name}"), *name);
        }
        for (name, value) in values {
            call = call.expression_attribute_values(format!(":{name}"), value);
        }
        if let Some(at) = at {
            call = call
                .condition_expression("attribute_not_exists(#last_attempt) OR #last_attempt <= :at")
                .expression_attribute_values(":at", at);
        }
        let Some(output) = conditional("UpdateItem", call.send().await)? else { return Ok(Written::Outdated) };
        self.count_write(output.consumed_capacity());
        Ok(Written::Yes)
    }

    /// Components and the keys of what is not over. Costs half a read unit per 4 KB.
    pub async fn current(&self, id: &PageId) -> Result<Current, StoreError> {
        let pk = keys::page(id);
        let Some(item) = self.get(&pk, keys::COMPONENTS, false).await? else { return Ok(Current::default()) };
        let data: CurrentData = read_data(item)?.1;
        Ok(Current { components: data.components, open: data.open.into_iter().collect() })
    }

    /// Writes components and the keys of what is not over, unless a newer observation is stored.
    pub async fn put_current(&self, id: &PageId, current: &Current, at: DateTime<Utc>) -> Result<Written, StoreError> {
        let data = CurrentData { components: current.components.clone(), open: current.open.iter().cloned().collect() };
        self.put(data_item(keys::page(id), keys::COMPONENTS.to_owned(), at, &data)?).await
    }

    /// The stored ones of these items. Costs half a read unit an item.
    pub async fn items(&self, id: &PageId, wanted: impl IntoIterator<Item = &ItemKey>) -> Result<Stored, StoreError> {
        let pk = keys::page(id);
        let sort_keys: BTreeSet<String> = wanted.into_iter().map(keys::item).collect();
        let mut found = Stored::new();
        let mut waiting: Vec<Attributes> = sort_keys.into_iter().map(|sk| key(&pk, &sk)).collect();
        while !waiting.is_empty() {
            let batch = waiting.split_off(waiting.len().saturating_sub(BATCH));
            let request = KeysAndAttributes::builder()
                .set_keys(Some(batch))
                .build()
                .map_err(|error| StoreError::Service { operation: "BatchGetItem", message: error.to_string() })?;
            let output = self
                .client
                .batch_get_item()
                .request_items(&self.table, request)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(service("BatchGetItem"))?;
            output.consumed_capacity().iter().for_each(|capacity| self.count_read(Some(capacity)));
            for item in output.responses.and_then(|mut tables| tables.remove(&self.table)).unwrap_or_default() {
                let (item, value) = read_data::<Item>(item)?;
                found.insert(value.key(), (value, item.seq.unwrap_or(1)));
            }
            let unprocessed = output.unprocessed_keys.and_then(|mut tables| tables.remove(&self.table));
            waiting.extend(unprocessed.map(|keys| keys.keys).unwrap_or_default());
        }
        Ok(found)
    }

    /// Writes an incident or a maintenance, unless a newer observation is stored. `baseline`: announced by nothing.
    pub async fn put_item(
        &self,
        id: &PageId,
        item: &Item,
        sequence: u64,
        at: DateTime<Utc>,
        baseline: bool,
    ) -> Result<Written, StoreError> {
        let sk = keys::item(&item.key());
        let mut row = data_item(keys::page(id), sk.clone(), at, item)?;
        row.seq = Some(sequence);
        row.baseline = baseline;
        row.page = Some(id.to_string());
        row.start = Some(keys::start(item, &sk));
        if item.is_open() {
            let (open, rank) = keys::open(id, item, &sk);
            (row.open, row.rank) = (Some(open), Some(rank));
        }
        self.put(row).await
    }

    /// Writes the steps that one scrape saw. `sequence` is the scrape's own; the same scrape twice is one item.
    pub async fn put_transitions(
        &self,
        id: &PageId,
        transitions: &[Transition],
        sequence: u64,
        at: DateTime<Utc>,
        baseline: bool,
    ) -> Result<Written, StoreError> {
        let mut row = data_item(keys::page(id), keys::transitions(sequence), at, &transitions)?;
        row.baseline = baseline;
        self.put(row).await
    }

    async fn put(&self, item: DataItem) -> Result<Written, StoreError> {
        let at = AttributeValue::N(item.at.to_string());
        let attributes: Attributes = serde_dynamo::to_item(&item).map_err(|why| layout(&item.pk, &item.sk, why))?;
        let sent = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(attributes))
            .condition_expression("attribute_not_exists(#at) OR #at <= :at")
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":at", at)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        let Some(output) = conditional("PutItem", sent)? else { return Ok(Written::Outdated) };
        self.count_write(output.consumed_capacity());
        Ok(Written::Yes)
    }

    pub(crate) async fn get(&self, pk: &str, sk: &str, consistent: bool) -> Result<Option<Attributes>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(pk, sk)))
            .consistent_read(consistent)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(service("GetItem"))?;
        self.count_read(output.consumed_capacity());
        Ok(output.item)
    }
}

fn key(pk: &str, sk: &str) -> Attributes {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(pk.to_owned())),
        ("sk".to_owned(), AttributeValue::S(sk.to_owned())),
    ])
}

fn data_item<T: Serialize>(pk: String, sk: String, at: DateTime<Utc>, value: &T) -> Result<DataItem, StoreError> {
    let data = pack(value).map_err(|why| layout(&pk, &sk, why))?;
    if data.len() > LARGEST {
        return Err(StoreError::TooLarge { pk, sk });
    }
    Ok(DataItem {
        pk,
        sk,
        v: VERSION,
        at: at.timestamp_millis(),
        seq: None,
        baseline: false,
        page: None,
        start: None,
        open: None,
        rank: None,
        data,
    })
}

/// An item's row and its unpacked value.
pub(crate) fn read_data<T: serde::de::DeserializeOwned>(
    attributes: impl Into<serde_dynamo::Item>,
) -> Result<(DataItem, T), StoreError> {
    let attributes: serde_dynamo::Item = attributes.into();
    let text = |name: &str| match attributes.get(name) {
        Some(serde_dynamo::AttributeValue::S(text)) => text.clone(),
        _ => "?".to_owned(),
    };
    let (pk, sk) = (text("pk"), text("sk"));
    let item: DataItem = serde_dynamo::from_item(attributes).map_err(|why| layout(&pk, &sk, why))?;
    if item.v != VERSION {
        return Err(layout(&item.pk, &item.sk, format!("schema version {}", item.v)));
    }
    let value = unpack(&item.data).map_err(|why| layout(&item.pk, &item.sk, why))?;
    Ok((item, value))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
pub(crate) fn layout(pk: &str, sk: &str, why: impl ToString) -> StoreError {
    StoreError::Layout { pk: pk.to_owned(), sk: sk.to_owned(), why: why.to_string() }
}

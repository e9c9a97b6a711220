//! Reads and writes incidents and maintenances, and rows in general.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, Put, ReturnConsumedCapacity};
use chrono::{DateTime, Utc};
use serde::Serialize;
use statusphere_domain::{Item, ItemKey, PageId};

use crate::items::{DataItem, VERSION, pack, unpack};
use crate::{Store, StoreError, Written, conditional, keys, service};

/// Bytes of an item's packed value, at most: DynamoDB takes 400 KB with all keys and names.
const LARGEST: usize = 390 * 1024;
/// Items of one `BatchGetItem`, at most.
const BATCH: usize = 100;
/// Before items that the table did not get round to are asked for again.
const PAUSE: Duration = Duration::from_millis(100);

/// A stored incident or maintenance with its sequence number.
pub type Stored = BTreeMap<ItemKey, (Item, u64)>;

pub(crate) type Attributes = HashMap<String, AttributeValue>;

impl Store {
    /// The stored ones of these items. Costs half a read unit an item.
    pub async fn items(&self, id: &PageId, wanted: impl IntoIterator<Item = &ItemKey>) -> Result<Stored, StoreError> {
        let pk = keys::page(id);
        let sort_keys: BTreeSet<String> = wanted.into_iter().map(keys::item).collect();
        let mut found = Stored::new();
        for item in self.batch(sort_keys.iter().map(|sk| key(&pk, sk)).collect()).await? {
            let (item, value) = read_data::<Item>(item)?;
            found.insert(value.key(), (value, item.seq.unwrap_or(1)));
        }
        Ok(found)
    }

    /// The stored ones of these items, in no order. What can't be read is logged and left out. Costs half a read unit an item.
    pub async fn shown(
        &self,
        id: &PageId,
        wanted: impl IntoIterator<Item = &ItemKey>,
    ) -> Result<Vec<Item>, StoreError> {
        let pk = keys::page(id);
        let sort_keys: BTreeSet<String> = wanted.into_iter().map(keys::item).collect();
        let items = self.batch(sort_keys.iter().map(|sk| key(&pk, sk)).collect()).await?;
        Ok(readable(items).map(|(_, item)| item).collect())
    }

    /// One stored incident or maintenance with its sequence number. Costs half a read unit.
    pub async fn item(&self, id: &PageId, wanted: &ItemKey) -> Result<Option<(Item, u64)>, StoreError> {
        let Some(item) = self.get(&keys::page(id), &keys::item(wanted), false).await? else { return Ok(None) };
        let (item, value) = read_data(item)?;
        Ok(Some((value, item.seq.unwrap_or(1))))
    }

    /// What is stored under these keys, no two of them the same; in any order.
    pub(crate) async fn batch(&self, mut waiting: Vec<Attributes>) -> Result<Vec<Attributes>, StoreError> {
        let mut found = Vec::new();
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
            found.extend(output.responses.and_then(|mut tables| tables.remove(&self.table)).unwrap_or_default());
            let unprocessed = output.unprocessed_keys.and_then(|mut tables| tables.remove(&self.table));
            let unprocessed = unprocessed.map(|keys| keys.keys).unwrap_or_default();
            if !unprocessed.is_empty() {
                tokio::time::sleep(PAUSE).await;
            }
            waiting.extend(unprocessed);
        }
        Ok(found)
    }

    /// Writes an incident or a maintenance with its next sequence number, unless that one is taken or a newer observation
    /// is stored. `baseline`: announced by nothing.
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
        let listed = match (item.is_open(), baseline) {
            (true, _) => Some(keys::open(id, item, &sk)),
            (false, false) => keys::ended(id, item, &sk, at),
            // What was over when the page was first read.
            (false, true) => None,
        };
        (row.open, row.rank) = listed.unzip();
        self.put(row).await
    }

    /// Writes a row whose sequence goes on from the stored one, unless somebody else was faster or saw something newer.
    pub(crate) async fn put(&self, item: DataItem) -> Result<Written, StoreError> {
        let put = self.numbered(&item)?;
        let sent = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(put.item))
            .set_condition_expression(put.condition_expression)
            .set_expression_attribute_names(put.expression_attribute_names)
            .set_expression_attribute_values(put.expression_attribute_values)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        let Some(output) = conditional("PutItem", sent)? else { return Ok(Written::Outdated) };
        self.count_write(output.consumed_capacity());
        Ok(Written::Yes)
    }

    /// The same write as part of a transaction.
    pub(crate) fn numbered(&self, item: &DataItem) -> Result<Put, StoreError> {
        let number = |number: String| AttributeValue::N(number);
        let (at, seq) = (number(item.at.to_string()), number(item.seq.unwrap_or(1).to_string()));
        let built = self
            .unconditional(item)?
            .condition_expression("attribute_not_exists(pk) OR (#seq < :seq AND #at <= :at)")
            .expression_attribute_names("#at", "at")
            .expression_attribute_names("#seq", "seq")
            .expression_attribute_values(":at", at)
            .expression_attribute_values(":seq", seq)
            .build();
        built.map_err(|error| StoreError::Service { operation: "PutItem", message: error.to_string() })
    }

    /// A write of a row that nobody else writes.
    pub(crate) fn unconditional(&self, item: &DataItem) -> Result<PutBuilder, StoreError> {
        let attributes: Attributes = serde_dynamo::to_item(item).map_err(|why| layout(&item.pk, &item.sk, why))?;
        Ok(Put::builder().table_name(&self.table).set_item(Some(attributes)))
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

pub(crate) fn key(pk: &str, sk: &str) -> Attributes {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(pk.to_owned())),
        ("sk".to_owned(), AttributeValue::S(sk.to_owned())),
    ])
}

pub(crate) fn data_item<T: Serialize>(
    pk: String,
    sk: String,
    at: DateTime<Utc>,
    value: &T,
) -> Result<DataItem, StoreError> {
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

/// The rows of a list that can be read. One that can't is logged and left out: it must not hide the others.
pub(crate) fn readable<T: serde::de::DeserializeOwned>(rows: Vec<Attributes>) -> impl Iterator<Item = (DataItem, T)> {
    rows.into_iter().filter_map(|row| read_data(row).inspect_err(left_out).ok())
}

pub(crate) fn left_out(error: &StoreError) {
    tracing::error!(%error, "An item of a list can't be read, and is left out.");
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
pub(crate) fn layout(pk: &str, sk: &str, why: impl ToString) -> StoreError {
    StoreError::Layout { pk: pk.to_owned(), sk: sk.to_owned(), why: why.to_string() }
}

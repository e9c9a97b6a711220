//! Lists of a page's incidents and maintenances.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use statusphere_domain::{Item, PageId};

use crate::page::read_data;
use crate::{Store, StoreError, keys, service};

/// Which items of a page, and where to start.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// Items to read in this call, at most.
    pub limit: Option<i32>,
    /// Where an earlier call stopped.
    pub cursor: Option<String>,
}

/// A part of a page's timeline, newest start first.
#[derive(Debug, Clone, Default)]
pub struct Slice {
    /// Incidents and maintenances, each with its sequence number and its own cursor: one that goes on after it.
    pub items: Vec<(Item, u64, String)>,
    /// True when there is more.
    pub more: bool,
}

impl Store {
    /// A page's incidents and maintenances, newest start first. Costs half a read unit per 4 KB.
    pub async fn timeline(&self, id: &PageId, wanted: &Timeline) -> Result<Slice, StoreError> {
        let mut call = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by-start")
            .key_condition_expression("page = :page")
            .expression_attribute_values(":page", AttributeValue::S(id.to_string()))
            .scan_index_forward(false)
            .set_limit(wanted.limit)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if let Some(cursor) = &wanted.cursor {
            let (start, sk) = read_cursor(id, cursor).ok_or(StoreError::Cursor)?;
            call = call
                .exclusive_start_key("page", AttributeValue::S(id.to_string()))
                .exclusive_start_key("start", AttributeValue::S(start))
                .exclusive_start_key("pk", AttributeValue::S(keys::page(id)))
                .exclusive_start_key("sk", AttributeValue::S(sk));
        }
        let output = call.send().await.map_err(service("Query"))?;
        self.count_read(output.consumed_capacity());
        let mut slice = Slice { items: Vec::new(), more: output.last_evaluated_key.is_some() };
        for attributes in output.items.unwrap_or_default() {
            let (row, item) = read_data::<Item>(attributes)?;
            let cursor = write_cursor(id, &row.start.unwrap_or_default());
            slice.items.push((item, row.seq.unwrap_or(1), cursor));
        }
        Ok(slice)
    }

    /// All maintenances of a page, in no order. Costs half a read unit per 4 KB.
    pub async fn maintenances(&self, id: &PageId) -> Result<Vec<Item>, StoreError> {
        let query = self
            .client
            .query()
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(keys::page(id)))
            .expression_attribute_values(":prefix", AttributeValue::S(keys::MAINTENANCE_PREFIX.to_owned()));
        self.all(query).await?.into_iter().map(|attributes| Ok(read_data::<Item>(attributes)?.1)).collect()
    }
}

/// The page and the item's range key, which ends with its sort key.
fn write_cursor(id: &PageId, start: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{id}\n{start}"))
}

/// The range key and the sort key that a cursor of this page names.
fn read_cursor(id: &PageId, text: &str) -> Option<(String, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (page, start) = std::str::from_utf8(&bytes).ok()?.split_once('\n')?;
    let (_, sk) = start.split_once('#')?;
    let known = sk.starts_with(keys::INCIDENT_PREFIX) || sk.starts_with(keys::MAINTENANCE_PREFIX);
    let ours = page == id.as_str() && start.len() <= keys::LONGEST_START;
    (known && ours).then(|| (start.to_owned(), sk.to_owned()))
}

//! Lists of a page's incidents and maintenances.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use statusphere_domain::{Item, PageId};

use crate::page::{key, readable};
use crate::{Store, StoreError, keys};

/// Which items of a page, and where to start.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// Items to read in this call, at most.
    pub limit: Option<i32>,
    /// Where an earlier call stopped; of a list with the same bounds.
    pub cursor: Option<String>,
    /// Those that start then or later, to the millisecond.
    pub from: Option<DateTime<Utc>>,
    /// Those that start earlier.
    pub to: Option<DateTime<Utc>>,
    /// Planned work alone. What is left out is read by the table all the same, and costs as much; it is not sent.
    pub planned: bool,
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
    /// A page's incidents and maintenances, newest start first. What can't be read is logged and left out, so that there
    /// may be fewer than the limit; there is more only where there is one. Costs half a read unit per 4 KB.
    pub async fn timeline(&self, id: &PageId, wanted: &Timeline) -> Result<Slice, StoreError> {
        let (from, to) = (wanted.from.map(keys::time), wanted.to.map(keys::time));
        let mut start = None;
        if let Some(cursor) = &wanted.cursor {
            let inside = |start: &String| {
                from.as_ref().is_none_or(|from| start >= from) && to.as_ref().is_none_or(|to| start < to)
            };
            let (at, sk) = read_cursor(id, cursor).filter(|(at, _)| inside(at)).ok_or(StoreError::Cursor)?;
            let mut key = key(&keys::page(id), &sk);
            key.extend([
                ("page".to_owned(), AttributeValue::S(id.to_string())),
                ("start".to_owned(), AttributeValue::S(at)),
            ]);
            start = Some(key);
        }
        // The table refuses a range that ends before it begins.
        if from.as_ref().zip(to.as_ref()).is_some_and(|(from, to)| from >= to) {
            return Ok(Slice::default());
        }
        let mut query = self.by_start(id, from, to).scan_index_forward(false).set_limit(wanted.limit);
        if wanted.planned {
            let prefix = AttributeValue::S(keys::MAINTENANCE_PREFIX.to_owned());
            query =
                query.filter_expression("begins_with(sk, :planned)").expression_attribute_values(":planned", prefix);
        }
        loop {
            let output = self.once(query.clone().set_exclusive_start_key(start)).await?;
            let items = readable(output.items.unwrap_or_default()).map(|(row, item)| {
                let cursor = write_cursor(id, &row.start.unwrap_or_default());
                (item, row.seq.unwrap_or(1), cursor)
            });
            let slice = Slice { items: items.collect(), more: output.last_evaluated_key.is_some() };
            // Without an item there is no cursor that leads on.
            if !slice.more || !slice.items.is_empty() {
                return Ok(slice);
            }
            start = output.last_evaluated_key;
        }
    }

    /// A query for what starts in this range. A whole range key begins with its time and goes on, so that it never is one.
    fn by_start(&self, id: &PageId, from: Option<String>, to: Option<String>) -> QueryFluentBuilder {
        let range = match (&from, &to) {
            (None, None) => "",
            (Some(_), None) => " AND #start >= :from",
            (None, Some(_)) => " AND #start < :to",
            (Some(_), Some(_)) => " AND #start BETWEEN :from AND :to",
        };
        let mut query = self
            .client
            .query()
            .index_name("by-start")
            .key_condition_expression(format!("page = :page{range}"))
            .expression_attribute_values(":page", AttributeValue::S(id.to_string()));
        if !range.is_empty() {
            query = query.expression_attribute_names("#start", "start");
        }
        for (name, bound) in [(":from", from), (":to", to)] {
            if let Some(bound) = bound {
                query = query.expression_attribute_values(name, AttributeValue::S(bound));
            }
        }
        query
    }

    /// All maintenances of a page, in no order. What can't be read is logged and left out. Costs half a read unit per 4 KB.
    pub async fn maintenances(&self, id: &PageId) -> Result<Vec<Item>, StoreError> {
        let query = self
            .client
            .query()
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(keys::page(id)))
            .expression_attribute_values(":prefix", AttributeValue::S(keys::MAINTENANCE_PREFIX.to_owned()));
        Ok(readable(self.all(query).await?).map(|(_, item)| item).collect())
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

//! A page's steps since a moment: what its uptime is computed from.
//!
//! Deliberately absent: what follows from them, which is `uptime` in `domain`; the steps that still wait to be sure, which
//! are a part of [`crate::Current`].

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use statusphere_domain::{PageId, Step};

use crate::page::readable;
use crate::{Store, StoreError, keys};

impl Store {
    /// The page's steps that were sure at `from` or later, in that order. They may have been seen first before that. What
    /// can't be read is logged and left out. Costs half a read unit per 4 KB.
    pub async fn history(&self, id: &PageId, from: DateTime<Utc>) -> Result<Vec<Step>, StoreError> {
        let rows = self.all(self.steps_since(id, from)).await?;
        Ok(readable::<Vec<Step>>(rows).flat_map(|(_, steps)| steps).collect())
    }

    /// When the first of all of the page's steps was sure; `None` when there is none. Costs half a read unit.
    pub async fn begun(&self, id: &PageId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let first = self.once(self.steps_since(id, DateTime::<Utc>::UNIX_EPOCH).limit(1)).await?;
        let first = first.items.unwrap_or_default();
        let sk = first.first().and_then(|item| item.get("sk")?.as_s().ok());
        Ok(sk.and_then(|sk| keys::sure_at(sk)))
    }

    fn steps_since(&self, id: &PageId, from: DateTime<Utc>) -> QueryFluentBuilder {
        let (begin, end) = keys::transitions_from(from);
        self.client
            .query()
            .key_condition_expression("pk = :pk AND sk BETWEEN :begin AND :end")
            .expression_attribute_values(":pk", AttributeValue::S(keys::page(id)))
            .expression_attribute_values(":begin", AttributeValue::S(begin))
            .expression_attribute_values(":end", AttributeValue::S(end))
    }
}

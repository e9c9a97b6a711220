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

/// What is kept of a page's past.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// When the first of all of the page's steps was sure; `None` when there is none.
    pub first: Option<DateTime<Utc>>,
    /// Those since a moment, in the order in which they were sure.
    pub steps: Vec<Step>,
}

impl Store {
    /// The page's steps that were sure at `from` or later. They may have been seen first before that. What can't be read is
    /// logged and left out. Costs half a read unit per 4 KB, and another half.
    pub async fn history(&self, id: &PageId, from: DateTime<Utc>) -> Result<History, StoreError> {
        let pk = AttributeValue::S(keys::page(id));
        let (begin, end) = keys::transitions_from(from);
        let since = self.steps_of(&pk, &begin, &end);
        let (first, _) = keys::transitions_from(DateTime::<Utc>::UNIX_EPOCH);
        let first = self.steps_of(&pk, &first, &end).limit(1);
        let (first, since) = tokio::try_join!(Box::pin(self.once(first)), Box::pin(self.all(since)))?;
        let first = first.items.unwrap_or_default();
        let first = first.first().and_then(|item| item.get("sk")?.as_s().ok());
        Ok(History {
            first: first.and_then(|sk| keys::sure_at(sk)),
            steps: readable::<Vec<Step>>(since).flat_map(|(_, steps)| steps).collect(),
        })
    }

    fn steps_of(&self, pk: &AttributeValue, begin: &str, end: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .key_condition_expression("pk = :pk AND sk BETWEEN :begin AND :end")
            .expression_attribute_values(":pk", pk.clone())
            .expression_attribute_values(":begin", AttributeValue::S(begin.to_owned()))
            .expression_attribute_values(":end", AttributeValue::S(end.to_owned()))
    }
}

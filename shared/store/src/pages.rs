//! An owner's own list of pages: the one that was handed in, and the one in use.
//!
//! Deliberately absent: what the list says. It is a text here; the catalogue reads it.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};

use crate::items::VERSION;
use crate::page::layout;
use crate::{Store, StoreError, keys, service};

/// Which of the two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnPages {
    /// What an owner put there, good or not. Nobody else writes it.
    Wanted,
    /// The last good one.
    InUse,
}

impl OwnPages {
    fn sk(self) -> &'static str {
        match self {
            Self::Wanted => "WANTED",
            Self::InUse => "IN_USE",
        }
    }
}

impl Store {
    /// A list as it was written; empty when there is none. Half a read unit per 4 KB.
    pub async fn own_pages(&self, which: OwnPages) -> Result<String, StoreError> {
        let Some(item) = self.get(keys::OWN_PAGES, which.sk(), false).await? else { return Ok(String::new()) };
        let csv = item.get("csv").and_then(|csv| csv.as_s().ok()).cloned();
        csv.ok_or_else(|| layout(keys::OWN_PAGES, which.sk(), "no text `csv`"))
    }

    /// Puts a list in the place of the one before it. It may have 400 KB.
    pub async fn put_own_pages(&self, which: OwnPages, csv: &str) -> Result<(), StoreError> {
        let sent = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", AttributeValue::S(keys::OWN_PAGES.to_owned()))
            .item("sk", AttributeValue::S(which.sk().to_owned()))
            .item("v", AttributeValue::N(VERSION.to_string()))
            .item("csv", AttributeValue::S(csv.to_owned()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        self.count_write(sent.map_err(service("PutItem"))?.consumed_capacity());
        Ok(())
    }
}

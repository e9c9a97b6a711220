//! What is open everywhere, from the index that holds nothing else.
//!
//! Deliberately absent: how much of it still counts. An incident that nobody touches stays open, and is the reader's to
//! judge.

use aws_sdk_dynamodb::types::AttributeValue;
use statusphere_domain::{Incident, Item, PageId};

use crate::page::readable;
use crate::{Store, StoreError, keys};

/// Open incidents of all pages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Open {
    /// Each with its page, by the vendor's impact the worst first, of these the oldest.
    pub incidents: Vec<(PageId, Incident)>,
    /// True when there are more than one call brings.
    pub more: bool,
}

impl Store {
    /// The worst of the incidents that are open, on whatever page: as many as one call brings, which is 1 MB. What can't be
    /// read is logged and left out. Costs half a read unit per 4 KB.
    pub async fn open_incidents(&self) -> Result<Open, StoreError> {
        let query = self
            .client
            .query()
            .index_name("open")
            .key_condition_expression("#open = :incidents")
            .expression_attribute_names("#open", "open")
            .expression_attribute_values(":incidents", AttributeValue::S(keys::OPEN_INCIDENTS.to_owned()));
        let output = self.once(query).await?;
        let incidents = readable(output.items.unwrap_or_default()).filter_map(|(row, item)| match item {
            Item::Incident(incident) => Some((keys::page_of(&row.pk)?, incident)),
            Item::Maintenance(_) => None,
        });
        Ok(Open { incidents: incidents.collect(), more: output.last_evaluated_key.is_some() })
    }
}

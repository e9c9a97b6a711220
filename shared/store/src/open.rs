//! What is open everywhere, and what ended lately, from the index that holds nothing else.
//!
//! Deliberately absent: how much of it still counts. An incident that nobody touches stays open, and is the reader's to
//! judge.

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::NaiveDate;
use statusphere_domain::{Incident, Item, PageId};

use crate::items::DataItem;
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
        let output = self.once(self.listed(keys::OPEN_INCIDENTS.to_owned())).await?;
        let more = output.last_evaluated_key.is_some();
        Ok(Open { incidents: incidents(output), more })
    }

    /// The incidents that ended on a day of UTC and were seen to, the newest first: at most so many. What can't be read is
    /// logged and left out. Costs half a read unit per 4 KB.
    pub async fn ended_on(&self, day: NaiveDate, most: i32) -> Result<Vec<(PageId, Incident)>, StoreError> {
        let query = self.listed(keys::ended_on(day)).scan_index_forward(false).limit(most);
        Ok(incidents(self.once(query).await?))
    }

    fn listed(&self, key: String) -> QueryFluentBuilder {
        self.client
            .query()
            .index_name("open")
            .key_condition_expression("#open = :key")
            .expression_attribute_names("#open", "open")
            .expression_attribute_values(":key", AttributeValue::S(key))
    }
}

fn incidents(output: QueryOutput) -> Vec<(PageId, Incident)> {
    let incident = |(row, item): (DataItem, Item)| match item {
        Item::Incident(incident) => Some((keys::page_of(&row.pk)?, incident)),
        Item::Maintenance(_) => None,
    };
    readable(output.items.unwrap_or_default()).filter_map(incident).collect()
}

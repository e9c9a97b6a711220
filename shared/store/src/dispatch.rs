//! The dispatcher's own item: how far the schedule has been carried out.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use chrono::{DateTime, Utc};

use crate::items::VERSION;
use crate::page::layout;
use crate::{Store, StoreError, Written, conditional, keys};

impl Store {
    /// The last slot that was delivered whole; `None` before the first.
    pub async fn last_slot(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Some(item) = self.get(keys::DISPATCH, keys::DISPATCH, true).await? else { return Ok(None) };
        let slot = item.get("slot").and_then(|slot| slot.as_n().ok()).and_then(|slot| slot.parse().ok());
        slot.and_then(|seconds| DateTime::from_timestamp(seconds, 0))
            .map(Some)
            .ok_or_else(|| layout(keys::DISPATCH, keys::DISPATCH, "no slot"))
    }

    /// Writes down that everything up to `slot` was delivered. `Outdated`: a later slot is stored already.
    pub async fn finish_slot(&self, slot: DateTime<Utc>) -> Result<Written, StoreError> {
        let sent = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", AttributeValue::S(keys::DISPATCH.to_owned()))
            .item("sk", AttributeValue::S(keys::DISPATCH.to_owned()))
            .item("v", AttributeValue::N(VERSION.to_string()))
            .item("slot", AttributeValue::N(slot.timestamp().to_string()))
            .condition_expression("attribute_not_exists(slot) OR slot < :slot")
            .expression_attribute_values(":slot", AttributeValue::N(slot.timestamp().to_string()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        let Some(output) = conditional("PutItem", sent)? else { return Ok(Written::Outdated) };
        self.count_write(output.consumed_capacity());
        Ok(Written::Yes)
    }
}

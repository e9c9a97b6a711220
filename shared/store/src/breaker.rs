//! The circuit breaker of a host that many pages are read from, shared by everyone who reads them.
//!
//! A host of one page has none: what that page's state says of its failures is enough.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use statusphere_domain::{Breaker, FetchErrorKind};

use crate::items::VERSION;
use crate::page::layout;
use crate::{Store, StoreError, keys, service};

/// What a host's item is kept for after its last write.
const KEPT: TimeDelta = TimeDelta::days(2);

#[derive(Serialize, Deserialize)]
struct BreakerItem {
    pk: String,
    sk: String,
    v: u32,
    failures: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<FetchErrorKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    expires: i64,
}

impl Store {
    /// The breaker of a host; a closed one when nothing is stored. Costs half a read unit.
    pub async fn breaker(&self, host: &str) -> Result<Breaker, StoreError> {
        let pk = keys::host(host);
        let Some(item) = self.get(&pk, keys::BREAKER, false).await? else { return Ok(Breaker::default()) };
        let item: BreakerItem = serde_dynamo::from_item(item).map_err(|why| layout(&pk, keys::BREAKER, why))?;
        let until = item.until.and_then(DateTime::from_timestamp_millis);
        Ok(Breaker { failures: item.failures, open: item.kind.zip(until) })
    }

    /// Writes it down; the last word counts.
    pub async fn put_breaker(&self, host: &str, breaker: &Breaker, now: DateTime<Utc>) -> Result<(), StoreError> {
        let item = BreakerItem {
            pk: keys::host(host),
            sk: keys::BREAKER.to_owned(),
            v: VERSION,
            failures: breaker.failures,
            kind: breaker.open.map(|(kind, _)| kind),
            until: breaker.open.map(|(_, until)| until.timestamp_millis()),
            expires: (now + KEPT).timestamp(),
        };
        let attributes: std::collections::HashMap<String, AttributeValue> =
            serde_dynamo::to_item(&item).map_err(|why| layout(&item.pk, keys::BREAKER, why))?;
        let output = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(attributes))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(service("PutItem"))?;
        self.count_write(output.consumed_capacity());
        Ok(())
    }
}

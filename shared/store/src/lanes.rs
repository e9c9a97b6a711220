//! Which pages are off the regular beat; read by the dispatcher at each tick.
//!
//! Only they are in the `lanes` index, with nothing but keys, so that a tick costs half a read unit per some forty of them.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use statusphere_domain::{Lane, PageId};

use crate::{Store, StoreError, keys};

impl Store {
    /// Every page that is off the regular beat, as of a moment ago: the index follows the table with a little delay.
    pub async fn lanes(&self) -> Result<BTreeMap<PageId, Lane>, StoreError> {
        let mut lanes = BTreeMap::new();
        for lane in keys::LANES {
            let query = self
                .client
                .query()
                .index_name("lanes")
                .key_condition_expression("#lane = :lane")
                .expression_attribute_names("#lane", "lane")
                .expression_attribute_values(":lane", AttributeValue::S(lane.to_owned()));
            for item in self.all(query).await? {
                let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str);
                let page = text("pk").and_then(keys::page_of);
                lanes.extend(page.zip(keys::lane_of(text("lane"), text("lane_until"))));
            }
        }
        Ok(lanes)
    }
}

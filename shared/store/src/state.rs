//! `STATE`: a page as the last scrape left it, and how far its history is read.
//!
//! The scrape and the backfill write it, each its own attributes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, TransactWriteItem, Update};
use chrono::{DateTime, Utc};
use serde::Serialize;
use statusphere_domain::{PageId, PageState, Step, Transition};

use crate::items::{HistoryState, ScrapeState, StateItem, VERSION};
use crate::page::{Attributes, key, layout, left_out};
use crate::{Store, StoreError, Written, conditional, keys};

impl Store {
    /// The page's state; the default one when nothing was ever written. Costs half a read unit.
    pub async fn state(&self, id: &PageId) -> Result<PageState, StoreError> {
        self.read_state(id, false).await
    }

    /// The page's state as the last write left it, for a step that builds on the one before. Costs a whole read unit.
    pub async fn latest_state(&self, id: &PageId) -> Result<PageState, StoreError> {
        self.read_state(id, true).await
    }

    /// The states of these pages, of those that were ever written. One that can't be read is logged and left out. Costs half
    /// a read unit a page.
    pub async fn states(&self, ids: &[PageId]) -> Result<BTreeMap<PageId, PageState>, StoreError> {
        let pages: BTreeSet<&PageId> = ids.iter().collect();
        let items = self.batch(pages.into_iter().map(|id| key(&keys::page(id), keys::STATE)).collect()).await?;
        let state = |item: Attributes| Some((keys::page_of(&pk(&item))?, read(item).inspect_err(left_out).ok()?));
        Ok(items.into_iter().filter_map(state).collect())
    }

    async fn read_state(&self, id: &PageId, consistent: bool) -> Result<PageState, StoreError> {
        let item = self.get(&keys::page(id), keys::STATE, consistent).await?;
        item.map_or_else(|| Ok(PageState::default()), read)
    }

    /// Writes the attributes of `STATE` that the scrape owns, unless a newer attempt is stored, or another than in the
    /// state `read` that it builds on; without one, on whatever is stored.
    pub async fn put_scrape(
        &self,
        id: &PageId,
        state: &PageState,
        read: Option<&PageState>,
    ) -> Result<Written, StoreError> {
        self.send(self.scraped(id, state, read)?).await
    }

    /// The same with steps to being unreadable or readable again: both or none. `baseline`: announced by nothing.
    pub async fn put_readable(
        &self,
        id: &PageId,
        state: &PageState,
        read: Option<&PageState>,
        steps: &[Step],
        at: DateTime<Utc>,
        baseline: bool,
    ) -> Result<Written, StoreError> {
        // Of two that see it at once, one tells: what is unreadable already does not become so.
        let recovers = matches!(steps.first(), Some(Step { transition: Transition::Readable { to: true }, .. }));
        let before = if recovers { "attribute_exists" } else { "attribute_not_exists" };
        let mut update = self.scraped(id, state, read)?;
        let newest = update.condition_expression.unwrap_or_default();
        update.condition_expression = Some(format!("({newest}) AND {before}(#unreadable_since)"));
        let state = TransactWriteItem::builder().update(update).build();
        let steps = self.transitions(id, keys::STATE, steps, at, baseline)?;
        self.transact([state, steps]).await
    }

    /// Writes the attributes of `STATE` that the backfill owns.
    pub async fn put_history(&self, id: &PageId, state: &PageState) -> Result<Written, StoreError> {
        self.send(self.update_state(id, &HistoryState::from(state), HistoryState::ATTRIBUTES, None)?).await
    }

    fn scraped(&self, id: &PageId, state: &PageState, read: Option<&PageState>) -> Result<Update, StoreError> {
        let millis = |at: DateTime<Utc>| AttributeValue::N(at.timestamp_millis().to_string());
        let at = state.last_attempt.map(millis);
        let mut update = self.update_state(id, &ScrapeState::from(state), ScrapeState::ATTRIBUTES, at)?;
        if let Some(read) = read {
            let newest = update.condition_expression.map(|condition| format!("({condition}) AND ")).unwrap_or_default();
            let same = match read.last_attempt {
                Some(seen) => {
                    update.expression_attribute_values.get_or_insert_default().insert(":seen".to_owned(), millis(seen));
                    "#last_attempt = :seen"
                }
                None => "attribute_not_exists(#last_attempt)",
            };
            update.condition_expression = Some(format!("{newest}{same}"));
        }
        Ok(update)
    }

    async fn send(&self, update: Update) -> Result<Written, StoreError> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(update.key))
            .update_expression(update.update_expression)
            .set_condition_expression(update.condition_expression)
            .set_expression_attribute_names(update.expression_attribute_names)
            .set_expression_attribute_values(update.expression_attribute_values)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        let Some(output) = conditional("UpdateItem", sent)? else { return Ok(Written::Outdated) };
        self.count_write(output.consumed_capacity());
        Ok(Written::Yes)
    }

    fn update_state<T: Serialize>(
        &self,
        id: &PageId,
        state: &T,
        attributes: &[&str],
        at: Option<AttributeValue>,
    ) -> Result<Update, StoreError> {
        let pk = keys::page(id);
        let values: Attributes = serde_dynamo::to_item(state).map_err(|why| layout(&pk, keys::STATE, why))?;
        let (set, remove): (Vec<&str>, Vec<&str>) = attributes.iter().partition(|name| values.contains_key(**name));
        let mut expression = String::from("SET v = :v, version = if_not_exists(version, :zero) + :one");
        for name in &set {
            let _ = write!(expression, ", #{name} = :{name}");
        }
        for (n, name) in remove.iter().enumerate() {
            let _ = write!(expression, "{} #{name}", if n == 0 { " REMOVE" } else { "," });
        }
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(&pk, keys::STATE)))
            .update_expression(expression)
            .expression_attribute_values(":v", AttributeValue::N(VERSION.to_string()))
            .expression_attribute_values(":zero", AttributeValue::N("0".to_owned()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        for name in attributes {
            update = update.expression_attribute_names(format!("#{name}"), *name);
        }
        for (name, value) in values {
            update = update.expression_attribute_values(format!(":{name}"), value);
        }
        if let Some(at) = at {
            update = update
                .condition_expression("attribute_not_exists(#last_attempt) OR #last_attempt <= :at")
                .expression_attribute_values(":at", at);
        }
        update.build().map_err(|error| StoreError::Service { operation: "UpdateItem", message: error.to_string() })
    }
}

/// A page's state from its row.
pub(crate) fn read(item: Attributes) -> Result<PageState, StoreError> {
    let pk = pk(&item);
    let item: StateItem = serde_dynamo::from_item(item).map_err(|why| layout(&pk, keys::STATE, why))?;
    Ok(item.into())
}

fn pk(item: &Attributes) -> String {
    item.get("pk").and_then(|pk| pk.as_s().ok()).cloned().unwrap_or_default()
}

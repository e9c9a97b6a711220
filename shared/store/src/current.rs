//! `COMPONENTS`: what the last reading said, and the steps that are sure since, written as one.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, TransactWriteItem};
use chrono::{DateTime, Utc};
use statusphere_domain::{Component, Indicator, ItemKey, PageId, PageState, Step};

use crate::items::{CurrentData, DataItem};
use crate::page::{Attributes, data_item, key, left_out, read_data};
use crate::{Store, StoreError, Written, keys, service, state, transacted};

/// What `COMPONENTS` says of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Current {
    /// Grows with every write; 0 when nothing is stored.
    pub version: u64,
    /// Effective indicator as last read.
    pub indicator: Option<Indicator>,
    /// Components as last read; `None` when none were ever read.
    pub components: Option<Vec<Component>>,
    /// Since when each component has its status, by id; those of which nobody saw it change are left out.
    pub since: BTreeMap<String, DateTime<Utc>>,
    /// Everything that is not over.
    pub open: BTreeSet<ItemKey>,
    /// Steps that were seen once.
    pub pending: Vec<Step>,
}

impl Current {
    /// Number of open incidents, maintenances not counted.
    pub fn open_incidents(&self) -> usize {
        self.open.iter().filter(|key| matches!(key, ItemKey::Incident(_))).count()
    }

    fn read(item: impl Into<serde_dynamo::Item>) -> Result<(DataItem, Self), StoreError> {
        let (row, data): (DataItem, CurrentData) = read_data(item)?;
        let since = |(id, at)| Some((id, DateTime::from_timestamp_millis(at)?));
        let current = Self {
            version: row.seq.unwrap_or(1),
            indicator: data.indicator,
            components: data.components,
            since: data.since.into_iter().filter_map(since).collect(),
            open: data.open.into_iter().collect(),
            pending: data.pending,
        };
        Ok((row, current))
    }
}

impl Store {
    /// Components, the keys of what is not over, and what waits. Costs half a read unit per 4 KB.
    pub async fn current(&self, id: &PageId) -> Result<Current, StoreError> {
        let pk = keys::page(id);
        let Some(item) = self.get(&pk, keys::COMPONENTS, false).await? else { return Ok(Current::default()) };
        Ok(Current::read(item)?.1)
    }

    /// The page's state and what `COMPONENTS` says of it, in one call. Costs half a read unit, and half a one per 4 KB.
    pub async fn state_and_current(&self, id: &PageId) -> Result<(PageState, Current), StoreError> {
        let pk = keys::page(id);
        let (mut state, mut current) = (PageState::default(), Current::default());
        for item in self.batch([keys::STATE, keys::COMPONENTS].map(|sk| key(&pk, sk)).into()).await? {
            if item.get("sk").and_then(|sk| sk.as_s().ok()).is_some_and(|sk| sk == keys::STATE) {
                state = state::read(item)?;
            } else {
                current = Current::read(item)?.1;
            }
        }
        Ok((state, current))
    }

    /// What `COMPONENTS` says of several pages, of those that were ever read. One that can't be read is logged and left out.
    /// Costs half a read unit per 4 KB of each.
    pub async fn currents(&self, ids: &[PageId]) -> Result<BTreeMap<PageId, Current>, StoreError> {
        let pages: BTreeSet<&PageId> = ids.iter().collect();
        let items = self.batch(pages.into_iter().map(|id| key(&keys::page(id), keys::COMPONENTS)).collect()).await?;
        let current = |item: Attributes| {
            let (row, current) = Current::read(item).inspect_err(left_out).ok()?;
            Some((keys::page_of(&row.pk)?, current))
        };
        Ok(items.into_iter().filter_map(current).collect())
    }

    /// Writes what was read, if the stored version is still the one that it was compared with, and the steps that are
    /// sure beside it: both or none, so that no step is told twice or never. A `baseline` is announced by nothing; it has a
    /// row of steps even without any, since the history begins with it.
    pub async fn put_current(
        &self,
        id: &PageId,
        current: &Current,
        steps: &[Step],
        at: DateTime<Utc>,
        baseline: bool,
    ) -> Result<Written, StoreError> {
        let data = CurrentData {
            indicator: current.indicator,
            components: current.components.clone(),
            since: current.since.iter().map(|(id, at)| (id.clone(), at.timestamp_millis())).collect(),
            open: current.open.iter().cloned().collect(),
            pending: current.pending.clone(),
        };
        let mut row = data_item(keys::page(id), keys::COMPONENTS.to_owned(), at, &data)?;
        row.seq = Some(current.version + 1);
        if steps.is_empty() && !baseline {
            return self.put(row).await;
        }
        let row = TransactWriteItem::builder().put(self.numbered(&row)?).build();
        let steps = self.transitions(id, keys::COMPONENTS, steps, at, baseline)?;
        self.transact([row, steps]).await
    }

    /// The row of some steps, named after the item that is written with it.
    pub(crate) fn transitions(
        &self,
        id: &PageId,
        with: &str,
        steps: &[Step],
        at: DateTime<Utc>,
        baseline: bool,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut row = data_item(keys::page(id), keys::transitions(at, with), at, &steps)?;
        row.baseline = baseline;
        let put = self.unconditional(&row)?.build();
        let put = put.map_err(|error| StoreError::Service { operation: "Put", message: error.to_string() })?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    pub(crate) async fn transact(&self, writes: [TransactWriteItem; 2]) -> Result<Written, StoreError> {
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes.into()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        let output = match sent {
            Ok(output) => output,
            Err(error) if transacted(&error) => return Ok(Written::Outdated),
            Err(error) => return Err(service("TransactWriteItems")(error)),
        };
        output.consumed_capacity().iter().for_each(|capacity| self.count_write(Some(capacity)));
        Ok(Written::Yes)
    }
}

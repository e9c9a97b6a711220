//! The one DynamoDB table: what is read of pages, their incidents and their history.
//!
//! Deliberately absent: rules. What changed is decided in `domain`; this crate writes it down so that a newer observation
//! is never overwritten by an older one and the same write done twice changes nothing. Layout: `docs/decisions/0001-table.md`.

mod breaker;
mod current;
mod dispatch;
mod documents;
mod history;
mod items;
mod keys;
mod lanes;
mod live;
mod open;
mod page;
mod pages;
mod schema;
mod state;
mod stream;
mod timeline;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity};

pub use current::Current;
pub use live::{Live, LivePage, shard_of};
pub use open::Open;
pub use page::Stored;
pub use pages::OwnPages;
pub use stream::{Image, read_image};
pub use timeline::{Slice, Timeline};

/// The table. Cheap to clone through `Arc`; one per process.
#[derive(Debug)]
pub struct Store {
    client: Client,
    table: String,
    read: AtomicU64,
    written: AtomicU64,
}

/// Why the table could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The service failed, throttled or refused; the whole message of its SDK.
    #[error("DynamoDB {operation}: {message}")]
    Service {
        /// The operation that failed.
        operation: &'static str,
        /// What it said.
        message: String,
    },
    /// An item does not have the layout of any known schema version.
    #[error("item {sk} of {pk} can't be read: {why}")]
    Layout {
        /// Partition key.
        pk: String,
        /// Sort key.
        sk: String,
        /// What is wrong with it.
        why: String,
    },
    /// An item that no table takes, packed as it is.
    #[error("item {sk} of {pk} is too large to be kept")]
    TooLarge {
        /// Partition key.
        pk: String,
        /// Sort key.
        sk: String,
    },
    /// The table is there, and is not the one that this version reads.
    #[error("the table {table} was made by an earlier version: start with an empty one")]
    Outmoded {
        /// Its name.
        table: String,
    },
    /// A cursor that this store did not give out.
    #[error("not a cursor of this list")]
    Cursor,
}

/// Whether a conditional write went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is stored.
    Yes,
    /// Something newer is stored; nothing was changed.
    Outdated,
}

/// Capacity units used so far, in tenths, as the service reports them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consumed {
    /// Read units x 10.
    pub read: u64,
    /// Write units x 10.
    pub written: u64,
}

impl Store {
    /// Opens the table; nothing is sent.
    pub fn new(config: &aws_types::SdkConfig, table: impl Into<String>) -> Self {
        Self { client: Client::new(config), table: table.into(), read: AtomicU64::new(0), written: AtomicU64::new(0) }
    }

    /// Capacity used by this process so far.
    pub fn consumed(&self) -> Consumed {
        Consumed { read: self.read.load(Ordering::Relaxed), written: self.written.load(Ordering::Relaxed) }
    }

    /// Everything that a query of the table finds, page after page.
    async fn all(&self, query: QueryFluentBuilder) -> Result<Vec<HashMap<String, AttributeValue>>, StoreError> {
        let (mut items, mut from) = (Vec::new(), None);
        loop {
            let output = self.once(query.clone().set_exclusive_start_key(from)).await?;
            items.extend(output.items.unwrap_or_default());
            from = output.last_evaluated_key;
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    /// What one call of a query of the table finds: 1 MB at most.
    async fn once(&self, query: QueryFluentBuilder) -> Result<QueryOutput, StoreError> {
        let query = query.table_name(&self.table).return_consumed_capacity(ReturnConsumedCapacity::Total);
        let output = query.send().await.map_err(service("Query"))?;
        self.count_read(output.consumed_capacity());
        Ok(output)
    }

    fn count_read(&self, capacity: Option<&ConsumedCapacity>) {
        self.read.fetch_add(tenths(capacity), Ordering::Relaxed);
    }

    fn count_write(&self, capacity: Option<&ConsumedCapacity>) {
        self.written.fetch_add(tenths(capacity), Ordering::Relaxed);
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "units are small and never negative")]
fn tenths(capacity: Option<&ConsumedCapacity>) -> u64 {
    capacity.and_then(ConsumedCapacity::capacity_units).map_or(0, |units| (units * 10.0).round() as u64)
}

/// Names the operation of a failed call.
fn service<E, R>(operation: &'static str) -> impl Fn(SdkError<E, R>) -> StoreError
where
    E: std::error::Error + 'static,
    R: std::fmt::Debug,
{
    move |error| StoreError::Service { operation, message: DisplayErrorContext(&error).to_string() }
}

/// The output of a conditional write; `None` when its condition did not hold.
fn conditional<O, E, R>(operation: &'static str, sent: Result<O, SdkError<E, R>>) -> Result<Option<O>, StoreError>
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    match sent {
        Ok(output) => Ok(Some(output)),
        // A conflict: somebody else is at the item this moment.
        Err(error)
            if matches!(error.code(), Some("ConditionalCheckFailedException" | "TransactionConflictException")) =>
        {
            Ok(None)
        }
        Err(error) => Err(service(operation)(error)),
    }
}

/// True when a transaction was called off because one of its conditions did not hold, or somebody else was at it.
fn transacted<R>(error: &SdkError<TransactWriteItemsError, R>) -> bool {
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error() else {
        return false;
    };
    let mut codes = canceled.cancellation_reasons().iter().filter_map(|reason| reason.code());
    codes.any(|code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict"))
}

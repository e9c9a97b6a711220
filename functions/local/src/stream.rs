//! The table's stream: carries its records to the publisher in order, each batch until it is taken.
//!
//! How far it came is written down when nothing that it asked for is still under way, so a crash repeats records and
//! loses none.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use dynoxide::Database;
use dynoxide::actions::{
    describe_stream::DescribeStreamRequest, get_records::GetRecordsRequest,
    get_shard_iterator::GetShardIteratorRequest, list_streams::ListStreamsRequest,
};
use serde_json::{Value, json};
use statusphere_publisher::Publisher;
use tokio::sync::watch;

use crate::engine::TABLE;
use crate::queue::Queue;

/// Records of one batch, at most.
const BATCH: usize = 100;
/// Pause when there is nothing new.
const IDLE: Duration = Duration::from_millis(150);
/// Pause before a refused batch is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Where the position is kept: a file beside the store, or nowhere.
pub(crate) struct Position(Option<PathBuf>);

impl Position {
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        Self(file)
    }

    /// The public sequence number of the last record that was dealt with.
    pub(crate) fn read(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.0.as_ref()?).ok()?;
        Some(text.trim().to_owned()).filter(|text| text.len() >= 21 && text.bytes().all(|b| b.is_ascii_digit()))
    }

    /// The same as the engine counts it.
    pub(crate) fn stored(&self) -> Option<i64> {
        let public: u128 = self.read()?.parse().ok()?;
        i64::try_from(public.checked_sub(100_000_000_000_000_000_000)?).ok()
    }

    /// Written beside and renamed, so that a crash leaves the old one or the new one.
    fn write(&self, sequence: &str) -> std::io::Result<()> {
        let Some(file) = &self.0 else { return Ok(()) };
        let beside = file.with_extension("new");
        std::fs::write(&beside, sequence)?;
        std::fs::rename(beside, file)
    }
}

/// Starts the loop. The watch tells how many records were dealt with.
pub(crate) fn follow(
    database: Database,
    publisher: Arc<Publisher>,
    queue: Arc<Queue>,
    position: Position,
) -> anyhow::Result<watch::Receiver<u64>> {
    let (mut iterator, stream) = start(&database, position.read())?;
    let (dealt_with, watch) = watch::channel(0);
    tokio::spawn(async move {
        let mut unwritten: Option<String> = None;
        loop {
            let request = GetRecordsRequest { shard_iterator: iterator.clone(), limit: Some(BATCH) };
            let answer = match database.get_records(request) {
                Ok(answer) => answer,
                Err(error) => {
                    tracing::error!(error = %error, "The stream can't be read.");
                    tokio::time::sleep(RETRY).await;
                    continue;
                }
            };
            if let Some(last) = answer.records.last() {
                unwritten = Some(last.dynamodb.sequence_number.clone());
                let count = answer.records.len() as u64;
                let batch = batch(&json!(answer.records), &stream);
                while let Err(error) = publisher.handle(batch.clone()).await {
                    tracing::error!(error = format!("{error:#}"), "The publisher refused a batch; it is sent again.");
                    tokio::time::sleep(RETRY).await;
                }
                dealt_with.send_modify(|n| *n += count);
            }
            let idle = answer.records.is_empty();
            if idle
                && queue.is_quiet()
                && let Some(sequence) = unwritten.take()
                && let Err(error) = position.write(&sequence)
            {
                tracing::error!(error = %error, "The position in the stream can't be written.");
            }
            if let Some(next) = answer.next_shard_iterator {
                iterator = next;
            }
            if idle {
                tokio::time::sleep(IDLE).await;
            }
        }
    });
    Ok(watch)
}

fn start(database: &Database, after: Option<String>) -> anyhow::Result<(String, String)> {
    let streams: ListStreamsRequest = serde_json::from_value(json!({"TableName": TABLE}))?;
    let streams = serde_json::to_value(database.list_streams(streams)?)?;
    let stream = streams["Streams"][0]["StreamArn"].as_str().context("the table has no stream")?.to_owned();
    let describe: DescribeStreamRequest = serde_json::from_value(json!({"StreamArn": stream}))?;
    let described = serde_json::to_value(database.describe_stream(describe)?)?;
    let shard = described["StreamDescription"]["Shards"][0]["ShardId"].as_str().context("the stream has no shard")?;
    let request = match after {
        Some(sequence) => GetShardIteratorRequest {
            stream_arn: stream.clone(),
            shard_id: shard.to_owned(),
            shard_iterator_type: "AFTER_SEQUENCE_NUMBER".to_owned(),
            sequence_number: Some(sequence),
        },
        None => GetShardIteratorRequest {
            stream_arn: stream.clone(),
            shard_id: shard.to_owned(),
            shard_iterator_type: "TRIM_HORIZON".to_owned(),
            sequence_number: None,
        },
    };
    let iterator = database.get_shard_iterator(request)?.shard_iterator.context("the stream has no position")?;
    Ok((iterator, stream))
}

/// A batch as Lambda gets it.
fn batch(records: &Value, stream: &str) -> Value {
    let mut records = records.clone();
    for record in records.as_array_mut().map_or(&mut [][..], Vec::as_mut_slice) {
        record["eventSourceARN"] = json!(stream);
    }
    json!({"Records": records})
}

//! The table's stream, read in one piece.
//!
//! Deliberately absent: waiting for what is not written yet.

use dynoxide::{
    Database,
    actions::{get_records::GetRecordsRequest, get_shard_iterator::GetShardIteratorRequest},
};
use serde_json::{Value, json};

/// Every record so far, oldest first, as Lambda would get it.
pub fn records(database: &Database) -> Vec<Value> {
    let named = serde_json::from_value(json!({"TableName": "statusphere"})).unwrap();
    let streams = json!(database.list_streams(named).unwrap());
    let arn = &streams["Streams"][0]["StreamArn"];
    let stream = serde_json::from_value(json!({"StreamArn": arn})).unwrap();
    let described = json!(database.describe_stream(stream).unwrap());
    let beginning = GetShardIteratorRequest {
        stream_arn: arn.as_str().unwrap().to_owned(),
        shard_id: described["StreamDescription"]["Shards"][0]["ShardId"].as_str().unwrap().to_owned(),
        shard_iterator_type: "TRIM_HORIZON".to_owned(),
        sequence_number: None,
    };
    let mut iterator = database.get_shard_iterator(beginning).unwrap().shard_iterator;
    let mut records = Vec::new();
    while let Some(shard_iterator) = iterator {
        let read = database.get_records(GetRecordsRequest { shard_iterator, limit: None }).unwrap();
        if read.records.is_empty() {
            break;
        }
        records.extend(read.records.iter().map(|record| {
            let mut record = json!(record);
            record["eventSourceARN"] = arn.clone();
            record
        }));
        iterator = read.next_shard_iterator;
    }
    records
}

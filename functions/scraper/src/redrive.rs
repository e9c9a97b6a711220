//! What failed and is tried again: events out of messages of the dead-letter queue, as SQS hands them over.
//!
//! Deliberately absent: which message may go. An error keeps them all in the queue; a scrape may come twice at any time.

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

/// An SQS event.
#[derive(Debug, Deserialize)]
struct Messages {
    #[serde(rename = "Records")]
    records: Vec<Message>,
}

#[derive(Debug, Deserialize)]
struct Message {
    body: String,
}

/// True for an event of SQS; everything else comes over the bus.
pub(crate) fn is_one(payload: &Value) -> bool {
    payload.get("Records").is_some()
}

/// The events that the messages hold: as EventBridge kept one that it could not deliver, or in the record of a run that
/// failed, which Lambda wrote (`requestPayload`).
pub(crate) fn events(payload: Value) -> anyhow::Result<Vec<Value>> {
    let messages: Messages = serde_json::from_value(payload).context("neither an event of the bus nor one of SQS")?;
    let event = |message: Message| {
        let mut body: Value = serde_json::from_str(&message.body).context("a message that is no JSON")?;
        Ok(body.get_mut("requestPayload").map(Value::take).unwrap_or(body))
    };
    messages.records.into_iter().map(event).collect()
}

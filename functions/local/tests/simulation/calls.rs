//! What a function asked AWS for, in the words of IAM: one call may need several permissions.
//!
//! Deliberately absent: what is allowed. Whoever compares the two reads it elsewhere.

use serde_json::{Value, json};

/// One permission that a call needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Permission {
    /// As IAM names it: `dynamodb:GetItem`.
    pub(crate) action: String,
    /// `Table`, `Table/index/<name>` or `Bus`.
    pub(crate) resource: String,
    /// Of the table the partition, `PAGE#*` for those of all pages; of the bus source and detail-type with a space
    /// between; `*` for an index.
    pub(crate) what: String,
}

impl Permission {
    fn of_table(action: &str, key: &Value) -> Self {
        let what = kind(key["pk"]["S"].as_str().unwrap());
        Self { action: format!("dynamodb:{action}"), resource: "Table".to_owned(), what }
    }
}

/// The permissions that an operation with this body needs.
pub(crate) fn needed(operation: &str, body: &Value) -> Vec<Permission> {
    let all = |list: &Value| list.as_array().unwrap().clone();
    match operation {
        "GetItem" | "UpdateItem" => vec![Permission::of_table(operation, &body["Key"])],
        "PutItem" => vec![Permission::of_table(operation, &body["Item"])],
        "BatchGetItem" => {
            let tables = body["RequestItems"].as_object().unwrap();
            let keys = tables.values().flat_map(|table| all(&table["Keys"]));
            keys.map(|key| Permission::of_table(operation, &key)).collect()
        }
        "TransactWriteItems" => all(&body["TransactItems"]).iter().flat_map(part).collect(),
        "Query" => vec![queried(body)],
        "PutEvents" => all(&body["Entries"]).iter().map(put).collect(),
        other => panic!("nobody knows what {other} needs"),
    }
}

/// A part of a transaction needs what it would need alone.
fn part(item: &Value) -> Vec<Permission> {
    let parts = item.as_object().unwrap().iter().map(|(kind, part)| match kind.as_str() {
        "Put" => ("PutItem", &part["Item"]),
        "Update" => ("UpdateItem", &part["Key"]),
        "Delete" => ("DeleteItem", &part["Key"]),
        "ConditionCheck" => ("ConditionCheckItem", &part["Key"]),
        other => panic!("nobody knows what {other} needs"),
    });
    parts.map(|(action, key)| Permission::of_table(action, key)).collect()
}

fn queried(body: &Value) -> Permission {
    if let Some(index) = body["IndexName"].as_str() {
        let resource = format!("Table/index/{index}");
        return Permission { action: "dynamodb:Query".to_owned(), resource, what: "*".to_owned() };
    }
    let condition = body["KeyConditionExpression"].as_str().unwrap();
    let name =
        condition.strip_prefix("pk = ").unwrap_or_else(|| panic!("{condition} does not begin with the partition"));
    let name = name.split(' ').next().unwrap();
    Permission::of_table("Query", &json!({"pk": body["ExpressionAttributeValues"][name]}))
}

fn put(entry: &Value) -> Permission {
    let what = format!("{} {}", entry["Source"].as_str().unwrap(), entry["DetailType"].as_str().unwrap());
    Permission { action: "events:PutEvents".to_owned(), resource: "Bus".to_owned(), what }
}

/// What stands for a key: all that begin with the same word, where something follows it.
pub(crate) fn kind(key: &str) -> String {
    key.split_once('#').map_or_else(|| key.to_owned(), |(word, _)| format!("{word}#*"))
}

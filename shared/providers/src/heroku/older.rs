//! The third version of the document, turned into the fourth.
//!
//! Deliberately absent: what the document says. The fourth is read by its own reader.

use serde_json::{Map, Value, json};

use crate::field;

/// The environments of the third version, and the field that tells how an issue touches each.
const ENVIRONMENTS: [(&str, &str); 2] = [("Production", "status_prod"), ("Development", "status_dev")];

/// The same document in the fourth version; the error says what is missing.
pub(super) fn upgraded(before: &Value) -> Result<Value, String> {
    let environments = before["status"].as_object().ok_or("version 3 has no statuses")?;
    let issues = before["issues"].as_array().ok_or("version 3 has no list of issues")?;
    let systems: Vec<_> =
        environments.iter().map(|(system, status)| json!({"system": system, "status": status})).collect();
    let (planned, open): (Vec<_>, Vec<_>) = issues.iter().map(issue).partition(|issue| issue["upcoming"] == true);
    Ok(json!({"status": systems, "incidents": open, "scheduled": planned}))
}

/// An issue is over when it says so itself; it names no systems, but how each environment fares.
fn issue(issue: &Value) -> Value {
    let touched = ENVIRONMENTS.iter().filter(|(_, key)| !matches!(field::text(&issue[*key]), "" | "green"));
    let systems: Vec<_> = touched.map(|(name, key)| json!({"name": name, "status": issue[*key]})).collect();
    let mut fields: Map<_, _> = issue.as_object().cloned().unwrap_or_default();
    fields.insert("systems".to_owned(), json!(systems));
    if issue["resolved"] == true {
        fields.insert("state".to_owned(), json!("resolved"));
    }
    Value::Object(fields)
}

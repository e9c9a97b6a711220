//! Fields of other people's JSON, read one by one: a field of the wrong type costs that field, not the document.
//!
//! Deliberately absent: what any platform's field means.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::time;

/// An identifier, as text; some platforms use numbers.
pub(crate) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.trim().to_owned()).filter(|id| !id.is_empty()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// A text without the space around it; empty for anything else.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default().trim()
}

/// A written timestamp, if it is one.
pub(crate) fn at(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str().and_then(time::parse)
}

/// A whole number, also one that is written as text or with a fraction of zero.
pub(crate) fn number(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "a float beyond the range saturates")]
    match value {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The elements of a list; of anything else, none.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

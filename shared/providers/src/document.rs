//! A JSON document of a vendor's or a platform's, whether it was asked for and what came.
//!
//! Deliberately absent: what the document must hold. Each provider knows its own.

use serde_json::Value;

use crate::{Seen, html};

/// What is known of a document.
pub(crate) enum Document {
    /// It was not asked for yet; this is its address.
    Unseen(String),
    /// It came, and is JSON.
    Json(Value),
    /// It is not there, because: refused, or a web page in its place. The page may be another platform's by now.
    Absent(String),
    /// Something came that is neither JSON nor a web page: cut off, or empty.
    Broken(String),
}

/// The document at an address; `name` is what a reason calls it.
pub(crate) fn document(url: String, name: &str, seen: &Seen) -> Document {
    match seen.get(&url) {
        None => Document::Unseen(url),
        Some(Err(error)) => Document::Absent(format!("{name}: {}", error.detail)),
        Some(Ok(answer)) if html::is_html(answer) => Document::Absent(format!("{name} is HTML, not JSON")),
        Some(Ok(answer)) => match html::json::<Value>(answer) {
            Ok(value) => Document::Json(value),
            Err(why) => Document::Broken(format!("{name} {why}")),
        },
    }
}

//! `summary.json`: the page's word, what is open and what is planned. It looks like the one of Instatus.
//!
//! Deliberately absent: components and updates. The document has none.

use serde_json::Value;
use statusphere_domain::{Indicator, Reading};

use super::items;
use crate::field::{list, text};
use crate::{Target, words};

/// True for the platform's summary, which has words of its own.
pub(super) fn is_mine(document: &Value) -> bool {
    let page = &document["page"];
    let own_words = matches!(text(&page["status"]), "OPERATIONAL" | "HAS_ISSUES");
    let own_host = text(&page["url"]).contains(".checkly-status-page.");
    page["status"].is_string() && (own_words || own_host) && document["activeIncidents"].is_array()
}

/// Reads a document that [`is_mine`]; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    let mut reading = Reading::new(super::PROVIDER.name);
    let posts = list(&document["activeIncidents"]);
    let mut read = 0;
    for item in posts.iter().filter_map(|post| items::incident(target, post)) {
        read += 1;
        reading.push(item);
    }
    if read == 0 && !posts.is_empty() {
        return Err("has no incident that can be read".to_owned());
    }
    reading.lists_all_open = read == posts.len();
    let found = words::indicator(&reading, target.as_of).unwrap_or(Indicator::None);
    reading.indicator = match text(&document["page"]["status"]) {
        "OPERATIONAL" if reading.lists_all_open => Some(found),
        "HAS_ISSUES" => Some(found.max(Indicator::Minor)),
        _ => Some(found).filter(|found| *found > Indicator::None),
    };
    Ok(reading)
}

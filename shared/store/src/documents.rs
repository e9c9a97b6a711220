//! The documents of a page's last reading as one short text: `STATE` has to stay under 1 KB.
//!
//! Where they do not fit, none are kept: the page is then read whole each time.

use statusphere_domain::{Document, PageState};

/// Bytes for them and for the addresses and the key that a state holds; the rest of it takes the other half.
const ROOM: usize = 500;

/// Rows of address, validator and hash; the page's own address is left out of those that begin with it. A page that fails
/// keeps none: its reason takes their room, and it is read whole when it answers again.
pub(crate) fn write(state: &PageState) -> Option<String> {
    let PageState { documents, failure: None, .. } = state else { return None };
    let page = state.url.as_deref().unwrap_or_default();
    let taken = [&state.url, &state.moved_to, &state.key].into_iter().flatten().map(String::len).sum();
    let rows: Vec<(&str, Option<&str>, &str)> = documents
        .iter()
        .map(|document| {
            let below = document.url.strip_prefix(page).filter(|rest| rest.is_empty() || rest.starts_with('/'));
            (below.unwrap_or(&document.url), document.validator.as_deref(), document.hash.as_str())
        })
        .collect();
    serde_json::to_string(&rows).ok().filter(|text| !rows.is_empty() && text.len() <= ROOM.saturating_sub(taken))
}

/// Reads them back; none when the text is no such list.
pub(crate) fn read(text: &str, page: &str) -> Vec<Document> {
    let rows: Vec<(String, Option<String>, String)> = serde_json::from_str(text).unwrap_or_default();
    let below = |url: String| if url.is_empty() || url.starts_with('/') { format!("{page}{url}") } else { url };
    rows.into_iter().map(|(url, validator, hash)| Document { url: below(url), validator, hash }).collect()
}

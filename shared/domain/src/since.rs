//! Since when each component has the status that it has, as far as somebody saw it change.
//!
//! Deliberately absent: what a vendor says of it, and whether a second look agrees. This is kept with the components, which
//! are shown at once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::Component;

/// What is known after a look at `at` found the components `after`, where `before` they were otherwise and `known` was what
/// was known of them, by id. One that changed or came has the time of the look; one that is as it was keeps its own, if it
/// has one; one that went is forgotten.
pub fn since(
    known: &BTreeMap<String, DateTime<Utc>>,
    before: &[Component],
    after: &[Component],
    at: DateTime<Utc>,
) -> BTreeMap<String, DateTime<Utc>> {
    let before: BTreeMap<&str, _> = before.iter().map(|component| (component.id.as_str(), component.status)).collect();
    let since = after.iter().filter_map(|component| {
        let id = component.id.as_str();
        let stayed = before.get(id) == Some(&component.status);
        let since = if stayed { *known.get(id)? } else { at };
        Some((id.to_owned(), since))
    });
    since.collect()
}

//! The platform's words in ours.
//!
//! Deliberately absent: any guess at a word that is not known. An unknown word is never healthy and never over.

use statusphere_domain::{Component, ComponentStatus, Incident, MaintenanceStatus};

use crate::words;

/// Stage of a maintenance; `None` for a word that belongs to no maintenance.
pub(super) fn maintenance(word: &str) -> Option<MaintenanceStatus> {
    Some(match word.strip_prefix("maintenance_").unwrap_or(word) {
        "scheduled" => MaintenanceStatus::Scheduled,
        "in_progress" | "verifying" => MaintenanceStatus::InProgress,
        "complete" | "completed" | "canceled" | "cancelled" => MaintenanceStatus::Completed,
        _ => return None,
    })
}

/// A stage as people see it: "In progress" for `maintenance_in_progress`.
pub(super) fn shown(word: &str) -> String {
    words::shown(word.strip_prefix("maintenance_").unwrap_or(word))
}

/// True when nothing is open and every component is known to work.
pub(super) fn calm(components: &[Component], incidents: &[Incident]) -> bool {
    components.iter().all(|c| c.status == ComponentStatus::Operational) && !incidents.iter().any(Incident::is_open)
}

/// True for an id of this platform: 26 characters of Crockford's base 32, which start with a 0 until the year 3084.
pub(super) fn is_ulid(id: &str) -> bool {
    id.len() == 26 && id.starts_with('0') && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

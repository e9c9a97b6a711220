//! The platform's words in ours.
//!
//! Deliberately absent: any guess at a word that is not known. An unknown word is never healthy and never over.

use statusphere_domain::{ComponentStatus, Indicator};

/// Status of a component. One that is not monitored is not known to work.
pub(super) fn component(word: &str) -> ComponentStatus {
    match word {
        "operational" => ComponentStatus::Operational,
        "degraded" => ComponentStatus::DegradedPerformance,
        "downtime" => ComponentStatus::MajorOutage,
        "maintenance" => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}

/// State of a page or of a report; `None` for a word that is not known.
pub(super) fn state(word: &str) -> Option<Indicator> {
    Some(match word {
        "operational" => Indicator::None,
        "maintenance" => Indicator::Maintenance,
        "degraded" => Indicator::Minor,
        "downtime" => Indicator::Major,
        _ => return None,
    })
}

/// True for the state of a report that is over.
pub(super) fn is_over(word: &str) -> bool {
    matches!(word, "resolved" | "operational")
}

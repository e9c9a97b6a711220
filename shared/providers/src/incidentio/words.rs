//! The platform's words in ours.
//!
//! Deliberately absent: any guess at a word that is not known. An unknown word is never healthy and never over.

use statusphere_domain::{Component, ComponentStatus, Incident, IncidentStatus, Indicator, MaintenanceStatus};

/// Status of a component.
pub(super) fn component(word: Option<&str>) -> ComponentStatus {
    match word {
        Some("operational") => ComponentStatus::Operational,
        Some("degraded_performance") => ComponentStatus::DegradedPerformance,
        Some("partial_outage") => ComponentStatus::PartialOutage,
        Some("full_outage" | "major_outage") => ComponentStatus::MajorOutage,
        Some("under_maintenance") => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}

/// Stage of an incident.
pub(super) fn incident(word: &str) -> IncidentStatus {
    match word {
        "investigating" => IncidentStatus::Investigating,
        "identified" => IncidentStatus::Identified,
        "monitoring" => IncidentStatus::Monitoring,
        "resolved" => IncidentStatus::Resolved,
        "postmortem" => IncidentStatus::Postmortem,
        _ => IncidentStatus::Unknown,
    }
}

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
    let words = word.strip_prefix("maintenance_").unwrap_or(word).replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How bad a component's status is for the page. Unknown counts for nothing here; see [`calm`].
pub(super) fn severity(status: ComponentStatus) -> Indicator {
    match status {
        ComponentStatus::Operational | ComponentStatus::Unknown => Indicator::None,
        ComponentStatus::UnderMaintenance => Indicator::Maintenance,
        ComponentStatus::DegradedPerformance => Indicator::Minor,
        ComponentStatus::PartialOutage => Indicator::Major,
        ComponentStatus::MajorOutage => Indicator::Critical,
    }
}

/// True when nothing is open and every component is known to work.
pub(super) fn calm(components: &[Component], incidents: &[Incident]) -> bool {
    components.iter().all(|c| c.status == ComponentStatus::Operational) && !incidents.iter().any(Incident::is_open)
}

/// True for an id of this platform: 26 characters of Crockford's base 32, which start with a 0 until the year 3084.
pub(super) fn is_ulid(id: &str) -> bool {
    id.len() == 26 && id.starts_with('0') && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

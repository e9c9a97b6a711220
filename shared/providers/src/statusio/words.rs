//! The platform's codes.
//!
//! Deliberately absent: any guess at a code that is not documented.

use statusphere_domain::{ComponentStatus, IncidentStatus, Indicator};

/// How bad a status code is; `None` for a code that is not known.
pub(super) fn severity(code: Option<i64>) -> Option<Indicator> {
    Some(match code? {
        100 => Indicator::None,
        200 => Indicator::Maintenance,
        300 => Indicator::Minor,
        400 => Indicator::Major,
        // 600 is a security event.
        500 | 600 => Indicator::Critical,
        _ => return None,
    })
}

/// How bad a status is by the platform's word for it; `None` for a word that is not known.
pub(super) fn named(word: &str) -> Option<Indicator> {
    Some(match word.to_lowercase().as_str() {
        "all systems operational" | "operational" => Indicator::None,
        "planned maintenance" => Indicator::Maintenance,
        "degraded performance" => Indicator::Minor,
        "partial service disruption" => Indicator::Major,
        "service disruption" | "security event" => Indicator::Critical,
        _ => return None,
    })
}

/// How a component fares by its status code.
pub(super) fn component(code: Option<i64>) -> ComponentStatus {
    severity(code).map_or(ComponentStatus::Unknown, fares)
}

/// How a component fares whose status is this bad.
pub(super) fn fares(severity: Indicator) -> ComponentStatus {
    match severity {
        Indicator::None => ComponentStatus::Operational,
        Indicator::Maintenance => ComponentStatus::UnderMaintenance,
        Indicator::Minor => ComponentStatus::DegradedPerformance,
        Indicator::Major => ComponentStatus::PartialOutage,
        Indicator::Critical => ComponentStatus::MajorOutage,
    }
}

/// Stage of an incident by the state code of a message, with the platform's word.
pub(super) fn incident(code: Option<i64>) -> (IncidentStatus, &'static str) {
    match code {
        Some(100) => (IncidentStatus::Investigating, "Investigating"),
        Some(200) => (IncidentStatus::Identified, "Identified"),
        Some(300) => (IncidentStatus::Monitoring, "Monitoring"),
        Some(400) => (IncidentStatus::Resolved, "Resolved"),
        _ => (IncidentStatus::Unknown, ""),
    }
}

/// The platform's word for the state code of a maintenance's message. Clients disagree on what comes after 200.
pub(super) fn maintenance(code: Option<i64>) -> &'static str {
    match code {
        Some(100) => "Scheduled",
        Some(200) => "Active",
        _ => "",
    }
}

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

/// How a component fares by its status code.
pub(super) fn component(code: Option<i64>) -> ComponentStatus {
    match severity(code) {
        None => ComponentStatus::Unknown,
        Some(Indicator::None) => ComponentStatus::Operational,
        Some(Indicator::Maintenance) => ComponentStatus::UnderMaintenance,
        Some(Indicator::Minor) => ComponentStatus::DegradedPerformance,
        Some(Indicator::Major) => ComponentStatus::PartialOutage,
        Some(Indicator::Critical) => ComponentStatus::MajorOutage,
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

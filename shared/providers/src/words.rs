//! The words that many platforms share, and what follows from them for a page.
//!
//! Deliberately absent: any platform's own words, and any guess. An unknown word is never healthy.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use statusphere_domain::{ComponentStatus, Incident, IncidentStatus, Indicator, MaintenanceStatus, Reading};

/// Status of a component, by the words that Statuspage made common.
pub(crate) fn component(word: &str) -> ComponentStatus {
    match word {
        "operational" => ComponentStatus::Operational,
        "degraded_performance" => ComponentStatus::DegradedPerformance,
        "partial_outage" => ComponentStatus::PartialOutage,
        "major_outage" | "full_outage" => ComponentStatus::MajorOutage,
        "under_maintenance" => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}

/// Stage of an incident, by the common words in lower case.
pub(crate) fn incident(word: &str) -> IncidentStatus {
    match word {
        "investigating" => IncidentStatus::Investigating,
        "identified" => IncidentStatus::Identified,
        "monitoring" => IncidentStatus::Monitoring,
        "resolved" => IncidentStatus::Resolved,
        "postmortem" => IncidentStatus::Postmortem,
        _ => IncidentStatus::Unknown,
    }
}

/// A word of JSON as a page shows it: "In progress" for `in_progress`.
pub(crate) fn shown(word: &str) -> String {
    let word = word.replace('_', " ");
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How bad a component's status is for its page. Unknown counts for nothing here; [`indicator`] knows of it.
pub(crate) fn severity(status: ComponentStatus) -> Indicator {
    match status {
        ComponentStatus::Operational | ComponentStatus::Unknown => Indicator::None,
        ComponentStatus::UnderMaintenance => Indicator::Maintenance,
        ComponentStatus::DegradedPerformance => Indicator::Minor,
        ComponentStatus::PartialOutage => Indicator::Major,
        ComponentStatus::MajorOutage => Indicator::Critical,
    }
}

/// The worse of two statuses of one component. What is not known is worse than planned work and better than trouble.
pub(crate) fn worse(one: ComponentStatus, other: ComponentStatus) -> ComponentStatus {
    let rank = |status| match status {
        ComponentStatus::Operational => 0,
        ComponentStatus::UnderMaintenance => 1,
        ComponentStatus::Unknown => 2,
        ComponentStatus::DegradedPerformance => 3,
        ComponentStatus::PartialOutage => 4,
        ComponentStatus::MajorOutage => 5,
    };
    if rank(other) > rank(one) { other } else { one }
}

/// Where planned work stands by its window alone.
pub(crate) fn window(
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    as_of: DateTime<Utc>,
) -> MaintenanceStatus {
    match ends_at {
        _ if as_of < starts_at => MaintenanceStatus::Scheduled,
        Some(end) if end <= as_of => MaintenanceStatus::Completed,
        _ => MaintenanceStatus::InProgress,
    }
}

/// The indicator of a page whose platform states none: the worst of its components, open incidents and running
/// maintenance. `None` when nothing is known to be wrong and a component's status is not known.
pub(crate) fn indicator(reading: &Reading, as_of: DateTime<Utc>) -> Option<Indicator> {
    let components = reading.components.as_deref().unwrap_or_default();
    let running = reading.maintenances.iter().any(|maintenance| maintenance.status == MaintenanceStatus::InProgress);
    let open = reading.incidents.iter().filter(|incident| incident.is_open());
    let worst = open
        .map(|incident| open_impact(incident, as_of))
        .chain(components.iter().map(|component| severity(component.status)))
        .chain(running.then_some(Indicator::Maintenance))
        .max()
        .unwrap_or(Indicator::None);
    let known = components.iter().all(|component| component.status != ComponentStatus::Unknown);
    (worst > Indicator::Maintenance || known).then_some(worst)
}

/// Drops items that the document lists again: the first of an id stays.
pub(crate) fn each_once(reading: &mut Reading) {
    let mut known = BTreeSet::new();
    reading.incidents.retain(|incident| known.insert(incident.id.clone()));
    known.clear();
    reading.maintenances.retain(|maintenance| known.insert(maintenance.id.clone()));
}

fn open_impact(incident: &Incident, as_of: DateTime<Utc>) -> Indicator {
    incident.impact_at(as_of).max(Indicator::Minor)
}

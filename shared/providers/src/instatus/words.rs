//! The platform's words in ours.
//!
//! Deliberately absent: any guess at a word that is not known. An unknown word is never healthy and never over.

use statusphere_domain::{ComponentStatus, IncidentStatus, Indicator, MaintenanceStatus};

use crate::words;

/// Status of a component.
pub(super) fn component(word: &str) -> ComponentStatus {
    match word {
        "OPERATIONAL" => ComponentStatus::Operational,
        "DEGRADEDPERFORMANCE" | "MINOROUTAGE" => ComponentStatus::DegradedPerformance,
        "PARTIALOUTAGE" => ComponentStatus::PartialOutage,
        "MAJOROUTAGE" => ComponentStatus::MajorOutage,
        "UNDERMAINTENANCE" => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}

/// Status of the page: `UP`, `HASISSUES`, or how many components are how badly off. `None` for any other word.
pub(super) fn page(word: &str) -> Option<Indicator> {
    match word {
        "UP" => return Some(Indicator::None),
        "HASISSUES" => return Some(Indicator::Minor),
        _ => {}
    }
    let kind = ["ALL", "SOME", "ONE"].iter().find_map(|many| word.strip_prefix(many)).unwrap_or(word);
    match words::severity(component(kind)) {
        Indicator::None => None,
        severity => Some(severity),
    }
}

/// Impact of an incident; a word that is not known counts as minor.
pub(super) fn impact(word: &str) -> Indicator {
    match component(word) {
        ComponentStatus::Unknown => Indicator::Minor,
        status => words::severity(status),
    }
}

/// Stage of an incident.
pub(super) fn incident(word: &str) -> IncidentStatus {
    words::incident(&word.to_ascii_lowercase())
}

/// Stage of a maintenance; `None` for a word that is not known.
pub(super) fn maintenance(word: &str) -> Option<MaintenanceStatus> {
    Some(match word {
        "NOTSTARTEDYET" => MaintenanceStatus::Scheduled,
        "INPROGRESS" => MaintenanceStatus::InProgress,
        "COMPLETED" => MaintenanceStatus::Completed,
        _ => return None,
    })
}

/// A stage as the page shows it.
pub(super) fn shown(word: &str) -> String {
    match word {
        "NOTSTARTEDYET" => "Not started yet".to_owned(),
        "INPROGRESS" => "In progress".to_owned(),
        _ => words::shown(&word.to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_healthy_by_one_word_only() {
        assert_eq!(page("UP"), Some(Indicator::None));
        assert_eq!(page("HASISSUES"), Some(Indicator::Minor));
        assert_eq!(page("ONEMAJOROUTAGE"), Some(Indicator::Critical));
        assert_eq!(page("SOMEDEGRADEDPERFORMANCE"), Some(Indicator::Minor));
        assert_eq!(page("ALLUNDERMAINTENANCE"), Some(Indicator::Maintenance));
        assert_eq!(page("UNDERMAINTENANCE"), Some(Indicator::Maintenance));
        for word in ["", "up", "ALLOPERATIONAL", "OPERATIONAL", "HAS_ISSUES", "ALL", "ÄMAJOROUTAGE"] {
            assert_eq!(page(word), None, "{word}");
        }
    }
}

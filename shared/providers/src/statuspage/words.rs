//! Statuspage's vocabulary in ours. Words are the same in JSON (`in_progress`) and on pages ("In progress").

use statusphere_domain::{IncidentStatus, Indicator, MaintenanceStatus};

/// Page indicator or impact. A word we don't know is a state we don't know, and never healthy.
pub(super) fn indicator(word: &str) -> Indicator {
    Indicator::parse(word).unwrap_or(Indicator::Minor)
}

/// The stage that an update announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Of an incident.
    Incident(IncidentStatus),
    /// Of a maintenance.
    Maintenance(MaintenanceStatus),
    /// News without a change of stage.
    Update,
}

impl Stage {
    /// The stage of a word; `None` for a word we don't know.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace('_', " ");
        Some(match word.as_str() {
            "investigating" => Self::Incident(IncidentStatus::Investigating),
            "identified" => Self::Incident(IncidentStatus::Identified),
            "monitoring" => Self::Incident(IncidentStatus::Monitoring),
            "resolved" => Self::Incident(IncidentStatus::Resolved),
            "postmortem" => Self::Incident(IncidentStatus::Postmortem),
            "scheduled" => Self::Maintenance(MaintenanceStatus::Scheduled),
            "in progress" | "verifying" => Self::Maintenance(MaintenanceStatus::InProgress),
            "completed" => Self::Maintenance(MaintenanceStatus::Completed),
            "update" => Self::Update,
            _ => return None,
        })
    }

    /// True for the last stages of a life.
    pub(super) fn is_over(self) -> bool {
        match self {
            Self::Incident(status) => status.is_over(),
            Self::Maintenance(status) => status == MaintenanceStatus::Completed,
            Self::Update => false,
        }
    }
}

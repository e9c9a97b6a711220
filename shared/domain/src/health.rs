//! The field's words for how something fares, as ordered enums.
//!
//! Vendor vocabularies are mapped to these in `providers`; nothing here knows a vendor.

use serde::{Deserialize, Serialize};

/// What a vendor says of a page or an incident. `Maintenance` is planned, so it ranks above calm and below any trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    /// Nothing is wrong.
    None,
    /// Planned work; never an outage.
    Maintenance,
    /// Degraded.
    Minor,
    /// Partly down.
    Major,
    /// Down.
    Critical,
}

impl Indicator {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Maintenance => "maintenance",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }

    /// The indicator of a wire word; `None` for any other word.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "none" => Self::None,
            "maintenance" => Self::Maintenance,
            "minor" => Self::Minor,
            "major" => Self::Major,
            "critical" => Self::Critical,
            _ => return None,
        })
    }
}

/// How one component fares, in the words of the public API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentStatus {
    /// Works.
    Operational,
    /// Slow or flaky.
    DegradedPerformance,
    /// Down for some.
    PartialOutage,
    /// Down for all.
    MajorOutage,
    /// Planned work is going on.
    UnderMaintenance,
    /// The vendor used a word we do not know; never taken for healthy.
    Unknown,
}

impl ComponentStatus {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operational => "operational",
            Self::DegradedPerformance => "degraded_performance",
            Self::PartialOutage => "partial_outage",
            Self::MajorOutage => "major_outage",
            Self::UnderMaintenance => "under_maintenance",
            Self::Unknown => "unknown",
        }
    }
}

/// Where an incident stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentStatus {
    /// Seen, cause unknown.
    Investigating,
    /// Cause known.
    Identified,
    /// Fix applied and watched.
    Monitoring,
    /// Over.
    Resolved,
    /// Over, with a report.
    Postmortem,
    /// Open, the vendor's word is not known to us.
    Unknown,
}

impl IncidentStatus {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::Monitoring => "monitoring",
            Self::Resolved => "resolved",
            Self::Postmortem => "postmortem",
            Self::Unknown => "unknown",
        }
    }

    /// True when the vendor says that it is over.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Resolved | Self::Postmortem)
    }
}

/// Where a planned maintenance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaintenanceStatus {
    /// Announced, not begun.
    Scheduled,
    /// Running.
    InProgress,
    /// Over, or called off.
    Completed,
}

impl MaintenanceStatus {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
        }
    }
}

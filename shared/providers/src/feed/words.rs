//! The vocabulary of status feeds: stages, severities, and what tells a status feed from any other.
//!
//! Deliberately absent: prose. A word counts where it stands as a label, never inside of a sentence.

use statusphere_domain::{IncidentStatus, Indicator};

use super::languages;

/// What a stage says of the lifecycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// A stage that incidents have.
    Incident(IncidentStatus),
    /// A stage that only planned work has: announced, not begun.
    Scheduled,
    /// A stage that only planned work has: begun.
    UnderWay,
    /// Open and begun, planned or not.
    InProgress,
    /// Open, and no more is said: "Update".
    Open,
    /// Over, planned or not.
    Over,
}

impl Stage {
    /// True when nothing more is going on.
    pub(super) fn is_over(self) -> bool {
        match self {
            Self::Incident(status) => status.is_over(),
            Self::Over => true,
            Self::Scheduled | Self::UnderWay | Self::InProgress | Self::Open => false,
        }
    }
}

/// The stage that a label names; `None` for anything else.
pub(super) fn stage(label: &str) -> Option<Stage> {
    let label = plain(label);
    Some(match label.as_str() {
        "investigating" => Stage::Incident(IncidentStatus::Investigating),
        "identified" => Stage::Incident(IncidentStatus::Identified),
        "monitoring" | "watching" | "observing" => Stage::Incident(IncidentStatus::Monitoring),
        "resolved" => Stage::Incident(IncidentStatus::Resolved),
        "postmortem" | "post mortem" | "post incident review" => Stage::Incident(IncidentStatus::Postmortem),
        "scheduled" | "maintenance scheduled" | "not started yet" | "planned" | "upcoming" => Stage::Scheduled,
        "verifying" | "under maintenance" | "maintenance in progress" => Stage::UnderWay,
        "in progress" => Stage::InProgress,
        "update"
        | "ongoing"
        | "open"
        | "active"
        | "acknowledged"
        | "reopened"
        | "degraded"
        | "degraded performance"
        | "service degradation"
        | "partial outage"
        | "major outage"
        | "full outage"
        | "outage"
        | "service disruption"
        | "disruption"
        | "performance issues"
        | "informational message" => Stage::Open,
        "completed"
        | "complete"
        | "closed"
        | "ended"
        | "fixed"
        | "operational"
        | "recovered"
        | "restored"
        | "cancelled"
        | "canceled"
        | "operating normally"
        | "service is operating normally"
        | "maintenance complete"
        | "maintenance completed" => Stage::Over,
        other => return languages::stage(other),
    })
}

/// True for a stage that nobody but status pages uses as a label. "Fixed" and "Update" head release notes as well.
pub(super) fn is_telling(stage: Stage) -> bool {
    matches!(stage, Stage::Incident(_) | Stage::Scheduled | Stage::UnderWay)
}

/// The stage that a category names. "Outage" as a category is a kind of trouble; it says nothing of its end.
pub(super) fn category_stage(label: &str) -> Option<Stage> {
    stage(label).filter(|stage| *stage != Stage::Open)
}

/// True for a stage that means something where it leads a title. "Update" may lead any.
pub(super) fn leads_title(word: &str) -> bool {
    plain(word) != "update"
}

/// How bad a label says it is; `None` for a label that says nothing of it.
pub(super) fn severity(label: &str) -> Option<Indicator> {
    Some(match plain(label).as_str() {
        "available" | "operational" | "none" => Indicator::None,
        "minor"
        | "degraded"
        | "degraded performance"
        | "service degradation"
        | "degradation"
        | "performance issues"
        | "disruption"
        | "service disruption"
        | "low"
        | "medium" => Indicator::Minor,
        "major" | "unavailable" | "outage" | "partial outage" | "full outage" | "major outage" | "service outage"
        | "down" | "high" => Indicator::Major,
        "critical" => Indicator::Critical,
        _ => return None,
    })
}

/// True for a title or a category that says that something was planned.
pub(super) fn is_planned(label: &str) -> bool {
    matches!(
        plain(label).as_str(),
        "maintenance" | "scheduled" | "scheduled maintenance" | "planned maintenance" | "under maintenance"
    )
}

/// True for the name of a channel that tells of a service's state.
pub(super) fn names_status(title: &str) -> bool {
    has_word(title, &["status", "incident", "incidents", "outage", "outages", "uptime", "availability", "disruptions"])
        || title.to_lowercase().contains("service health")
}

/// True for the name of a channel that tells of anything else, whatever words it has besides.
pub(super) fn names_other(title: &str) -> bool {
    has_word(
        title,
        &["blog", "news", "newsroom", "newsletter", "changelog", "releases", "release", "podcast", "articles", "press"],
    )
}

/// True for a title in the manner of status pages.
pub(super) fn tells_trouble(title: &str) -> bool {
    has_word(title, &["outage", "degraded", "disruption", "maintenance", "unavailable", "downtime", "incident"])
}

/// True when one of the words stands in a text.
pub(super) fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// A label in lower case with single spaces for anything else than letters and digits.
fn plain(label: &str) -> String {
    // A label is short; a paragraph is none and is not worth folding.
    if label.len() > 48 {
        return String::new();
    }
    let words = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

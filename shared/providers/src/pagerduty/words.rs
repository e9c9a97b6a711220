//! The words of a page, which its documents name by ids.
//!
//! Deliberately absent: words in the page's own language. A key behind each of them is the platform's.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{ComponentStatus, IncidentStatus, Indicator};

use crate::{field, words};

/// The words of a page, by id.
pub(super) struct Words {
    by_id: HashMap<String, Word>,
}

struct Word {
    /// `detected`, `in_progress`.
    key: String,
    /// As the page shows it.
    name: String,
    /// The type of posts that may be in this stage, open, without being featured.
    hidden: Option<String>,
}

impl Words {
    pub(super) fn new(rows: &[Value]) -> Self {
        Self { by_id: rows.iter().filter_map(|row| Some((field::id(&row["id"])?, word(row)))).collect() }
    }

    /// The key of the word that a document names; empty when there is no such word.
    pub(super) fn key(&self, id: &Value) -> &str {
        id.as_str().and_then(|id| self.by_id.get(id)).map_or("", |word| word.key.as_str())
    }

    /// The word as the page shows it.
    pub(super) fn shown(&self, id: &Value) -> String {
        words::shown(id.as_str().and_then(|id| self.by_id.get(id)).map_or("", |word| word.name.as_str()))
    }

    /// True when every open post of this type is among the featured ones.
    pub(super) fn all_featured(&self, post_type: &str) -> bool {
        !self.by_id.values().any(|word| word.hidden.as_deref() == Some(post_type))
    }
}

fn word(row: &Value) -> Word {
    let name = field::text(&row["name"]).to_owned();
    let path = field::text(&row["layout_settings"]["key"]);
    let key = path.rsplit('/').next().filter(|key| !key.is_empty()).unwrap_or(&name);
    let key = key.to_ascii_lowercase().replace([' ', '-'], "_");
    let is_stage = field::text(&row["post_enum_type"]) == "status" && !is_over(&key);
    let hidden =
        (is_stage && row["is_featured"] == Value::Bool(false)).then(|| field::text(&row["post_type"]).to_owned());
    Word { key, name, hidden }
}

pub(super) fn is_over(key: &str) -> bool {
    matches!(key, "resolved" | "completed")
}

pub(super) fn stage(key: &str) -> IncidentStatus {
    match key {
        "detected" => IncidentStatus::Investigating,
        key => words::incident(key),
    }
}

pub(super) fn impact(key: &str) -> Indicator {
    match key {
        "major" => Indicator::Major,
        "critical" | "outage" => Indicator::Critical,
        _ => Indicator::Minor,
    }
}

pub(super) fn component(key: &str) -> ComponentStatus {
    match key {
        "operational" | "all_good" => ComponentStatus::Operational,
        "minor" | "degraded" => ComponentStatus::DegradedPerformance,
        "partial_outage" | "major" => ComponentStatus::PartialOutage,
        "outage" | "critical" => ComponentStatus::MajorOutage,
        "maintenance" => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}

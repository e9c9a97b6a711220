//! What the page's own words for a component's condition mean, and which components are affected now.
//!
//! Deliberately absent: where the words stand in the document.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::ComponentStatus;

use crate::words;

/// The page's table of conditions.
pub(super) struct Conditions(HashMap<String, ComponentStatus>);

impl Conditions {
    pub(super) fn read(table: &Value) -> Self {
        let rows = table.as_object().into_iter().flatten();
        Self(rows.map(|(name, word)| (key(name), canonical(word.as_str().unwrap_or_default()))).collect())
    }

    /// The status that a condition's name stands for. The platform has no canonical word for maintenance: pages add a
    /// condition of that name and call it degraded.
    pub(super) fn status(&self, name: &str) -> ComponentStatus {
        match key(name).as_str() {
            "maintenance" => ComponentStatus::UnderMaintenance,
            key => self.0.get(key).copied().unwrap_or_else(|| canonical(name)),
        }
    }
}

fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

fn canonical(word: &str) -> ComponentStatus {
    match word.trim().to_ascii_uppercase().as_str() {
        "OPERATIONAL" => ComponentStatus::Operational,
        "DEGRADED" => ComponentStatus::DegradedPerformance,
        "OFFLINE" => ComponentStatus::MajorOutage,
        "MAINTENANCE" => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}

/// A component that an incident names.
pub(super) struct Affected {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) status: ComponentStatus,
}

/// Why an item counts for its components now.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Runs {
    /// As an open incident.
    Incident,
    /// As running maintenance.
    Maintenance,
    /// Not now.
    No,
}

/// The state of each component that something is open for.
#[derive(Default)]
pub(super) struct States(HashMap<String, ComponentStatus>);

impl States {
    pub(super) fn add(&mut self, affected: Vec<Affected>, runs: Runs) {
        if runs == Runs::No {
            return;
        }
        for component in affected {
            let status = if runs == Runs::Maintenance { ComponentStatus::UnderMaintenance } else { component.status };
            for known_as in component.id.into_iter().chain([component.name]) {
                let state = self.0.entry(known_as).or_insert(ComponentStatus::Operational);
                *state = words::worse(*state, status);
            }
        }
    }

    pub(super) fn of(&self, id: &str, name: &str) -> Option<ComponentStatus> {
        let (by_id, by_name) = (self.0.get(id).copied(), self.0.get(name).copied());
        by_id.into_iter().chain(by_name).reduce(words::worse)
    }
}

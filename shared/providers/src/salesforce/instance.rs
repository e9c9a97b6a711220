//! The status of one instance.
//!
//! Deliberately absent: the instance's services. They have no status of their own.

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};

use super::{PROVIDER, incident, maintenance};
use crate::{Target, field};

/// Reads an instance; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    let (Some(key), Some(word)) = (field::id(&document["key"]), document["status"].as_str()) else {
        return Err("the instance has no key or no status".to_owned());
    };
    if document["isActive"] != Value::Bool(true) {
        return Err(format!("{key} is no instance in use"));
    }
    let Some(rows) = document["Incidents"].as_array() else {
        return Err("the instance has no list of incidents".to_owned());
    };
    let (stated, status) = state(word.trim());
    let mut reading = Reading::new(PROVIDER.name);
    reading.incidents = rows.iter().filter_map(incident::read).collect();
    reading.lists_all_open = reading.incidents.len() == rows.len();
    reading.maintenances = maintenance::read_all(&document["Maintenances"], target.as_of);
    reading.indicator = stated.filter(|stated| *stated >= Indicator::Minor || reading.lists_all_open);
    reading.components = Some(vec![Component { id: key.clone(), name: key, group: None, status }]);
    Ok(reading)
}

/// A word of the interface, its `_CORE` or `_NONCORE` taken off, for the page and for the component.
fn state(word: &str) -> (Option<Indicator>, ComponentStatus) {
    let core = word.ends_with("_CORE");
    match word.trim_end_matches("_NONCORE").trim_end_matches("_CORE") {
        "OK" | "INFORMATIONAL" => (Some(Indicator::None), ComponentStatus::Operational),
        "MAINTENANCE" => (Some(Indicator::Maintenance), ComponentStatus::UnderMaintenance),
        "MINOR_INCIDENT" => (Some(Indicator::Minor), ComponentStatus::DegradedPerformance),
        "MAJOR_INCIDENT" if !core => (Some(Indicator::Major), ComponentStatus::PartialOutage),
        "MAJOR_INCIDENT" | "UNPLANNED_MAINTENANCE" => (Some(Indicator::Major), ComponentStatus::MajorOutage),
        _ => (None, ComponentStatus::Unknown),
    }
}

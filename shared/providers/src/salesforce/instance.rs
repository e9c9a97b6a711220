//! The status of one instance, or of all that a product has.
//!
//! Deliberately absent: the instance's services. They have no status of their own.

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Reading};

use super::{PROVIDER, incident, maintenance};
use crate::{Target, field, words};

/// Reads an instance; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    if document["isActive"] != Value::Bool(true) {
        return Err(format!("{} is no instance in use", field::id(&document["key"]).unwrap_or_default()));
    }
    read_all(target, std::slice::from_ref(document))
}

/// Reads the instances in use; the error says what of them cannot be read.
pub(super) fn read_all(target: &Target<'_>, rows: &[Value]) -> Result<Reading, String> {
    let mut reading = Reading::new(PROVIDER.name);
    let (mut components, mut worst, mut told, mut listed) = (Vec::new(), None, true, 0);
    for row in rows.iter().filter(|row| row["isActive"] != Value::Bool(false)) {
        let (Some(key), Some(word)) = (field::id(&row["key"]), row["status"].as_str()) else {
            return Err("an instance has no key or no status".to_owned());
        };
        let incidents = row["Incidents"].as_array().ok_or_else(|| format!("{key} has no list of incidents"))?;
        let (stated, status) = state(word.trim());
        listed += incidents.len();
        reading.incidents.extend(incidents.iter().filter_map(incident::read));
        reading.maintenances.extend(maintenance::read_all(&row["Maintenances"], target.as_of));
        worst = worst.max(stated);
        told &= stated.is_some();
        components.push(Component { id: key.clone(), name: key, group: None, status });
    }
    if components.is_empty() {
        return Err("there is no instance in use".to_owned());
    }
    reading.lists_all_open = reading.incidents.len() == listed;
    words::each_once(&mut reading);
    reading.indicator = worst.filter(|worst| *worst >= Indicator::Minor || told && reading.lists_all_open);
    reading.components = Some(components);
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

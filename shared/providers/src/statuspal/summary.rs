//! The summary: `{"status_page": {..}, "services": [..], "incidents": [..], "maintenances": [..], ..}`.
//!
//! Deliberately absent: info notices.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Item, Reading};

use super::{PROVIDER, items};
use crate::field::{self, list, text};
use crate::{Target, words};

/// Reads a summary; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, body: &Value) -> Result<Reading, String> {
    let rows = |key: &str| body[key].as_array().ok_or_else(|| format!("has no list `{key}`"));
    let stated = stated(body)?;
    let mut services = Services::default();
    services.add(rows("services")?, None);
    let mut reading = Reading::new(PROVIDER.name);

    let incidents = rows("incidents")?;
    let planned: Vec<&Value> = rows("maintenances")?.iter().chain(rows("upcoming_maintenances")?).collect();
    let open: Vec<Item> = incidents.iter().filter_map(|row| items::item(target, row, false, &services.names)).collect();
    let coming: Vec<Item> = planned.iter().filter_map(|row| items::item(target, row, true, &services.names)).collect();
    for (what, known, all) in [("incident", open.len(), incidents.len()), ("maintenance", coming.len(), planned.len())]
    {
        if known == 0 && all > 0 {
            return Err(format!("has no {what} that can be read"));
        }
    }
    reading.lists_all_open = open.len() == incidents.len();
    reading.lists_all_planned = coming.len() == planned.len();
    // What has just begun may stand in two lists.
    let mut seen = HashSet::new();
    for item in open.into_iter().chain(coming).filter(|item| seen.insert(item.key())) {
        reading.push(item);
    }
    reading.components = Some(services.components);
    let derived = words::indicator(&reading, target.as_of)
        .filter(|worst| *worst > Indicator::None || reading.lists_all_open && stated.is_some());
    reading.indicator = match stated {
        Some(stated) if stated > Indicator::Maintenance => Some(stated),
        Some(Indicator::Maintenance) => derived.max(Some(Indicator::Maintenance)),
        _ => derived,
    };
    Ok(reading)
}

/// Reads a document with the page's state alone. An incident of the vendor's own type is one all the same.
pub(super) fn brief(body: &Value) -> Result<Reading, String> {
    let stated = stated(body)?.or(Some(Indicator::Minor));
    Ok(Reading { indicator: stated, ..Reading::new(PROVIDER.name) })
}

/// What the page says of itself; `None` where it says it in words of its own only.
fn stated(body: &Value) -> Result<Option<Indicator>, String> {
    let page = body["status_page"].as_object().ok_or("has no `status_page`")?;
    let own = match page.get("current_incident_type") {
        Some(word @ (Value::Null | Value::String(_))) => typed(word),
        _ => return Err("does not say how the page fares".to_owned()),
    };
    // The common type that the vendor's own one amounts to; older summaries have none.
    let common = body.get("current_status_type").map_or(own, typed);
    let known = own.is_some() && common.is_some();
    Ok(own.max(common).filter(|worst| known || *worst > Indicator::None))
}

/// A type; `None` for one of the vendor's own.
fn typed(value: &Value) -> Option<Indicator> {
    match value {
        Value::Null => Some(Indicator::None),
        Value::String(word) => indicator(word),
        _ => None,
    }
}

/// How bad the common types are; the markup has a word for calm, too.
pub(super) fn indicator(word: &str) -> Option<Indicator> {
    Some(match word {
        "none" => Indicator::None,
        "scheduled" => Indicator::Maintenance,
        "minor" => Indicator::Minor,
        "major" => Indicator::Major,
        _ => return None,
    })
}

/// The tree of services, flattened.
#[derive(Default)]
struct Services {
    components: Vec<Component>,
    /// The name of every service by its id, groups included, and whether it is one.
    names: HashMap<String, (String, bool)>,
}

impl Services {
    fn add(&mut self, rows: &[Value], group: Option<&str>) {
        for row in rows {
            let id = field::id(&row["id"]);
            let named = Some(text(&row["name"])).filter(|name| !name.is_empty()).map(str::to_owned);
            // A row that says nothing of itself is still a service of which nothing is known.
            let name = named.or_else(|| id.clone()).unwrap_or_else(|| "unnamed".to_owned());
            let children = list(&row["children"]);
            let is_group = !children.is_empty();
            if let Some(id) = &id {
                self.names.insert(id.clone(), (name.clone(), is_group));
            }
            if is_group {
                self.add(children, Some(&name));
                continue;
            }
            let id = id.unwrap_or_else(|| name.clone());
            let status = match row.get("current_incident_type") {
                Some(Value::Null) => ComponentStatus::Operational,
                Some(word) => status(text(word)),
                None => ComponentStatus::Unknown,
            };
            self.components.push(Component { id, name, group: group.map(str::to_owned), status });
        }
    }
}

/// How a service of a type fares.
pub(super) fn status(word: &str) -> ComponentStatus {
    match word {
        "scheduled" => ComponentStatus::UnderMaintenance,
        "minor" => ComponentStatus::DegradedPerformance,
        "major" => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_that_only_names_its_incident_is_troubled() {
        let state = |word: Value| brief(&json!({ "status_page": { "current_incident_type": word } }));
        for (word, expected) in [
            (Value::Null, Indicator::None),
            (json!("scheduled"), Indicator::Maintenance),
            (json!("major"), Indicator::Major),
            (json!("slow-lane"), Indicator::Minor),
        ] {
            assert_eq!(state(word.clone()).map(|reading| reading.indicator), Ok(Some(expected)), "{word}");
        }
        assert!(brief(&json!({ "status_page": {} })).is_err());
        assert!(state(json!(3)).is_err());
    }
}

//! Services with the state that follows for them from open incidents.
//!
//! Deliberately absent: the incidents themselves.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Item};

use crate::{field, words};

/// The state of each service that an open incident names, by id and by name.
#[derive(Default)]
pub(super) struct Affected {
    by_name: HashMap<String, ComponentStatus>,
    /// An open incident does not tell its services: others may be affected as well.
    pub(super) perhaps_more: bool,
}

impl Affected {
    pub(super) fn add(&mut self, post: &Value, item: &Item) {
        let status = match item {
            Item::Incident(incident) => match incident.impact {
                Indicator::Critical => ComponentStatus::MajorOutage,
                Indicator::Major => ComponentStatus::PartialOutage,
                _ => ComponentStatus::DegradedPerformance,
            },
            Item::Maintenance(_) => ComponentStatus::UnderMaintenance,
        };
        let Some(services) = post["services"].as_array() else {
            self.perhaps_more = true;
            return;
        };
        for service in services {
            let name = Some(field::text(&service["name"])).filter(|name| !name.is_empty()).map(str::to_owned);
            let known_as: Vec<_> = field::id(&service["id"]).into_iter().chain(name).collect();
            self.perhaps_more |= known_as.is_empty();
            for key in known_as {
                let state = self.by_name.entry(key).or_insert(status);
                *state = words::worse(*state, status);
            }
        }
    }

    fn of(&self, id: &str, name: &str) -> ComponentStatus {
        let told = self.by_name.get(id).into_iter().chain(self.by_name.get(name)).copied().reduce(words::worse);
        let else_ = if self.perhaps_more { ComponentStatus::Unknown } else { ComponentStatus::Operational };
        told.unwrap_or(else_)
    }
}

pub(super) fn components(groups: &Value, affected: &Affected) -> Option<Vec<Component>> {
    let mut components = Vec::new();
    for group in groups.as_array()? {
        let name = Some(field::text(&group["name"])).filter(|name| !name.is_empty());
        for service in field::list(&group["services"]) {
            let own_name = field::text(&service["name"]);
            let Some(id) = field::id(&service["id"]).or_else(|| Some(own_name.to_owned()).filter(|id| !id.is_empty()))
            else {
                continue;
            };
            let status = if own_name.is_empty() { ComponentStatus::Unknown } else { affected.of(&id, own_name) };
            let own_name = if own_name.is_empty() { id.clone() } else { own_name.to_owned() };
            components.push(Component { id, name: own_name, group: name.map(str::to_owned), status });
        }
    }
    Some(components)
}

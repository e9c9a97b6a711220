//! The report of components: every service of every region, with the incidents that touch it.
//!
//! Deliberately absent: what happens in an incident. The report only names it, with its severity.

use std::collections::BTreeMap;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Response};

use crate::{field, html, words};

/// What the report says.
pub(super) struct Grid {
    pub(super) components: Vec<Component>,
    /// Incidents by their id.
    pub(super) touched: BTreeMap<String, Touched>,
    /// False when a part of it could not be read, so that what is bad may be missing.
    pub(super) whole: bool,
}

/// What the report says of one incident.
pub(super) struct Touched {
    pub(super) impact: Indicator,
    pub(super) components: Vec<String>,
}

impl Grid {
    /// True when the status of every component is known.
    pub(super) fn is_known(&self) -> bool {
        self.components.iter().all(|component| component.status != ComponentStatus::Unknown)
    }

    /// The worst of what it lists.
    pub(super) fn worst(&self) -> Indicator {
        let components = self.components.iter().map(|component| words::severity(component.status));
        components.chain(self.touched.values().map(|touched| touched.impact)).max().unwrap_or(Indicator::None)
    }
}

/// Reads the report; the error says why it cannot be read.
pub(super) fn read(answer: &Response) -> Result<Grid, String> {
    let report: Value = html::json(answer)?;
    let regions = field::list(&report["regionHealthReports"]);
    let mut grid = Grid { components: Vec::new(), touched: BTreeMap::new(), whole: true };
    for region in regions {
        let services = field::list(&region["serviceHealthReports"]);
        grid.whole &= !services.is_empty();
        for service in services {
            grid.add(region, service);
        }
    }
    if grid.components.is_empty() { Err("lists no service that can be read".to_owned()) } else { Ok(grid) }
}

impl Grid {
    fn add(&mut self, region: &Value, service: &Value) {
        let place = first(region, ["regionName", "regionCanonicalName", "regionId"]);
        let name = first(service, ["serviceName", "serviceCanonicalName", "serviceId"]);
        let keys = (
            first(region, ["regionCanonicalName", "regionId", "regionName"]),
            first(service, ["serviceCanonicalName", "serviceId", "serviceName"]),
        );
        let (Some(place), Some(name), (Some(region_key), Some(key))) = (place, name, keys) else {
            self.whole = false;
            return;
        };
        let word = field::text(&service["serviceStatus"]);
        let status = severity(word).map_or(ComponentStatus::Unknown, component);
        let is_untouched = service["incidents"].as_array().is_some_and(Vec::is_empty);
        self.whole &= status != ComponentStatus::Unknown || is_untouched && !word.is_empty();
        for incident in field::list(&service["incidents"]) {
            self.touch(incident, format!("{name} ({place})"));
        }
        let category = field::text(&service["serviceCategoryName"]);
        self.components.push(Component {
            id: format!("{region_key}/{key}"),
            name,
            group: Some(if category.is_empty() { place } else { format!("{place} / {category}") }),
            status,
        });
    }

    fn touch(&mut self, incident: &Value, component: String) {
        let Some(id) = field::id(&incident["incidentId"]) else {
            self.whole = false;
            return;
        };
        let impact = severity(field::text(&incident["severity"])).unwrap_or(Indicator::None).max(Indicator::Minor);
        let touched = self.touched.entry(id).or_insert(Touched { impact, components: Vec::new() });
        touched.impact = touched.impact.max(impact);
        touched.components.push(component);
    }
}

fn first(row: &Value, keys: [&str; 3]) -> Option<String> {
    keys.iter().find_map(|key| field::id(&row[*key]))
}

/// A status of a service or a severity of an incident; the documentation writes both with spaces, the reports without.
fn severity(word: &str) -> Option<Indicator> {
    Some(match word.replace(' ', "").as_str() {
        "NormalPerformance" => Indicator::None,
        "Informational" => Indicator::Minor,
        "ServiceDisruption" => Indicator::Major,
        "ServiceDown" => Indicator::Critical,
        _ => return None,
    })
}

fn component(severity: Indicator) -> ComponentStatus {
    match severity {
        Indicator::None => ComponentStatus::Operational,
        Indicator::Maintenance => ComponentStatus::UnderMaintenance,
        Indicator::Minor => ComponentStatus::DegradedPerformance,
        Indicator::Major => ComponentStatus::PartialOutage,
        Indicator::Critical => ComponentStatus::MajorOutage,
    }
}

//! `index.json`: everything about the page in one JSON:API document.
//!
//! Deliberately absent: the daily states of the last ninety days. They have no incidents in them.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use statusphere_domain::{Component, Indicator, Item, Reading};

use super::reports::Context;
use super::words;
use crate::field::{id, number, text};
use crate::{Target, words as common};

const SECTION: &str = "status_page_section";
const RESOURCE: &str = "status_page_resource";
const REPORT: &str = "status_report";
const UPDATE: &str = "status_update";

/// True for the platform's document, readable or not.
pub(super) fn is_mine(document: &Value) -> bool {
    document["data"]["type"] == "status_page"
}

/// Reads a document that [`is_mine`]; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    let page = &document["data"];
    let state = page["attributes"]["aggregate_state"].as_str().ok_or("states no `aggregate_state`")?;
    let included = document["included"].as_array().ok_or("has no list `included`")?;
    let of = |kind: &str| -> Vec<&Value> { included.iter().filter(|row| row["type"] == kind).collect() };

    let mut reading = Reading::new(super::PROVIDER.name);
    let components = components(&of(SECTION), &of(RESOURCE));
    let reports = of(REPORT);
    let context = Context::new(target, &components, &of(UPDATE));
    // A row that does not say what it is might be a report.
    let mut all_told = included.iter().all(|row| row["type"].is_string());
    for report in &reports {
        match context.item(report) {
            Some(Item::Incident(incident)) => reading.incidents.push(incident),
            Some(Item::Maintenance(maintenance)) => reading.maintenances.push(maintenance),
            // What is over by its own word costs nothing but itself.
            None => all_told &= words::is_over(text(&report["attributes"]["aggregate_state"])),
        }
    }
    let refers = page["relationships"].is_object();
    let whole = refers && holds(page, "status_reports", &reports) && holds(page, "resources", &of(RESOURCE));
    reading.lists_all_open = all_told && whole;
    reading.lists_all_planned = reading.lists_all_open;
    reading.components = Some(components);
    reading.indicator = indicator(state, &reading, target, all_told && (whole || !refers));
    Ok(reading)
}

/// The page's word; where it is not known, or calm although not everything could be read, only what is found to be wrong.
fn indicator(state: &str, reading: &Reading, target: &Target<'_>, all_read: bool) -> Option<Indicator> {
    let found = || common::indicator(reading, target.as_of).filter(|found| *found > Indicator::None);
    match words::state(state) {
        None => found(),
        Some(Indicator::None) if !all_read => found(),
        stated => stated,
    }
}

/// True when the document says what there is under a name, and holds all of it.
fn holds(page: &Value, relation: &str, rows: &[&Value]) -> bool {
    let known: HashSet<_> = rows.iter().filter_map(|row| id(&row["id"])).collect();
    let Some(referred) = page["relationships"][relation]["data"].as_array() else { return false };
    referred.iter().all(|row| id(&row["id"]).is_some_and(|id| known.contains(&id)))
}

/// The resources, by the order of their sections and within them.
fn components(sections: &[&Value], resources: &[&Value]) -> Vec<Component> {
    let position = |row: &Value| number(&row["attributes"]["position"]).unwrap_or(i64::MAX);
    let sections: HashMap<String, (i64, &str)> = sections
        .iter()
        .filter_map(|row| Some((id(&row["id"])?, (position(row), text(&row["attributes"]["name"])))))
        .collect();
    let mut components: Vec<_> = resources
        .iter()
        .filter_map(|row| {
            let attributes = &row["attributes"];
            let name = text(&attributes["public_name"]);
            let id = id(&row["id"]).or_else(|| Some(name.to_owned()).filter(|name| !name.is_empty()))?;
            let section = self::id(&attributes["status_page_section_id"]).and_then(|id| sections.get(&id));
            let group = section.map(|(_, name)| (*name).to_owned()).filter(|name| !name.is_empty());
            let name = if name.is_empty() { id.clone() } else { name.to_owned() };
            let status = words::component(text(&attributes["status"]));
            let order = (section.map_or(i64::MAX, |(position, _)| *position), position(row));
            Some((order, Component { id, name, group, status }))
        })
        .collect();
    components.sort_by_key(|(order, _)| *order);
    components.into_iter().map(|(_, component)| component).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_that_lacks_what_it_refers_to_is_not_calm() {
        let as_of = DateTime::from_timestamp(1_900_000_000, 0).unwrap();
        let target = Target::new("https://status.merrow.example", as_of);
        let page = |reports: Value| {
            let relationships = json!({ "resources": { "data": [] }, "status_reports": reports });
            let attributes = json!({ "aggregate_state": "operational" });
            let data = json!({ "type": "status_page", "attributes": attributes, "relationships": relationships });
            read(&target, &json!({ "data": data, "included": [] })).unwrap()
        };
        assert_eq!(page(json!({ "data": [] })).indicator, Some(Indicator::None));
        for missing in [json!({ "data": [{ "id": "1", "type": "status_report" }] }), json!(null)] {
            let reading = page(missing);
            assert_eq!((reading.indicator, reading.lists_all_open), (None, false));
        }
    }
}

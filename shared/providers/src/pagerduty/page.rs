//! The data inside of a page, as pages of 2023 had it: a summary, and the layout.
//!
//! Deliberately absent: planned work, of which no page with any is known; the layout's headline, which is what its author
//! wrote for calm days.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Reading, Update};

use super::lists::{self, list};
use super::{PROVIDER, words};
use crate::{Target, field, html};

const OPENING: &str = "<script id=\"data\" type=\"application/json\">";

/// The data of a page's HTML, if it is one of these pages. It escapes every `<` of its own.
pub(super) fn data(html: &str) -> Option<&str> {
    let (_, data) = html.split_once(OPENING)?;
    let data = data.split_once("</script>").map_or(data, |(data, _)| data);
    (data.contains("/api/v2/status_pages/") || data.contains("\"status_page_id\"")).then_some(data)
}

/// Reads the data; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, base: &str, data: &str) -> Result<Reading, String> {
    if !html::is_bearable(data) {
        return Err("the page's data holds more values than a status page has".to_owned());
    }
    let data: Value = serde_json::from_str(data).map_err(|error| format!("the page's data is not JSON: {error}"))?;
    let summary = &data["summary"];
    let rows = list(summary, "open_incidents").map_err(|why| format!("in the page's data {why}"))?;
    let mut reading = Reading::new(PROVIDER.name);
    reading.incidents = rows.iter().filter_map(|row| incident(base, row, true)).collect();
    if reading.incidents.is_empty() && !rows.is_empty() {
        return Err("none of the open incidents can be read".to_owned());
    }
    // Posts are what later pages have instead of incidents; here their list is empty.
    let no_posts = summary["posts"].is_null() || summary["posts"].as_array().is_some_and(Vec::is_empty);
    reading.lists_all_open = reading.incidents.len() == rows.len() && no_posts;
    let past = field::list(&summary["resolved_incidents"]).iter();
    reading.incidents.extend(past.filter_map(|row| incident(base, row, false)));
    let told = touched(rows);
    let groups = groups(&data["layout"]["layout_settings"]["business_services"]);
    let services = summary["post_status_page_services"].as_array();
    reading.components = services.map(|rows| rows.iter().filter_map(|row| component(row, &told, &groups)).collect());
    reading.indicator = crate::words::indicator(&reading, target.as_of)
        .filter(|worst| *worst >= Indicator::Minor || reading.lists_all_open);
    Ok(reading)
}

fn incident(base: &str, row: &Value, open: bool) -> Option<Incident> {
    let id = field::id(&row["id"])?;
    let rows = field::list(&row["updates"]);
    let read = |row: &Value| {
        let at = field::at(&row["reported_at"]).or_else(|| field::at(&row["created_at"]))?;
        let title = crate::words::shown(field::text(&row["status"]));
        Some(Update { at, title, body: field::text(&row["message"]).to_owned() })
    };
    let mut updates: Vec<_> = rows.iter().rev().filter_map(read).collect();
    updates.sort_by_key(|update| update.at);
    let (first, last) = (updates.first()?.at, updates.last()?.at);
    let newest = rows.first().unwrap_or(&Value::Null);
    let stage = words::stage(field::text(&newest["status"]));
    let severity = |row: &Value| words::impact(field::text(&row["severity"]));
    // The last update of an incident that is over tells how it is now, not how bad it was.
    let worst = if open { severity(newest) } else { rows.iter().map(severity).max().unwrap_or(Indicator::Minor) };
    let mut components: Vec<_> =
        rows.iter().flat_map(services).map(|row| field::text(&row["name"]).to_owned()).collect();
    components.sort();
    components.dedup();
    Some(Incident {
        title: Some(field::text(&row["title"])).filter(|title| !title.is_empty()).unwrap_or("Untitled").to_owned(),
        link: format!("{base}/posts/details/{id}"),
        impact: worst,
        status: match (open, stage.is_over()) {
            (true, true) => IncidentStatus::Unknown,
            (true, false) => stage,
            (false, _) => IncidentStatus::Resolved,
        },
        started_at: first,
        ended_at: (!open).then_some(last),
        updates,
        components,
        detail: Detail::Full,
        id,
    })
}

fn services(update: &Value) -> &[Value] {
    field::list(&update["impacted_business_services"])
}

/// What the newest update of each open incident says of its services.
fn touched(rows: &[Value]) -> HashMap<String, ComponentStatus> {
    let mut told = HashMap::new();
    for service in rows.iter().filter_map(|row| field::list(&row["updates"]).first()).flat_map(services) {
        let Some(id) = field::id(&service["id"]) else { continue };
        let status = words::component(field::text(&service["severity"]));
        told.entry(id).and_modify(|known| *known = crate::words::worse(*known, status)).or_insert(status);
    }
    told
}

/// Names of groups by the business services that stand in them.
fn groups(rows: &Value) -> HashMap<String, String> {
    let groups = field::list(rows).iter().filter(|row| row["grouping_element"] == Value::Bool(true));
    let members = groups.flat_map(|row| field::list(&row["child_business_services"]).iter().map(move |id| (id, row)));
    members.filter_map(|(id, row)| Some((field::id(id)?, field::text(&row["name"]).to_owned()))).collect()
}

fn component(
    row: &Value,
    told: &HashMap<String, ComponentStatus>,
    groups: &HashMap<String, String>,
) -> Option<Component> {
    let component = lists::component(row, told)?;
    let group = field::id(&row["external_business_service_id"]).and_then(|id| groups.get(&id).cloned());
    Some(Component { group: group.filter(|group| !group.is_empty()), ..component })
}

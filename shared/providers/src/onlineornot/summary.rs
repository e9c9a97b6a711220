//! The platform's public interface: components, active incidents and planned maintenance of a page.
//!
//! Deliberately absent: updates, groups' names and what is over. The document has none.

use serde_json::Value;
use statusphere_domain::{Component, Detail, Incident, IncidentStatus, Indicator, Maintenance, Reading};
use url::Url;

use super::items;
use crate::field::{at, id, list, text};
use crate::{Target, words};

/// Where the document of a page is, which goes by its host.
pub(super) fn address(target: &Target<'_>) -> Option<String> {
    let url = Url::parse(target.url).ok()?;
    Some(format!("https://api.onlineornot.com/v1/status_pages/{}/summary", url.host_str()?))
}

/// The error says what of the document cannot be read.
pub(super) fn read(target: &Target<'_>, document: &Value) -> Result<Reading, String> {
    let page = &document["result"];
    if document["success"] != true || id(&page["status_page"]["id"]).is_none() {
        return Err("has no status page".to_owned());
    }
    let rows = |key: &str| page[key].as_array().ok_or(format!("has no list `{key}`"));
    let (listed, open) = (rows("components")?, rows("active_incidents")?);
    let planned = list(&page["scheduled_maintenance"]);

    let mut reading = Reading::new(super::PROVIDER.name);
    reading.incidents = open.iter().filter_map(|row| incident(target, row)).collect();
    reading.lists_all_open = reading.incidents.len() == open.len();
    if reading.incidents.is_empty() && !open.is_empty() {
        return Err("has no incident that can be read".to_owned());
    }
    reading.maintenances = planned.iter().filter_map(|row| maintenance(target, row)).collect();
    reading.lists_all_planned = page["scheduled_maintenance"].is_array() && reading.maintenances.len() == planned.len();
    let components: Vec<_> = listed.iter().filter_map(component).collect();
    let told = components.len() == listed.len() && !components.is_empty() && reading.lists_all_open;
    reading.components = Some(components).filter(|components| !components.is_empty());
    let indicator = words::indicator(&reading, target.as_of);
    reading.indicator = indicator.filter(|indicator| told || *indicator >= Indicator::Minor);
    Ok(reading)
}

fn component(row: &Value) -> Option<Component> {
    let name = Some(text(&row["name"])).filter(|name| !name.is_empty())?.to_owned();
    Some(Component { id: id(&row["id"])?, name, group: None, status: items::component_status(text(&row["status"])) })
}

fn incident(target: &Target<'_>, row: &Value) -> Option<Incident> {
    let id = id(&row["id"])?;
    Some(Incident {
        title: Some(text(&row["title"])).filter(|title| !title.is_empty())?.to_owned(),
        link: target.at(&format!("/incidents/{id}")),
        id,
        impact: items::impact(text(&row["impact"])).max(Indicator::Minor),
        // The list has no stages: what is on it is active.
        status: IncidentStatus::Unknown,
        started_at: at(&row["started"]).or_else(|| at(&row["created_at"]))?,
        ended_at: None,
        updates: Vec::new(),
        components: Vec::new(),
        detail: Detail::Row,
    })
}

fn maintenance(target: &Target<'_>, row: &Value) -> Option<Maintenance> {
    let id = id(&row["id"])?;
    let starts_at = at(&row["started"])?;
    let ends_at = at(&row["ended"]).map(|end| end.max(starts_at));
    Some(Maintenance {
        title: Some(text(&row["title"])).filter(|title| !title.is_empty())?.to_owned(),
        link: target.at(&format!("/incidents/{id}")),
        id,
        status: words::window(starts_at, ends_at, target.as_of),
        starts_at,
        ends_at,
        updates: Vec::new(),
        components: Vec::new(),
        detail: Detail::Row,
    })
}

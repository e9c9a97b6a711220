//! The rows of the API's lists. Version 3 has the same fields as version 2, below `attributes`, with dates as
//! `{human, string}` and states as `{human, value}`.
//!
//! Deliberately absent: the zone of the stamps, which nobody tells.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Maintenance, MaintenanceStatus, Update,
};

use super::list::Included;
use crate::field::{at, id, list, number, text};
use crate::{Target, words};

/// Names by id, and where they stand.
pub(super) type Groups = BTreeMap<String, (i64, String)>;
type Names<'a> = BTreeMap<&'a str, &'a str>;

fn attributes(row: &Value) -> &Value {
    if row["attributes"].is_object() { &row["attributes"] } else { row }
}

fn row_id(row: &Value) -> Option<String> {
    id(&attributes(row)["id"]).or_else(|| id(&row["id"]))
}

/// The number of a state in either version.
fn code(state: &Value) -> Option<i64> {
    number(state).or_else(|| number(&state["value"]))
}

/// A date of either version: `created_at`, or `created.string`.
fn date(row: &Value, name: &str) -> Option<DateTime<Utc>> {
    at(&row[format!("{name}_at")]).or_else(|| at(&row[name]["string"]))
}

pub(super) fn groups(rows: &[Value]) -> Groups {
    let group = |row: &Value| {
        let own = attributes(row);
        let name = text(&own["name"]).to_owned();
        (!name.is_empty()).then(|| Some((row_id(row)?, (number(&own["order"]).unwrap_or(i64::MAX), name))))?
    };
    rows.iter().filter_map(group).collect()
}

/// Components in the page's order: groups first, each with its members, then those without one.
pub(super) fn components(rows: &[Value], groups: &Groups) -> Vec<Component> {
    let mut components: Vec<_> = rows.iter().map(|row| component(row, groups)).collect();
    components.sort_by_key(|(order, _)| *order);
    components.into_iter().map(|(_, component)| component).collect()
}

fn component(row: &Value, groups: &Groups) -> ((i64, i64), Component) {
    let own = attributes(row);
    let group = id(&own["group_id"]).or_else(|| id(&row["relationships"]["group"]["data"]["id"]));
    let group = group.and_then(|group| groups.get(&group));
    let order = (group.map_or(i64::MAX, |(order, _)| *order), number(&own["order"]).unwrap_or(i64::MAX));
    let (id, name) = (row_id(row), text(&own["name"]).to_owned());
    let status = match code(&own["status"]) {
        Some(1) => ComponentStatus::Operational,
        Some(2) => ComponentStatus::DegradedPerformance,
        Some(3) => ComponentStatus::PartialOutage,
        Some(4) => ComponentStatus::MajorOutage,
        Some(6) => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    };
    let name = if name.is_empty() { id.clone().unwrap_or_else(|| "?".to_owned()) } else { name };
    let component =
        Component { id: id.unwrap_or_else(|| name.clone()), name, group: group.map(|(_, name)| name.clone()), status };
    (order, component)
}

/// True for what version 2.3 lists among the incidents: planned work, without an end.
pub(super) fn is_scheduled(row: &Value) -> bool {
    code(&row["status"]) == Some(0) && at(&row["scheduled_at"]).is_some()
}

/// An incident; `None` without an id or a start, and for planned work.
pub(super) fn incident(target: &Target<'_>, row: &Value, included: &Included, names: &Names<'_>) -> Option<Incident> {
    let own = attributes(row);
    if is_scheduled(row) {
        return None;
    }
    let row_id = row_id(row)?;
    let started_at = date(own, "occurred").or_else(|| date(own, "created"))?;
    let posts = posts(row, included);
    let newest = posts.last().and_then(|post| post.code).or_else(|| number(&own["latest_status"]));
    let newest = newest.or_else(|| code(&own["status"]));
    let over = own["is_resolved"].as_bool().unwrap_or(newest == Some(4));
    let status = match newest {
        _ if over => IncidentStatus::Resolved,
        Some(1) => IncidentStatus::Investigating,
        Some(2) => IncidentStatus::Identified,
        Some(3) => IncidentStatus::Monitoring,
        _ => IncidentStatus::Unknown,
    };
    let fixed = posts.iter().find(|post| post.code == Some(4)).map(|post| post.update.at);
    let ended_at = over.then(|| {
        let touched = date(own, "updated").or_else(|| posts.last().map(|post| post.update.at));
        fixed.or(touched).unwrap_or(started_at).max(started_at)
    });
    // The row's own message came first; the state beside it is the newest one.
    let title = if posts.is_empty() { word(own) } else { "Reported".to_owned() };
    let updates = told(own, title, started_at).into_iter().chain(posts.into_iter().map(|post| post.update)).collect();
    Some(Incident {
        link: target.at(&format!("/incidents/{}", id(&own["guid"]).unwrap_or_else(|| row_id.clone()))),
        id: row_id,
        title: text(&own["name"]).to_owned(),
        impact: Indicator::Minor,
        status,
        started_at,
        ended_at,
        updates,
        components: touched(row, included, names),
        detail: Detail::Full,
    })
}

/// Planned work; `None` without an id or a start.
pub(super) fn maintenance(
    target: &Target<'_>,
    row: &Value,
    included: &Included,
    names: &Names<'_>,
) -> Option<Maintenance> {
    let own = attributes(row);
    let (id, starts_at) = (row_id(row)?, date(own, "scheduled")?);
    let ends_at = date(own, "completed");
    let status = match code(&own["status"]) {
        Some(0) => MaintenanceStatus::Scheduled,
        Some(1) => MaintenanceStatus::InProgress,
        Some(2) => MaintenanceStatus::Completed,
        _ => words::window(starts_at, ends_at, target.as_of),
    };
    let posts = posts(row, included);
    let first = date(own, "created").unwrap_or(starts_at);
    Some(Maintenance {
        link: target.at(&format!("/schedules/{id}")),
        id,
        title: text(&own["name"]).to_owned(),
        status,
        starts_at,
        ends_at,
        updates: told(own, "Scheduled".to_owned(), first)
            .into_iter()
            .chain(posts.into_iter().map(|post| post.update))
            .collect(),
        components: touched(row, included, names),
        detail: Detail::Full,
    })
}

/// Planned work of version 2.3, which names no end: it is no longer planned once it has begun.
pub(super) fn planned(target: &Target<'_>, row: &Value, included: &Included, names: &Names<'_>) -> Option<Maintenance> {
    let planned = maintenance(target, row, included, names)?;
    let ahead = planned.starts_at > target.as_of;
    let status = if ahead { MaintenanceStatus::Scheduled } else { MaintenanceStatus::Completed };
    Some(Maintenance { link: target.at(&format!("/incidents/{}", planned.id)), status, ..planned })
}

/// The platform's own word for the state of a row.
fn word(row: &Value) -> String {
    let human = [&row["human_status"], &row["status"]["human"]].into_iter().map(text).find(|word| !word.is_empty());
    human.unwrap_or_default().to_owned()
}

/// The message of the row itself.
fn told(own: &Value, title: String, at: DateTime<Utc>) -> Option<Update> {
    let body = own["message"].as_str().filter(|body| !body.trim().is_empty())?;
    Some(Update { at, title, body: body.to_owned() })
}

struct Post {
    code: Option<i64>,
    update: Update,
}

/// Updates, oldest to newest. Version 2 lists the newest first.
fn posts(row: &Value, included: &Included) -> Vec<Post> {
    let own = list(&attributes(row)["updates"]).iter().rev();
    let mut posts: Vec<_> = own.chain(related(row, included, "updates")).filter_map(post).collect();
    posts.sort_by_key(|post| post.update.at);
    posts
}

fn post(row: &Value) -> Option<Post> {
    let own = attributes(row);
    let body = own["message"].as_str().unwrap_or_default().to_owned();
    Some(Post { code: code(&own["status"]), update: Update { at: date(own, "created")?, title: word(own), body } })
}

/// What version 3 lists beside the rows.
fn related<'a>(row: &Value, included: &'a Included, name: &str) -> impl Iterator<Item = &'a Value> {
    let keys = list(&row["relationships"][name]["data"]).iter();
    let keys: Vec<_> = keys.filter_map(|key| Some((text(&key["type"]).to_owned(), id(&key["id"])?))).collect();
    keys.into_iter().filter_map(|key| included.get(&key))
}

/// Names of the components that a row touches.
fn touched(row: &Value, included: &Included, names: &Names<'_>) -> Vec<String> {
    let own = attributes(row);
    let listed = list(&own["components"]).iter().filter_map(|part| id(&part["component_id"]));
    let ids = id(&own["component_id"]).into_iter().chain(listed);
    let known = ids.filter_map(|id| names.get(id.as_str()).map(|name| (*name).to_owned()));
    let beside = related(row, included, "components").map(|part| text(&attributes(part)["name"]).to_owned());
    known.chain(beside).filter(|name| !name.is_empty()).collect()
}

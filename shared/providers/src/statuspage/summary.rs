//! The v2 JSON: `summary.json` for the current state, the two lists of the newest items for the history.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use statusphere_domain::{Component, Item, Reading, Response};

use super::row::item;
use super::{Permalinks, words};
use crate::field::{id, list};
use crate::words::component as component_status;
use crate::{BackfillStep, Seen, Step, Target, html};

/// The whole state from one document.
pub(super) fn read(target: &Target<'_>, answer: &Response) -> Step {
    let document: Value = match html::json(answer) {
        Ok(document) => document,
        Err(why) => return Step::NotMine(format!("{} {why}", super::SUMMARY)),
    };
    let (page, status) = (&document["page"], &document["status"]);
    let (Some(page_id), Some(indicator)) = (id(&page["id"]), status["indicator"].as_str()) else {
        return Step::NotMine(format!("{} has no `page.id` and `status.indicator`", super::SUMMARY));
    };
    if is_ulid(&page_id) && page["time_zone"].is_null() {
        return Step::NotMine("is a page of incident.io".to_owned());
    }
    if let Some(step) = super::moved(target, answer) {
        return step;
    }

    let permalinks = Permalinks::new(target, page["url"].as_str());
    let Some(mut incidents) = Rows::read(target, &permalinks, &document["incidents"], false) else {
        return Step::Malformed("`incidents` cannot be read".to_owned());
    };
    let Some(mut planned) = Rows::read(target, &permalinks, &document["scheduled_maintenances"], true) else {
        return Step::Malformed("`scheduled_maintenances` cannot be read".to_owned());
    };
    let mut reading = Reading::new(super::PROVIDER.name);
    reading.indicator = Some(words::indicator(indicator));
    reading.components = document["components"].as_array().map(|rows| components(rows));
    // A list that is not there is no empty list and ends nothing that is known to be open; `null` is how imitators write
    // an empty one.
    reading.lists_all_open = incidents.complete && document.get("incidents").is_some();
    reading.lists_all_planned = planned.complete && document.get("scheduled_maintenances").is_some();
    for item in incidents.items.drain(..).chain(planned.items.drain(..)) {
        reading.push(item);
    }
    Step::Reading(Box::new(reading))
}

/// The first step of the history: the newest items with their whole timelines. A page may have neither list.
pub(super) fn newest(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let lists =
        [("/api/v2/incidents.json", "incidents"), ("/api/v2/scheduled-maintenances.json", "scheduled_maintenances")];
    let wanted: Vec<_> = lists.iter().map(|(path, _)| target.at(path)).filter(|url| seen.get(url).is_none()).collect();
    if !wanted.is_empty() {
        return BackfillStep::Want(wanted);
    }
    let mut items = Vec::new();
    for (path, key) in lists {
        match seen.get(&target.at(path)) {
            Some(Ok(answer)) => match html::json::<Value>(answer) {
                Ok(document) => {
                    let permalinks = Permalinks::new(target, document["page"]["url"].as_str());
                    let rows = Rows::read(target, &permalinks, &document[key], key == "scheduled_maintenances");
                    items.extend(rows.into_iter().flat_map(|rows| rows.items));
                }
                Err(_) if html::is_html(answer) => {}
                Err(why) => return BackfillStep::Failed(format!("{path} {why}")),
            },
            Some(Err(error)) if !error.kind.host_is_up() => return BackfillStep::Failed(error.detail.clone()),
            _ => {}
        }
    }
    BackfillStep::Items { items, next: Some("1".to_owned()) }
}

/// What could be read of a list.
struct Rows {
    items: Vec<Item>,
    /// False when a row was left out.
    complete: bool,
}

impl Rows {
    /// `None` when there are rows and not one of them can be read: that is never "nothing is open".
    fn read(target: &Target<'_>, permalinks: &Permalinks, rows: &Value, planned: bool) -> Option<Self> {
        if !rows.is_array() && !rows.is_null() {
            return None;
        }
        let rows = list(rows);
        let mut items: Vec<_> = rows.iter().filter_map(|row| item(target, permalinks, row, planned)).collect();
        let complete = items.len() == rows.len();
        let mut known = BTreeSet::new();
        items.retain(|item| known.insert(item.key()));
        (rows.is_empty() || !items.is_empty()).then_some(Self { items, complete })
    }
}

/// incident.io's ids, where Atlassian's have twelve characters.
fn is_ulid(id: &str) -> bool {
    id.len() == 26 && id.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// Components in the order of the page: a group stands at its own position, its members at theirs within it.
fn components(rows: &[Value]) -> Vec<Component> {
    let position = |row: &Value| row["position"].as_i64().unwrap_or(i64::MAX);
    let groups: BTreeMap<String, &Value> =
        rows.iter().filter(|row| row["group"] == true).filter_map(|row| Some((id(&row["id"])?, row))).collect();
    let mut components: Vec<_> = rows
        .iter()
        .filter(|row| row["group"] != true)
        .filter_map(|row| {
            let name = row["name"].as_str().unwrap_or_default().trim().to_owned();
            let id_or_name = id(&row["id"]).or_else(|| Some(name.clone()).filter(|name| !name.is_empty()))?;
            let group = id(&row["group_id"]).and_then(|id| groups.get(&id));
            let order = match group {
                Some(group) => (position(group), id(&group["id"]), position(row)),
                None => (position(row), None, 0),
            };
            let group = group.and_then(|group| group["name"].as_str()).map(|name| name.trim().to_owned());
            let status = component_status(row["status"].as_str().unwrap_or_default());
            Some((order, Component { id: id_or_name, name, group, status }))
        })
        .collect();
    components.sort_by(|(a, _), (b, _)| a.cmp(b));
    components.into_iter().map(|(_, component)| component).collect()
}

//! A page of the list of incidents, planned maintenance among them.
//!
//! Deliberately absent: components' own states.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use super::components;
use crate::{Target, field, words};

pub(super) struct Page {
    pub(super) items: Vec<Item>,
    /// False when a row could not be read.
    pub(super) all_read: bool,
    /// The address of the next page, if there is one.
    pub(super) next: Option<String>,
}

impl Page {
    /// The error says what of the document cannot be read.
    pub(super) fn read(target: &Target<'_>, document: &Value, names: &HashMap<String, String>) -> Result<Self, String> {
        let rows = document["results"].as_array().ok_or("public-incidents has no list of results")?;
        let items: Vec<_> = rows.iter().filter_map(|row| item(target, row, names)).collect();
        if items.is_empty() && !rows.is_empty() {
            return Err("public-incidents has no incident that can be read".to_owned());
        }
        let all_read = items.len() == rows.len();
        let next = Some(field::text(&document["next"])).filter(|next| !next.is_empty()).map(str::to_owned);
        Ok(Self { items, all_read, next })
    }
}

/// `None` when it cannot be read.
fn item(target: &Target<'_>, row: &Value, names: &HashMap<String, String>) -> Option<Item> {
    let id = field::id(&row["id"])?;
    let title = Some(field::text(&row["title"])).filter(|title| !title.is_empty())?.to_owned();
    let link = target.at(&format!("/incident/{id}"));
    let start = field::at(&row["start_time"]);
    let end = end(&row["end_time"])?;
    let affected = field::list(&row["affected_components"]);
    let worst = affected.iter().map(|row| words::severity(components::status(field::text(&row["new_status"])))).max();
    let affected = affected.iter().filter_map(|row| field::id(&row["component"]));
    let components = affected.map(|id| names.get(&id).cloned().unwrap_or(id)).collect();
    let description = field::text(&row["description"]);
    let updates = |at| -> Vec<Update> {
        let told = (!description.is_empty()).then(|| description.to_owned());
        told.map(|body| Update { at, title: String::new(), body }).into_iter().collect()
    };
    if row["is_planned"] == true {
        let starts_at = field::at(&row["scheduled_start_time"]).or(start)?;
        let status = match end {
            // A planned end may stand where the true one will.
            Some(end) if end <= target.as_of => MaintenanceStatus::Completed,
            _ => words::window(starts_at, None, target.as_of),
        };
        // What is planned is told before it begins.
        let touched = field::at(&row["updated_at"]).map(|at| at.min(starts_at));
        let announced = touched.or(Some(starts_at).filter(|at| *at <= target.as_of));
        let ends_at = if status == MaintenanceStatus::Completed { end } else { None };
        let ends_at = ends_at.or(field::at(&row["scheduled_end_time"])).or(end).map(|end| end.max(starts_at));
        return Some(Item::Maintenance(Maintenance {
            id,
            title,
            link,
            status,
            starts_at,
            ends_at,
            updates: announced.map(updates).unwrap_or_default(),
            components,
            detail: Detail::Row,
        }));
    }
    let started_at = start?;
    let told = worst.unwrap_or(Indicator::None);
    Some(Item::Incident(Incident {
        id,
        title,
        link,
        impact: if end.is_some() { told } else { told.max(Indicator::Minor) },
        status: if end.is_some() { IncidentStatus::Resolved } else { IncidentStatus::Unknown },
        started_at,
        ended_at: end.map(|end| end.max(started_at)),
        updates: updates(started_at),
        components,
        detail: Detail::Row,
    }))
}

/// The end, when there is one yet. `None` for something that is no time: it says neither "open" nor "over".
#[expect(clippy::option_option, reason = "unreadable, absent and present are three answers")]
fn end(value: &Value) -> Option<Option<DateTime<Utc>>> {
    match value {
        Value::Null => Some(None),
        _ => field::at(value).map(Some),
    }
}

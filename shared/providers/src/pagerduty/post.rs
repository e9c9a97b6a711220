//! A post of the interface: an incident or planned work.
//!
//! Deliberately absent: which list it came from.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use super::words::{self, Words};
use crate::{field, time};

/// What a post does not say itself.
pub(super) struct Context<'a> {
    pub(super) base: &'a str,
    pub(super) words: &'a Words,
    /// Names by id.
    pub(super) services: &'a HashMap<String, String>,
    pub(super) as_of: DateTime<Utc>,
}

/// The id of the post that an item was.
pub(super) fn id(item: &Item) -> &str {
    match item {
        Item::Incident(incident) => &incident.id,
        Item::Maintenance(maintenance) => &maintenance.id,
    }
}

/// Milliseconds since 1970, or written out.
fn at(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Number(_) => field::number(value).filter(|at| *at > 0).and_then(time::unix_millis),
        value => field::at(value),
    }
}

impl Context<'_> {
    /// The item of a post; `None` when it has no id or no time.
    pub(super) fn item(&self, post: &Value) -> Option<Item> {
        let id = field::id(&post["id"])?;
        let updates = self.updates(post);
        let newest = newest(post);
        let key = self.words.key(&newest["status_id"]);
        let link = format!("{}/posts/details/{id}", self.base);
        let title =
            Some(field::text(&post["title"])).filter(|title| !title.is_empty()).unwrap_or("Untitled").to_owned();
        let components = self.touched(post);
        let detail = if post["updates"].is_array() { Detail::Full } else { Detail::Row };
        let first = at(&post["first_update_at"]).or(updates.first().map(|update| update.at));
        if field::text(&post["post_type"]) == "maintenance" {
            let starts_at = at(&post["starts_at"]).or(first)?;
            let ends_at = at(&post["ends_at"]);
            let status = match key {
                "scheduled" => MaintenanceStatus::Scheduled,
                "in_progress" => MaintenanceStatus::InProgress,
                key if words::is_over(key) => MaintenanceStatus::Completed,
                _ => crate::words::window(starts_at, ends_at, self.as_of),
            };
            let maintenance = Maintenance { id, title, link, status, starts_at, ends_at, updates, components, detail };
            return Some(Item::Maintenance(maintenance));
        }
        let started_at = first?;
        let over = words::is_over(key);
        let ended_at = over.then(|| at(&newest["reported_at"]).unwrap_or(started_at).max(started_at));
        let status = if over { IncidentStatus::Resolved } else { words::stage(key) };
        let impact = self.impact(post, newest);
        Some(Item::Incident(Incident {
            id,
            title,
            link,
            impact,
            status,
            started_at,
            ended_at,
            updates,
            components,
            detail,
        }))
    }

    fn impact(&self, post: &Value, newest: &Value) -> Indicator {
        match self.words.key(&newest["severity_id"]) {
            "" => words::impact(field::text(&post["current_post_severity_enum"]["name"])),
            key => words::impact(key),
        }
    }

    /// Oldest to newest; of a row that has no updates, the newest alone.
    fn updates(&self, post: &Value) -> Vec<Update> {
        let rows = match post["updates"].as_array() {
            Some(rows) if !rows.is_empty() => rows.as_slice(),
            _ => std::slice::from_ref(&post["latest_update"]),
        };
        let read = |row: &Value| {
            let at = at(&row["reported_at"])?;
            let body = field::text(&row["message"]).to_owned();
            Some(Update { at, title: self.words.shown(&row["status_id"]), body })
        };
        let mut updates: Vec<_> = rows.iter().rev().filter_map(read).collect();
        updates.sort_by_key(|update| update.at);
        updates
    }

    /// Names of the services that any update touches, in the order of their names.
    fn touched(&self, post: &Value) -> Vec<String> {
        let updates = field::list(&post["updates"]).iter().chain([&post["latest_update"]]);
        let impacts = updates.flat_map(|update| field::list(&update["impacts"])).map(|impact| &impact["service_id"]);
        let services = field::list(&post["incident_services"]).iter().map(|service| &service["id"]);
        let ids = impacts.chain(services).filter_map(field::id);
        let mut names: Vec<_> = ids.filter_map(|id| self.services.get(&id).cloned()).collect();
        names.retain(|name| !name.is_empty());
        names.sort();
        names.dedup();
        names
    }
}

/// The newest update of a post; `null` when it has none.
fn newest(post: &Value) -> &Value {
    if post["latest_update"].is_object() {
        return &post["latest_update"];
    }
    let updates = field::list(&post["updates"]).iter();
    updates.max_by_key(|update| at(&update["reported_at"])).unwrap_or(&Value::Null)
}

//! Incidents and maintenances of the document.
//!
//! Deliberately absent: what follows from them for the page.

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use super::conditions::{Affected, Conditions, Runs};
use crate::{Target, field, words};

/// An incident, or a maintenance that is written as one; `None` when it cannot be read.
pub(super) fn incident(target: &Target<'_>, conditions: &Conditions, post: &Value) -> Option<Item> {
    let (id, title) = (field::id(&post["id"])?, title(post)?);
    let link = target.at(&format!("/incidents/{id}"));
    let updates = updates(post);
    let stamps = &post["timestamps"];
    let stated = ["started", "detected"].iter().find_map(|key| field::at(&stamps[*key]));
    let started_at = stated.or(updates.first().map(|update| update.at))?;
    let ended_at = end(&stamps["resolved"])?.map(|end| end.max(started_at));
    let affected = affected(conditions, post);
    let worst = affected.iter().map(|component| words::severity(component.status)).max();
    let components = affected.into_iter().map(|component| component.name).collect();
    if field::text(&post["severitySlug"]) == "MAINTENANCE" {
        let status = match ended_at {
            Some(end) if end <= target.as_of => MaintenanceStatus::Completed,
            _ => words::window(started_at, None, target.as_of),
        };
        let (starts_at, ends_at) = (started_at, ended_at);
        let detail = Detail::Full;
        return Some(Item::Maintenance(Maintenance {
            id,
            title,
            link,
            status,
            starts_at,
            ends_at,
            updates,
            components,
            detail,
        }));
    }
    let told = match field::text(&post["severitySlug"]) {
        "SEV1" => Indicator::Critical,
        "SEV2" => Indicator::Major,
        "SEV3" | "SEV4" => Indicator::Minor,
        _ => worst.unwrap_or(Indicator::None),
    };
    Some(Item::Incident(Incident {
        id,
        title,
        link,
        impact: if ended_at.is_some() { told } else { told.max(Indicator::Minor) },
        status: if ended_at.is_some() { IncidentStatus::Resolved } else { stage(post) },
        started_at,
        ended_at,
        updates,
        components,
        detail: Detail::Full,
    }))
}

/// An entry of the list of scheduled maintenances; `None` when it cannot be read.
pub(super) fn scheduled(target: &Target<'_>, post: &Value) -> Option<Item> {
    let (id, title) = (field::id(&post["id"])?, title(post)?);
    let starts_at = field::at(&post["startsAt"])?;
    let ends_at = end(&post["endsAt"])?.map(|end| end.max(starts_at));
    let summary = field::text(&post["summary"]);
    let update = field::at(&post["updatedAt"]).filter(|_| !summary.is_empty());
    let update = update.map(|at| Update { at, title: String::new(), body: summary.to_owned() });
    Some(Item::Maintenance(Maintenance {
        link: target.at(&format!("/incidents/{id}")),
        id,
        title,
        status: words::window(starts_at, ends_at, target.as_of),
        starts_at,
        ends_at,
        updates: update.into_iter().collect(),
        components: names(post),
        detail: Detail::Full,
    }))
}

/// How an item counts for its components now.
pub(super) fn runs(item: &Item) -> Runs {
    match item {
        Item::Incident(incident) if incident.is_open() => Runs::Incident,
        Item::Maintenance(maintenance) if maintenance.status == MaintenanceStatus::InProgress => Runs::Maintenance,
        _ => Runs::No,
    }
}

/// The components that an item names: as a list, or by name with a condition.
pub(super) fn affected(conditions: &Conditions, post: &Value) -> Vec<Affected> {
    let listed = field::list(&post["components"]).iter().filter_map(|row| {
        let name = field::text(&row["name"]);
        let status = conditions.status(field::text(&row["condition"]));
        (!name.is_empty()).then(|| Affected { id: field::id(&row["id"]), name: name.to_owned(), status })
    });
    let mut affected: Vec<_> = listed.collect();
    if affected.is_empty() {
        let by_name = post["componentConditions"].as_object().into_iter().flatten();
        affected.extend(by_name.map(|(name, condition)| Affected {
            id: None,
            name: name.trim().to_owned(),
            status: conditions.status(field::text(condition)),
        }));
    }
    affected
}

fn names(post: &Value) -> Vec<String> {
    let by_name = post["componentConditions"].as_object().into_iter().flatten();
    by_name.map(|(name, _)| name.trim().to_owned()).collect()
}

fn title(post: &Value) -> Option<String> {
    let title = ["title", "name"].iter().map(|key| field::text(&post[*key])).find(|title| !title.is_empty());
    title.map(str::to_owned)
}

/// The end, when there is one yet. `None` for something that is no time: it says neither "open" nor "over".
#[expect(clippy::option_option, reason = "unreadable, absent and present are three answers")]
fn end(value: &Value) -> Option<Option<DateTime<Utc>>> {
    match value {
        Value::Null => Some(None),
        // The zero of the platform's own time type.
        Value::String(text) if text.trim().is_empty() || text.starts_with("0001-") => Some(None),
        _ => field::at(value).map(Some),
    }
}

/// The stage of an open incident: the last milestone that it has reached.
fn stage(post: &Value) -> IncidentStatus {
    let mut milestones =
        field::list(&post["lifecyclePhases"]).iter().flat_map(|phase| field::list(&phase["milestones"]));
    let reached = milestones.rfind(|milestone| field::at(&milestone["occurredAt"]).is_some());
    let current = field::text(&post["currentMilestone"]);
    match if current.is_empty() { reached.map_or("", |milestone| field::text(&milestone["slug"])) } else { current } {
        "started" | "detected" | "acknowledged" | "active" | "investigating" => IncidentStatus::Investigating,
        "identified" => IncidentStatus::Identified,
        "mitigated" | "monitoring" => IncidentStatus::Monitoring,
        // Whatever a milestone says: only the time of its end ends an incident.
        _ => IncidentStatus::Unknown,
    }
}

fn updates(post: &Value) -> Vec<Update> {
    let entries = field::list(&post["timeline"]).iter().filter_map(|entry| {
        let at = field::at(&entry["occurredAt"]).or_else(|| field::at(&entry["time"]))?;
        let note = &entry["details"]["note"];
        let body = note.as_str().or_else(|| note["note"].as_str()).filter(|body| !body.trim().is_empty())?;
        Some(Update { at, title: String::new(), body: body.to_owned() })
    });
    let mut updates: Vec<_> = entries.collect();
    // The newest stands first in the document, so that equal stamps have to be turned round before they are sorted.
    updates.reverse();
    updates.sort_by_key(|update| update.at);
    updates
}

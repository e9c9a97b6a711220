//! One incident of Salesforce Trust.
//!
//! Deliberately absent: which list it came from.

use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Update};

use super::{PAGE, humanised, is_closing, touched};
use crate::{field, words};

/// The incident of a row; `None` when it has no id or no time.
pub(super) fn read(row: &Value) -> Option<Incident> {
    let id = field::id(&row["id"])?;
    let impacts = field::list(&row["IncidentImpacts"]);
    let updates = updates(&row["IncidentEvents"]);
    let began = impacts.iter().filter_map(|impact| field::at(&impact["startTime"])).min();
    let started_at = began.or_else(|| field::at(&row["createdAt"])).or(updates.first().map(|update| update.at))?;
    let over = is_over(row, impacts);
    let told = impacts.iter().map(|impact| severity(field::text(&impact["severity"]))).max();
    Some(Incident {
        link: format!("{PAGE}/incidents/{id}"),
        title: title(row, impacts),
        impact: told.unwrap_or(Indicator::Minor),
        status: if over { IncidentStatus::Resolved } else { stage(&updates) },
        started_at,
        ended_at: over.then(|| {
            let ends = impacts.iter().filter_map(|impact| field::at(&impact["endTime"])).max();
            let end = ends.or_else(|| field::at(&row["updatedAt"])).or(updates.last().map(|update| update.at));
            end.unwrap_or(started_at).max(started_at)
        }),
        updates,
        components: touched(row),
        detail: Detail::Full,
        id,
    })
}

/// By its status; a row without one is over when each of its impacts has an end.
fn is_over(row: &Value, impacts: &[Value]) -> bool {
    match field::text(&row["status"]) {
        "" => !impacts.is_empty() && impacts.iter().all(|impact| field::at(&impact["endTime"]).is_some()),
        word => is_closing(word),
    }
}

fn severity(word: &str) -> Indicator {
    match word.to_ascii_lowercase().as_str() {
        "critical" => Indicator::Critical,
        "major" => Indicator::Major,
        _ => Indicator::Minor,
    }
}

/// The interface has no stages; at times an event is named after one.
fn stage(updates: &[Update]) -> IncidentStatus {
    let stages = updates.iter().rev().map(|update| words::incident(&update.title.to_ascii_lowercase()));
    let open = stages.filter(|stage| !stage.is_over()).find(|stage| *stage != IncidentStatus::Unknown);
    open.unwrap_or(IncidentStatus::Unknown)
}

fn title(row: &Value, impacts: &[Value]) -> String {
    let subject = field::text(&row["message"]["subject"]);
    if !subject.is_empty() {
        return subject.to_owned();
    }
    let kinds =
        impacts.iter().map(|impact| field::text(&impact["type"])).chain([field::text(&row["type"]), "incident"]);
    let kind = humanised(kinds.into_iter().find(|kind| !kind.is_empty()).unwrap_or_default());
    let services: Vec<_> = field::list(&row["serviceKeys"]).iter().map(|key| humanised(field::text(key))).collect();
    if services.is_empty() { kind } else { format!("{kind}: {}", services.join(", ")) }
}

/// The events of an incident or a maintenance, oldest to newest.
pub(super) fn updates(events: &Value) -> Vec<Update> {
    let read = |event: &Value| {
        let title = humanised(field::text(&event["type"]));
        Some(Update { at: field::at(&event["createdAt"])?, title, body: field::text(&event["message"]).to_owned() })
    };
    // The newest stands first, so that equal stamps have to be turned round before they are sorted.
    let mut updates: Vec<_> = field::list(events).iter().rev().filter_map(read).collect();
    updates.sort_by_key(|update| update.at);
    updates
}

//! One event of a service.
//!
//! Deliberately absent: what it means for the service, and the same event under another one.

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use crate::{Target, field, time, words};

/// The event; `None` when it has no start.
pub(super) fn read(target: &Target<'_>, service: &str, row: &Value) -> Option<Item> {
    let stamp = |key: &str| field::number(&row[key]).filter(|stamp| *stamp > 0).and_then(time::unix_millis);
    let posted = field::at(&row["datePosted"]);
    let start = stamp("epochStartDate").or_else(|| field::at(&row["startDate"])).or(posted)?;
    let end = stamp("epochEndDate").or_else(|| field::at(&row["endDate"])).map(|end| end.max(start));
    let kind = field::text(&row["statusType"]);
    let word = field::text(&row["eventStatus"]).to_lowercase();
    let id = field::id(&row["messageId"]).unwrap_or_else(|| format!("{service}-{}", start.timestamp()));
    let title = if kind.is_empty() { service.to_owned() } else { format!("{service} - {kind}") };
    let link = target.at("/");
    let updates = vec![update(row, &word, posted.unwrap_or(start))];
    let components = vec![service.to_owned()];
    let detail = Detail::Full;
    let is_over = matches!(word.as_str(), "resolved" | "completed");
    if kind == "Maintenance" || word == "upcoming" {
        let status = match word.as_str() {
            _ if is_over => MaintenanceStatus::Completed,
            "upcoming" => MaintenanceStatus::Scheduled,
            _ => MaintenanceStatus::InProgress,
        };
        let (starts_at, ends_at) = (start, end);
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
    Some(Item::Incident(Incident {
        id,
        title,
        link,
        impact: if kind == "Outage" { Indicator::Major } else { Indicator::Minor },
        status: if is_over { IncidentStatus::Resolved } else { IncidentStatus::Unknown },
        started_at: start,
        ended_at: is_over.then(|| end.or(posted).unwrap_or(start).max(start)),
        updates,
        components,
        detail,
    }))
}

/// Gives the item an id of its first service's own.
pub(super) fn rename(item: &mut Item) {
    let (id, components) = match item {
        Item::Incident(incident) => (&mut incident.id, &incident.components),
        Item::Maintenance(maintenance) => (&mut maintenance.id, &maintenance.components),
    };
    *id = format!("{id}-{}", components.first().map_or("", String::as_str));
}

/// The one message of an event, and whom it says it concerns.
fn update(row: &Value, word: &str, at: DateTime<Utc>) -> Update {
    let said = [&row["message"], &row["usersAffected"]].into_iter().map(field::text).filter(|text| !text.is_empty());
    Update { at, title: words::shown(word), body: said.collect::<Vec<_>>().join("\n") }
}

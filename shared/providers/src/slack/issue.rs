//! One issue, active or past: both documents list them in the same shape.
//!
//! Deliberately absent: which of them are listed where.

use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use crate::{Target, field};

/// The issue; `None` when the entry does not look like one.
pub(super) fn read(target: &Target<'_>, row: &Value) -> Option<Item> {
    let id = field::id(&row["id"])?;
    let title = Some(field::text(&row["title"])).filter(|title| !title.is_empty())?.to_owned();
    let updates = updates(row);
    let started_at = field::at(&row["date_created"]).or(updates.first().map(|update| update.at))?;
    let touched = field::at(&row["date_updated"]).or(updates.last().map(|update| update.at));
    let touched = touched.map_or(started_at, |at| at.max(started_at));
    let link = Some(field::text(&row["url"])).filter(|url| url.starts_with("https://"));
    let link = link.map_or_else(|| target.at("/"), str::to_owned);
    let components = field::list(&row["services"]).iter().map(field::text).filter(|name| !name.is_empty());
    let components = components.map(str::to_owned).collect();
    let (kind, word) = (field::text(&row["type"]), field::text(&row["status"]));
    let detail = Detail::Full;
    let planned = match word {
        "scheduled" => Some(MaintenanceStatus::Scheduled),
        "completed" | "cancelled" => Some(MaintenanceStatus::Completed),
        "resolved" if kind == "maintenance" => Some(MaintenanceStatus::Completed),
        _ if kind == "maintenance" => Some(MaintenanceStatus::InProgress),
        _ => None,
    };
    if let Some(status) = planned {
        let ends_at = (status == MaintenanceStatus::Completed).then_some(touched);
        let starts_at = started_at;
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
    let is_over = word == "resolved";
    Some(Item::Incident(Incident {
        id,
        title,
        link,
        impact: if is_over { impact(kind) } else { impact(kind).max(Indicator::Minor) },
        status: if is_over { IncidentStatus::Resolved } else { IncidentStatus::Unknown },
        started_at,
        ended_at: is_over.then_some(touched),
        updates,
        components,
        detail,
    }))
}

fn impact(kind: &str) -> Indicator {
    match kind {
        "outage" => Indicator::Major,
        "notice" => Indicator::None,
        _ => Indicator::Minor,
    }
}

/// Notes have a time and a text; the page shows no stage with them.
fn updates(row: &Value) -> Vec<Update> {
    let notes = field::list(&row["notes"]).iter().filter_map(|note| {
        let body = note["body"].as_str().unwrap_or_default().to_owned();
        Some(Update { at: field::at(&note["date_created"])?, title: String::new(), body })
    });
    let mut updates: Vec<_> = notes.collect();
    updates.sort_by_key(|update| update.at);
    updates
}

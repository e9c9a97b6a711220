//! Planned work of Salesforce Trust.
//!
//! Deliberately absent: which list it came from.

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Maintenance, MaintenanceStatus};

use super::{PAGE, humanised, incident, is_closing, touched};
use crate::{field, words};

/// Every maintenance of a list that can be read.
pub(super) fn read_all(rows: &Value, as_of: DateTime<Utc>) -> Vec<Maintenance> {
    field::list(rows).iter().filter_map(|row| read(row, as_of)).collect()
}

fn read(row: &Value, as_of: DateTime<Utc>) -> Option<Maintenance> {
    let id = field::id(&row["id"])?;
    let starts_at = field::at(&row["plannedStartTime"])?;
    let ends_at = field::at(&row["plannedEndTime"]);
    let message = &row["message"];
    let closed = [&row["status"], &message["eventStatus"]].into_iter().any(|word| is_closing(field::text(word)));
    let kind = || humanised(field::text(&message["maintenanceType"]));
    let named = Some(field::text(&row["name"]).to_owned()).filter(|name| !name.is_empty());
    Some(Maintenance {
        link: format!("{PAGE}/maintenances/{id}"),
        title: named
            .or_else(|| Some(kind()).filter(|kind| !kind.is_empty()))
            .unwrap_or_else(|| "Maintenance".to_owned()),
        status: if closed { MaintenanceStatus::Completed } else { words::window(starts_at, ends_at, as_of) },
        starts_at,
        ends_at,
        updates: incident::updates(&row["MaintenanceEvents"]),
        components: touched(row),
        detail: Detail::Full,
        id,
    })
}

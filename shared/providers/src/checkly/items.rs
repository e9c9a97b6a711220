//! Incidents and maintenance windows.
//!
//! Deliberately absent: what follows from them for services and the page.

use serde_json::Value;
use statusphere_domain::{Detail, Incident, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use crate::{Target, field, words};

/// An unresolved incident, as its list or as the summary has it; `None` when it cannot be read.
pub(super) fn incident(target: &Target<'_>, post: &Value) -> Option<Item> {
    let id = field::id(&post["id"])?;
    let title = Some(field::text(&post["name"])).filter(|title| !title.is_empty())?.to_owned();
    let link = target.at(&format!("/incident/{id}"));
    let updates = updates(&post["incidentUpdates"]);
    let stated = ["created_at", "createdAt", "startedAt"].iter().find_map(|key| field::at(&post[*key]));
    // An incident may be entered later than what its first update is dated to.
    let started_at = stated.into_iter().chain(updates.first().map(|update| update.at)).min()?;
    let services = ["services", "affectedServices"].iter().flat_map(|key| field::list(&post[*key]));
    let services = services.map(|service| field::text(&service["name"]));
    let components = services.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let stage = ["lastUpdateStatus", "status"].iter().map(|key| field::text(&post[*key])).find(|word| !word.is_empty());
    let status = words::incident(&stage.unwrap_or_default().to_ascii_lowercase());
    let touched = field::at(&post["updated_at"]).or(updates.last().map(|update| update.at)).unwrap_or(started_at);
    let ended_at = status.is_over().then(|| touched.max(started_at));
    let detail = if post["incidentUpdates"].is_array() { Detail::Full } else { Detail::Row };
    let told = match field::text(&post["severity"]).to_ascii_uppercase().as_str() {
        "CRITICAL" => Indicator::Critical,
        "MAJOR" | "MEDIUM" => Indicator::Major,
        "MAINTENANCE" => Indicator::Maintenance,
        _ => Indicator::Minor,
    };
    if told == Indicator::Maintenance {
        return Some(Item::Maintenance(Maintenance {
            id,
            title,
            link,
            status: if ended_at.is_some() { MaintenanceStatus::Completed } else { MaintenanceStatus::InProgress },
            starts_at: started_at,
            ends_at: ended_at,
            updates,
            components,
            detail,
        }));
    }
    Some(Item::Incident(Incident {
        id,
        title,
        link,
        impact: told,
        status,
        started_at,
        ended_at,
        updates,
        components,
        detail,
    }))
}

/// A maintenance window; `None` when it cannot be read.
pub(super) fn window(target: &Target<'_>, row: &Value, status: MaintenanceStatus) -> Option<Maintenance> {
    let title = Some(field::text(&row["name"])).filter(|title| !title.is_empty())?.to_owned();
    let starts_at = field::at(&row["startsAt"])?;
    let services = field::list(&row["services"]).iter().map(|service| field::text(&service["name"]));
    Some(Maintenance {
        id: field::id(&row["id"]).unwrap_or_else(|| format!("{title} {}", starts_at.to_rfc3339())),
        title,
        link: target.at("/"),
        status,
        starts_at,
        ends_at: field::at(&row["endsAt"]).map(|end| end.max(starts_at)),
        updates: Vec::new(),
        components: services.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        detail: Detail::Row,
    })
}

fn updates(messages: &Value) -> Vec<Update> {
    let mut updates: Vec<_> = field::list(messages)
        .iter()
        .filter_map(|message| {
            let at = ["publicIncidentUpdateDate", "created_at"].iter().find_map(|key| field::at(&message[*key]))?;
            let title = words::shown(&field::text(&message["status"]).to_ascii_lowercase());
            Some(Update { at, title, body: message["description"].as_str().unwrap_or_default().to_owned() })
        })
        .collect();
    // The newest stands first in the document, so that equal stamps have to be turned round before they are sorted.
    updates.reverse();
    updates.sort_by_key(|update| update.at);
    updates
}

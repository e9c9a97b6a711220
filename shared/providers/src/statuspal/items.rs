//! Incidents and maintenances, which the platform keeps as one kind of row: of the summary and of the history.
//!
//! Deliberately absent: what the page says of itself.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, Update};
use url::Url;

use super::{is_history, summary};
use crate::field::{self, at, list, text};
use crate::{Target, words};

/// Names of services by their id, and whether others stand below them.
pub(super) type Names = HashMap<String, (String, bool)>;

/// A row; `None` when it has no id or no readable time. `planned` is what its list says of it.
pub(super) fn item(target: &Target<'_>, row: &Value, planned: bool, names: &Names) -> Option<Item> {
    let id = field::id(&row["id"])?;
    let updates = updates(&row["updates"]);
    let posted = updates.first().map(|(_, update)| update.at);
    let starts_at = at(&row["starts_at"]).or(posted).or_else(|| at(&row["inserted_at"]))?;
    let ends_at = at(&row["ends_at"]).filter(|end| *end >= starts_at);
    let kind = text(&row["type"]);
    let common = Common {
        title: text(&row["title"]).to_owned(),
        link: link(target, text(&row["url"]), &id),
        components: services(&row["service_ids"], names),
        id,
    };
    if planned || kind == "scheduled" {
        return Some(Item::Maintenance(common.maintenance(target.as_of, starts_at, ends_at, updates)));
    }
    let over = ends_at.filter(|end| *end <= target.as_of);
    Some(Item::Incident(common.incident(kind, starts_at, over, updates)))
}

/// What both kinds have.
struct Common {
    id: String,
    title: String,
    link: String,
    components: Vec<String>,
}

impl Common {
    fn maintenance(
        self,
        as_of: DateTime<Utc>,
        starts_at: DateTime<Utc>,
        ends_at: Option<DateTime<Utc>>,
        updates: Vec<(String, Update)>,
    ) -> Maintenance {
        Maintenance {
            id: self.id,
            title: self.title,
            link: self.link,
            status: words::window(starts_at, ends_at, as_of),
            starts_at,
            ends_at,
            updates: updates.into_iter().map(|(_, update)| update).collect(),
            components: self.components,
            detail: Detail::Full,
        }
    }

    fn incident(
        self,
        kind: &str,
        started_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
        updates: Vec<(String, Update)>,
    ) -> Incident {
        // "Update" and the like say nothing of the stage; what was said before counts.
        let stage = updates.iter().rev().map(|(kind, _)| stage(kind)).find(|stage| *stage != IncidentStatus::Unknown);
        let impact = summary::indicator(kind).unwrap_or(Indicator::None);
        Incident {
            id: self.id,
            title: self.title,
            link: self.link,
            impact: if ended_at.is_some() { impact } else { impact.max(Indicator::Minor) },
            status: match stage {
                _ if ended_at.is_some() => IncidentStatus::Resolved,
                // The end of the row says whether it is over, not a message.
                Some(stage) if !stage.is_over() => stage,
                _ => IncidentStatus::Unknown,
            },
            started_at,
            ended_at,
            updates: updates.into_iter().map(|(_, update)| update).collect(),
            components: self.components,
            detail: Detail::Full,
        }
    }
}

fn stage(kind: &str) -> IncidentStatus {
    match kind {
        "issue" => IncidentStatus::Investigating,
        other => words::incident(other),
    }
}

/// Oldest to newest, with the type of each.
fn updates(rows: &Value) -> Vec<(String, Update)> {
    let update = |row: &Value| {
        let at = [&row["posted_at"], &row["inserted_at"]].into_iter().find_map(at)?;
        let kind = text(&row["type"]).to_owned();
        let title = words::shown(&kind.replace('-', " "));
        Some((kind, Update { at, title, body: text(&row["description"]).to_owned() }))
    };
    let mut updates: Vec<_> = list(rows).iter().filter_map(update).collect();
    // The newest stands first in the document, so that equal stamps have to be turned round before they are sorted.
    updates.reverse();
    updates.sort_by_key(|(_, update)| update.at);
    updates
}

/// The names of services, without the groups that they stand under where these are named as well.
fn services(ids: &Value, names: &Names) -> Vec<String> {
    let known: Vec<_> = list(ids).iter().filter_map(|id| names.get(&field::id(id)?)).collect();
    let leaves: Vec<String> = known.iter().filter(|(_, group)| !group).map(|(name, _)| name.clone()).collect();
    if leaves.is_empty() { known.into_iter().map(|(name, _)| name.clone()).collect() } else { leaves }
}

fn link(target: &Target<'_>, stated: &str, id: &str) -> String {
    match Url::parse(stated) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => stated.to_owned(),
        _ => target.at(&format!("/incidents/{id}")),
    }
}

/// One page of the history at an address: its items that are over, and the address of the next.
pub(super) fn page(target: &Target<'_>, body: &Value, address: &str) -> Result<(Vec<Item>, Option<String>), String> {
    let rows = body["incidents"].as_array().ok_or("the history has no list `incidents`")?;
    let names = Names::new();
    let known: Vec<Item> = rows.iter().filter_map(|row| item(target, row, false, &names)).collect();
    if known.is_empty() && !rows.is_empty() {
        return Err("the history has no incident that can be read".to_owned());
    }
    let next = Some(text(&body["links"]["next"])).filter(|next| *next != address && is_history(next));
    // A page without rows is the last, whatever it links to.
    let next = next.filter(|_| !rows.is_empty()).map(str::to_owned);
    Ok((known.into_iter().filter(|item| !item.is_open()).collect(), next))
}

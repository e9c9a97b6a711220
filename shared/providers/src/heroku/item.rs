//! One incident or maintenance.
//!
//! Deliberately absent: the flag `resolved`, which stays false on incidents that are over, and windows in prose.

use chrono::{DateTime, Days, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use crate::{Target, field, words};

/// Where an entry stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// `incidents` of the current state.
    Incidents,
    /// `scheduled` of the current state.
    Scheduled,
    /// The history, which mixes both.
    History,
}

/// Announced work that nobody touched for this long counts as completed.
const STALE_AFTER: Days = Days::new(15);

/// Every entry of a list; `None` for one that cannot be read.
pub(super) fn all<'a>(
    target: &'a Target<'_>,
    rows: &'a [Value],
    list: List,
) -> impl Iterator<Item = Option<Item>> + 'a {
    rows.iter().map(move |row| {
        let post = Post::read(target, row)?;
        let is_planned = match list {
            List::Incidents => false,
            List::Scheduled => true,
            List::History => post.is_announcement(),
        };
        Some(if is_planned { post.maintenance(target) } else { post.incident() })
    })
}

struct Post<'a> {
    row: &'a Value,
    id: String,
    title: String,
    link: String,
    state: String,
    created_at: DateTime<Utc>,
    updates: Vec<Update>,
    systems: Vec<String>,
}

impl<'a> Post<'a> {
    fn read(target: &Target<'_>, row: &'a Value) -> Option<Self> {
        let id = field::id(&row["id"])?;
        let title = Some(field::text(&row["title"])).filter(|title| !title.is_empty())?.to_owned();
        let updates = updates(row);
        let created_at = field::at(&row["created_at"]).or(updates.first().map(|update| update.at))?;
        let link = Some(field::text(&row["full_url"])).filter(|url| url.starts_with("https://"));
        let systems = field::list(&row["systems"]).iter().map(|system| field::text(&system["name"]));
        Some(Self {
            link: link.map_or_else(|| target.at(&format!("/incidents/{id}")), str::to_owned),
            systems: systems.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            state: field::text(&row["state"]).to_lowercase(),
            row,
            id,
            title,
            created_at,
            updates,
        })
    }

    /// The history does not say what is planned, but each update of planned work does.
    fn is_announcement(&self) -> bool {
        !self.updates.is_empty() && self.updates.iter().all(|update| update.title.eq_ignore_ascii_case("scheduled"))
    }

    fn touched(&self) -> DateTime<Utc> {
        let last = self.updates.last().map(|update| update.at).or_else(|| field::at(&self.row["updated_at"]));
        last.map_or(self.created_at, |at| at.max(self.created_at))
    }

    fn incident(self) -> Item {
        let is_over = self.state == "resolved";
        let worst = field::list(&self.row["systems"])
            .iter()
            .map(|system| words::severity(super::colour(field::text(&system["status"]))).min(Indicator::Major))
            .filter(|severity| *severity != Indicator::Maintenance)
            .max()
            .unwrap_or(Indicator::None);
        let ended_at = is_over.then(|| {
            let told = field::at(&self.row["resolved_at"]);
            told.map_or_else(|| self.touched(), |at| at.max(self.created_at))
        });
        Item::Incident(Incident {
            impact: if is_over { worst } else { worst.max(Indicator::Minor) },
            status: if is_over { IncidentStatus::Resolved } else { self.stage() },
            started_at: self.created_at,
            ended_at,
            id: self.id,
            title: self.title,
            link: self.link,
            updates: self.updates,
            components: self.systems,
            detail: Detail::Full,
        })
    }

    /// Stage of an open incident. Its state alone ends it.
    fn stage(&self) -> IncidentStatus {
        let newest = self.updates.last().map(|update| update.title.to_lowercase()).unwrap_or_default();
        let told = [&self.state, &newest].into_iter().map(|word| words::incident(word));
        told.filter(|stage| !stage.is_over())
            .find(|stage| *stage != IncidentStatus::Unknown)
            .unwrap_or(IncidentStatus::Unknown)
    }

    fn maintenance(self, target: &Target<'_>) -> Item {
        let touched = self.touched();
        let is_over = matches!(self.state.as_str(), "resolved" | "completed")
            || touched.checked_add_days(STALE_AFTER).is_some_and(|stale| stale < target.as_of);
        Item::Maintenance(Maintenance {
            status: if is_over { MaintenanceStatus::Completed } else { MaintenanceStatus::Scheduled },
            starts_at: self.created_at,
            ends_at: is_over.then_some(touched),
            id: self.id,
            title: self.title,
            link: self.link,
            updates: self.updates,
            components: self.systems,
            detail: Detail::Full,
        })
    }
}

fn updates(row: &Value) -> Vec<Update> {
    // The newest stands first in the document, so that equal stamps have to be turned round before they are sorted.
    let posts = field::list(&row["updates"]).iter().rev().filter_map(|post| {
        Some(Update {
            at: [&post["created_at"], &post["updated_at"]].into_iter().find_map(field::at)?,
            title: words::shown(field::text(&post["update_type"])),
            body: post["contents"].as_str().unwrap_or_default().to_owned(),
        })
    });
    let mut updates: Vec<_> = posts.collect();
    updates.sort_by_key(|update| update.at);
    updates
}

//! An incident or a maintenance told as a list of stamped words, as pages and feeds do.

use chrono::{DateTime, Utc};
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use super::words::Stage;
use crate::time::{self, Year};

/// What a page or a feed says of one item.
pub(super) struct Entry {
    /// The code at the end of the link.
    pub id: String,
    /// As shown.
    pub title: String,
    /// Where people read it.
    pub link: String,
    /// `None` where the source has none.
    pub impact: Option<Indicator>,
    /// As listed: newest first.
    pub updates: Vec<Update>,
    /// The planned window, where it is stated.
    pub window: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
}

impl Entry {
    /// The item; `None` when no update and no window says where it stands.
    pub(super) fn item(self) -> Option<Item> {
        let mut told: Vec<(Update, Option<Stage>)> =
            self.updates.into_iter().rev().map(|update| (Stage::parse(&update.title), update)).map(swap).collect();
        // Stamps have no seconds, and updates of one minute come in any order: the end of a life comes last in it.
        told.sort_by_key(|(update, stage)| (update.at, stage.is_some_and(Stage::is_over)));
        let stages: Vec<_> = told.iter().filter_map(|(update, stage)| Some((update.at, (*stage)?))).collect();
        let planned = self.window.is_some()
            || self.impact == Some(Indicator::Maintenance)
            || stages.iter().any(|(_, stage)| matches!(stage, Stage::Maintenance(_)));
        let (last, ended_at) = outcome(&stages);
        let first = told.first().map(|(update, _)| update.at);
        let updates = told.into_iter().map(|(update, _)| update).collect();
        let (id, title, link, components, detail) = (self.id, self.title, self.link, Vec::new(), Detail::Full);
        if planned {
            let began = stages.iter().find(|(_, stage)| *stage == Stage::Maintenance(MaintenanceStatus::InProgress));
            let starts_at = self.window.map(|(start, _)| start).or(began.map(|(at, _)| *at)).or(first)?;
            let status = match last {
                _ if ended_at.is_some() => MaintenanceStatus::Completed,
                Some(Stage::Maintenance(status)) => status,
                Some(Stage::Incident(_)) => MaintenanceStatus::InProgress,
                _ => MaintenanceStatus::Scheduled,
            };
            let ends_at = ended_at.or(self.window.and_then(|(_, end)| end));
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
        let status = match last? {
            Stage::Incident(status) => status,
            _ => IncidentStatus::Unknown,
        };
        let told = if ended_at.is_some() { Indicator::None } else { Indicator::Minor };
        Some(Item::Incident(Incident {
            id,
            title,
            link,
            impact: self.impact.unwrap_or(told),
            status,
            started_at: first?,
            ended_at,
            updates,
            components,
            detail,
        }))
    }
}

fn swap<A, B>((a, b): (A, B)) -> (B, A) {
    (b, a)
}

/// The stage that holds in the end, and when it was over. It is over when a last stage is told and no later minute
/// tells of an earlier one; an "Update" after the end changes nothing.
fn outcome(stages: &[(DateTime<Utc>, Stage)]) -> (Option<Stage>, Option<DateTime<Utc>>) {
    let live = stages.iter().rev().find(|(_, stage)| !stage.is_over() && *stage != Stage::Update).map(|(at, _)| *at);
    let ends = || stages.iter().filter(|(at, stage)| stage.is_over() && live.is_none_or(|live| *at >= live));
    let last = stages.iter().rev().map(|(_, stage)| *stage).find(|stage| *stage != Stage::Update);
    match (ends().next(), ends().next_back()) {
        (Some((ended_at, _)), Some((_, stage))) => (Some(*stage), Some(*ended_at)),
        _ => (last.or(stages.last().map(|(_, stage)| *stage)), None),
    }
}

/// A stamp as pages and feeds print it under an update: with a year or without, in a list that runs back in time from
/// `after`.
pub(super) fn stamp(text: &str, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let text = text.trim().trim_start_matches("Posted on").trim();
    time::yearless(text, None, Year::NotAfter(after)).map(|(at, _)| at).or_else(|| time::parse(text))
}

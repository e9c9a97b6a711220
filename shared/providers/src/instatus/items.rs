//! Incidents and maintenances, as rows of the summary or of the page's data. The page has names in several languages,
//! updates and components; the summary has links.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use statusphere_domain::{
    Detail, Incident, IncidentStatus, Indicator, Maintenance, MaintenanceStatus, Reading, Update,
};

use super::words;
use crate::field::{at, id, list, number, text};
use crate::{Target, html, time, words as common};

/// A maintenance of more minutes than ten years have is none.
const MAX_MINUTES: i64 = 10 * 366 * 24 * 60;

/// What could be read of a list.
pub(super) struct Rows<T> {
    items: Vec<T>,
    /// False when a row was left out.
    pub(super) complete: bool,
    /// True when every row was beyond reading.
    lost: bool,
}

/// What came of a row.
pub(super) enum Row<T> {
    Read(T),
    /// It has no date yet, as the platform allows.
    Undated,
    Unreadable,
}

impl<T> Rows<T> {
    pub(super) fn read(rows: &[Value], read: impl Fn(&Value) -> Row<T>) -> Self {
        let (mut items, mut undated, mut unreadable) = (Vec::new(), 0, 0);
        let mut known = HashSet::new();
        // A page may carry the same list twice.
        for row in rows.iter().filter(|row| identity(row).is_none_or(|id| known.insert(id))) {
            match read(row) {
                Row::Read(item) => items.push(item),
                Row::Undated => undated += 1,
                Row::Unreadable => unreadable += 1,
            }
        }
        let lost = unreadable > 0 && items.is_empty() && undated == 0;
        Self { items, complete: undated + unreadable == 0, lost }
    }

    /// The items; an error when there are rows and not one of them can be read: that is never "nothing is open".
    pub(super) fn readable(self, what: &str) -> Result<Vec<T>, String> {
        if self.lost { Err(format!("no row of `{what}` can be read")) } else { Ok(self.items) }
    }
}

/// The page's indicator by its own words. Where the worst of them only says that something is wrong, it is as bad as the
/// worst that is open. A list that is not known as a whole is never calm.
pub(super) fn indicator(stated: &[&str], reading: &Reading, as_of: DateTime<Utc>) -> Option<Indicator> {
    let told: Vec<_> = stated.iter().map(|word| words::page(word)).collect();
    let worst = told.iter().flatten().max().copied();
    let found = common::indicator(reading, as_of).unwrap_or(Indicator::None);
    match worst {
        Some(Indicator::Minor) => Some(found.max(Indicator::Minor)),
        Some(Indicator::None) | None if told.contains(&None) || !reading.lists_all_open => {
            Some(found).filter(|found| *found > Indicator::None)
        }
        worst => worst,
    }
}

/// An incident, by its own words.
pub(super) fn incident(target: &Target<'_>, row: &Value) -> Row<Incident> {
    let updates = updates(&row["updates"]);
    let first = updates.first().map(|update| update.at);
    let (Some(id), Some(started_at)) = (identity(row), at(&row["started"]).into_iter().chain(first).min()) else {
        return Row::Unreadable;
    };
    let status = words::incident(text(&row["status"]));
    let told = words::impact(text(&row["impact"]));
    let last = updates.last().map(|update| update.at);
    let ended = at(&row["resolved"]).or(last).or_else(|| at(&row["updatedAt"])).unwrap_or(started_at);
    let open = !matches!(status, IncidentStatus::Resolved | IncidentStatus::Postmortem);
    Row::Read(Incident {
        link: link(target, row, "incident", &id),
        id,
        title: localised(&row["name"]),
        impact: if open { told.max(Indicator::Minor) } else { told },
        status,
        started_at,
        ended_at: (!open).then(|| ended.max(started_at)),
        components: names(&row["components"]),
        detail: detail(&updates),
        updates,
    })
}

/// A maintenance, by its own words.
pub(super) fn maintenance(target: &Target<'_>, row: &Value) -> Row<Maintenance> {
    let Some(id) = identity(row) else { return Row::Unreadable };
    let Some(starts_at) = at(&row["start"]) else {
        return if row["start"].is_null() { Row::Undated } else { Row::Unreadable };
    };
    let updates = updates(&row["updates"]);
    let minutes = number(&row["duration"]).filter(|minutes| (1..=MAX_MINUTES).contains(minutes));
    let planned = minutes.and_then(|minutes| starts_at.checked_add_signed(TimeDelta::minutes(minutes)));
    let status = words::maintenance(text(&row["status"])).unwrap_or(if target.as_of < starts_at {
        MaintenanceStatus::Scheduled
    } else {
        MaintenanceStatus::InProgress
    });
    Row::Read(Maintenance {
        link: link(target, row, "maintenance", &id),
        id,
        title: localised(&row["name"]),
        status,
        starts_at,
        ends_at: planned.and_then(time::plausible),
        components: names(&row["components"]),
        detail: detail(&updates),
        updates,
    })
}

fn detail(updates: &[Update]) -> Detail {
    if updates.is_empty() { Detail::Row } else { Detail::Full }
}

/// The platform's id; documents from before it was listed have it at the end of the link.
fn identity(row: &Value) -> Option<String> {
    id(&row["id"]).or_else(|| code(text(&row["url"])).map(str::to_owned))
}

/// The last part of an address or of a tag.
pub(super) fn code(address: &str) -> Option<&str> {
    let path = address.split(['?', '#']).next()?.trim_end_matches('/');
    let (before, code) = path.rsplit_once('/')?;
    (!before.is_empty() && !code.is_empty() && !before.ends_with('/')).then_some(code)
}

fn link(target: &Target<'_>, row: &Value, kind: &str, id: &str) -> String {
    let own = text(&row["url"]);
    let absolute = own.starts_with("https://") || own.starts_with("http://");
    if absolute { own.to_owned() } else { target.at(&format!("/{kind}/{id}")) }
}

/// A text that may be given in several languages.
pub(super) fn localised(value: &Value) -> String {
    let told = match value {
        Value::Object(languages) => {
            let chosen = ["default", "en"].iter().map(|language| text(&value[language])).find(|text| !text.is_empty());
            chosen.or_else(|| languages.values().map(text).find(|text| !text.is_empty())).unwrap_or_default()
        }
        plain => text(plain),
    };
    told.to_owned()
}

fn names(rows: &Value) -> Vec<String> {
    let mut names: Vec<String> = list(rows).iter().map(|row| localised(&row["name"])).collect();
    names.retain(|name| !name.is_empty());
    names.dedup();
    names
}

fn updates(rows: &Value) -> Vec<Update> {
    let mut updates: Vec<Update> = list(rows).iter().filter_map(update).collect();
    updates.sort_by_key(|update| update.at);
    updates
}

fn update(row: &Value) -> Option<Update> {
    let at = at(&row["started"]).or_else(|| at(&row["createdAt"]))?;
    let plain = localised(&row["message"]);
    // A long text may stand elsewhere in the page; the formatted one may not.
    let body = if plain.is_empty() { html::text(&localised(&row["messageHtml"])) } else { plain };
    Some(Update { at, title: words::shown(text(&row["status"])), body })
}

//! One issue, as the index and the list of issues have it.
//!
//! Deliberately absent: stages. The text of an issue is free, and so is the way in which it tells of its course.

use chrono::{DateTime, Utc};
use serde_json::Value;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Update};
use url::Url;

use crate::{Target, field};

/// The indicator of a word of the platform; `None` for any other word.
pub(super) fn severity(word: &str) -> Option<Indicator> {
    Some(match word {
        "ok" => Indicator::None,
        "notice" => Indicator::Minor,
        "disrupted" => Indicator::Major,
        "down" => Indicator::Critical,
        _ => return None,
    })
}

/// True for a row of the list that counts for the page's summary: not resolved, and no announcement.
pub(super) fn is_open(row: &Value) -> bool {
    row["is"] == "issue" && row["resolved"] != Value::Bool(true) && row["informational"] != Value::Bool(true)
        // An issue that says neither is written as not resolved; it has no severity and counts for nothing.
        && !field::text(&row["severity"]).is_empty()
}

/// True when every row of the list says whether it is resolved.
pub(super) fn all_told(issues: &Value) -> bool {
    field::list(&issues["pages"]).iter().filter(|row| row["is"] == "issue").all(|row| row["resolved"].is_boolean())
}

/// Resolved issues of the list.
pub(super) fn past(target: &Target<'_>, issues: &Value) -> Vec<Item> {
    let rows = field::list(&issues["pages"]).iter();
    let over = rows.filter(|row| {
        row["is"] == "issue" && row["resolved"] == Value::Bool(true) && row["informational"] != Value::Bool(true)
    });
    over.filter_map(|row| incident(target, row)).map(Item::Incident).collect()
}

/// An issue as an incident; `None` when its time cannot be read.
pub(super) fn incident(target: &Target<'_>, row: &Value) -> Option<Incident> {
    let started_at = field::at(&row["createdAt"])?;
    let over = row["resolved"] == Value::Bool(true);
    let told = severity(field::text(&row["severity"]));
    let link = link(target, row);
    Some(Incident {
        id: link.clone(),
        title: field::text(&row["title"]).to_owned(),
        link,
        impact: if over {
            told.unwrap_or(Indicator::None)
        } else {
            told.unwrap_or(Indicator::Minor).max(Indicator::Minor)
        },
        status: if over { IncidentStatus::Resolved } else { IncidentStatus::Unknown },
        started_at,
        ended_at: over.then(|| ended_at(row).unwrap_or(started_at).max(started_at)),
        updates: Vec::new(),
        components: field::list(&row["affected"]).iter().filter_map(field::id).collect(),
        detail: Detail::Row,
    })
}

/// Adds the text of the issue's own document, as of its last change.
pub(super) fn add_text(incident: &mut Incident, document: &Value) {
    let body = field::text(&document["body"]);
    if !body.is_empty() {
        let changed = field::at(&document["lastMod"]).unwrap_or(incident.started_at);
        let at = changed.max(incident.started_at);
        incident.updates = vec![Update { at, title: String::new(), body: body.to_owned() }];
        incident.detail = Detail::Full;
    }
}

/// A resolved issue without a stated end was last touched when it was resolved, as a rule.
fn ended_at(row: &Value) -> Option<DateTime<Utc>> {
    field::at(&row["resolvedAt"]).or_else(|| field::at(&row["lastMod"]))
}

/// Where people read it; sites that do not know their own address write only its path.
fn link(target: &Target<'_>, row: &Value) -> String {
    let stated = field::text(&row["permalink"]);
    let path = match stated {
        "" => field::text(&row["filename"]),
        stated => stated,
    };
    let base = Url::parse(&format!("{}/", target.url)).ok();
    base.and_then(|base| base.join(path).ok()).map_or_else(|| path.to_owned(), |url| url.to_string())
}

//! The Statuspage-compatible summary, `/api/v2/summary.json`.
//!
//! Deliberately absent: groups, components of incidents and, as a rule, maintenances. The document lacks them; the
//! page's HTML has them.

use serde::Deserialize;
use serde_json::Value;
use statusphere_domain::{Component, Detail, Incident, Indicator, Maintenance, MaintenanceStatus, Reading, Update};

use super::words;
use crate::{Target, time, words as common};

/// Any of the lists may be absent or `null` when it is empty.
#[derive(Deserialize)]
struct Summary {
    status: Status,
    components: Option<Vec<Row>>,
    incidents: Option<Vec<Post>>,
    scheduled_maintenances: Option<Vec<Post>>,
}

#[derive(Deserialize)]
struct Status {
    indicator: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    status: Option<String>,
    group: Option<bool>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

/// An incident or a maintenance.
#[derive(Deserialize)]
struct Post {
    id: String,
    name: String,
    status: String,
    impact: Option<String>,
    shortlink: Option<String>,
    created_at: Option<String>,
    started_at: Option<String>,
    resolved_at: Option<String>,
    updated_at: Option<String>,
    scheduled_for: Option<String>,
    scheduled_until: Option<String>,
    components: Option<Vec<Named>>,
    incident_updates: Option<Vec<Message>>,
}

#[derive(Deserialize)]
struct Message {
    body: Option<String>,
    status: Option<String>,
    display_at: Option<String>,
    created_at: Option<String>,
}

/// True when a document that parsed as JSON is this platform's summary and not that of Atlassian or of an imitator.
pub(super) fn is_mine(document: &Value) -> bool {
    let page = &document["page"];
    page["id"].as_str().is_some_and(words::is_ulid) && page["time_zone"].is_null()
}

/// Reads a summary that [`is_mine`]; the error says what of it cannot be read.
pub(super) fn read(target: &Target<'_>, document: Value) -> Result<Reading, String> {
    let summary: Summary = serde_json::from_value(document).map_err(|error| format!("summary.json: {error}"))?;
    let word = &summary.status.indicator;
    let indicator = Indicator::parse(word).ok_or_else(|| format!("summary.json: unknown indicator `{word}`"))?;

    let mut reading = Reading::new(super::PROVIDER.name);
    reading.indicator = Some(indicator);
    reading.lists_all_open = true;
    reading.components = summary.components.map(|rows| rows.into_iter().filter_map(component).collect());
    for post in summary.incidents.unwrap_or_default() {
        if post.impact.as_deref() == Some("maintenance") || post.status.starts_with("maintenance_") {
            reading.maintenances.push(maintenance(target, post)?);
        } else {
            reading.incidents.push(incident(target, post)?);
        }
    }
    for post in summary.scheduled_maintenances.unwrap_or_default() {
        reading.maintenances.push(maintenance(target, post)?);
    }
    Ok(reading)
}

fn component(row: Row) -> Option<Component> {
    let status = common::component(row.status.as_deref().unwrap_or_default());
    (row.group != Some(true)).then_some(Component { id: row.id, name: row.name, group: None, status })
}

fn incident(target: &Target<'_>, post: Post) -> Result<Incident, String> {
    let updates = updates(post.incident_updates.unwrap_or_default());
    let stated = [&post.started_at, &post.created_at].into_iter().filter_map(|at| at.as_deref().and_then(time::parse));
    let started_at = stated
        .chain(updates.iter().map(|update| update.at))
        .min()
        .ok_or_else(|| format!("summary.json: incident {} has no readable time", post.id))?;
    let status = common::incident(&post.status);
    let told = post.impact.as_deref().and_then(Indicator::parse).unwrap_or(Indicator::None);
    let ended_at = status.is_over().then(|| {
        let stated = post.resolved_at.as_deref().or(post.updated_at.as_deref()).and_then(time::parse);
        stated.or(updates.last().map(|update| update.at)).unwrap_or(started_at).max(started_at)
    });
    Ok(Incident {
        link: post.shortlink.unwrap_or_else(|| target.at(&format!("/incidents/{}", post.id))),
        id: post.id,
        title: post.name,
        impact: if status.is_over() { told } else { told.max(Indicator::Minor) },
        status,
        started_at,
        ended_at,
        updates,
        components: names(post.components),
        detail: Detail::Full,
    })
}

fn maintenance(target: &Target<'_>, post: Post) -> Result<Maintenance, String> {
    let updates = updates(post.incident_updates.unwrap_or_default());
    let stated = [&post.scheduled_for, &post.started_at, &post.created_at];
    let starts_at = stated
        .into_iter()
        .find_map(|at| at.as_deref().and_then(time::parse))
        .ok_or_else(|| format!("summary.json: maintenance {} has no readable time", post.id))?;
    Ok(Maintenance {
        link: post.shortlink.unwrap_or_else(|| target.at(&format!("/incidents/{}", post.id))),
        id: post.id,
        title: post.name,
        status: words::maintenance(&post.status).unwrap_or(MaintenanceStatus::Scheduled),
        starts_at,
        ends_at: post.scheduled_until.as_deref().and_then(time::parse),
        updates,
        components: names(post.components),
        detail: Detail::Full,
    })
}

fn updates(messages: Vec<Message>) -> Vec<Update> {
    let mut updates: Vec<_> = messages
        .into_iter()
        .filter_map(|message| {
            Some(Update {
                at: message.display_at.or(message.created_at).as_deref().and_then(time::parse)?,
                title: words::shown(&message.status.unwrap_or_default()),
                body: message.body.unwrap_or_default(),
            })
        })
        .collect();
    // The newest stands first in the document, so that equal stamps have to be turned round before they are sorted.
    updates.reverse();
    updates.sort_by_key(|update| update.at);
    updates
}

fn names(components: Option<Vec<Named>>) -> Vec<String> {
    components.unwrap_or_default().into_iter().filter_map(|component| component.name).collect()
}

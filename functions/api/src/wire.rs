//! The public JSON, converted by hand: renaming a domain type or field must not change what clients read.
//!
//! Names and types of the original's fields are kept; `docs/api.md` says which fields are new.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use statusphere_catalogue::Entry;
use statusphere_domain::{self as domain, Freshness, Item, MaintenanceStatus, PageState};

use crate::answer::{List, bytes_in_transit};

/// How the original writes a time that never was.
const NEVER: &str = "0001-01-01T00:00:00Z";

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn time_or_never(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| NEVER.to_owned(), time)
}

/// What the vendor says of a page, and whether that may be relied on. Additive in every place where it stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct State {
    indicator: Option<&'static str>,
    freshness: &'static str,
    last_attempt: Option<String>,
    last_success: Option<String>,
    last_change: Option<String>,
    reason: Option<String>,
}

impl State {
    pub(crate) fn new(state: &PageState, freshness: Freshness) -> Self {
        Self {
            indicator: state.indicator.map(domain::Indicator::as_str),
            freshness: freshness.as_str(),
            last_attempt: state.last_attempt.map(time),
            last_success: state.last_success.map(time),
            last_change: state.last_change.map(time),
            reason: domain::reason(state, freshness),
        }
    }
}

/// `StatusPage` of the original.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusPage<'a> {
    name: &'a str,
    url: &'a str,
    last_historically_scraped: String,
    /// The last time it was read, not the last time somebody tried.
    last_currently_scraped: String,
    is_indexed: bool,
    #[serde(flatten)]
    state: State,
}

impl<'a> StatusPage<'a> {
    pub(crate) fn new(entry: &'a Entry, page: &PageState, state: State) -> Self {
        Self {
            name: &entry.name,
            url: &entry.page.url,
            last_historically_scraped: time_or_never(page.last_history),
            last_currently_scraped: time_or_never(page.last_success),
            is_indexed: page.is_indexed(),
            state,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusPageAnswer<'a> {
    pub(crate) status_page: StatusPage<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusPagesAnswer<'a> {
    pub(crate) status_pages: List,
    /// Where to go on; null when the list is whole.
    pub(crate) cursor: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchAnswer<'a> {
    pub(crate) status_pages: Vec<StatusPage<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CountAnswer {
    pub(crate) status_page_count: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CurrentStatusAnswer<'a> {
    /// Slug of the page that is meant.
    pub(crate) page: &'a str,
    pub(crate) status: &'static str,
    pub(crate) is_indexed: bool,
    #[serde(flatten)]
    pub(crate) state: State,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IncidentsAnswer {
    pub(crate) incidents: List,
    pub(crate) is_indexed: bool,
    /// Where to go on; null when there is nothing older.
    pub(crate) cursor: Option<String>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComponentsAnswer {
    pub(crate) components: List,
    pub(crate) is_indexed: bool,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MaintenancesAnswer {
    pub(crate) maintenances: List,
    pub(crate) is_indexed: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Component<'a> {
    name: &'a str,
    group: Option<&'a str>,
    status: &'static str,
}

impl<'a> From<&'a domain::Component> for Component<'a> {
    fn from(component: &'a domain::Component) -> Self {
        Self { name: &component.name, group: component.group.as_deref(), status: component.status.as_str() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Maintenance<'a> {
    id: &'a str,
    title: &'a str,
    status: &'static str,
    start_time: String,
    end_time: Option<String>,
    components: &'a [String],
    link: &'a str,
}

impl<'a> From<&'a domain::Maintenance> for Maintenance<'a> {
    fn from(maintenance: &'a domain::Maintenance) -> Self {
        Self {
            id: &maintenance.id,
            title: &maintenance.title,
            status: maintenance.status.as_str(),
            start_time: time(maintenance.starts_at),
            end_time: maintenance.ends_at.map(time),
            components: &maintenance.components,
            link: &maintenance.link,
        }
    }
}

/// `Incident` of the original; planned work is one with the impact `maintenance`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Incident<'a> {
    title: &'a str,
    components: &'a [String],
    events: Vec<Event<'a>>,
    start_time: String,
    end_time: Option<String>,
    description: Option<&'a str>,
    deep_link: &'a str,
    impact: &'static str,
    status_page_url: &'a str,
    notification_jobs_started: bool,
    id: &'a str,
    status: &'static str,
}

/// `IncidentEvent` of the original.
#[derive(Debug, Serialize)]
struct Event<'a> {
    title: &'a str,
    description: &'a str,
    time: String,
}

/// An incident beyond this is sent without its timeline, so that one of them never fills an answer. Bytes.
const LARGEST_INCIDENT: usize = 1_000_000;
/// What is left of each text of such an incident. Bytes.
const LARGEST_TEXT: usize = 10_000;

impl<'a> Incident<'a> {
    /// An incident or a maintenance of the page at `page_url`.
    pub(crate) fn new(item: &'a Item, page_url: &'a str) -> Self {
        let incident = Self::whole(item, page_url);
        match serde_json::to_string(&incident) {
            Ok(json) if bytes_in_transit(&json) > LARGEST_INCIDENT => incident.shortened(),
            _ => incident,
        }
    }

    fn whole(item: &'a Item, page_url: &'a str) -> Self {
        let (id, title, link, status, components, updates, end) = match item {
            Item::Incident(i) => {
                (&i.id, &i.title, &i.link, i.status.as_str(), &i.components, &i.updates, incident_end(i))
            }
            Item::Maintenance(m) => {
                let end = m.ends_at.filter(|_| m.status == MaintenanceStatus::Completed);
                (&m.id, &m.title, &m.link, m.status.as_str(), &m.components, &m.updates, end)
            }
        };
        Self {
            title,
            components,
            events: updates
                .iter()
                .map(|update| Event { title: &update.title, description: &update.body, time: time(update.at) })
                .collect(),
            start_time: time(item.starts_at()),
            end_time: end.map(time),
            description: updates.last().map(|update| update.body.as_str()),
            deep_link: link,
            impact: item.impact().as_str(),
            status_page_url: page_url,
            notification_jobs_started: false,
            id,
            status,
        }
    }

    fn shortened(self) -> Self {
        Self {
            title: cut(self.title),
            components: &[],
            events: Vec::new(),
            description: self.description.map(cut),
            deep_link: cut(self.deep_link),
            id: cut(self.id),
            ..self
        }
    }
}

/// An end that the vendor did not date is the last thing it said; null stays the sign of an open incident.
fn incident_end(incident: &domain::Incident) -> Option<DateTime<Utc>> {
    let last_word = || incident.updates.last().map_or(incident.started_at, |update| update.at);
    incident.ended_at.or_else(|| (!incident.is_open()).then(last_word))
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LARGEST_TEXT)]
}

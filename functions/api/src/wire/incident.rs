//! Incidents and planned work as the original writes them, with their timeline.

use chrono::{DateTime, Utc};
use serde::Serialize;
use statusphere_domain::{self as domain, Item, MaintenanceStatus};
use utoipa::ToSchema;

use super::{About, Indicator, ItemStatus, Time};
use crate::answer::{List, bytes_in_transit};

/// An incident, or planned work, which has the impact `maintenance`. Texts are the vendor's, as it wrote them: escape them
/// before you show them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Incident<'a> {
    title: &'a str,
    /// Names of the components it touches, as the vendor lists them.
    components: &'a [String],
    /// The timeline, oldest first.
    events: Vec<Event<'a>>,
    /// Start; of planned work the planned one.
    start_time: Time,
    /// Null while it is open.
    end_time: Option<Time>,
    /// The text of the newest event.
    description: Option<&'a str>,
    /// Where people read it.
    deep_link: &'a str,
    impact: Indicator,
    status_page_url: &'a str,
    /// Always false; the original's.
    notification_jobs_started: bool,
    /// The vendor's id; unique on its page.
    id: &'a str,
    status: ItemStatus,
}

/// One message of the vendor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentEvent)]
pub(crate) struct Event<'a> {
    /// The vendor's word for the stage, as shown.
    title: &'a str,
    description: &'a str,
    time: Time,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IncidentsAnswer {
    /// Newest start first; below 5 MB. May be empty though `cursor` goes on: with a filter, one answer looks through so many
    /// only. One above 1 MB comes without its timeline.
    #[schema(value_type = Vec<Incident>)]
    pub(crate) incidents: List,
    /// Where to go on; null when there is nothing older, or with `limit=0`.
    pub(crate) cursor: Option<String>,
    #[serde(flatten)]
    pub(crate) about: About,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IncidentAnswer<'a> {
    pub(crate) incident: Incident<'a>,
    /// Grows with every change that was seen.
    pub(crate) sequence: u64,
    #[serde(flatten)]
    pub(crate) about: About,
}

/// An incident of a list beyond this is sent without its timeline, so that one of them never fills an answer. Bytes.
const LARGEST_IN_LIST: usize = 1_000_000;
/// The same for one by itself. Lambda refuses answers above 6 MB.
const LARGEST: usize = 5_000_000;
/// What is left of each text of such an incident. Bytes.
const LARGEST_TEXT: usize = 10_000;

impl<'a> Incident<'a> {
    /// An incident or a maintenance of the page at `page_url`, for a list.
    pub(crate) fn in_list(item: &'a Item, page_url: &'a str) -> Self {
        Self::new(item, page_url, LARGEST_IN_LIST)
    }

    /// The same by itself.
    pub(crate) fn alone(item: &'a Item, page_url: &'a str) -> Self {
        Self::new(item, page_url, LARGEST)
    }

    fn new(item: &'a Item, page_url: &'a str, largest: usize) -> Self {
        let incident = Self::whole(item, page_url);
        match serde_json::to_string(&incident) {
            Ok(json) if bytes_in_transit(&json) > largest => incident.shortened(),
            _ => incident,
        }
    }

    fn whole(item: &'a Item, page_url: &'a str) -> Self {
        let (id, title, link, components, updates, end) = match item {
            Item::Incident(i) => (&i.id, &i.title, &i.link, &i.components, &i.updates, incident_end(i)),
            Item::Maintenance(m) => {
                let end = m.ends_at.filter(|_| m.status == MaintenanceStatus::Completed);
                (&m.id, &m.title, &m.link, &m.components, &m.updates, end)
            }
        };
        let event = |update: &'a domain::Update| Event {
            title: &update.title,
            description: &update.body,
            time: update.at.into(),
        };
        Self {
            title,
            components,
            events: updates.iter().map(event).collect(),
            start_time: item.starts_at().into(),
            end_time: end.map(Into::into),
            description: updates.last().map(|update| update.body.as_str()),
            deep_link: link,
            impact: item.impact().into(),
            status_page_url: page_url,
            notification_jobs_started: false,
            id,
            status: item.into(),
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

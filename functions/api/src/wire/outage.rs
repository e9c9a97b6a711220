//! What is broken now.

use serde::Serialize;
use statusphere_domain as domain;
use utoipa::ToSchema;

use super::{Indicator, ItemStatus, State, Time};
use crate::answer::List;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutagesAnswer {
    /// Every page that says minor or worse or has an open incident, worst first, then the newest; those that can't be relied on
    /// now come last, in the same order.
    #[schema(value_type = Vec<Outage>)]
    pub(crate) outages: List,
    /// How many there are of each category, by name; those without a category come last.
    pub(crate) categories: Vec<CategoryOutages>,
    /// Pages that were asked for and can't be relied on at this moment: nobody knows whether they are broken.
    pub(crate) unobserved: usize,
    /// Pages that were asked for.
    pub(crate) pages: usize,
    /// When the live state of all pages was read, a minute ago at most unless the table fails; null if never.
    pub(crate) as_of: Option<Time>,
    /// When the open incidents were read; null if never.
    pub(crate) incidents_as_of: Option<Time>,
    /// True when more incidents are open than are listed here, those of the least impact being left out.
    pub(crate) incidents_cut: bool,
}

/// The outages of one category.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategoryOutages {
    /// Null: pages without a category.
    pub(crate) category: Option<String>,
    /// Number of pages.
    pub(crate) outages: usize,
    /// The worst of them.
    pub(crate) worst: Option<Indicator>,
}

/// A page that is in trouble.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outage<'a> {
    /// Slug.
    pub(crate) page: &'a str,
    pub(crate) name: &'a str,
    pub(crate) url: &'a str,
    pub(crate) category: Option<&'a str>,
    /// Start of the newest of its worst incidents; where none is listed, when what the page says last changed.
    pub(crate) since: Option<Time>,
    /// Number of open incidents.
    pub(crate) open_incidents: u32,
    /// The open incidents, worst first. Fewer than `openIncidents` when some were not read yet, or with `incidentsCut`.
    pub(crate) incidents: Vec<OpenIncident<'a>>,
    #[serde(flatten)]
    pub(crate) state: State,
}

/// An open incident in short; `/incident` has its timeline.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenIncident<'a> {
    /// The vendor's id; unique on its page.
    id: &'a str,
    title: &'a str,
    impact: Indicator,
    status: ItemStatus,
    start_time: Time,
    /// When the vendor last said something of it.
    last_update: Option<Time>,
    /// Names of the components it touches.
    components: &'a [String],
    deep_link: &'a str,
}

impl<'a> From<&'a domain::Incident> for OpenIncident<'a> {
    fn from(incident: &'a domain::Incident) -> Self {
        Self {
            id: &incident.id,
            title: &incident.title,
            impact: incident.impact.into(),
            status: incident.status.into(),
            start_time: incident.started_at.into(),
            last_update: incident.updates.last().map(|update| update.at.into()),
            components: &incident.components,
            deep_link: &incident.link,
        }
    }
}

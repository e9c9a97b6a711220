//! The public JSON, converted by hand: renaming a domain type or field must not change what clients read.
//!
//! Names and types of the original's fields are kept. What is said of a type and its fields here is what the OpenAPI
//! document says of them.

mod change;
mod component;
mod incident;
mod maintenance;
mod outage;
mod page;
mod stack;
mod uptime;
mod words;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use statusphere_domain::{self as domain, PageState};
use utoipa::ToSchema;

pub(crate) use change::{Change, ChangesAnswer};
pub(crate) use component::{Component, ComponentsAnswer, Region};
pub(crate) use incident::{Incident, IncidentAnswer, IncidentsAnswer};
pub(crate) use maintenance::{Maintenance, MaintenancesAnswer};
pub(crate) use outage::{CategoryOutages, OpenIncident, Outage, OutagesAnswer};
pub(crate) use page::{
    CountAnswer, CurrentStatusAnswer, DumpAnswer, DumpPage, SearchAnswer, StatusPage, StatusPageAnswer,
    StatusPagesAnswer,
};
pub(crate) use stack::StackAnswer;
pub(crate) use uptime::{ComponentUptime, UptimeAnswer};
pub(crate) use words::{Area, ComponentStatus, Freshness, Indicator, ItemStatus, MaintenanceStatus, Status};

/// A moment, RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-03-01T11:59:00Z")]
pub(crate) struct Time(DateTime<Utc>);

impl From<DateTime<Utc>> for Time {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// What the vendor says of a page, and whether that may be relied on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct State {
    /// What the vendor says: the worst of the page's own word and of each open incident. Null when it does not say.
    indicator: Option<Indicator>,
    /// Whether that may be relied on.
    freshness: Freshness,
    /// When somebody last tried to read the page.
    last_attempt: Option<Time>,
    /// When it was last read. Success after success is written down every 15 minutes only.
    last_success: Option<Time>,
    /// When what it says last changed.
    last_change: Option<Time>,
    /// A sentence that says why the state is not known or may be old.
    reason: Option<String>,
}

impl State {
    pub(crate) fn new(state: &PageState, freshness: domain::Freshness) -> Self {
        Self {
            indicator: state.indicator.map(Into::into),
            freshness: freshness.into(),
            last_attempt: state.last_attempt.map(Into::into),
            last_success: state.last_success.map(Into::into),
            last_change: state.last_change.map(Into::into),
            reason: domain::reason(state, freshness),
        }
    }
}

/// Which page an answer is about, and how fresh what it says is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About {
    /// Slug of the page that is meant.
    page: String,
    /// False until the page was read once.
    is_indexed: bool,
    #[serde(flatten)]
    state: State,
}

impl About {
    pub(crate) fn new(page: &domain::PageId, indexed: bool, state: State) -> Self {
        Self { page: page.to_string(), is_indexed: indexed, state }
    }
}

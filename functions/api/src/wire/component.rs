//! Components of a page.

use chrono::{DateTime, Utc};
use serde::Serialize;
use statusphere_domain as domain;
use utoipa::ToSchema;

use super::{About, Area, ComponentStatus, Time};
use crate::answer::List;

/// A part of a service that its vendor reports on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Component<'a> {
    /// The vendor's id; the name where there is none. Unique on its page.
    id: &'a str,
    name: &'a str,
    /// The group it stands under.
    group: Option<&'a str>,
    region: Option<Region>,
    status: ComponentStatus,
    /// When this status was first seen; null when it never changed since the page was first read.
    since: Option<Time>,
}

impl<'a> Component<'a> {
    pub(crate) fn new(
        part: &'a domain::Component,
        region: Option<domain::Region>,
        since: Option<DateTime<Utc>>,
    ) -> Self {
        Self {
            id: &part.id,
            name: &part.name,
            group: part.group.as_deref(),
            region: region.map(Into::into),
            status: part.status.into(),
            since: since.map(Into::into),
        }
    }
}

/// Where a component is, as far as its name or its group says so.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Region {
    /// The cloud's own word: `us-east-1`, `europe-west4`. Null where the vendor gives none, or several.
    pub(crate) code: Option<String>,
    /// The parts of the world; "EMEA" is three of them.
    pub(crate) areas: Vec<Area>,
}

impl From<domain::Region> for Region {
    fn from(region: domain::Region) -> Self {
        Self { code: region.code, areas: region.areas.into_iter().map(Into::into).collect() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComponentsAnswer {
    /// In the vendor's order, those that were asked for.
    #[schema(value_type = Vec<Component>)]
    pub(crate) components: List,
    /// Number of components of the page, asked for or not.
    pub(crate) total: usize,
    /// Number of those that are in trouble or unknown, asked for or not.
    pub(crate) in_trouble: usize,
    #[serde(flatten)]
    pub(crate) about: About,
}

//! Planned work with its planned window.

use serde::Serialize;
use statusphere_domain as domain;
use utoipa::ToSchema;

use super::{About, MaintenanceStatus, Time};
use crate::answer::List;

/// Planned work.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Maintenance<'a> {
    /// The vendor's id; unique on its page.
    id: &'a str,
    title: &'a str,
    status: MaintenanceStatus,
    /// Planned start.
    start_time: Time,
    /// Planned end, or the true one when it is over.
    end_time: Option<Time>,
    /// Names of the components it touches, as the vendor lists them.
    components: &'a [String],
    /// Where people read it.
    link: &'a str,
}

impl<'a> From<&'a domain::Maintenance> for Maintenance<'a> {
    fn from(maintenance: &'a domain::Maintenance) -> Self {
        Self {
            id: &maintenance.id,
            title: &maintenance.title,
            status: maintenance.status.into(),
            start_time: maintenance.starts_at.into(),
            end_time: maintenance.ends_at.map(Into::into),
            components: &maintenance.components,
            link: &maintenance.link,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MaintenancesAnswer {
    /// Latest start first.
    #[schema(value_type = Vec<Maintenance>)]
    pub(crate) maintenances: List,
    #[serde(flatten)]
    pub(crate) about: About,
}

//! What changed, for those who poll.

use serde::Serialize;
use utoipa::ToSchema;

use super::{State, Status, Time};
use crate::answer::List;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangesAnswer {
    /// Every page of which something else is known than at `since`, as it is now, the latest change last.
    #[schema(value_type = Vec<Change>)]
    pub(crate) changes: List,
    /// Give this as `since` the next time. It overlaps by up to some minutes: a change may come again, with the
    /// same `changedAt`.
    pub(crate) next: Time,
    /// True when there is more right now: ask again with `next` at once.
    pub(crate) more: bool,
    /// When the live state of all pages was read, a minute ago at most unless the table fails; null if never.
    pub(crate) as_of: Option<Time>,
}

/// A page as it is since its last change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change<'a> {
    /// Slug.
    pub(crate) page: &'a str,
    pub(crate) name: &'a str,
    pub(crate) url: &'a str,
    /// When it became known here: what the vendor says, or whether it can be read.
    pub(crate) changed_at: Time,
    pub(crate) status: Status,
    /// Number of open incidents.
    pub(crate) open_incidents: u32,
    #[serde(flatten)]
    pub(crate) state: State,
}

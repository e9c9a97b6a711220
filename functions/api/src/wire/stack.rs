//! One verdict for the services that somebody depends on.

use serde::Serialize;
use statusphere_domain as domain;
use utoipa::ToSchema;

use super::{Component, Indicator, State, Status, Time};

/// A verdict, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Verdict {
    /// `DEGRADED` when something is broken, else `UNKNOWN` when something is not known, else `UP`.
    pub(crate) status: Status,
    /// The worst that is known; null when nothing is.
    pub(crate) indicator: Option<Indicator>,
    /// A sentence for each thing that speaks against `UP`, the worst first.
    pub(crate) reasons: Vec<String>,
}

impl From<domain::Verdict> for Verdict {
    fn from(verdict: domain::Verdict) -> Self {
        Self { status: verdict.status.into(), indicator: verdict.indicator.map(Into::into), reasons: verdict.reasons }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StackAnswer<'a> {
    /// The verdict on what was asked for: of pages with chosen components these components alone.
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// The same as if no components had been chosen: what else is broken on these pages.
    pub(crate) unfiltered: Verdict,
    /// One for each page that was asked for, in that order.
    pub(crate) pages: Vec<StackPage<'a>>,
    /// When the open incidents were read; null if never.
    pub(crate) incidents_as_of: Option<Time>,
}

/// One page of a stack.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StackPage<'a> {
    /// What was asked for.
    pub(crate) asked: &'a str,
    /// Slug of the page that is meant; null when none is known by that name.
    pub(crate) page: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
    pub(crate) url: Option<&'a str>,
    /// The verdict on the chosen components, or on the whole page when none are.
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// The verdict on the whole page.
    pub(crate) unfiltered: Verdict,
    /// The chosen components; null when none are chosen.
    pub(crate) components: Option<Vec<Component<'a>>>,
    /// How fresh this is; null when no page is known by that name.
    pub(crate) state: Option<State>,
}

//! One verdict for the services that somebody depends on, as JSON and as plain text.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use statusphere_domain::{self as domain, PageState};
use statusphere_view::{Judged, Part, Stack};
use utoipa::ToSchema;

use super::{Indicator, Region, State, Status, Time};

/// A verdict, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Verdict {
    /// `DEGRADED` when something is broken, else `UNKNOWN` when something is not known, else `UP`.
    status: Status,
    /// The worst that is known; null when nothing is.
    indicator: Option<Indicator>,
    /// A sentence for each thing that speaks against `UP`, the worst first.
    reasons: Vec<String>,
}

impl From<&domain::Verdict> for Verdict {
    fn from(verdict: &domain::Verdict) -> Self {
        Self {
            status: verdict.status.into(),
            indicator: verdict.indicator.map(Into::into),
            reasons: verdict.reasons.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StackAnswer<'a> {
    /// The verdict on what was asked for: of pages with chosen components these components alone.
    #[serde(flatten)]
    verdict: Verdict,
    /// The same as if no components had been chosen: what else is broken on these pages.
    unfiltered: Verdict,
    /// One for each page that was asked for, in that order; one that was asked for twice comes once.
    pages: Vec<StackPage<'a>>,
    /// When the open incidents were read; null if never.
    incidents_as_of: Option<Time>,
}

/// One page of a stack.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StackPage<'a> {
    /// What was asked for.
    asked: &'a str,
    /// Slug of the page that is meant; null when none is known by that name.
    page: Option<&'a str>,
    name: Option<&'a str>,
    url: Option<&'a str>,
    /// The verdict on the chosen components, or on the whole page when none are.
    #[serde(flatten)]
    verdict: Verdict,
    /// The verdict on the whole page.
    unfiltered: Verdict,
    /// The chosen components, the worst first, 50 at most; null when none are chosen.
    components: Option<Vec<StackComponent>>,
    /// How fresh this is; null when no page is known by that name.
    state: Option<State>,
    #[serde(skip)]
    last_success: Option<DateTime<Utc>>,
}

/// A chosen component.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StackComponent {
    /// The vendor's id.
    id: String,
    name: String,
    group: Option<String>,
    region: Option<Region>,
    status: super::ComponentStatus,
    /// When this status was first seen; null when it never changed since the page was first read.
    since: Option<Time>,
}

impl From<&Part> for StackComponent {
    fn from(part: &Part) -> Self {
        let component = &part.component;
        Self {
            id: component.id.clone(),
            name: component.name.clone(),
            group: component.group.clone(),
            region: part.region.clone().map(Into::into),
            status: component.status.into(),
            since: part.since.map(Into::into),
        }
    }
}

impl<'a> StackPage<'a> {
    fn new(judged: &Judged<'a>, assess: impl Fn(&PageState) -> State) -> Self {
        let entry = judged.entry;
        Self {
            asked: judged.asked,
            page: entry.map(|entry| entry.page.id.as_str()),
            name: entry.map(|entry| &*entry.name),
            url: entry.map(|entry| entry.page.url.as_str()),
            verdict: (&judged.chosen).into(),
            unfiltered: (&judged.whole).into(),
            components: judged.components.as_ref().map(|parts| parts.iter().map(Into::into).collect()),
            state: judged.state.as_ref().map(assess),
            last_success: judged.state.as_ref().and_then(|state| state.last_success),
        }
    }
}

impl<'a> StackAnswer<'a> {
    pub(crate) fn new(stack: &Stack<'a>, assess: impl Fn(&PageState) -> State) -> Self {
        Self {
            verdict: (&stack.chosen).into(),
            unfiltered: (&stack.whole).into(),
            pages: stack.pages.iter().map(|page| StackPage::new(page, &assess)).collect(),
            incidents_as_of: stack.open_as_of.map(Into::into),
        }
    }

    /// For shells: the verdict alone on the first line.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}\n", self.verdict.status.as_str());
        for reason in &self.verdict.reasons {
            let _ = writeln!(text, "{reason}");
        }
        for reason in self.unfiltered.reasons.iter().filter(|reason| !self.verdict.reasons.contains(reason)) {
            let _ = writeln!(text, "Not chosen: {reason}");
        }
        let read = self.pages.iter().filter_map(|page| Some((page.last_success?, page.name?)));
        if let Some((at, name)) = read.min() {
            let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let _ = writeln!(text, "The oldest reading is that of {name}, of {at}.");
        }
        text
    }
}

//! One verdict for the services that somebody depends on, as JSON and as plain text.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use statusphere_catalogue::Entry;
use statusphere_domain::{self as domain, Parts};
use utoipa::ToSchema;

use super::{Indicator, Region, State, Status, Time};

/// Chosen components of one page that are listed, at most.
const MOST: usize = 50;

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
    judged: Seen,
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

#[derive(Debug)]
struct Seen {
    whole: domain::Verdict,
    last_success: Option<DateTime<Utc>>,
}

/// What is said of one page.
pub(crate) struct Judged {
    pub(crate) chosen: domain::Verdict,
    pub(crate) whole: domain::Verdict,
    pub(crate) components: Option<Vec<StackComponent>>,
    pub(crate) last_success: Option<DateTime<Utc>>,
    pub(crate) state: Option<State>,
}

impl Judged {
    /// The chosen components of a page.
    pub(crate) fn components(
        parts: &Parts<'_>,
        picked: &BTreeSet<usize>,
        since: &BTreeMap<String, DateTime<Utc>>,
    ) -> Vec<StackComponent> {
        let mut picked: Vec<_> = picked.iter().filter_map(|at| Some((at, parts.all().get(*at)?))).collect();
        picked.sort_by_key(|(_, component)| Reverse(domain::severity(component.status)));
        let component = |(at, component): (&usize, &domain::Component)| StackComponent {
            id: component.id.clone(),
            name: component.name.clone(),
            group: component.group.clone(),
            region: parts.regions().get(*at).cloned().flatten().map(Into::into),
            status: component.status.into(),
            since: since.get(&component.id).copied().map(Into::into),
        };
        picked.into_iter().take(MOST).map(component).collect()
    }
}

impl<'a> StackPage<'a> {
    pub(crate) fn new(asked: &'a str, entry: Option<&'a Entry>, judged: Judged) -> Self {
        Self {
            asked,
            page: entry.map(|entry| entry.page.id.as_str()),
            name: entry.map(|entry| &*entry.name),
            url: entry.map(|entry| entry.page.url.as_str()),
            verdict: (&judged.chosen).into(),
            unfiltered: (&judged.whole).into(),
            components: judged.components,
            state: judged.state,
            judged: Seen { whole: judged.whole, last_success: judged.last_success },
        }
    }
}

impl<'a> StackAnswer<'a> {
    pub(crate) fn new(chosen: &domain::Verdict, pages: Vec<StackPage<'a>>, open: Option<DateTime<Utc>>) -> Self {
        let whole = domain::Verdict::join(pages.iter().map(|page| &page.judged.whole));
        Self { verdict: chosen.into(), unfiltered: (&whole).into(), pages, incidents_as_of: open.map(Into::into) }
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
        let read = self.pages.iter().filter_map(|page| Some((page.judged.last_success?, page.name?)));
        if let Some((at, name)) = read.min() {
            let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let _ = writeln!(text, "The oldest reading is that of {name}, of {at}.");
        }
        text
    }
}

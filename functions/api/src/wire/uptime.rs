//! How well a page and its components ran.

use serde::Serialize;
use statusphere_domain::{self as domain, ComponentStatus as C, Fared, Indicator as I, Tally};
use utoipa::ToSchema;

use super::{About, Time};
use crate::answer::List;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UptimeAnswer {
    /// Beginning of the window, which ends with the last whole minute.
    pub(crate) from: Time,
    /// End of the window.
    pub(crate) to: Time,
    /// The page as a whole, by its indicator.
    pub(crate) overall: PageUptime,
    /// Its components, in the vendor's order; those that it lists no longer come last.
    #[schema(value_type = Vec<ComponentUptime>)]
    pub(crate) components: List,
    /// How soon the vendor said something of the incidents that began in the window.
    pub(crate) acknowledgement: Acknowledgement,
    #[serde(flatten)]
    pub(crate) about: About,
}

/// How a page ran.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageUptime {
    #[serde(flatten)]
    shares: Shares,
    seconds: PageSeconds,
    /// Each day of UTC, oldest first; the first and the last are cut by the window.
    days: Vec<PageDay>,
}

/// One day of a page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageDay {
    #[schema(format = Date)]
    date: String,
    #[serde(flatten)]
    shares: Shares,
    seconds: PageSeconds,
}

/// How a component ran.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComponentUptime {
    /// The vendor's id.
    id: String,
    name: String,
    group: Option<String>,
    /// False when the vendor lists it no longer.
    listed: bool,
    #[serde(flatten)]
    shares: Shares,
    seconds: ComponentSeconds,
    /// Each day of UTC, oldest first; null unless `component` was asked for and it is the only one of that id, name or group.
    days: Option<Vec<ComponentDay>>,
}

/// One day of a component.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComponentDay {
    #[schema(format = Date)]
    date: String,
    #[serde(flatten)]
    shares: Shares,
    seconds: ComponentSeconds,
}

/// Shares of time, from 0 to 1.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Shares {
    /// The share of the time in which it was not down (`major`, `critical`; `partial_outage`, `major_outage`), of the time for
    /// which the vendor's word is known; planned work is not down. Null when there was no such time.
    uptime: Option<f64>,
    /// The share of the time in which the page was read: what `uptime` says nothing about is the rest.
    coverage: Option<f64>,
}

/// Whole seconds by what the vendor said. Without the last they add up to the window.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageSeconds {
    none: i64,
    /// The vendor says so of the page, or work that names no component was planned, and no trouble.
    maintenance: i64,
    minor: i64,
    major: i64,
    critical: i64,
    /// The page was read and did not say.
    unknown: i64,
    /// The page could not be read, or nobody looked, or it was not watched yet.
    unobserved: i64,
    /// How much of `major` and `critical` was while planned work that names no component was going on.
    down_during_maintenance: i64,
}

/// Whole seconds by what the vendor said. Without the last they add up to the window.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComponentSeconds {
    operational: i64,
    /// The vendor says so, or work that names the component or its group was planned, and no trouble.
    under_maintenance: i64,
    degraded_performance: i64,
    partial_outage: i64,
    major_outage: i64,
    /// The page was read, and its word is not known to us.
    unknown: i64,
    /// The page could not be read, or nobody looked, or the component was not listed.
    unobserved: i64,
    /// How much of `partialOutage` and `majorOutage` was while such planned work was going on.
    down_during_maintenance: i64,
}

/// The time from the beginning of an incident, by the vendor's own word, to the vendor's first message, in seconds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Acknowledgement {
    /// Incidents whose whole timeline is known.
    incidents: usize,
    /// Null when there are none.
    median_seconds: Option<i64>,
    longest_seconds: Option<i64>,
    /// Incidents of which the first message is not known.
    not_told: usize,
}

impl From<&Fared> for PageUptime {
    fn from(fared: &Fared) -> Self {
        let day = |(date, tally): &(chrono::NaiveDate, Tally)| PageDay {
            date: date.to_string(),
            shares: tally.into(),
            seconds: tally.into(),
        };
        Self {
            shares: (&fared.whole).into(),
            seconds: (&fared.whole).into(),
            days: fared.days.iter().map(day).collect(),
        }
    }
}

impl ComponentUptime {
    /// With each day when `daily`.
    pub(crate) fn new(one: &domain::ComponentUptime, daily: bool) -> Self {
        let day = |(date, tally): &(chrono::NaiveDate, Tally)| ComponentDay {
            date: date.to_string(),
            shares: tally.into(),
            seconds: tally.into(),
        };
        Self {
            id: one.id.clone(),
            name: one.name.clone(),
            group: one.group.clone(),
            listed: one.listed,
            shares: (&one.fared.whole).into(),
            seconds: (&one.fared.whole).into(),
            days: daily.then(|| one.fared.days.iter().map(day).collect()),
        }
    }
}

impl From<&Tally> for Shares {
    fn from(tally: &Tally) -> Self {
        Self { uptime: tally.uptime(), coverage: tally.coverage() }
    }
}

impl From<&Tally> for PageSeconds {
    fn from(tally: &Tally) -> Self {
        Self {
            none: tally.of(Some(I::None)),
            maintenance: tally.of(Some(I::Maintenance)),
            minor: tally.of(Some(I::Minor)),
            major: tally.of(Some(I::Major)),
            critical: tally.of(Some(I::Critical)),
            unknown: tally.untold,
            unobserved: tally.unobserved,
            down_during_maintenance: tally.down_during_maintenance,
        }
    }
}

impl From<&Tally> for ComponentSeconds {
    fn from(tally: &Tally) -> Self {
        Self {
            operational: tally.of(C::Operational),
            under_maintenance: tally.of(C::UnderMaintenance),
            degraded_performance: tally.of(C::DegradedPerformance),
            partial_outage: tally.of(C::PartialOutage),
            major_outage: tally.of(C::MajorOutage),
            unknown: tally.untold,
            unobserved: tally.unobserved,
            down_during_maintenance: tally.down_during_maintenance,
        }
    }
}

impl From<domain::Acknowledgement> for Acknowledgement {
    fn from(of: domain::Acknowledgement) -> Self {
        Self { incidents: of.count, median_seconds: of.median, longest_seconds: of.longest, not_told: of.untold }
    }
}

//! The words that stand for something.

use serde::Serialize;
use statusphere_domain as domain;
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $case:tt, $of:ident { $($(#[$word_doc:meta])* $word:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = $case)]
        pub(crate) enum $name { $($(#[$word_doc])* $word),* }

        impl From<domain::$of> for $name {
            fn from(word: domain::$of) -> Self {
                match word { $(domain::$of::$word => Self::$word),* }
            }
        }
    };
}

words! {
    /// How bad the vendor says it is, from calm to down. `maintenance` is planned and no trouble.
    Indicator, "snake_case", Indicator { None, Maintenance, Minor, Major, Critical }
}

words! {
    /// Whether the last reading may be relied on: `fresh`; `stale`, not reached for a while, or nobody looked;
    /// `unreadable`, it answers something that can't be read; `gone`, it says that it is no more; `never` read.
    Freshness, "snake_case", Freshness { Fresh, Stale, Unreadable, Gone, Never }
}

words! {
    /// Is it them? `DEGRADED` when the page says minor or worse or an incident is open, `UP` when it says that all is
    /// well, `UNKNOWN` when it was not read lately or does not say.
    Status, "UPPERCASE", UpDown { Up, Degraded, Unknown }
}

impl Status {
    /// The word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Up => "UP",
            Self::Degraded => "DEGRADED",
            Self::Unknown => "UNKNOWN",
        }
    }
}

words! {
    /// How a component fares. `unknown`: the vendor's word is not known to us.
    ComponentStatus, "snake_case", ComponentStatus {
        Operational, DegradedPerformance, PartialOutage, MajorOutage, UnderMaintenance, Unknown,
    }
}

words! {
    /// A part of the world, as wide as vendors divide it.
    Area, "snake_case", Area {
        Africa, Asia, Europe, Global, LatinAmerica, MiddleEast, NorthAmerica, Oceania,
    }
}

words! {
    /// Where planned work stands, by the vendor's word. `completed` is also what was called off.
    MaintenanceStatus, "snake_case", MaintenanceStatus { Scheduled, InProgress, Completed }
}

/// Where an incident or planned work stands: the first six are of incidents, the last three of planned work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ItemStatus {
    Investigating,
    Identified,
    Monitoring,
    Resolved,
    Postmortem,
    Unknown,
    Scheduled,
    InProgress,
    Completed,
}

impl From<domain::IncidentStatus> for ItemStatus {
    fn from(status: domain::IncidentStatus) -> Self {
        use statusphere_domain::IncidentStatus as I;
        match status {
            I::Investigating => Self::Investigating,
            I::Identified => Self::Identified,
            I::Monitoring => Self::Monitoring,
            I::Resolved => Self::Resolved,
            I::Postmortem => Self::Postmortem,
            I::Unknown => Self::Unknown,
        }
    }
}

impl From<domain::MaintenanceStatus> for ItemStatus {
    fn from(status: domain::MaintenanceStatus) -> Self {
        use statusphere_domain::MaintenanceStatus as M;
        match status {
            M::Scheduled => Self::Scheduled,
            M::InProgress => Self::InProgress,
            M::Completed => Self::Completed,
        }
    }
}

impl From<&domain::Item> for ItemStatus {
    fn from(item: &domain::Item) -> Self {
        match item {
            domain::Item::Incident(incident) => incident.status.into(),
            domain::Item::Maintenance(maintenance) => maintenance.status.into(),
        }
    }
}

//! What one scrape of a page found, in our words.
//!
//! Deliberately absent: whether it is new. That is `diff`'s work.

use chrono::{DateTime, Days, Utc};
use serde::{Deserialize, Serialize};

use crate::{ComponentStatus, IncidentStatus, Indicator, MaintenanceStatus};

/// What a provider read on a page. Fields are `None` when the document says nothing about them, never as "empty".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The provider that read it.
    pub provider: String,
    /// The platform's key for the page, when the provider found one that saves requests next time.
    pub key: Option<String>,
    /// What the vendor says of the whole page. `None` where the source does not tell (a feed without lifecycles).
    pub indicator: Option<Indicator>,
    /// All components in the vendor's order, groups left out.
    pub components: Option<Vec<Component>>,
    /// Incidents, open and past, as far as the document lists them.
    pub incidents: Vec<Incident>,
    /// True when the document lists every open incident, so that one that is missing is over.
    pub lists_all_open: bool,
    /// Maintenances, as far as the document lists them.
    pub maintenances: Vec<Maintenance>,
    /// True when the document lists every scheduled and running maintenance, so that one that is missing is over.
    pub lists_all_planned: bool,
}

/// A part of a service that the vendor reports on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// The vendor's id; the name where the platform has none.
    pub id: String,
    /// Display name.
    pub name: String,
    /// The group it stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How it fares.
    pub status: ComponentStatus,
}

/// How much of an item the document carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// One row of a list: title, impact, times, perhaps the last message.
    Row,
    /// The whole timeline.
    Full,
}

/// One message of the vendor in the course of an incident or a maintenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// When the page shows it was posted.
    pub at: DateTime<Utc>,
    /// The vendor's word for the stage, as shown: "Investigating".
    pub title: String,
    /// The vendor's text, as it came: plain text, Markdown or HTML.
    pub body: String,
}

/// An incident with its lifecycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The vendor's id; the deep link when there is none. Unique on its page.
    pub id: String,
    /// The vendor's title.
    pub title: String,
    /// Where people read it.
    pub link: String,
    /// How bad the vendor says it is.
    pub impact: Indicator,
    /// Where it stands.
    pub status: IncidentStatus,
    /// True start.
    pub started_at: DateTime<Utc>,
    /// End; `None` while it is open.
    pub ended_at: Option<DateTime<Utc>>,
    /// Oldest to newest.
    pub updates: Vec<Update>,
    /// Names of the components it touches, as the vendor lists them.
    pub components: Vec<String>,
    /// How much of it the document carried.
    pub detail: Detail,
}

/// Open incidents that nobody touched for this long are demoted to minor.
const ZOMBIE_AFTER: Days = Days::new(15);

impl Incident {
    /// True until the vendor ends it.
    pub fn is_open(&self) -> bool {
        self.ended_at.is_none() && !self.status.is_over()
    }

    /// The impact that counts at `as_of`: an open incident nobody touched for 15 days is at most minor.
    pub fn impact_at(&self, as_of: DateTime<Utc>) -> Indicator {
        if self.is_zombie_at(as_of) { self.impact.min(Indicator::Minor) } else { self.impact }
    }

    /// True when it is open and nobody touched it for 15 days.
    pub fn is_zombie_at(&self, as_of: DateTime<Utc>) -> bool {
        self.is_open() && self.zombie_from(as_of).is_some_and(|from| as_of > from)
    }

    /// The moment after which it is a zombie, if it is still open and untouched then. What is dated in the future touches
    /// nothing yet.
    pub fn zombie_from(&self, as_of: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let told = self.updates.iter().map(|update| update.at).chain([self.started_at]);
        let touched = told.filter(|at| *at <= as_of).max().unwrap_or(self.started_at);
        touched.checked_add_days(ZOMBIE_AFTER)
    }
}

/// Planned work with its planned window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// The vendor's id; the deep link when there is none. Unique on its page.
    pub id: String,
    /// The vendor's title.
    pub title: String,
    /// Where people read it.
    pub link: String,
    /// Where it stands.
    pub status: MaintenanceStatus,
    /// Planned start.
    pub starts_at: DateTime<Utc>,
    /// Planned end, or the true one when it is over.
    pub ends_at: Option<DateTime<Utc>>,
    /// Oldest to newest.
    pub updates: Vec<Update>,
    /// Names of the components it touches.
    pub components: Vec<String>,
    /// How much of it the document carried.
    pub detail: Detail,
}

/// Identity of an incident or a maintenance on its page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKey {
    /// An incident, by the vendor's id.
    Incident(String),
    /// A maintenance, by the vendor's id.
    Maintenance(String),
}

/// An incident or a maintenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Unplanned.
    Incident(Incident),
    /// Planned.
    Maintenance(Maintenance),
}

impl Item {
    /// Its identity on the page.
    pub fn key(&self) -> ItemKey {
        match self {
            Self::Incident(i) => ItemKey::Incident(i.id.clone()),
            Self::Maintenance(m) => ItemKey::Maintenance(m.id.clone()),
        }
    }

    /// Start, planned or true.
    pub fn starts_at(&self) -> DateTime<Utc> {
        match self {
            Self::Incident(i) => i.started_at,
            Self::Maintenance(m) => m.starts_at,
        }
    }

    /// True for an open incident and for a maintenance that is not over.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Incident(i) => i.is_open(),
            Self::Maintenance(m) => m.status != MaintenanceStatus::Completed,
        }
    }

    /// The vendor's title.
    pub fn title(&self) -> &str {
        match self {
            Self::Incident(i) => &i.title,
            Self::Maintenance(m) => &m.title,
        }
    }

    /// The vendor's messages, oldest to newest.
    pub fn updates(&self) -> &[Update] {
        match self {
            Self::Incident(i) => &i.updates,
            Self::Maintenance(m) => &m.updates,
        }
    }

    /// Names of the components it touches.
    pub fn components(&self) -> &[String] {
        match self {
            Self::Incident(i) => &i.components,
            Self::Maintenance(m) => &m.components,
        }
    }

    /// Where people read it.
    pub fn link(&self) -> &str {
        match self {
            Self::Incident(i) => &i.link,
            Self::Maintenance(m) => &m.link,
        }
    }

    /// The word for where it stands.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Incident(i) => i.status.as_str(),
            Self::Maintenance(m) => m.status.as_str(),
        }
    }

    /// Impact, `Maintenance` for planned work.
    pub fn impact(&self) -> Indicator {
        match self {
            Self::Incident(i) => i.impact,
            Self::Maintenance(_) => Indicator::Maintenance,
        }
    }
}

impl Reading {
    /// A reading that says nothing yet.
    pub fn new(provider: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            key: None,
            indicator: None,
            components: None,
            incidents: Vec::new(),
            lists_all_open: false,
            maintenances: Vec::new(),
            lists_all_planned: false,
        }
    }

    /// Adds an incident or a maintenance to its list.
    pub fn push(&mut self, item: Item) {
        match item {
            Item::Incident(incident) => self.incidents.push(incident),
            Item::Maintenance(maintenance) => self.maintenances.push(maintenance),
        }
    }

    /// Everything with a lifecycle that the document lists.
    pub fn items(&self) -> impl Iterator<Item = Item> + '_ {
        let incidents = self.incidents.iter().cloned().map(Item::Incident);
        incidents.chain(self.maintenances.iter().cloned().map(Item::Maintenance))
    }
}

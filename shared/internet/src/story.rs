//! What is true at a vendor over time: the oracle of every test.
//!
//! Deliberately absent: how a platform publishes it, and what it cannot say. That is `platforms`.

use chrono::{DateTime, Utc};
use statusphere_domain::{Component, ComponentStatus, IncidentStatus, Indicator, MaintenanceStatus};

/// One message of the vendor. Times are whole minutes, and no two messages of an incident share one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// When it is posted.
    pub at: DateTime<Utc>,
    /// The stage from then on.
    pub status: IncidentStatus,
    /// Plain text.
    pub body: String,
}

/// An incident from its first message on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Digits.
    pub id: String,
    /// Plain text.
    pub title: String,
    /// Minor, major or critical.
    pub impact: Indicator,
    /// Ids of the components it touches.
    pub components: Vec<String>,
    /// The time of the first message.
    pub started_at: DateTime<Utc>,
    /// Oldest to newest, at least one; in what a platform tells perhaps none.
    pub updates: Vec<Update>,
}

impl Incident {
    /// The stage by the newest message.
    pub fn status(&self) -> IncidentStatus {
        self.updates.last().map_or(IncidentStatus::Unknown, |update| update.status)
    }

    /// True until the newest message ends it.
    pub fn is_open(&self) -> bool {
        !self.status().is_over()
    }

    /// The end; `None` while it is open.
    pub fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.updates.last().filter(|update| update.status.is_over()).map(|update| update.at)
    }
}

/// Planned work, which keeps to its window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    /// Digits.
    pub id: String,
    /// Plain text.
    pub title: String,
    /// The page shows it from then on.
    pub announced_at: DateTime<Utc>,
    /// Planned start, and the true one.
    pub starts_at: DateTime<Utc>,
    /// Planned end, and the true one.
    pub ends_at: DateTime<Utc>,
    /// Ids of the components it touches.
    pub components: Vec<String>,
}

impl Maintenance {
    /// Where it stands.
    pub fn status(&self, now: DateTime<Utc>) -> MaintenanceStatus {
        match now {
            now if now < self.starts_at => MaintenanceStatus::Scheduled,
            now if now < self.ends_at => MaintenanceStatus::InProgress,
            _ => MaintenanceStatus::Completed,
        }
    }
}

/// What is true at a vendor over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// Id and name of each component, in the vendor's order. Ids are digits.
    pub components: Vec<(String, String)>,
    /// Name of each group with the ids of its components, which follow one another in the vendor's order.
    pub groups: Vec<(String, Vec<String>)>,
    /// All incidents there will ever be.
    pub incidents: Vec<Incident>,
    /// All planned work there will ever be.
    pub maintenances: Vec<Maintenance>,
}

/// What is true at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// The moment.
    pub now: DateTime<Utc>,
    /// When something last changed. Between two changes the truth is the same.
    pub changed_at: DateTime<Utc>,
    /// The worst open impact; else whether planned work runs.
    pub indicator: Indicator,
    /// In the vendor's order.
    pub components: Vec<Component>,
    /// All that have begun, oldest first, with the messages posted so far; also those that are over.
    pub incidents: Vec<Incident>,
    /// All that are announced, and not over.
    pub maintenances: Vec<Maintenance>,
}

impl Truth {
    /// The incidents that are not over.
    pub fn open(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.iter().filter(|incident| incident.is_open())
    }

    /// Names of components, by their ids.
    pub fn names<'a>(&'a self, ids: &'a [String]) -> impl Iterator<Item = &'a Component> {
        self.components.iter().filter(|component| ids.contains(&component.id))
    }
}

impl Story {
    /// What is true at a moment.
    pub fn at(&self, now: DateTime<Utc>) -> Truth {
        let begun = self.incidents.iter().filter(|incident| incident.started_at <= now);
        let so_far = |incident: &Incident| {
            let updates = incident.updates.iter().filter(|update| update.at <= now).cloned().collect();
            Incident { updates, ..incident.clone() }
        };
        let incidents: Vec<Incident> = begun.map(so_far).collect();
        let announced = self.maintenances.iter().filter(|work| work.announced_at <= now && now < work.ends_at);
        let maintenances: Vec<Maintenance> = announced.cloned().collect();
        let components = self.components.iter().map(|(id, name)| {
            let open = incidents.iter().filter(|incident| incident.is_open() && incident.components.contains(id));
            let works = maintenances.iter().any(|work| work.starts_at <= now && work.components.contains(id));
            let status = match open.map(|incident| incident.impact).max() {
                Some(Indicator::Critical) => ComponentStatus::MajorOutage,
                Some(Indicator::Major) => ComponentStatus::PartialOutage,
                Some(_) => ComponentStatus::DegradedPerformance,
                None if works => ComponentStatus::UnderMaintenance,
                None => ComponentStatus::Operational,
            };
            let group = self.groups.iter().find(|(_, members)| members.contains(id)).map(|(group, _)| group.clone());
            Component { id: id.clone(), name: name.clone(), group, status }
        });
        let runs = maintenances.iter().any(|work| work.starts_at <= now).then_some(Indicator::Maintenance);
        let worst = incidents.iter().filter(|incident| incident.is_open()).map(|incident| incident.impact).max();
        Truth {
            now,
            changed_at: self.changed_at(now),
            indicator: worst.or(runs).unwrap_or(Indicator::None),
            components: components.collect(),
            incidents,
            maintenances,
        }
    }

    /// When something last changed; 1970 when nothing ever did.
    pub fn changed_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let told = self.incidents.iter().flat_map(|incident| &incident.updates).map(|update| update.at);
        let planned = self.maintenances.iter().flat_map(|work| [work.announced_at, work.starts_at, work.ends_at]);
        told.chain(planned).filter(|at| *at <= now).max().unwrap_or(DateTime::UNIX_EPOCH)
    }
}

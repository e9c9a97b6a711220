//! Things to read, and a memory that keeps what a reading changed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use statusphere_domain::{
    Changes, Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Item, ItemKey, Known,
    Maintenance, MaintenanceStatus, Reading, Update, diff,
};

/// So many minutes after the beginning of the tests' year.
pub(crate) fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600 + minute * 60, 0).unwrap()
}

pub(crate) fn day(days: i64) -> DateTime<Utc> {
    at(days * 24 * 60)
}

pub(crate) fn update(minute: i64, title: &str) -> Update {
    Update { at: at(minute), title: title.to_owned(), body: format!("{title} the belts.") }
}

/// An open incident that started at minute 0.
pub(crate) fn incident(id: &str, impact: Indicator) -> Incident {
    Incident {
        id: id.to_owned(),
        title: format!("Trouble {id}"),
        link: format!("https://status.acme.example/incidents/{id}"),
        impact,
        status: IncidentStatus::Investigating,
        started_at: at(0),
        ended_at: None,
        updates: vec![update(0, "Investigating")],
        components: vec!["Parcels".to_owned()],
        detail: Detail::Full,
    }
}

pub(crate) fn resolved(id: &str, minute: i64) -> Incident {
    let incident = incident(id, Indicator::Major);
    let updates = vec![update(0, "Investigating"), update(minute, "Resolved")];
    Incident { status: IncidentStatus::Resolved, ended_at: Some(at(minute)), updates, ..incident }
}

/// Planned for minutes 60 to 120.
pub(crate) fn maintenance(id: &str, status: MaintenanceStatus) -> Maintenance {
    Maintenance {
        id: id.to_owned(),
        title: format!("Works {id}"),
        link: format!("https://status.acme.example/incidents/{id}"),
        status,
        starts_at: at(60),
        ends_at: Some(at(120)),
        updates: vec![update(0, "Scheduled")],
        components: vec!["Parcels".to_owned()],
        detail: Detail::Full,
    }
}

pub(crate) fn component(id: &str, status: ComponentStatus) -> Component {
    Component { id: id.to_owned(), name: id.to_uppercase(), group: None, status }
}

/// A whole reading of a page whose document lists everything that is open.
pub(crate) fn reading(indicator: Indicator, incidents: Vec<Incident>) -> Reading {
    Reading {
        indicator: Some(indicator),
        incidents,
        lists_all_open: true,
        lists_all_planned: true,
        ..Reading::new("statuspage")
    }
}

/// What is stored after these changes.
pub(crate) fn apply(known: &Known, changes: &Changes) -> Known {
    let mut items: BTreeMap<ItemKey, (Item, u64)> = known.items.clone();
    items.extend(changes.items.iter().map(|(item, sequence)| (item.key(), (item.clone(), *sequence))));
    Known {
        indicator: changes.indicator,
        components: changes.components.clone().or_else(|| known.components.clone()),
        open: changes.open.clone(),
        items,
    }
}

/// Reads, and remembers.
pub(crate) fn read(known: &mut Known, reading: &Reading, minute: i64) -> Changes {
    let changes = diff(known, reading, at(minute));
    *known = apply(known, &changes);
    changes
}

/// The stored incident and its sequence.
pub(crate) fn stored<'a>(known: &'a Known, id: &str) -> (&'a Incident, u64) {
    match &known.items[&ItemKey::Incident(id.to_owned())] {
        (Item::Incident(incident), sequence) => (incident, *sequence),
        (Item::Maintenance(_), _) => panic!("a maintenance has the key of an incident"),
    }
}

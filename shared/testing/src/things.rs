//! What stands in the table: a parcel service and its troubles.
//!
//! Deliberately absent: names of real vendors.

use chrono::TimeDelta;
use statusphere_domain::{
    Component, ComponentStatus, Detail, Failure, FailureKind, Incident, IncidentStatus, Indicator, Item, Maintenance,
    MaintenanceStatus, PageId, PageState, Update,
};

use crate::{at, now};

/// A page by its slug.
pub fn id(slug: &str) -> PageId {
    PageId::new(slug).unwrap()
}

/// A page that was read a minute ago.
pub fn read(indicator: Indicator) -> PageState {
    PageState {
        provider: Some("statuspage".to_owned()),
        indicator: Some(indicator),
        last_attempt: Some(now() - TimeDelta::minutes(1)),
        last_success: Some(now() - TimeDelta::minutes(1)),
        last_change: Some(at("2026-02-27T08:30:00Z")),
        ..PageState::default()
    }
}

/// A page that was read two hours ago and failed ever since, the last time a minute ago.
pub fn failing() -> PageState {
    PageState {
        last_success: Some(now() - TimeDelta::hours(2)),
        failing_since: Some(now() - TimeDelta::minutes(115)),
        failure: Some(Failure { kind: FailureKind::Unreachable, detail: "HTTP 503".to_owned() }),
        ..read(Indicator::None)
    }
}

/// An incident with two updates, over if it has an end.
pub fn incident(key: &str, impact: Indicator, start: &str, end: Option<&str>) -> Item {
    Item::Incident(Incident {
        id: key.to_owned(),
        title: format!("Trouble {key}"),
        link: format!("https://status.acme.example/incidents/{key}"),
        impact,
        status: if end.is_some() { IncidentStatus::Resolved } else { IncidentStatus::Identified },
        started_at: at(start),
        ended_at: end.map(at),
        updates: vec![
            update("Investigating", "Parcels are late.", start),
            update("Identified", "A conveyor belt is stuck.", "2026-02-20T10:20:00Z"),
        ],
        components: vec!["Parcels".to_owned()],
        detail: Detail::Full,
    })
}

/// An update of an incident.
pub fn update(title: &str, body: &str, time: &str) -> Update {
    Update { at: at(time), title: title.to_owned(), body: body.to_owned() }
}

/// Planned work of which nothing was said.
pub fn maintenance(key: &str, status: MaintenanceStatus, start: &str, end: &str) -> Item {
    Item::Maintenance(Maintenance {
        id: key.to_owned(),
        title: format!("Works {key}"),
        link: format!("https://status.acme.example/incidents/{key}"),
        status,
        starts_at: at(start),
        ends_at: Some(at(end)),
        updates: Vec::new(),
        components: vec!["Warehouse".to_owned()],
        detail: Detail::Full,
    })
}

/// A component whose id is its name in small letters.
pub fn component(name: &str, group: Option<&str>, status: ComponentStatus) -> Component {
    Component { id: name.to_lowercase(), name: name.to_owned(), group: group.map(str::to_owned), status }
}

/// What nobody means, as a part of an address or as the value of a parameter.
pub const NONSENSE: [&str; 28] = [
    "",
    "%",
    "%zz",
    "%00",
    "%FF%FE",
    "%C3%28",
    "%0d%0aset-cookie:%20a",
    "+",
    "%20",
    "&",
    "=",
    "?",
    "'",
    "\"",
    "<>",
    "{}",
    "[]",
    "\u{e9}",
    "null",
    "-1",
    "0",
    "18446744073709551616",
    ",,,",
    "major,major",
    "..%2F..",
    "https://",
    "http://[::1",
    "Zm9v",
];

//! What is kept when a document says something else of an item than what is stored.

use chrono::TimeDelta;
use statusphere_domain::{Detail, Incident, IncidentStatus, Indicator, Item, Maintenance, MaintenanceStatus, merge};

use crate::support::{at, incident, maintenance, resolved, update};

/// A row of a list: rounded times, one message, no components.
fn row(incident: Incident) -> Incident {
    Incident {
        started_at: incident.started_at - TimeDelta::seconds(20),
        ended_at: incident.ended_at.map(|end| end - TimeDelta::seconds(40)),
        updates: incident.updates.last().cloned().into_iter().collect(),
        components: Vec::new(),
        detail: Detail::Row,
        ..incident
    }
}

fn merged(old: &Incident, new: &Incident) -> Incident {
    let Item::Incident(merged) = merge(Some(&Item::Incident(old.clone())), &Item::Incident(new.clone())) else {
        panic!("an incident became something else")
    };
    let again = merge(Some(&Item::Incident(merged.clone())), &Item::Incident(new.clone()));
    assert_eq!(again, Item::Incident(merged.clone()), "the same document again changes nothing");
    merged
}

#[test]
fn bug_06_a_row_never_hides_a_timeline() {
    let old = resolved("k1", 30);
    let new = Incident { title: "Late parcels".to_owned(), ..row(old.clone()) };
    assert_eq!(merged(&old, &new), Incident { title: "Late parcels".to_owned(), ..old });
}

#[test]
fn a_timeline_replaces_a_row_and_a_newer_timeline_an_older_one() {
    let (full, short) = (resolved("k1", 30), row(resolved("k1", 30)));
    assert_eq!(merged(&short, &full), full);
    let corrected = Incident { updates: vec![update(0, "Corrected")], ..full.clone() };
    assert_eq!(merged(&full, &corrected), corrected);
    assert_eq!(merge(None, &Item::Incident(short.clone())), Item::Incident(short));
}

#[test]
fn components_that_a_document_does_not_name_stay() {
    let new = Incident { components: Vec::new(), ..resolved("k1", 30) };
    assert_eq!(merged(&incident("k1", Indicator::Major), &new).components, ["Parcels"]);
    let other = Incident { components: vec!["Returns".to_owned()], ..new };
    assert_eq!(merged(&incident("k1", Indicator::Major), &other).components, ["Returns"]);
}

#[test]
fn a_row_ends_and_opens_an_incident_again() {
    let (open, over) = (incident("k1", Indicator::Major), resolved("k1", 30));
    let ended = merged(&open, &row(over.clone()));
    assert!(!ended.is_open());
    assert_eq!((ended.status, &ended.updates), (IncidentStatus::Resolved, &open.updates));
    let reopened = merged(&over, &row(open.clone()));
    assert!(reopened.is_open());
    assert_eq!((&reopened.updates, reopened.started_at), (&over.updates, over.started_at));
    let still = Incident { status: IncidentStatus::Unknown, ..row(open.clone()) };
    assert_eq!(merged(&open, &still).status, open.status, "a row knows the stage less well");
}

fn merged_work(old: &Maintenance, new: &Maintenance) -> Maintenance {
    let Item::Maintenance(merged) = merge(Some(&Item::Maintenance(old.clone())), &Item::Maintenance(new.clone()))
    else {
        panic!("a maintenance became something else")
    };
    let again = merge(Some(&Item::Maintenance(merged.clone())), &Item::Maintenance(new.clone()));
    assert_eq!(again, Item::Maintenance(merged.clone()), "the same document again changes nothing");
    merged
}

#[test]
fn a_row_of_a_maintenance_tells_its_stage_and_its_true_end() {
    let row = |status, end: Option<i64>| Maintenance {
        updates: Vec::new(),
        components: Vec::new(),
        starts_at: at(61),
        ends_at: end.map(at),
        detail: Detail::Row,
        ..maintenance("m1", status)
    };
    let planned = maintenance("m1", MaintenanceStatus::Scheduled);
    let over = merged_work(&planned, &row(MaintenanceStatus::Completed, Some(100)));
    assert_eq!((over.status, over.starts_at, over.ends_at), (MaintenanceStatus::Completed, at(60), Some(at(100))));
    assert_eq!((&over.updates, over.detail), (&planned.updates, Detail::Full));
    let known = Maintenance { status: MaintenanceStatus::Completed, ends_at: Some(at(99)), ..planned.clone() };
    assert_eq!(merged_work(&known, &row(MaintenanceStatus::Completed, Some(100))).ends_at, Some(at(99)));
    assert_eq!(merged_work(&known, &row(MaintenanceStatus::Completed, None)), known);
    let again = merged_work(&known, &row(MaintenanceStatus::InProgress, Some(150)));
    assert_eq!((again.status, again.ends_at), (MaintenanceStatus::InProgress, Some(at(150))));
}

#[test]
fn an_incident_and_a_maintenance_with_one_id_are_two_things() {
    let (one, other) =
        (Item::Incident(incident("k1", Indicator::Minor)), maintenance("k1", MaintenanceStatus::Scheduled));
    assert_ne!(one.key(), Item::Maintenance(other.clone()).key());
    assert_eq!(merge(Some(&one), &Item::Maintenance(other.clone())), Item::Maintenance(other));
}

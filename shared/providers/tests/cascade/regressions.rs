//! The original's bugs that a provider could repeat, each on a fixture that would show it.

use crate::web::{Case, fixtures};
use statusphere_domain::{Indicator, Item, Reading};
use statusphere_providers::Outcome;

fn case(name: &str) -> Case {
    fixtures().into_iter().find(|case| case.name() == name).unwrap_or_else(|| panic!("no fixture {name}"))
}

fn reading(name: &str) -> Reading {
    match case(name).run().0 {
        Outcome::Read { reading, .. } => *reading,
        Outcome::Failed(failure) => panic!("{name}: {failure:?}"),
    }
}

#[test]
fn bug_04_an_item_of_a_feed_has_a_length_an_impact_and_a_life() {
    let reading = reading("feed/rss-trouble");
    let open: Vec<_> = reading.incidents.iter().filter(|incident| incident.is_open()).collect();
    assert!(!open.is_empty() && open.iter().all(|incident| incident.impact >= Indicator::Minor));
    let over = reading.incidents.iter().filter(|incident| !incident.is_open());
    assert!(over.clone().count() > 0);
    for incident in over {
        assert!(incident.ended_at.unwrap() > incident.started_at, "{}", incident.id);
    }
}

#[test]
fn bug_04_maintenance_in_a_feed_is_no_incident() {
    let reading = reading("feed/maintenance");
    assert!(!reading.maintenances.is_empty());
    assert!(reading.incidents.iter().all(|incident| !reading.maintenances.iter().any(|m| m.id == incident.id)));
}

#[test]
fn bug_04_entries_with_only_an_update_time_have_a_year_and_an_empty_feed_is_no_error() {
    let dated = reading("feed/atom-updated-only");
    assert!(dated.incidents.iter().all(|incident| incident.started_at.timestamp() > 0));
    assert!(reading("feed/empty-channel").incidents.is_empty());
}

#[test]
fn bug_05_an_incident_that_crosses_a_year_starts_before_it_ends_in_the_pages_own_zone() {
    // The page prints Paris time: "Dec 31, 23:30 - Jan 1, 00:45 CET".
    let items = case("statuspage/year-crossing").backfill();
    let Some(Item::Incident(crossing)) = items.iter().find(|item| item.starts_at().timestamp() > 1_767_000_000) else {
        panic!("no incident crosses the year: {items:?}");
    };
    assert_eq!(crossing.started_at.to_rfc3339(), "2025-12-31T22:30:00+00:00");
    assert_eq!(crossing.ended_at.unwrap().to_rfc3339(), "2025-12-31T23:45:00+00:00");
    for item in &items {
        let Item::Incident(incident) = item else { continue };
        assert!(incident.started_at < incident.ended_at.unwrap(), "{incident:?}");
    }
}

#[test]
fn bug_09_text_is_no_feed_and_no_healthy_page() {
    for name in ["feed/not-a-feed", "statuspage/waf-page", "statuspage/empty-object"] {
        assert!(matches!(case(name).run().0, Outcome::Failed(_)), "{name}");
    }
}

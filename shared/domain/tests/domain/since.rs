//! Since when components are what they are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use statusphere_domain::{Component, ComponentStatus, since};

use crate::support::{at, component};

fn known(minutes: &[(&str, i64)]) -> BTreeMap<String, DateTime<Utc>> {
    minutes.iter().map(|(id, minute)| ((*id).to_owned(), at(*minute))).collect()
}

#[test]
fn what_changed_has_the_time_of_the_look_and_what_stayed_its_own() {
    use ComponentStatus::{DegradedPerformance, MajorOutage, Operational};
    let before = [component("api", Operational), component("web", MajorOutage), component("old", Operational)];
    let after = [component("web", DegradedPerformance), component("api", Operational), component("new", Operational)];
    let told = since(&known(&[("api", 1), ("web", 2), ("old", 3)]), &before, &after, at(9));
    assert_eq!(told, known(&[("api", 1), ("web", 9), ("new", 9)]), "what went is forgotten");
}

#[test]
fn what_nobody_saw_change_stays_unknown() {
    let calm = [component("api", ComponentStatus::Operational)];
    assert_eq!(since(&known(&[]), &calm, &calm, at(9)), known(&[]));
    // Another name or group is no other status.
    let renamed = [Component { name: "Front".to_owned(), group: Some("All".to_owned()), ..calm[0].clone() }];
    assert_eq!(since(&known(&[]), &calm, &renamed, at(9)), known(&[]));
}

#[test]
fn what_comes_again_has_a_new_time() {
    let calm = [component("api", ComponentStatus::Operational)];
    let gone = since(&known(&[("api", 1)]), &calm, &[], at(5));
    assert_eq!(gone, known(&[]));
    assert_eq!(since(&gone, &[], &calm, at(9)), known(&[("api", 9)]));
}

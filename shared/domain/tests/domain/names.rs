//! Slugs, hashes and the words on the wire.

use proptest::prelude::*;
use serde_json::json;
use statusphere_domain::{
    ComponentStatus, Freshness, IncidentStatus, Indicator, MaintenanceStatus, PageId, UpDown, stable_hash,
};

#[test]
fn a_slug_is_lower_case_and_short() {
    for good in ["a", "acme", "acme-2", "status.acme", "0", "a.b-c.d", &"a".repeat(64)] {
        assert_eq!(PageId::new(good).unwrap().to_string(), good);
        assert_eq!(serde_json::from_value::<PageId>(json!(good)).unwrap().as_str(), good);
    }
    let bad = ["", "Acme", "acme ", "a--b", "-a", "a-", ".a", "a.", "a/b", "a#b", "é", "a_b", "a\n", &"a".repeat(65)];
    for bad in bad {
        assert!(PageId::new(bad).is_err(), "{bad:?}");
        assert!(serde_json::from_value::<PageId>(json!(bad)).is_err(), "{bad:?}");
    }
}

#[test]
fn a_hash_is_the_same_in_every_release() {
    assert_eq!(stable_hash(""), 0xcbf2_9ce4_4fd0_bfc1);
    assert_eq!(stable_hash("acme"), 0x0724_d383_f3d2_0d8c);
}

#[test]
fn indicators_stand_in_their_order() {
    use Indicator::{Critical, Maintenance, Major, Minor, None as Calm};
    assert!([Calm, Maintenance, Minor, Major, Critical].is_sorted());
    for indicator in [Calm, Maintenance, Minor, Major, Critical] {
        assert_eq!(Indicator::parse(indicator.as_str()), Some(indicator));
        assert_eq!(json!(indicator), indicator.as_str());
    }
    for word in ["", "None", "outage", "minor "] {
        assert_eq!(Indicator::parse(word), None);
    }
}

#[test]
fn words_are_the_same_on_the_wire_and_in_the_store() {
    use ComponentStatus as C;
    use IncidentStatus as I;

    for status in
        [C::Operational, C::DegradedPerformance, C::PartialOutage, C::MajorOutage, C::UnderMaintenance, C::Unknown]
    {
        assert_eq!(json!(status), status.as_str());
    }
    for status in [I::Investigating, I::Identified, I::Monitoring, I::Resolved, I::Postmortem, I::Unknown] {
        assert_eq!(json!(status), status.as_str());
        assert_eq!(status.is_over(), matches!(status, I::Resolved | I::Postmortem));
    }
    for status in [MaintenanceStatus::Scheduled, MaintenanceStatus::InProgress, MaintenanceStatus::Completed] {
        assert_eq!(json!(status), status.as_str());
    }
    for freshness in [Freshness::Fresh, Freshness::Stale, Freshness::Unreadable, Freshness::Gone, Freshness::Never] {
        assert_eq!(json!(freshness), freshness.as_str());
    }
    assert_eq!([UpDown::Up, UpDown::Degraded, UpDown::Unknown].map(UpDown::as_str), ["UP", "DEGRADED", "UNKNOWN"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_slug_panic(text in ".*") {
        if let Ok(slug) = PageId::new(text.clone()) {
            prop_assert_eq!(slug.as_str(), text);
        }
    }
}

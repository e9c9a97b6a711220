//! When a page is due: once in each interval, always the same minute of it.

use proptest::prelude::*;
use statusphere_dispatcher::is_due;
use statusphere_domain::PageId;

use crate::support::at;

fn page(slug: &str) -> PageId {
    PageId::new(slug).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn once_in_every_interval(slug in "[a-z][a-z0-9]{0,20}", start in 0_i64..1_000_000, interval in 1_u32..500) {
        let end = start + i64::from(interval);
        let due = (start..end).filter(|minute| is_due(&page(&slug), at(*minute), at(*minute), interval)).count();
        prop_assert_eq!(due, 1);
    }

    #[test]
    fn a_range_is_due_when_one_of_its_minutes_is(
        slug in "[a-z][a-z0-9]{0,20}", start in 0_i64..1_000_000, length in 0_i64..40, interval in 1_u32..60,
    ) {
        let slug = page(&slug);
        let any = (start..=start + length).any(|minute| is_due(&slug, at(minute), at(minute), interval));
        prop_assert_eq!(is_due(&slug, at(start), at(start + length), interval), any);
    }

    #[test]
    fn the_same_minute_of_each_interval(slug in "[a-z][a-z0-9]{0,20}", minute in 0_i64..1_000_000, interval in 1_u32..500) {
        let (slug, later) = (page(&slug), minute + i64::from(interval));
        prop_assert_eq!(is_due(&slug, at(minute), at(minute), interval), is_due(&slug, at(later), at(later), interval));
    }
}

#[test]
fn odd_ranges_are_fine() {
    let acme = page("acme");
    assert!(!is_due(&acme, at(10), at(9), 1), "an empty range");
    assert!(is_due(&acme, at(10), at(10), 0), "every minute");
    assert!(is_due(&acme, at(0), at(4), 5), "a whole interval");
    is_due(&acme, at(-100_000_000), at(0), 5);
}

//! When a page that fails, or a host that fails, is asked again.

use std::time::Duration;

use chrono::TimeDelta;
use proptest::prelude::*;
use statusphere_domain::{Breaker, FetchError, FetchErrorKind, Lane, after_failure};

use crate::support::at;

const INTERVAL: TimeDelta = TimeDelta::minutes(5);

fn wait(page: &str, failing_for: i64, throttled: bool, asked: Option<u64>) -> Option<TimeDelta> {
    let asked = asked.map(Duration::from_secs);
    let lane = after_failure(page, at(0), throttled, asked, at(failing_for), INTERVAL)?;
    let Lane::Later(until) = lane else { panic!("{lane:?}") };
    Some(until - at(failing_for))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_page_stays_on_its_beat_until_it_is_stale_and_then_waits_longer_up_to_a_limit(
        page in "[a-z]{1,12}", minutes in 0_i64..100_000,
    ) {
        let wait = wait(&page, minutes, false, None);
        prop_assert_eq!(wait.is_none(), minutes < 15);
        if let Some(wait) = wait {
            let longest = if minutes < 24 * 60 { minutes.min(30) } else { 120 };
            prop_assert!(wait >= INTERVAL && wait <= INTERVAL + TimeDelta::minutes(longest), "{}", wait);
        }
    }

    #[test]
    fn a_pause_that_a_host_asks_for_is_kept_and_not_much_longer(
        page in "[a-z]{1,12}", minutes in 0_i64..1000, asked in 1_u64..=86_400, throttled in any::<bool>(),
    ) {
        let wait = wait(&page, minutes, throttled, Some(asked)).unwrap();
        let asked = TimeDelta::seconds(i64::try_from(asked).unwrap());
        prop_assert!(wait >= asked && wait >= INTERVAL, "{}", wait);
        prop_assert!(wait <= asked.max(INTERVAL) + asked / 10, "{}", wait);
    }
}

#[test]
fn waits_are_spread() {
    let waits: Vec<_> = (0..1000).map(|n| wait(&format!("page-{n}"), 60, false, None).unwrap()).collect();
    for part in 0..6 {
        let from = INTERVAL + TimeDelta::minutes(5 * part);
        let count = waits.iter().filter(|wait| **wait >= from && **wait < from + TimeDelta::minutes(5)).count();
        assert!((100..240).contains(&count), "{count} of 1000 in the sixth number {part}");
    }
}

fn failure(kind: FetchErrorKind, retry_after: Option<u64>) -> FetchError {
    FetchError { kind, detail: "HTTP 503".to_owned(), retry_after: retry_after.map(Duration::from_secs) }
}

#[test]
fn a_breaker_opens_at_the_third_failure_in_a_row() {
    let mut breaker = Breaker::default();
    let hung = failure(FetchErrorKind::TimedOut, None);
    for _ in 0..2 {
        breaker.failed("api.example", &hung, at(0));
        assert_eq!(breaker.refuses("api.example", at(0)), None);
    }
    breaker.succeeded();
    for _ in 0..3 {
        breaker.failed("api.example", &hung, at(0));
    }
    let refused = breaker.refuses("api.example", at(0)).unwrap();
    assert_eq!(refused.kind, FetchErrorKind::TimedOut);
    assert!(refused.detail.contains("api.example"), "{refused:?}");
    assert!(refused.retry_after.unwrap() >= Duration::from_secs(30));
    assert_eq!(breaker.refuses("api.example", at(2)), None, "one request may try");
    breaker.failed("api.example", &hung, at(2));
    assert!(breaker.refuses("api.example", at(2)).is_some(), "and opens it again");
    breaker.succeeded();
    assert_eq!(breaker, Breaker::default());
}

#[test]
fn a_breaker_opens_longer_each_time_but_never_for_ever() {
    let mut breaker = Breaker::default();
    let hung = failure(FetchErrorKind::Unreachable, None);
    for _ in 0..100 {
        breaker.failed("api.example", &hung, at(0));
    }
    assert!(breaker.refuses("api.example", at(0)).unwrap().retry_after.unwrap() <= Duration::from_secs(930));
}

#[test]
fn a_breaker_takes_a_host_at_its_word() {
    let mut breaker = Breaker::default();
    breaker.failed("api.example", &failure(FetchErrorKind::Throttled, Some(600)), at(0));
    assert_eq!(breaker.refuses("api.example", at(9)).unwrap().retry_after, Some(Duration::from_mins(1)));
    assert_eq!(breaker.refuses("api.example", at(10)), None);
}

#[test]
fn asking_for_no_pause_or_for_ever_is_not_taken_at_its_word() {
    let mut breaker = Breaker::default();
    for _ in 0..3 {
        breaker.failed("api.example", &failure(FetchErrorKind::Throttled, Some(0)), at(0));
    }
    assert!(breaker.refuses("api.example", at(0)).unwrap().retry_after.unwrap() >= Duration::from_secs(30));
    breaker.failed("api.example", &failure(FetchErrorKind::Throttled, Some(u64::MAX)), at(0));
    assert_eq!(breaker.refuses("api.example", at(24 * 60)), None);
    assert!(wait("acme", 0, true, Some(u64::MAX)).unwrap() <= TimeDelta::hours(27));
}

//! What may be said of a page at a given moment.

use chrono::TimeDelta;
use statusphere_domain::{
    Failure, FailureKind, FetchError, FetchErrorKind, Freshness, Indicator, PageState, UpDown, reason,
};

use crate::support::at;

const INTERVAL: TimeDelta = TimeDelta::minutes(5);

/// Read at minute 0.
fn calm() -> PageState {
    PageState {
        indicator: Some(Indicator::None),
        last_attempt: Some(at(0)),
        last_success: Some(at(0)),
        ..PageState::default()
    }
}

/// Failing since minute 5, tried last at this one.
fn failing(kind: FailureKind, minute: i64) -> PageState {
    let failure = Some(Failure { kind, detail: "HTTP 404".to_owned() });
    PageState { last_attempt: Some(at(minute)), failing_since: Some(at(5)), failure, ..calm() }
}

#[test]
fn a_page_is_fresh_until_half_an_hour_of_silence() {
    for (minute, freshness, says) in [
        (0, Freshness::Fresh, UpDown::Up),
        (29, Freshness::Fresh, UpDown::Up),
        (30, Freshness::Stale, UpDown::Unknown),
        (60 * 24 * 365, Freshness::Stale, UpDown::Unknown),
    ] {
        assert_eq!(calm().freshness(at(minute), INTERVAL), freshness, "minute {minute}");
        assert_eq!(calm().up_down(at(minute), INTERVAL), says, "minute {minute}");
    }
    // A clock that runs behind the one that wrote it.
    assert_eq!(calm().freshness(at(-10), INTERVAL), Freshness::Fresh);
}

#[test]
fn a_page_that_is_read_seldom_may_be_silent_for_longer() {
    let hourly = TimeDelta::hours(1);
    assert_eq!(calm().freshness(at(179), hourly), Freshness::Fresh);
    assert_eq!(calm().freshness(at(180), hourly), Freshness::Stale);
    assert_eq!(failing(FailureKind::Denied, 120).freshness(at(170), hourly), Freshness::Fresh);
}

#[test]
fn nothing_is_known_from_the_first_failure_or_the_last_success_on() {
    assert_eq!(calm().unread_from(at(29), INTERVAL), None);
    assert_eq!(calm().unread_from(at(30), INTERVAL), Some(at(0)), "nobody looked");
    let failing = failing(FailureKind::Gone, 20);
    assert_eq!(failing.unread_from(at(19), INTERVAL), None, "grace");
    assert_eq!(failing.unread_from(at(20), INTERVAL), Some(at(5)));
    let late = PageState { failing_since: Some(at(100)), ..failing };
    assert_eq!(late.unread_from(at(101), INTERVAL), Some(at(0)), "nobody had looked before it failed");
    assert_eq!(PageState { last_success: None, ..late }.unread_from(at(500), INTERVAL), None, "never read");
}

#[test]
fn a_silence_is_what_nobody_looked_at_and_nobody_wrote_down() {
    assert_eq!(calm().silent_since(at(29), INTERVAL), None);
    assert_eq!(calm().silent_since(at(30), INTERVAL), Some(at(0)));
    assert_eq!(calm().silent_since(at(179), TimeDelta::hours(1)), None, "it is read seldom");
    assert_eq!(calm().silent_since(at(-10), INTERVAL), None, "a clock that runs behind");
    // It failed, and then nobody looked: it was not read from its failure on.
    assert_eq!(failing(FailureKind::Gone, 10).silent_since(at(39), INTERVAL), None);
    assert_eq!(failing(FailureKind::Gone, 10).silent_since(at(40), INTERVAL), Some(at(5)));
    // Looks that were cut off told nobody anything.
    let cut_off = PageState { last_attempt: Some(at(200)), unsettled: true, ..calm() };
    assert_eq!(cut_off.silent_since(at(201), INTERVAL), Some(at(0)));
    let unreadable = PageState { unreadable_since: Some(at(20)), ..failing(FailureKind::Gone, 20) };
    assert_eq!(unreadable.silent_since(at(999), INTERVAL), None, "that is written down");
    assert_eq!(PageState { last_success: None, ..calm() }.silent_since(at(999), INTERVAL), None, "never read");
}

#[test]
fn failing_is_grace_at_first_and_then_what_it_is() {
    use FailureKind::{Denied, Gone, Malformed, NotFound, Throttled, TimedOut, Unreachable, Unrecognised};
    for (kind, freshness) in [
        (Gone, Freshness::Gone),
        (NotFound, Freshness::Unreadable),
        (Denied, Freshness::Unreadable),
        (Malformed, Freshness::Unreadable),
        (Unrecognised, Freshness::Unreadable),
        (Throttled, Freshness::Stale),
        (TimedOut, Freshness::Stale),
        (Unreachable, Freshness::Stale),
    ] {
        let state = failing(kind, 19);
        assert_eq!(state.freshness(at(19), INTERVAL), Freshness::Fresh, "{kind:?} in grace");
        assert_eq!(state.up_down(at(19), INTERVAL), UpDown::Up, "{kind:?} in grace");
        for minute in [20, 45, 60 * 24 * 30] {
            let state = failing(kind, minute);
            assert_eq!(state.freshness(at(minute), INTERVAL), freshness, "{kind:?}, minute {minute}");
            assert_eq!(state.up_down(at(minute), INTERVAL), UpDown::Unknown, "{kind:?}, minute {minute}");
        }
    }
}

#[test]
fn a_page_that_begins_to_fail_after_a_long_silence_is_not_fresh() {
    let state = PageState { failing_since: Some(at(600)), ..failing(FailureKind::TimedOut, 600) };
    assert_eq!(state.freshness(at(601), INTERVAL), Freshness::Stale);
}

#[test]
fn a_page_that_was_never_read_is_unknown_whatever_else_is_known() {
    for state in [PageState::default(), PageState { last_success: None, ..failing(FailureKind::Gone, 500) }] {
        assert_eq!(state.freshness(at(500), INTERVAL), Freshness::Never);
        assert_eq!(state.up_down(at(500), INTERVAL), UpDown::Unknown);
        assert!(!state.is_indexed());
    }
}

#[test]
fn bug_01_a_page_with_trouble_is_degraded() {
    use Indicator::{Critical, Maintenance, Major, Minor, None as Calm};
    for (indicator, open_incidents, expected) in [
        (Some(Calm), 0, UpDown::Up),
        (Some(Maintenance), 0, UpDown::Up),
        (Some(Minor), 0, UpDown::Degraded),
        (Some(Major), 0, UpDown::Degraded),
        (Some(Critical), 0, UpDown::Degraded),
        (Some(Calm), 1, UpDown::Degraded),
        (Some(Maintenance), 2, UpDown::Degraded),
        (None, 1, UpDown::Degraded),
        (None, 0, UpDown::Unknown),
    ] {
        let state = PageState { indicator, open_incidents, ..calm() };
        assert_eq!(state.up_down(at(1), INTERVAL), expected, "{indicator:?} and {open_incidents} open");
        assert_eq!(state.up_down(at(31), INTERVAL), UpDown::Unknown, "neither up nor down when it is stale");
    }
}

#[test]
fn a_reason_is_a_sentence_or_nothing() {
    assert_eq!(reason(&calm(), Freshness::Fresh), None);
    let without = PageState { indicator: None, ..calm() };
    let sentences = [
        reason(&failing(FailureKind::NotFound, 20), Freshness::Unreadable),
        reason(&failing(FailureKind::NotFound, 6), Freshness::Fresh),
        reason(&calm(), Freshness::Stale),
        reason(&PageState::default(), Freshness::Never),
        reason(&without, Freshness::Fresh),
    ];
    for sentence in &sentences {
        let sentence = sentence.as_ref().unwrap();
        assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{sentence}");
    }
    assert!(sentences[0].as_ref().unwrap().contains("HTTP 404"));
    assert_eq!(reason(&PageState { open_incidents: 1, ..without }, Freshness::Fresh), None);
}

#[test]
fn each_failure_to_fetch_has_its_kind() {
    use FetchErrorKind as From;
    for (kind, expected) in [
        (From::NotFound, FailureKind::NotFound),
        (From::Gone, FailureKind::Gone),
        (From::Denied, FailureKind::Denied),
        (From::Throttled, FailureKind::Throttled),
        (From::TimedOut, FailureKind::TimedOut),
        (From::Unreachable, FailureKind::Unreachable),
        (From::Unusable, FailureKind::Malformed),
    ] {
        let failure = Failure::from(&FetchError { kind, detail: "why".to_owned(), retry_after: None });
        assert_eq!((failure.kind, failure.detail.as_str()), (expected, "why"));
    }
}

#[test]
fn a_backfill_is_stalled_when_nothing_came_of_it_for_a_day() {
    let day = 24 * 60;
    let read = |minute| PageState { last_success: Some(at(minute)), ..calm() };
    let tried = |minute, backfill: Option<&str>| PageState {
        history_attempt: Some(at(0)),
        backfill: backfill.map(str::to_owned),
        ..read(minute)
    };
    let done = |state| PageState { last_history: Some(at(0)), ..state };
    for (state, expected) in [
        (PageState::default(), None),
        (read(0), Some("")),
        (tried(day - 1, None), None),
        (tried(day, None), Some("")),
        (tried(day, Some("3")), Some("3")),
        (tried(day - 1, Some("3")), None),
        (done(tried(day, None)), None),
        (done(tried(day, Some("3"))), Some("3")),
    ] {
        assert_eq!(state.stalled_backfill().as_deref(), expected, "{state:?}");
    }
}

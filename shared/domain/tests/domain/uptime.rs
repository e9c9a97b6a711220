//! How a page and its components fared, worked out by hand to the second.

mod any;
mod components;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use statusphere_domain::{
    Component, ComponentStatus, Indicator, Maintenance, MaintenanceStatus, Past, Step, Tally, Transition, Uptime,
    uptime,
};

use crate::support::{at, component, day, maintenance};

/// In a table: minutes of calm, maintenance, minor, major, critical, untold, unobserved, and down during maintenance.
type Minutes = [i64; 8];

pub(crate) fn indicator(minute: i64, from: Option<Indicator>, to: Option<Indicator>) -> Step {
    Step { transition: Transition::Indicator { from, to }, since: at(minute) }
}

pub(crate) fn readable(minute: i64, to: bool) -> Step {
    Step { transition: Transition::Readable { to }, since: at(minute) }
}

pub(crate) fn part(minute: i64, id: &str, from: Option<ComponentStatus>, to: Option<ComponentStatus>) -> Step {
    let (id, name) = (id.to_owned(), id.to_uppercase());
    Step { transition: Transition::Component { id, name, from, to }, since: at(minute) }
}

/// Planned work that names no component.
pub(crate) fn work(status: MaintenanceStatus, from: i64, to: Option<i64>) -> Maintenance {
    let components = Vec::new();
    Maintenance { starts_at: at(from), ends_at: to.map(at), components, ..maintenance("m1", status) }
}

/// The same of this component alone.
pub(crate) fn of(component: &str, work: Maintenance) -> Maintenance {
    Maintenance { components: vec![component.to_owned()], ..work }
}

/// A page that was read for a year, calm now, with a calm component.
fn calm(parts: &[Component]) -> Past<'_> {
    Past { first: Some(day(-365)), indicator: Some(Indicator::None), components: parts, ..Past::default() }
}

fn tally(minutes: Minutes) -> Tally {
    let [calm, maintenance, minor, major, critical, untold, unobserved, during] = minutes.map(|minutes| minutes * 60);
    Tally { calm, maintenance, minor, major, critical, untold, unobserved, down_during_maintenance: during }
}

/// In the tables a window has ten hours.
fn in_ten_hours(past: &Past<'_>) -> Uptime {
    uptime(past, at(0), at(600))
}

#[test]
fn a_page_is_counted_by_its_steps() {
    use Indicator::{Critical, Maintenance as Planned, Major, Minor, None as Calm};
    let step = |minute, from, to| indicator(minute, Some(from), Some(to));
    let table: Vec<(&str, Vec<Step>, Minutes)> = vec![
        ("nothing happened", vec![], [600, 0, 0, 0, 0, 0, 0, 0]),
        (
            // 100 to 130 major, 400 to 460 critical, 460 to 500 minor.
            "two outages",
            vec![
                step(100, Calm, Major),
                step(130, Major, Calm),
                step(400, Calm, Critical),
                step(460, Critical, Minor),
                step(500, Minor, Calm),
            ],
            [470, 0, 40, 30, 60, 0, 0, 0],
        ),
        (
            "the vendor's own maintenance",
            vec![step(200, Calm, Planned), step(260, Planned, Calm)],
            [540, 60, 0, 0, 0, 0, 0, 0],
        ),
        ("a gap", vec![readable(50, false), readable(80, true)], [570, 0, 0, 0, 0, 0, 30, 0]),
        ("unreadable since before", vec![readable(80, true)], [520, 0, 0, 0, 0, 0, 80, 0]),
        ("unreadable until after", vec![readable(560, false)], [560, 0, 0, 0, 0, 0, 40, 0]),
        (
            // Down from 100 to 160, not read from 120 to 150: what was between is not known.
            "a gap inside an outage",
            vec![step(100, Calm, Major), step(160, Major, Calm), readable(120, false), readable(150, true)],
            [540, 0, 0, 30, 0, 0, 30, 0],
        ),
        (
            // Not read from 120 to 150, down from 130 to 170: twenty minutes of it were seen.
            "a gap that overlaps an outage",
            vec![readable(120, false), readable(150, true), step(130, Calm, Major), step(170, Major, Calm)],
            [550, 0, 0, 20, 0, 0, 30, 0],
        ),
        (
            "a step that was sure in the window, and was before it",
            vec![step(-10, Calm, Major), step(20, Major, Calm)],
            [580, 0, 0, 20, 0, 0, 0, 0],
        ),
        ("all steps come after it", vec![step(700, Critical, Calm), readable(800, false)], [0, 0, 0, 0, 600, 0, 0, 0]),
        (
            // The first step tells what was before it; of the others only what they end in counts.
            "steps that do not fit together",
            vec![step(100, Calm, Major), step(200, Minor, Critical), step(300, Major, Minor), step(400, Calm, Calm)],
            [300, 0, 100, 100, 100, 0, 0, 0],
        ),
        (
            "steps that come twice",
            vec![step(100, Calm, Major), step(100, Calm, Major), step(160, Major, Calm), step(160, Major, Calm)],
            [540, 0, 0, 60, 0, 0, 0, 0],
        ),
        (
            "two steps at one moment",
            vec![step(100, Calm, Minor), step(100, Minor, Major), step(160, Major, Calm)],
            [540, 0, 0, 60, 0, 0, 0, 0],
        ),
        (
            // Readable again at 100, and then nobody looked until 400.
            "a silence that begins when a page is readable again",
            vec![readable(40, false), readable(100, true), readable(100, false), readable(400, true)],
            [240, 0, 0, 0, 0, 0, 360, 0],
        ),
        (
            "unreadable twice, readable twice",
            vec![readable(10, false), readable(20, false), readable(40, true), readable(50, true)],
            [570, 0, 0, 0, 0, 0, 30, 0],
        ),
        (
            "a page that does not always tell",
            vec![
                indicator(60, Some(Calm), None),
                indicator(120, None, Some(Minor)),
                indicator(180, Some(Minor), None),
                indicator(240, None, Some(Calm)),
            ],
            [420, 0, 60, 0, 0, 120, 0, 0],
        ),
    ];
    for (what, mut steps, expected) in table {
        for turned in [false, true] {
            if turned {
                steps.reverse();
            }
            let page = in_ten_hours(&Past { steps: &steps, ..calm(&[]) }).page;
            assert_eq!(page.whole, tally(expected), "{what}, in reverse: {turned}");
            assert_eq!(page.whole.span(), 36_000, "{what}");
        }
    }
}

#[test]
fn planned_work_is_apart_and_hides_no_trouble() {
    use Indicator::{Critical, Major, Minor, None as Calm};
    use MaintenanceStatus::{Completed, InProgress, Scheduled};
    let step = |minute, from, to| indicator(minute, Some(from), Some(to));
    let table: Vec<(&str, Vec<Maintenance>, Vec<Step>, Minutes)> = vec![
        ("one", vec![work(Completed, 60, Some(120))], vec![], [540, 60, 0, 0, 0, 0, 0, 0]),
        (
            // 60 to 150 and 200 to 210.
            "several that overlap, touch and repeat",
            vec![
                work(Completed, 90, Some(150)),
                work(InProgress, 60, Some(120)),
                work(Completed, 70, Some(80)),
                work(Completed, 200, Some(205)),
                work(Completed, 205, Some(210)),
                work(Completed, 205, Some(210)),
            ],
            vec![],
            [500, 100, 0, 0, 0, 0, 0, 0],
        ),
        (
            "before, behind and across",
            vec![
                work(Completed, -60, Some(-1)),
                work(Completed, -60, Some(10)),
                work(InProgress, 590, Some(700)),
                work(Completed, 700, Some(800)),
            ],
            vec![],
            [580, 20, 0, 0, 0, 0, 0, 0],
        ),
        (
            "those of single components, which the page's own word covers",
            vec![of("API", work(Completed, 60, Some(120))), of("Web", work(InProgress, 0, None))],
            vec![step(90, Calm, Indicator::Maintenance), step(120, Indicator::Maintenance, Calm)],
            [570, 30, 0, 0, 0, 0, 0, 0],
        ),
        ("one that has no end yet", vec![work(InProgress, 570, None)], vec![], [570, 30, 0, 0, 0, 0, 0, 0]),
        (
            "those that are not, or were for no time",
            vec![
                work(Scheduled, 60, Some(120)),
                work(Scheduled, 60, None),
                work(Completed, 60, None),
                work(Completed, 120, Some(60)),
                work(Completed, 60, Some(60)),
            ],
            vec![],
            [600, 0, 0, 0, 0, 0, 0, 0],
        ),
        (
            // Work from 60 to 180, down from 90 to 120 and degraded from 150 to 200.
            "trouble inside it",
            vec![work(Completed, 60, Some(180))],
            vec![step(90, Calm, Major), step(120, Major, Calm), step(150, Calm, Minor), step(200, Minor, Calm)],
            [460, 60, 50, 30, 0, 0, 0, 30],
        ),
        (
            // Down from 60 to 180, first badly; work from 90 to 120, and from 150 on to 170.
            "it inside trouble",
            vec![work(Completed, 90, Some(120)), work(Completed, 150, Some(170))],
            vec![step(60, Calm, Critical), step(100, Critical, Major), step(180, Major, Calm)],
            [480, 0, 0, 80, 40, 0, 0, 50],
        ),
        (
            "a page that tells nothing, or is not read, meanwhile",
            vec![work(Completed, 60, Some(180))],
            vec![
                indicator(80, Some(Calm), None),
                indicator(100, None, Some(Calm)),
                readable(120, false),
                readable(200, true),
            ],
            [460, 40, 0, 0, 0, 20, 80, 0],
        ),
    ];
    for (what, planned, steps, expected) in table {
        let page = in_ten_hours(&Past { steps: &steps, planned: &planned, ..calm(&[]) }).page;
        assert_eq!(page.whole, tally(expected), "{what}");
    }
}

#[test]
fn what_is_known_begins_and_ends() {
    let first =
        [indicator(300, None, Some(Indicator::None)), part(300, "api", None, Some(ComponentStatus::Operational))];
    let pending = [indicator(590, Some(Indicator::None), Some(Indicator::Critical))];
    let read = Some(at(300));
    let table: Vec<(&str, Past<'_>, Minutes)> = vec![
        ("never read", Past { first: None, ..calm(&[]) }, [0, 0, 0, 0, 0, 0, 600, 0]),
        ("read first in the middle", Past { first: read, steps: &first, ..calm(&[]) }, [300, 0, 0, 0, 0, 0, 300, 0]),
        ("read first after it", Past { first: Some(at(601)), ..calm(&[]) }, [0, 0, 0, 0, 0, 0, 600, 0]),
        ("stale at the end", Past { unread_from: Some(at(540)), ..calm(&[]) }, [540, 0, 0, 0, 0, 0, 60, 0]),
        ("stale since before", Past { unread_from: Some(at(-1)), ..calm(&[]) }, [0, 0, 0, 0, 0, 0, 600, 0]),
        ("stale after it", Past { unread_from: Some(at(600)), ..calm(&[]) }, [600, 0, 0, 0, 0, 0, 0, 0]),
        ("both", Past { first: read, unread_from: Some(at(310)), ..calm(&[]) }, [10, 0, 0, 0, 0, 0, 590, 0]),
        (
            "what was seen once does not count yet",
            Past { pending: &pending, indicator: Some(Indicator::Critical), ..calm(&[]) },
            [600, 0, 0, 0, 0, 0, 0, 0],
        ),
    ];
    for (what, past, expected) in table {
        assert_eq!(in_ten_hours(&past).page.whole, tally(expected), "{what}");
    }
}

#[test]
fn each_day_is_counted_by_itself() {
    // From 18:00 on the first day to 06:00 on the fourth; not read on the third; down for an hour around the first midnight.
    let steps = [
        indicator(23 * 60 + 30, Some(Indicator::None), Some(Indicator::Critical)),
        indicator(24 * 60 + 30, Some(Indicator::Critical), Some(Indicator::None)),
        readable(2 * 24 * 60, false),
        readable(3 * 24 * 60, true),
    ];
    let parts = [component("api", ComponentStatus::Operational)];
    let past = Past { steps: &steps, ..calm(&parts) };
    let told = uptime(&past, at(18 * 60), at(3 * 24 * 60 + 6 * 60));
    let date = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
    let expected = [
        (date(1), tally([5 * 60 + 30, 0, 0, 0, 30, 0, 0, 0])),
        (date(2), tally([23 * 60 + 30, 0, 0, 0, 30, 0, 0, 0])),
        (date(3), tally([0, 0, 0, 0, 0, 0, 24 * 60, 0])),
        (date(4), tally([6 * 60, 0, 0, 0, 0, 0, 0, 0])),
    ];
    assert_eq!(told.page.days, expected);
    assert_eq!(told.page.whole, tally([35 * 60, 0, 0, 0, 60, 0, 24 * 60, 0]));
    let days: Vec<i64> = told.components[0].fared.days.iter().map(|(_, tally)| tally.observed()).collect();
    assert_eq!(days, [6 * 3600, 24 * 3600, 0, 6 * 3600]);
}

#[test]
fn moments_are_cut_to_their_second() {
    let millis = |second: i64, millis: i64| at(0) + TimeDelta::seconds(second) + TimeDelta::milliseconds(millis);
    let step = |from, to, since: DateTime<Utc>| Step { transition: Transition::Indicator { from, to }, since };
    let (calm_word, major) = (Some(Indicator::None), Some(Indicator::Major));
    // 10.9 to 20.1 are ten seconds; 30.2 to 30.8 are none.
    let steps = [
        step(calm_word, major, millis(10, 900)),
        step(major, calm_word, millis(20, 100)),
        step(calm_word, major, millis(30, 200)),
        step(major, calm_word, millis(30, 800)),
    ];
    let page = uptime(&Past { steps: &steps, ..calm(&[]) }, millis(0, 999), millis(60, 1)).page;
    assert_eq!((page.whole.major, page.whole.calm, page.whole.span()), (10, 50, 60));
}

#[test]
fn a_window_without_time_is_empty() {
    for (from, to) in [(at(0), at(0)), (at(1), at(0)), (DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC)] {
        let parts = [component("api", ComponentStatus::Operational)];
        let told = uptime(&calm(&parts), from, to);
        assert_eq!((told.page.whole, told.page.days.len()), (Tally::default(), 0));
        assert_eq!((told.page.whole.uptime(), told.page.whole.coverage()), (None, None));
    }
}

#[test]
fn shares_are_of_what_the_vendor_said_and_of_what_was_read() {
    // Ten minutes down in a hundred that count: untold and unobserved ones don't.
    let shares = tally([40, 20, 30, 4, 6, 70, 30, 5]);
    assert_eq!(shares.uptime(), Some(0.9));
    assert_eq!(shares.coverage(), Some(170.0 / 200.0));
    assert_eq!((shares.down(), shares.observed(), shares.span()), (600, 10_200, 12_000));
    // A bad hour in a hundred of planned work is one in a hundred.
    assert_eq!(tally([0, 99 * 60, 0, 60, 0, 0, 0, 60]).uptime(), Some(0.99));
    assert_eq!(Tally { maintenance: 9, ..Tally::default() }.uptime(), Some(1.0));
    assert_eq!(Tally { untold: 9, unobserved: 9, ..Tally::default() }.uptime(), None);
    assert_eq!(Tally { critical: 9, ..Tally::default() }.uptime(), Some(0.0));
}

#[test]
fn seconds_are_found_by_the_vendors_words() {
    use ComponentStatus::{DegradedPerformance, MajorOutage, Operational, PartialOutage, UnderMaintenance, Unknown};
    let tally = tally([1, 2, 3, 4, 5, 6, 7, 8]);
    let by_indicator =
        ["none", "maintenance", "minor", "major", "critical", "-"].map(|word| tally.of(Indicator::parse(word)));
    assert_eq!(by_indicator, [60, 120, 180, 240, 300, 360]);
    let statuses = [Operational, UnderMaintenance, DegradedPerformance, PartialOutage, MajorOutage, Unknown];
    assert_eq!(statuses.map(|status| tally.of(status)), by_indicator);
}

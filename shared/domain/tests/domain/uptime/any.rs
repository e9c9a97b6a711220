//! Uptime of whatever steps there may be: nothing is lost, nothing is counted twice, and their order says nothing.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use statusphere_domain::{
    Component, ComponentStatus, Fared, Indicator, Maintenance, MaintenanceStatus, Past, Step, Tally, Transition,
    Uptime, uptime,
};

use crate::support::{at, component, maintenance};

fn indicators() -> impl Strategy<Value = Option<Indicator>> {
    use Indicator::{Critical, Maintenance, Major, Minor, None};
    proptest::option::of(proptest::sample::select(vec![None, Maintenance, Minor, Major, Critical]))
}

fn statuses() -> impl Strategy<Value = Option<ComponentStatus>> {
    use ComponentStatus::{DegradedPerformance, MajorOutage, Operational, PartialOutage, UnderMaintenance, Unknown};
    let all = vec![Operational, DegradedPerformance, PartialOutage, MajorOutage, UnderMaintenance, Unknown];
    proptest::option::of(proptest::sample::select(all))
}

/// Around a window of five days, many at the same moment, some between two seconds.
fn moments() -> impl Strategy<Value = DateTime<Utc>> {
    (-2000_i64..10_000, 0_i64..3).prop_map(|(minute, third)| at(minute / 7 * 7) + TimeDelta::milliseconds(third * 400))
}

fn ids() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["api", "web", "old"]).prop_map(str::to_owned)
}

fn step() -> impl Strategy<Value = Step> {
    let transition = prop_oneof![
        (indicators(), indicators()).prop_map(|(from, to)| Transition::Indicator { from, to }),
        any::<bool>().prop_map(|to| Transition::Readable { to }),
        (ids(), ids(), statuses(), statuses()).prop_map(|(id, name, from, to)| Transition::Component {
            id,
            name,
            from,
            to
        }),
    ];
    (transition, moments()).prop_map(|(transition, since)| Step { transition, since })
}

fn work() -> impl Strategy<Value = Maintenance> {
    use MaintenanceStatus::{Completed, InProgress, Scheduled};
    let status = proptest::sample::select(vec![Scheduled, InProgress, Completed]);
    (status, moments(), proptest::option::of(moments()), proptest::collection::vec(ids(), 0..3)).prop_map(
        |(status, starts_at, ends_at, components)| Maintenance {
            starts_at,
            ends_at,
            components,
            ..maintenance("m1", status)
        },
    )
}

#[derive(Debug, Clone)]
struct Given {
    steps: Vec<Step>,
    turned: Vec<Step>,
    pending: Vec<Step>,
    first: Option<DateTime<Utc>>,
    unread_from: Option<DateTime<Utc>>,
    indicator: Option<Indicator>,
    components: Vec<Component>,
    planned: Vec<Maintenance>,
    window: (DateTime<Utc>, DateTime<Utc>),
}

prop_compose! {
    fn given()(steps in proptest::collection::vec(step(), 0..40))(
        steps in Just(steps.clone()),
        turned in Just(steps).prop_shuffle(),
        pending in proptest::collection::vec(step(), 0..4),
        first in proptest::option::weighted(0.9, moments()),
        unread_from in proptest::option::of(moments()),
        indicator in indicators(),
        components in proptest::collection::vec((ids(), statuses()), 0..4),
        planned in proptest::collection::vec(work(), 0..5),
        window in (moments(), moments()),
    ) -> Given {
        let status = |status: Option<ComponentStatus>| status.unwrap_or(ComponentStatus::Unknown);
        let components = components.into_iter().map(|(id, word)| component(&id, status(word))).collect();
        Given { steps, turned, pending, first, unread_from, indicator, components, planned, window }
    }
}

impl Given {
    fn past<'a>(&'a self, steps: &'a [Step]) -> Past<'a> {
        Past {
            steps,
            pending: &self.pending,
            first: self.first,
            indicator: self.indicator,
            components: &self.components,
            unread_from: self.unread_from,
            planned: &self.planned,
        }
    }

    fn told(&self) -> Uptime {
        uptime(&self.past(&self.steps), self.window.0, self.window.1)
    }
}

fn all(told: &Uptime) -> impl Iterator<Item = &Fared> {
    [&told.page].into_iter().chain(told.components.iter().map(|component| &component.fared))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_second_of_the_window_is_counted_once(given in given()) {
        let (from, to) = given.window;
        let seconds = (to.timestamp() - from.timestamp()).max(0);
        for fared in all(&given.told()) {
            let whole = fared.whole;
            prop_assert_eq!(whole.span(), seconds);
            prop_assert_eq!(whole, fared.days.iter().map(|(_, tally)| *tally).sum());
            prop_assert!(whole.down_during_maintenance <= whole.down());
            prop_assert!(whole.uptime().is_none_or(|share| (0.0..=1.0).contains(&share)));
            prop_assert!(fared.days.is_sorted_by(|(day, _), (next, _)| day.succ_opt() == Some(*next)), "no day is missing");
            let whole_days = fared.days.iter().skip(1).take(fared.days.len().saturating_sub(2));
            prop_assert!(whole_days.into_iter().all(|(_, tally)| tally.span() == 86_400));
        }
    }

    #[test]
    fn the_order_of_steps_says_nothing(given in given()) {
        let (from, to) = given.window;
        prop_assert_eq!(uptime(&given.past(&given.turned), from, to), given.told());
    }

    /// A window is the sum of its parts, wherever it is cut.
    #[test]
    fn two_halves_are_the_whole(given in given(), mut cuts in proptest::collection::vec(moments(), 3)) {
        cuts.sort_unstable();
        let past = given.past(&given.steps);
        let halves: Tally = cuts.windows(2).map(|half| uptime(&past, half[0], half[1]).page.whole).sum();
        prop_assert_eq!(halves, uptime(&past, cuts[0], cuts[2]).page.whole);
    }

    /// Worked out for one second by what was said last before it.
    #[test]
    fn what_was_unreadable_is_never_counted_as_read(given in given(), start in 0_i64..5000) {
        let mut readable: Vec<(DateTime<Utc>, bool)> = given.steps.iter().filter_map(|step| match step.transition {
            Transition::Readable { to } => Some((step.since, !to)),
            _ => None,
        }).collect();
        readable.sort_unstable();
        let second = at(start);
        let before = readable.first().is_some_and(|(_, unread)| !unread);
        let last = readable.iter().rfind(|(since, _)| since.timestamp() <= second.timestamp());
        let unread = last.map_or(before, |(_, unread)| *unread)
            || given.first.is_none_or(|first| first.timestamp() > second.timestamp())
            || given.unread_from.is_some_and(|from| from.timestamp() <= second.timestamp());
        let told = uptime(&given.past(&given.steps), second, second + TimeDelta::seconds(1));
        prop_assert_eq!(told.page.whole.observed(), i64::from(!unread));
    }
}

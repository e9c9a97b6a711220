//! What two observations agree on is sure; what flaps is not announced.

use std::collections::BTreeMap;

use proptest::prelude::*;
use statusphere_domain::{ComponentStatus, Indicator, Step, Transition, settle};

use crate::support::at;

fn indicator(from: Indicator, to: Indicator) -> Transition {
    Transition::Indicator { from: Some(from), to: Some(to) }
}

fn seen(transition: Transition, minute: i64) -> Step {
    Step { transition, since: at(minute) }
}

#[test]
fn a_step_is_sure_when_it_is_seen_again_and_tells_when_it_was_first() {
    use Indicator::{Major, None as Calm};
    let (sure, pending) = settle(vec![], vec![indicator(Calm, Major)], |_| true, at(0));
    assert_eq!((sure.len(), &pending), (0, &vec![seen(indicator(Calm, Major), 0)]));
    let (sure, pending) = settle(pending, vec![], |_| true, at(1));
    assert_eq!((sure, pending), (vec![seen(indicator(Calm, Major), 0)], vec![]));
}

#[test]
fn there_and_back_again_is_no_step() {
    use Indicator::{Major, None as Calm};
    let pending = vec![seen(indicator(Calm, Major), 0)];
    assert_eq!(settle(pending, vec![indicator(Major, Calm)], |_| true, at(5)), (vec![], vec![]));
}

#[test]
fn a_third_value_has_to_be_seen_twice_itself() {
    use Indicator::{Major, Minor, None as Calm};
    let pending = vec![seen(indicator(Calm, Minor), 0)];
    let (sure, pending) = settle(pending, vec![indicator(Minor, Major)], |_| true, at(5));
    assert_eq!((sure, &pending), (vec![], &vec![seen(indicator(Calm, Major), 5)]));
    assert_eq!(settle(pending, vec![], |_| true, at(10)).0, [seen(indicator(Calm, Major), 5)]);
}

#[test]
fn two_looks_at_once_are_one() {
    let pending = vec![seen(indicator(Indicator::None, Indicator::Major), 0)];
    let soon = at(0) + chrono::TimeDelta::seconds(20);
    assert_eq!(settle(pending.clone(), vec![], |_| true, soon), (vec![], pending));
}

#[test]
fn a_look_that_tells_nothing_of_components_leaves_their_steps_waiting() {
    let step = |id: &str| Transition::Component {
        id: id.to_owned(),
        name: id.to_uppercase(),
        from: Some(ComponentStatus::Operational),
        to: Some(ComponentStatus::MajorOutage),
    };
    let pending = vec![seen(step("api"), 0), seen(indicator(Indicator::None, Indicator::Major), 0)];
    let observed = |step: &Transition| matches!(step, Transition::Indicator { .. });
    let (sure, pending) = settle(pending, vec![step("web")], observed, at(5));
    assert_eq!(sure, [seen(indicator(Indicator::None, Indicator::Major), 0)]);
    assert_eq!(pending, [seen(step("api"), 0), seen(step("web"), 5)]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Announced steps form one chain, and each value in it was there at two looks in a row.
    #[test]
    fn what_is_announced_was_seen_twice(
        looks in proptest::collection::vec(proptest::collection::vec(0_u8..3, 3), 1..30),
    ) {
        let status = |value: u8| match value {
            0 => ComponentStatus::Operational,
            1 => ComponentStatus::PartialOutage,
            _ => ComponentStatus::MajorOutage,
        };
        let mut last = looks[0].clone();
        let mut announced: BTreeMap<String, Option<ComponentStatus>> =
            (0..3).map(|n| (n.to_string(), Some(status(last[n])))).collect();
        let mut pending = Vec::new();
        for (minute, look) in (1..).zip(&looks[1..]) {
            let steps = (0..3).filter(|n| last[*n] != look[*n]).map(|n| Transition::Component {
                id: n.to_string(), name: String::new(), from: Some(status(last[n])), to: Some(status(look[n])),
            }).collect();
            let (sure, waiting) = settle(pending, steps, |_| true, at(minute));
            for step in sure {
                let Transition::Component { id, from, to, .. } = step.transition else { unreachable!() };
                let n: usize = id.parse().unwrap();
                prop_assert_eq!(announced.insert(id, to), Some(from), "the chain is unbroken");
                prop_assert_eq!((to, to), (Some(status(last[n])), Some(status(look[n]))), "seen twice in a row");
            }
            for n in 0..3 {
                let waits = waiting.iter().any(
                    |step: &Step| matches!(&step.transition, Transition::Component { id, .. } if *id == n.to_string()));
                prop_assert_eq!(waits, announced[&n.to_string()] != Some(status(look[n])), "nothing is forgotten");
            }
            pending = waiting;
            last.clone_from(look);
        }
    }
}

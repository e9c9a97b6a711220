//! Whether someone would notice that a page is not read any more.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_dispatcher::Watch;
use statusphere_domain::{Indicator, Lane, PageId, PageState};
use statusphere_store::LivePage;

use crate::support::at;

fn page(slug: &str) -> PageId {
    PageId::new(slug).unwrap()
}

fn read(time: DateTime<Utc>) -> PageState {
    PageState {
        version: 1,
        indicator: Some(Indicator::None),
        last_attempt: Some(time),
        last_success: Some(time),
        ..PageState::default()
    }
}

fn watch(states: &[(&str, Option<PageState>)], lanes: &[(&str, Lane)], minute: i64) -> Watch {
    let pages: Vec<_> = states.iter().map(|(slug, _)| page(slug)).collect();
    let packed = |state: &PageState| LivePage { state: state.clone(), changed_at: None };
    let live = states.iter().filter_map(|(slug, state)| Some((page(slug), packed(state.as_ref()?)))).collect();
    let lanes: BTreeMap<_, _> = lanes.iter().map(|(slug, lane)| (page(slug), *lane)).collect();
    Watch::new(pages.iter(), &live, &lanes, at(minute), TimeDelta::minutes(5))
}

#[test]
fn the_page_that_was_read_longest_ago_waits_longest() {
    let watch = watch(&[("new", Some(read(at(95)))), ("forgotten", Some(read(at(10)))), ("never", None)], &[], 100);
    assert_eq!(watch.longest_wait, Some((TimeDelta::minutes(90), page("forgotten"))));
    assert_eq!(watch.unknown, 2, "one is stale, one was never read");
}

#[test]
fn a_page_that_is_to_be_left_alone_waits_from_the_end_of_its_pause_on() {
    let states = [("paused", Some(read(at(10)))), ("over", Some(read(at(10))))];
    let lanes = [("paused", Lane::Later(at(300))), ("over", Lane::Later(at(80)))];
    assert_eq!(watch(&states, &lanes, 100).longest_wait, Some((TimeDelta::minutes(20), page("over"))));
}

#[test]
fn an_empty_table_has_nobody_waiting_and_knows_nothing() {
    assert_eq!(watch(&[("new", None)], &[], 0), Watch { longest_wait: None, unknown: 1 });
}

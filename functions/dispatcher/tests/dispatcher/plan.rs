//! Pages that are read from one host ride together, and never more of them than that host can bear.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use statusphere_bus::PageRef;
use statusphere_catalogue::Catalogue;
use statusphere_dispatcher::{Plan, Settings};
use statusphere_domain::{Lane, PageId};

use crate::support::{Bench, at, with_shared};

const SETTINGS: Settings = Settings { interval: 5, pages_per_event: 1 };

/// The events of each of these minutes, each minute a tick.
fn minutes(plan: &Plan, lanes: &BTreeMap<PageId, Lane>, minutes: std::ops::Range<i64>) -> Vec<Vec<Vec<PageRef>>> {
    minutes.map(|minute| plan.due(lanes, &(at(minute)..=at(minute)))).collect()
}

fn slugs(events: &[Vec<PageRef>]) -> Vec<&str> {
    events.iter().flatten().map(|page| page.id.as_str()).collect()
}

fn fast(pages: usize) -> BTreeMap<PageId, Lane> {
    (0..pages).map(|n| (PageId::new(format!("shared-{n}")).unwrap(), Lane::Fast)).collect()
}

#[test]
fn pages_of_one_host_ride_in_one_event_that_names_the_host() {
    let plan = Plan::new(&with_shared(3, 20), SETTINGS);
    let events: Vec<_> = minutes(&plan, &BTreeMap::new(), 0..5).into_iter().flatten().collect();
    let (shared, alone): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| event[0].host.is_some());
    assert_eq!(shared.iter().map(Vec::len).collect::<Vec<_>>(), [20], "whatever the pages per event");
    assert!(shared[0].iter().all(|page| page.host.as_deref() == Some("api.status.io")));
    assert_eq!(alone.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1]);
    assert!(alone.iter().flatten().all(|page| page.host.is_none()));
}

#[test]
fn pages_below_one_host_share_it_and_a_page_without_company_has_none() {
    let csv = "slug,name,url,provider,key\n\
        one,One,https://status.acme.example/one,,\n\
        two,Two,http://STATUS.acme.example:80/two,,\n\
        lone,Lone,https://status.birch.example,statusio,5d00c0ffee5d00c0ffee5d01\n";
    let plan = Plan::new(&Catalogue::parse(csv).unwrap(), SETTINGS);
    let hosts = plan.pages().map(|page| (page.id.as_str(), page.host.as_deref()));
    let acme = Some("status.acme.example");
    assert_eq!(hosts.collect::<BTreeMap<_, _>>(), BTreeMap::from([("one", acme), ("two", acme), ("lone", None)]));
}

#[test]
fn the_chunks_of_a_host_follow_each_other_and_are_never_due_together() {
    for (pages, interval) in [(26, 5), (60, 5), (125, 5), (126, 6), (1000, 40)] {
        let plan = Plan::new(&with_shared(0, pages), SETTINGS);
        let ticks = minutes(&plan, &BTreeMap::new(), 0..interval * 2);
        assert!(ticks.iter().all(|events| events.len() <= 1), "{pages} pages: one event in a slot");
        assert!(ticks.iter().flatten().all(|event| event.len() <= 25), "{pages} pages");
        for half in ticks.chunks(usize::try_from(interval).unwrap()) {
            let asked: Vec<_> = half.iter().flat_map(|events| slugs(events)).collect();
            assert_eq!(asked.len(), pages);
            assert_eq!(asked.into_iter().collect::<BTreeSet<_>>().len(), pages, "each once");
        }
    }
}

#[test]
fn a_gap_is_caught_up_with_one_event_for_each_missed_minute() {
    let plan = Plan::new(&with_shared(0, 60), SETTINGS);
    let events = plan.due(&BTreeMap::new(), &(at(0)..=at(4)));
    assert_eq!(events.iter().map(Vec::len).collect::<Vec<_>>(), [25, 25, 10]);
    let events = plan.due(&fast(60), &(at(0)..=at(1)));
    assert!(events.len() <= 2, "{} events for two minutes", events.len());
}

#[test]
fn fast_pages_of_a_host_join_its_event_as_far_as_there_is_room() {
    let plan = Plan::new(&with_shared(0, 20), SETTINGS);
    let ticks = minutes(&plan, &fast(3), 0..5);
    let sizes = ticks.iter().map(|events| slugs(events).len()).collect::<BTreeSet<_>>();
    assert_eq!(sizes, BTreeSet::from([3, 20]), "with their host's chunk once, in events of their own otherwise");
    assert!(ticks.iter().all(|events| events.len() == 1));
}

#[test]
fn when_a_host_has_more_fast_pages_than_room_none_of_them_starves() {
    let plan = Plan::new(&with_shared(0, 40), SETTINGS);
    let mut waiting: BTreeMap<String, (i64, u32)> = (0..40).map(|n| (format!("shared-{n}"), (0, 0))).collect();
    for (minute, events) in (0..60).zip(minutes(&plan, &fast(40), 0..60)) {
        assert_eq!(events.iter().map(Vec::len).collect::<Vec<_>>(), [25], "all the room is used");
        for slug in slugs(&events) {
            let (last, times) = &waiting[slug];
            assert!(minute - last <= 5, "{slug} waited from {last} to {minute}");
            waiting.insert(slug.to_owned(), (minute, times + 1));
        }
    }
    for (slug, (_, times)) in waiting {
        assert!(times >= 24, "{slug} was asked for {times} times, and all of them 37 on average");
    }
}

#[test]
fn a_pause_that_is_over_comes_before_the_fast_lane() {
    let plan = Plan::new(&with_shared(0, 50), SETTINGS);
    let mut lanes = fast(50);
    // Two minutes of five belong to the chunks, which fill them.
    for minute in 100..105 {
        lanes.insert(PageId::new("shared-7").unwrap(), Lane::Later(at(minute) - TimeDelta::seconds(30)));
        let events = plan.due(&lanes, &(at(minute)..=at(minute)));
        let regular = plan.due(&BTreeMap::new(), &(at(minute)..=at(minute)));
        assert_eq!(slugs(&events).contains(&"shared-7"), regular.is_empty() || slugs(&regular).contains(&"shared-7"));
    }
}

#[tokio::test]
async fn the_event_carries_the_host() {
    let bench = Bench::of(&with_shared(1, 2), Settings { interval: 1, pages_per_event: 25 }).await;
    bench.tick(at(5)).await.unwrap();
    let log = bench.log();
    let hosts = |detail: &serde_json::Value| {
        let pages = detail["pages"].as_array().unwrap();
        pages.iter().map(|page| page["host"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let host = || Some("api.status.io".to_owned());
    let events: Vec<_> = log.taken.iter().map(|(_, detail)| hosts(detail)).collect();
    assert_eq!(events, [vec![host(), host()], vec![None]]);
}

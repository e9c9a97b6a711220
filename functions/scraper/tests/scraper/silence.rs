//! Times in which nobody looked: they are in the history, and no news.

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_domain::{Freshness, PageState, Past, Step, Tally, Transition, uptime};

use crate::documents::{calm, trouble};
use crate::support::{ACME, Bench, Web, id, now, pass};

const INTERVAL: TimeDelta = TimeDelta::minutes(5);

fn good() -> Web {
    Web::default().summary(ACME, &calm())
}

fn missing() -> Web {
    Web::default().html(&format!("{ACME}/"), 404, "Not here")
}

/// The steps of whether the page could be read, each with whether it is announced by nothing.
fn readable(bench: &Bench) -> Vec<(bool, DateTime<Utc>, bool)> {
    let readable = |(step, baseline): (Step, bool)| match step.transition {
        Transition::Readable { to } => Some((to, step.since, baseline)),
        _ => None,
    };
    bench.steps().into_iter().filter_map(readable).collect()
}

/// How the page fared from then until now, by what is stored.
async fn fared(bench: &Bench, from: DateTime<Utc>) -> Tally {
    let (id, state) = (id("acme"), bench.state().await);
    let steps = bench.store.history(&id, from).await.unwrap();
    let current = bench.store.current(&id).await.unwrap();
    let past = Past {
        steps: &steps,
        pending: &current.pending,
        first: bench.store.begun(&id).await.unwrap(),
        indicator: current.indicator,
        components: current.components.as_deref().unwrap_or_default(),
        unread_from: state.unread_from(now(), INTERVAL),
        planned: &[],
    };
    let told = uptime(&past, from, now());
    for component in told.components.iter().filter(|component| component.id == "returns") {
        assert_eq!(component.fared.whole.unobserved, told.page.whole.unobserved, "nobody saw its components either");
    }
    told.page.whole
}

#[tokio::test]
async fn a_silence_is_written_down_at_the_first_success_after_it_as_no_news() {
    for web in [good(), Web::default().summary(ACME, &trouble())] {
        let bench = Bench::start().await;
        bench.scrape(good()).await;
        let last = now();
        pass(7 * 60);
        let before = bench.written().len();
        bench.scrape(web).await;
        assert_eq!(readable(&bench), [(false, last, true), (true, now(), true)]);
        let with_the_state = ["STATE", "TR#STATE"];
        let mut written = bench.keys_since(before);
        written.sort_unstable();
        assert!(written.ends_with(&with_the_state.map(str::to_owned)), "{written:?}");
        let state = bench.state().await;
        assert_eq!((state.freshness(now(), INTERVAL), state.unreadable_since), (Freshness::Fresh, None));
        pass(1);
        assert_eq!(fared(&bench, last).await.unobserved, 7 * 60 * 60);
    }
}

#[tokio::test]
async fn a_page_that_is_looked_at_has_no_silence() {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    let first = now();
    for minutes in [5, 5, 5, 14, 15, 29, 5, 20] {
        pass(minutes);
        let before = bench.written().len();
        bench.scrape(good()).await;
        assert!(bench.keys_since(before).len() <= 1, "a heartbeat and no more");
    }
    assert_eq!(readable(&bench), []);
    let told = fared(&bench, first).await;
    assert_eq!((told.calm, told.span()), (98 * 60, 98 * 60));
}

#[tokio::test]
async fn a_silence_counts_from_when_the_page_would_have_been_stale() {
    for (minutes, told) in [(29, 0), (30, 2)] {
        let bench = Bench::start().await;
        bench.scrape(good()).await;
        pass(minutes);
        bench.scrape(good()).await;
        assert_eq!(readable(&bench).len(), told, "after {minutes} minutes");
    }
}

#[tokio::test]
async fn a_page_that_fails_after_a_silence_was_not_read_since_the_last_look() {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    let last = now();
    pass(3 * 60);
    bench.scrape(missing()).await;
    assert_eq!(readable(&bench), [(false, last, false)], "it is unreadable now, which is news");
    assert_eq!(
        bench.state().await.failing_since,
        Some(now()),
        "how long it is left alone follows from its own failures"
    );
    assert_eq!(bench.state().await.unread_from(now(), INTERVAL), Some(last));
    assert_eq!(fared(&bench, last).await.unobserved, 3 * 60 * 60);
    pass(60);
    bench.scrape(good()).await;
    assert_eq!(readable(&bench), [(false, last, false), (true, now(), false)]);
    pass(5);
    assert_eq!(fared(&bench, last).await, Tally { calm: 5 * 60, unobserved: 4 * 60 * 60, ..Tally::default() });
}

#[tokio::test]
async fn a_silence_after_a_failure_begins_with_the_failure() {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    let start = now();
    pass(5);
    bench.scrape(missing()).await;
    let failed = now();
    pass(5);
    bench.scrape(missing()).await;
    pass(2 * 60);
    bench.scrape(good()).await;
    assert_eq!(readable(&bench), [(false, failed, true), (true, now(), true)]);
    assert_eq!(fared(&bench, start).await, Tally { calm: 5 * 60, unobserved: 125 * 60, ..Tally::default() });
}

#[tokio::test]
async fn what_is_known_to_be_unreadable_is_not_told_twice() {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    for _ in 0..5 {
        pass(5);
        bench.scrape(missing()).await;
    }
    let failed = now() - TimeDelta::minutes(20);
    pass(9 * 60);
    bench.scrape(missing()).await;
    pass(9 * 60);
    bench.scrape(good()).await;
    assert_eq!(readable(&bench), [(false, failed, false), (true, now(), false)]);
}

#[tokio::test]
async fn looks_that_were_cut_off_are_no_looks() {
    let bench = Bench::start().await;
    bench.scrape(good()).await;
    let (last, read) = (now(), bench.state().await);
    // What a scrape leaves that found a change and died before it wrote it down.
    pass(60);
    let begun = PageState { last_attempt: Some(now()), unsettled: true, ..read.clone() };
    bench.store.put_scrape(&id("acme"), &begun, Some(&read)).await.unwrap();
    pass(1);
    bench.scrape(good()).await;
    assert_eq!(readable(&bench), [(false, last, true), (true, now(), true)]);
}

#[tokio::test]
async fn a_page_that_was_never_read_was_never_silent() {
    let bench = Bench::start().await;
    bench.scrape(missing()).await;
    // All providers are asked again after a day.
    pass(25 * 60);
    assert_eq!(bench.scrape(good()).await, "changed");
    assert_eq!(readable(&bench), []);
    let begun = now();
    pass(10);
    bench.scrape(good()).await;
    let told = fared(&bench, begun - TimeDelta::hours(5)).await;
    assert_eq!((told.unobserved, told.calm), (5 * 60 * 60, 10 * 60));
}

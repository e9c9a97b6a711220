//! What is announced at first sight, and what only when a second look agrees.

use serde_json::Value;
use statusphere_domain::{ComponentStatus, Indicator, Lane, Step, Transition, UpDown};

use crate::documents::{calm, summary, trouble};
use crate::support::{ACME, Bench, Web, now, pass, pass_seconds};

fn web(document: &Value) -> Web {
    Web::default().summary(ACME, document)
}

/// Acme without an incident, its parcels in this state.
fn parcels(indicator: &str, status: &str) -> Value {
    summary(indicator, &[("Parcels", status), ("Returns", "operational")], &[])
}

/// The steps that were announced.
fn announced(bench: &Bench) -> Vec<Step> {
    bench.steps().into_iter().filter(|(_, baseline)| !baseline).map(|(step, _)| step).collect()
}

#[tokio::test]
async fn a_step_is_shown_at_once_and_announced_at_the_second_look() {
    let bench = Bench::start().await;
    bench.scrape(web(&calm())).await;
    pass(5);
    let first_seen = now();
    bench.scrape(web(&parcels("major", "major_outage"))).await;
    let state = bench.state().await;
    assert_eq!((state.indicator, state.lane), (Some(Indicator::Major), Some(Lane::Fast)), "looked at again soon");
    assert_eq!(state.up_down(now(), chrono::TimeDelta::minutes(5)), UpDown::Degraded);
    assert_eq!(announced(&bench), []);

    pass(1);
    bench.scrape(web(&parcels("major", "major_outage"))).await;
    let (from, to) = (Some(ComponentStatus::Operational), Some(ComponentStatus::MajorOutage));
    let steps = [
        Transition::Indicator { from: Some(Indicator::None), to: Some(Indicator::Major) },
        Transition::Component { id: "parcels".to_owned(), name: "Parcels".to_owned(), from, to },
    ];
    assert_eq!(announced(&bench), steps.map(|transition| Step { transition, since: first_seen }));
    assert_eq!(bench.state().await.lane, None, "all is said");

    // And no third time.
    pass(5);
    assert_eq!(bench.scrape(web(&parcels("major", "major_outage"))).await, "unchanged");
    assert_eq!(announced(&bench).len(), 2);
}

#[tokio::test]
async fn what_flaps_is_not_announced() {
    let bench = Bench::start().await;
    bench.scrape(web(&calm())).await;
    for _ in 0..4 {
        pass(1);
        bench.scrape(web(&parcels("minor", "degraded_performance"))).await;
        pass(1);
        bench.scrape(web(&calm())).await;
        assert_eq!(bench.state().await.indicator, Some(Indicator::None));
    }
    assert_eq!(announced(&bench), []);
    assert_eq!(bench.state().await.lane, None);
}

#[tokio::test]
async fn an_event_that_is_delivered_twice_confirms_nothing() {
    let bench = Bench::start().await;
    bench.scrape(web(&calm())).await;
    pass(5);
    for _ in 0..3 {
        bench.scrape(web(&parcels("major", "major_outage"))).await;
        pass_seconds(5);
    }
    assert_eq!(announced(&bench), []);
    pass(1);
    bench.scrape(web(&parcels("major", "major_outage"))).await;
    assert_eq!(announced(&bench).len(), 2);
}

#[tokio::test]
async fn an_incident_is_written_at_first_sight_and_its_page_looked_at_every_minute() {
    let bench = Bench::start().await;
    bench.scrape(web(&calm())).await;
    pass(5);
    let before = bench.written().len();
    bench.scrape(web(&trouble())).await;
    assert!(bench.keys_since(before).contains(&"INC#k1".to_owned()));
    for _ in 0..20 {
        assert_eq!(bench.state().await.lane, Some(Lane::Fast));
        pass(1);
        bench.scrape(web(&trouble())).await;
    }
    bench.scrape(web(&calm())).await;
    assert_eq!(bench.state().await.lane, Some(Lane::Fast), "the end of the trouble is to be seen again");
    pass(1);
    bench.scrape(web(&calm())).await;
    assert_eq!(bench.state().await.lane, None);
}

#[tokio::test]
async fn an_incident_that_nobody_touched_for_long_does_not_hurry_us() {
    let bench = Bench::start().await;
    pass(20 * 24 * 60);
    bench.scrape(web(&trouble())).await;
    assert_eq!((bench.state().await.lane, bench.state().await.open_incidents), (None, 1));
}

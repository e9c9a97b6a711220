//! Whatever is delivered twice, late, out of order or not at all, and wherever a function dies: what is stored and what is
//! announced in the end is what the vendor's story says.
//!
//! `STATUSPHERE_HISTORIES` is the number of random histories; a failing one is made smaller and printed with its seed.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod checks;
#[path = "../simulation/mod.rs"]
mod simulation;
mod world;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::simulation::aws::Faults;
use crate::world::World;

/// What happens to one request on its way to the scraper.
#[derive(Debug, Clone, Copy)]
enum Delivery {
    Once,
    Twice,
    AtOnce,
    Overlapping { steps: usize },
    Later,
    Broken(Faults),
}

/// What happens to the stream.
#[derive(Debug, Clone, Copy)]
enum Publishing {
    Waits,
    Batches { of: usize, twice: bool },
    Broken { of: usize, faults: Faults },
}

/// Some minutes in the life of the system.
#[derive(Debug, Clone)]
struct Turn {
    minutes: i64,
    tick: Option<Faults>,
    last_first: bool,
    deliveries: Vec<Delivery>,
    publishing: Publishing,
}

fn faults() -> impl Strategy<Value = Faults> {
    prop_oneof![
        4 => (0_usize..7, any::<bool>())
            .prop_map(|(at, too_late)| Faults { dies_at: Some(at), too_late, ..Faults::default() }),
        1 => Just(Faults { throttled: true, ..Faults::default() }),
    ]
}

fn delivery() -> impl Strategy<Value = Delivery> {
    prop_oneof![
        4 => Just(Delivery::Once),
        2 => Just(Delivery::Twice),
        1 => Just(Delivery::AtOnce),
        2 => (0_usize..60).prop_map(|steps| Delivery::Overlapping { steps }),
        2 => Just(Delivery::Later),
        4 => faults().prop_map(Delivery::Broken),
    ]
}

fn publishing() -> impl Strategy<Value = Publishing> {
    let refuses = (2_usize..4).prop_map(|each| Faults { refuses_each: Some(each), ..Faults::default() });
    prop_oneof![
        2 => Just(Publishing::Waits),
        4 => (1_usize..8, any::<bool>()).prop_map(|(of, twice)| Publishing::Batches { of, twice }),
        2 => (1_usize..8, prop_oneof![12 => faults(), 1 => refuses])
            .prop_map(|(of, faults)| Publishing::Broken { of, faults }),
    ]
}

fn turn() -> impl Strategy<Value = Turn> {
    let tick = prop_oneof![8 => Just(None), 1 => faults().prop_map(Some)];
    let deliveries = proptest::collection::vec(delivery(), 3);
    (1_i64..6, tick, any::<bool>(), deliveries, publishing()).prop_map(
        |(minutes, tick, last_first, deliveries, publishing)| Turn {
            minutes,
            tick,
            last_first,
            deliveries,
            publishing,
        },
    )
}

#[test]
fn every_history_ends_in_what_the_story_says() {
    #[expect(clippy::disallowed_methods, reason = "how many is asked for from outside")]
    let histories = std::env::var("STATUSPHERE_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let config = Config { cases: histories, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let history = (any::<u64>(), proptest::collection::vec(turn(), 3..12));
    let outcome = runner.run(&history, |(seed, turns)| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::start(seed).await;
            for turn in &turns {
                world.live_through(turn).await;
            }
            world.come_to_rest().await;
            checks::all(&world).await.map_err(TestCaseError::fail)
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

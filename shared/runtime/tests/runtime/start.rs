//! How long a start is held up.

use std::time::Duration;

use statusphere_runtime::{Patience, warm};

#[tokio::test(start_paused = true)]
async fn a_first_call_that_hangs_or_fails_does_not_hold_up_the_start() {
    let started = tokio::time::Instant::now();
    warm(std::future::pending::<Result<(), String>>()).await;
    warm(std::future::ready(Err::<(), _>("refused"))).await;
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

#[test]
fn a_call_ends_before_the_shortest_function_does() {
    let Patience { connect, attempt, operation } = Patience::default();
    assert!(connect < attempt && attempt < operation && operation < Duration::from_secs(10));
}

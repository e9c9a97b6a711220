//! Time as a test wants it: still until it is moved, or running many times faster than it does.
//!
//! One clock a thread: everything of a simulation runs on the thread that made it.

use std::cell::Cell;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

#[derive(Clone, Copy)]
enum Time {
    Still(DateTime<Utc>),
    Running { from: DateTime<Utc>, since: Instant, speed: i32 },
}

thread_local! {
    static TIME: Cell<Time> = const { Cell::new(Time::Still(DateTime::UNIX_EPOCH)) };
}

pub(crate) fn now() -> DateTime<Utc> {
    match TIME.get() {
        Time::Still(at) => at,
        Time::Running { from, since, speed } => from + TimeDelta::from_std(since.elapsed()).unwrap_or_default() * speed,
    }
}

pub(crate) fn set(at: DateTime<Utc>) {
    TIME.set(Time::Still(at));
}

pub(crate) fn pass(time: TimeDelta) {
    set(now() + time);
}

/// Lets time run so many times faster from here on.
#[allow(dead_code, reason = "not everyone who simulates lets time run")]
pub(crate) fn run(speed: i32) {
    TIME.set(Time::Running { from: now(), since: Instant::now(), speed });
}

//! The dispatcher through its Lambda entry: an embedded table, and a bus that fails as the real one does.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod bus;
mod delivery;
mod due;
mod lanes;
mod model;
mod own;
mod plan;
mod schedule;
mod support;
mod watch;

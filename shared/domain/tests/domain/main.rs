//! The rules: what a reading changes, what may be said of a page, and the words for it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod acknowledgement;
mod diff;
mod merge;
mod model;
mod names;
mod pace;
mod region;
mod settle;
mod since;
mod state;
mod support;
mod uptime;

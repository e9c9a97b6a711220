//! The test internet, asked over a socket as a fetcher asks it.
//!
//! Deliberately absent: whether the product reads its pages right. `functions/local/tests/internet.rs` has that.
#![allow(clippy::unwrap_used, reason = "tests")]

mod documents;
mod faults;
mod support;
mod truth;

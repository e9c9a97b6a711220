//! The API through its front door: gateway events in, gateway answers out, on the embedded engine.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod capacity;
mod delivery;
mod endpoints;
mod incidents;
mod nonsense;
mod own;
mod regressions;
mod support;

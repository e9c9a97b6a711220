//! The API through its front door: gateway events in, gateway answers out, on the embedded engine.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod capacity;
mod delivery;
mod endpoints;
mod incidents;
mod nonsense;
mod now;
mod openapi;
mod original;
mod own;
mod past;
mod regressions;
mod stack;
mod support;
mod walk;

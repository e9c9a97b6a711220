//! The web fetcher through its front door, against servers on the loopback interface.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test itself")]

mod addresses;
mod bodies;
mod bombs;
mod breakers;
mod conditions;
mod configuration;
mod failures;
mod politeness;
mod redirects;
mod robots;
mod server;
mod vectors;

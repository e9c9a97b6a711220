//! The store against the embedded engine: every access path, what newer and older observations do, and what it costs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod capacity;
mod dispatch;
mod history;
mod hostile;
mod items;
mod live;
mod open;
mod patience;
mod schema;
mod spoiled;
mod state;
mod states;
mod stream;
mod support;
mod timeline;

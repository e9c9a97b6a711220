//! The pages as a browser gets them, over the gateway's JSON, with a table behind them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod capacity;
mod delivery;
mod directory;
mod history;
mod hostile;
mod nonsense;
mod page;
mod stack;
mod support;

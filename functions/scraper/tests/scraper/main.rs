//! The scraper through its Lambda entry: recorded pages in, an embedded table behind it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod announced;
mod changes;
mod documents;
mod entry;
mod history;
mod isolation;
mod oddities;
mod silence;
mod steady;
mod support;
mod unreadable;

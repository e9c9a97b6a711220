//! The publisher through its Lambda entry: the stream of an embedded table in, a bus that only listens behind it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod announcements;
mod backfill;
mod entry;
mod live;
mod support;

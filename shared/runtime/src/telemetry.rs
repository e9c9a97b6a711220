//! Logging as JSON lines.
//!
//! Deliberately absent: filters by module. One level is what a deployment sets, and rules for more cost a start its time.
//! TRACE: a release is built without it, and without what libraries say over `log`, for the sake of its size.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Events of this target are measurements: at INFO they are logged whatever `LOG_LEVEL` says.
pub const METRICS: &str = "statusphere::metrics";

/// Starts logging on standard output, one JSON object an event with the spans that it happened in, from `LOG_LEVEL` on (default `info`).
pub fn telemetry() -> anyhow::Result<()> {
    let level = crate::parsed("LOG_LEVEL", LevelFilter::INFO)?;
    let wanted = Targets::new().with_default(level).with_target(METRICS, level.max(LevelFilter::INFO));
    // All spans, as a line of a library's has its own innermost: what was asked for is known by the outer ones.
    let lines =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(true);
    tracing_subscriber::registry().with(wanted).with(lines).try_init()?;
    Ok(())
}

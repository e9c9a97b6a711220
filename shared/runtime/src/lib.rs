//! What every function does first: read its configuration, start telemetry, set up AWS access, open its connection.
//!
//! Deliberately absent: defaults that hide a broken deployment. A variable that is required and missing ends the start.

mod aws;
mod roots;
mod telemetry;

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context as _, bail};

pub use aws::{Access, Patience, aws, emulator};
pub use telemetry::{METRICS, telemetry};

/// How long a first call may take: AWS begins a start anew that is not done after 10 s.
const FIRST_CALL: Duration = Duration::from_secs(5);

/// A variable of the environment; `None` when it is missing or empty.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub fn optional(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A variable of the environment that must be there.
pub fn required(name: &str) -> anyhow::Result<String> {
    optional(name).with_context(|| format!("the environment variable {name} is missing"))
}

/// A variable of the environment read as a number or the like, or `default` when it is missing.
pub fn parsed<T: FromStr>(name: &str, default: T) -> anyhow::Result<T> {
    let Some(text) = optional(name) else { return Ok(default) };
    match text.parse() {
        Ok(value) => Ok(value),
        Err(_) => bail!("the environment variable {name} can't be read: `{text}`"),
    }
}

/// Makes a first, cheap call while the function starts, since then it has a whole processor: the connection and its TLS
/// handshake are there when the first event comes. A failure is logged; the first event shows whether it lasts.
pub async fn warm<T, E: Display>(call: impl Future<Output = Result<T, E>>) {
    match tokio::time::timeout(FIRST_CALL, call).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::warn!(%error, "The first call failed."),
        Err(_) => tracing::warn!("The first call did not end in time."),
    }
}

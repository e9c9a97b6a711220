//! What every function does first: read its configuration, start telemetry, set up AWS access.
//!
//! Deliberately absent: defaults that hide a broken deployment. A variable that is required and missing ends the start.

use std::str::FromStr;

use anyhow::{Context as _, bail};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::{SdkConfig, region::Region};

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

/// Starts logging as JSON lines on standard output, one object an event, filtered by `LOG_LEVEL` (default `info`).
pub fn telemetry() {
    let level = optional("LOG_LEVEL").unwrap_or_else(|| "info".to_owned()).to_lowercase();
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(tracing_subscriber::EnvFilter::new(level))
        .init();
}

/// AWS access from the function's own environment: no profile, no metadata service, no chain to walk.
pub fn aws() -> anyhow::Result<SdkConfig> {
    let credentials = Credentials::new(
        required("AWS_ACCESS_KEY_ID")?,
        required("AWS_SECRET_ACCESS_KEY")?,
        optional("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    Ok(sdk_config(Region::new(required("AWS_REGION")?), credentials, optional("AWS_ENDPOINT_URL")))
}

/// Access to emulators on this machine, with credentials that no one checks.
pub fn emulator(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new("local", "local", None, None, "emulator");
    sdk_config(Region::new("local"), credentials, Some(endpoint.to_owned()))
}

fn sdk_config(region: Region, credentials: Credentials, endpoint: Option<String>) -> SdkConfig {
    let plain = endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://"));
    let http = if plain {
        Builder::new().build_http()
    } else {
        Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)).build_https()
    };
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .sleep_impl(TokioSleep::new())
        .http_client(http);
    config.set_endpoint_url(endpoint);
    config.build()
}

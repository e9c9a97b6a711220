//! What an owner can set of the web fetcher, and why a setting is refused.
//!
//! Deliberately absent: the environment. Whoever builds a fetcher reads it.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What one request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For everything together: names, connections, redirects, robots.txt, the body. Waiting for another request to the
    /// same host does not count.
    pub deadline: Duration,
    /// Of the decompressed body.
    pub max_bytes: usize,
    /// Followed in a row.
    pub max_redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(15), max_bytes: 4 * 1024 * 1024, max_redirects: 5 }
    }
}

/// How to fetch from the web. Nothing is taken from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the owner of a page finds out who asks: the User-Agent is `Statusphere/<version> (+<contact>)`.
    pub contact: String,
    /// What one request may cost.
    pub limits: Limits,
    /// For tests and for self-hosters: `host` (any port) or `host:port`, which may be inside a network and on any port.
    pub allowed_hosts: Vec<String>,
    /// The address of an HTTP proxy. It resolves the names instead of us, so it must refuse inner ones itself.
    pub proxy: Option<String>,
    /// What time it is, for `Retry-After`, circuit breakers and the age of robots.txt. Deadlines do not ask it.
    pub clock: fn() -> DateTime<Utc>,
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Empty, or not fit for a header.
    #[error("`{0}` is no contact address: give one web or mail address in plain letters")]
    Contact(String),
    /// Neither of the two forms.
    #[error("`{0}` is no host: give `host` or `host:port`")]
    AllowedHost(String),
    /// Not an address of a proxy.
    #[error("`{0}` is no address of an HTTP proxy: give `http://host:port`")]
    Proxy(String),
    /// TLS or the client can't be set up.
    #[error("the HTTP client can't be set up: {0}")]
    Client(String),
}

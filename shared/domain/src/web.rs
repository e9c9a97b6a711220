//! Plain shapes of what the web answered, shared by the one crate that fetches and the one that reads.
//!
//! Deliberately absent: an HTTP client.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An answer with any HTTP status that carries a document: 200 to 299.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The address that answered, after redirects.
    pub url: String,
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// The decompressed body.
    pub body: Vec<u8>,
}

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchError {
    /// What the caller branches on.
    pub kind: FetchErrorKind,
    /// For people: "HTTP 503", "connection refused".
    pub detail: String,
    /// How long the host asked us to stay away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<Duration>,
}

/// The kinds of failure that are treated differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchErrorKind {
    /// 404, and any other 4xx that says "not this".
    NotFound,
    /// 410: it was there and is gone for good.
    Gone,
    /// 401, 403, 451, or an address that we refuse to open.
    Denied,
    /// 429, or 503 with `Retry-After`.
    Throttled,
    /// The total deadline ran out.
    TimedOut,
    /// No connection, a broken one, or a 5xx.
    Unreachable,
    /// The body is larger than the cap, or does not decompress.
    Unusable,
}

impl FetchErrorKind {
    /// True when another document of the same host may still answer.
    pub fn host_is_up(self) -> bool {
        matches!(self, Self::NotFound | Self::Gone | Self::Denied | Self::Unusable)
    }
}

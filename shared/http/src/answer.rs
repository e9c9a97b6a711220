//! An answer, with the headers that follow from what it is.
//!
//! Deliberately absent: how it is brought to whoever asked (`delivery`).

use lambda_http::http::{
    HeaderValue, StatusCode,
    header::{self, HeaderName},
};

/// What may be asked with, as headers say it.
pub const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// What a request is answered with.
#[derive(Debug)]
pub struct Answer {
    pub(crate) status: StatusCode,
    /// Text, as it is before any compression.
    pub(crate) body: String,
    /// A `Vary` among them is joined with that of the delivery.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// How long an answer may be kept by whoever asked, and as long again by a cache that is fetching the next one.
///
/// The second part spares callers the wait, and keeps a cache from sending all of them here when an answer runs out. Both
/// parts stay as short as this since nobody can tell an answer of a cache from a fresh one: "all is well" that is
/// minutes old is wrong just when it is asked for.
#[derive(Debug, Clone, Copy)]
pub enum MaxAge {
    /// 30 seconds, a minute at most: about one page.
    Page,
    /// 60 seconds, two minutes at most: about all pages; the snapshot behind it is re-read every minute.
    List,
    /// 5 minutes: what changes with a release.
    Release,
    /// A year: what has another address when it changes.
    Forever,
}

impl MaxAge {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Page => "public, max-age=30, stale-while-revalidate=30",
            Self::List => "public, max-age=60, stale-while-revalidate=60",
            Self::Release => "public, max-age=300, stale-while-revalidate=300",
            Self::Forever => "public, max-age=31536000, immutable",
        })
    }
}

impl Answer {
    /// An answer of this type with status 200, which search engines may read.
    pub fn new(content_type: &'static str, body: String, max_age: MaxAge) -> Self {
        Self { status: StatusCode::OK, body, headers: Vec::new() }
            .with(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
            .with(header::CACHE_CONTROL, max_age.header())
    }

    /// One with another status, which nobody may keep.
    pub fn refusal(status: StatusCode, content_type: &'static str, body: String) -> Self {
        Self { status, body, headers: Vec::new() }
            .with(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
            .with(header::CACHE_CONTROL, NO_STORE)
            .unindexed()
    }

    /// What is asked for stands at another address, until further notice.
    pub fn see(address: &str) -> Self {
        let found = Self { status: StatusCode::SEE_OTHER, body: String::new(), headers: Vec::new() };
        match HeaderValue::try_from(address) {
            Ok(address) => found.with(header::LOCATION, address).with(header::CACHE_CONTROL, NO_STORE),
            Err(_) => Self { status: StatusCode::NOT_FOUND, ..found },
        }
    }

    /// The answer to a browser that asks whether it may ask.
    pub fn preflight() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: String::new(), headers: Vec::new() }
            .with(header::ALLOW, METHODS)
            .with(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS)
            .with(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"))
            .with(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"))
            .with(header::CACHE_CONTROL, NO_STORE)
            .unindexed()
    }

    /// The same with one header more.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same, kept out of search engines.
    #[must_use]
    pub fn unindexed(self) -> Self {
        self.with(X_ROBOTS_TAG, HeaderValue::from_static("noindex"))
    }
}

//! Answers and problems, with the headers that follow from what they are.
//!
//! Deliberately absent: what an endpoint says, and how an answer is brought to whoever asked (`delivery`).

use lambda_http::http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{self, HeaderName},
};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::problem::Problem;

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

/// What one endpoint answers.
#[derive(Debug)]
pub(crate) struct Answer {
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
pub(crate) enum MaxAge {
    /// 30 seconds, a minute at most: about one page.
    Page,
    /// 60 seconds, two minutes at most: about all pages; the snapshot behind it is re-read every minute.
    List,
    /// 5 minutes: what changes with a release.
    Release,
}

impl MaxAge {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Page => "public, max-age=30, stale-while-revalidate=30",
            Self::List => "public, max-age=60, stale-while-revalidate=60",
            Self::Release => "public, max-age=300, stale-while-revalidate=300",
        })
    }
}

impl Answer {
    /// A JSON answer with status 200.
    pub(crate) fn json(value: &impl Serialize, max_age: MaxAge) -> Result<Self, Problem> {
        let body = serde_json::to_string(value).map_err(|error| Problem::unwritable(&error))?;
        Ok(Self::with_json(StatusCode::OK, body, max_age.header()))
    }

    /// An XML answer with status 200 that search engines may read.
    pub(crate) fn xml(body: String) -> Self {
        let headers = vec![
            (header::CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8")),
            (header::CACHE_CONTROL, MaxAge::List.header()),
        ];
        Self { status: StatusCode::OK, body, headers }
    }

    /// Plain text with status 200, for a caller that named it in `Accept`.
    pub(crate) fn text(body: String, max_age: MaxAge) -> Self {
        Self::of("text/plain; charset=utf-8", body, max_age).varying_by_accept()
    }

    /// An answer of this type with status 200.
    pub(crate) fn of(content_type: &'static str, body: String, max_age: MaxAge) -> Self {
        let headers = vec![
            (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (header::CACHE_CONTROL, max_age.header()),
            (X_ROBOTS_TAG, HeaderValue::from_static("noindex")),
        ];
        Self { status: StatusCode::OK, body, headers }
    }

    /// A page for people, which may load what this policy says.
    pub(crate) fn html(body: String, policy: &str) -> Self {
        let mut answer = Self::of("text/html; charset=utf-8", body, MaxAge::Release);
        if let Ok(policy) = HeaderValue::try_from(policy) {
            answer.headers.push((header::CONTENT_SECURITY_POLICY, policy));
        }
        answer
    }

    /// Tells caches that another `Accept` may get another answer.
    pub(crate) fn varying_by_accept(mut self) -> Self {
        self.headers.push((header::VARY, HeaderValue::from_static("accept")));
        self
    }

    /// The answer to a browser that asks whether it may ask.
    pub(crate) fn preflight() -> Self {
        let headers = vec![
            (header::ALLOW, METHODS),
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*")),
            (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (X_ROBOTS_TAG, HeaderValue::from_static("noindex")),
        ];
        Self { status: StatusCode::NO_CONTENT, body: String::new(), headers }
    }

    fn with_json(status: StatusCode, body: String, cache: HeaderValue) -> Self {
        let headers = vec![
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8")),
            (header::CACHE_CONTROL, cache),
            (X_ROBOTS_TAG, HeaderValue::from_static("noindex")),
        ];
        Self { status, body, headers }
    }
}

/// True when the caller names plain text, and JSON no higher.
pub(crate) fn prefers_text(headers: &HeaderMap) -> bool {
    let accepts = |wanted: &str| {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let mut ranges = values.flat_map(|value| value.split(',')).map(|range| range.split(';').map(str::trim));
        ranges.find_map(|mut range| {
            let named = range.next().is_some_and(|range| range.eq_ignore_ascii_case(wanted));
            let weight = || range.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            named.then(weight)
        })
    };
    let text = accepts("text/plain").unwrap_or(0.0);
    text > 0.0 && text >= accepts("application/json").unwrap_or(0.0)
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        let status = problem.code.status();
        let mut answer = Self::with_json(status, problem.to_json(), HeaderValue::from_static("no-store"));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            answer.headers.push((header::ALLOW, METHODS));
        }
        answer
    }
}

/// Bytes of a list on their way to the gateway, at most. Lambda refuses answers above 6 MB.
const LARGEST: usize = 5_000_000;

/// A JSON list that ends before its answer would be too large to be sent.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct List {
    rows: Vec<Box<RawValue>>,
    #[serde(skip)]
    bytes: usize,
}

impl List {
    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a row; false when there is no room for it.
    pub(crate) fn push(&mut self, row: &impl Serialize) -> Result<bool, Problem> {
        let row = serde_json::value::to_raw_value(row).map_err(|error| Problem::unwritable(&error))?;
        let bytes = bytes_in_transit(row.get());
        if self.bytes + bytes > LARGEST {
            return Ok(false);
        }
        self.bytes += bytes;
        self.rows.push(row);
        Ok(true)
    }
}

/// Size of a piece of JSON inside the JSON that Lambda hands to the gateway, where quotes and backslashes are escaped
/// once more.
pub(crate) fn bytes_in_transit(json: &str) -> usize {
    json.len() + 1 + json.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count()
}

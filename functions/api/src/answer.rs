//! Answers and problems, with the headers that follow from what they are.
//!
//! Deliberately absent: what an endpoint says, and how an answer is brought to whoever asked (`delivery`).

use lambda_http::http::{
    HeaderValue, StatusCode,
    header::{self, HeaderName},
};
use serde::Serialize;
use serde_json::{json, value::RawValue};
use statusphere_domain::PageId;
use statusphere_store::StoreError;

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
}

impl MaxAge {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Page => "public, max-age=30, stale-while-revalidate=30",
            Self::List => "public, max-age=60, stale-while-revalidate=60",
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

/// Why a request has no answer; becomes `{"error": "..."}`.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    text: String,
}

impl Problem {
    /// A problem with this status and text.
    pub(crate) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }

    /// The caller asked for something that can't be.
    pub(crate) fn bad_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    /// The table failed, which the caller could not help: logged here, once. `what` was wanted.
    pub(crate) fn store(what: &str, page: &PageId, error: &StoreError) -> Self {
        tracing::error!(page.id = %page, error = %error, "failed to get {what} from database");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, format!("failed to get {what} from database"))
    }

    fn unwritable(error: &serde_json::Error) -> Self {
        tracing::error!(error = %error, "failed to write an answer");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed to write the answer")
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        let body = json!({ "error": problem.text }).to_string();
        let mut answer = Self::with_json(problem.status, body, HeaderValue::from_static("no-store"));
        if problem.status == StatusCode::METHOD_NOT_ALLOWED {
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

//! Answers and problems, and the headers that every one of them carries.
//!
//! Deliberately absent: what an endpoint says.

use lambda_http::{
    Body, Response,
    http::{
        HeaderValue, StatusCode,
        header::{self, HeaderName},
    },
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
    status: StatusCode,
    body: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// How long an answer may be kept by whoever asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MaxAge {
    /// 30 seconds: about one page.
    Page,
    /// 60 seconds: about all pages; the snapshot behind it is re-read as often.
    List,
}

impl MaxAge {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Page => "public, max-age=30",
            Self::List => "public, max-age=60",
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

    /// The HTTP response; `head` leaves the body out.
    pub(crate) fn into_response(self, head: bool) -> Response<Body> {
        let body = if head || self.body.is_empty() { Body::Empty } else { Body::Text(self.body) };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        response.headers_mut().extend(self.headers);
        response
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

//! Answers of the API as JSON, text and XML; problems; and lists that end before they are too large to be sent.
//!
//! Deliberately absent: what an endpoint says.

use lambda_http::http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{self},
};
use serde::Serialize;
use serde_json::value::RawValue;
use statusphere_http::{Answer, METHODS, MaxAge};

use crate::problem::Problem;

const JSON: &str = "application/json; charset=utf-8";

/// A JSON answer with status 200.
pub(crate) fn json(value: &impl Serialize, max_age: MaxAge) -> Result<Answer, Problem> {
    let body = serde_json::to_string(value).map_err(|error| Problem::unwritable(&error))?;
    Ok(Answer::new(JSON, body, max_age).unindexed())
}

/// Tells caches that another `Accept` may get another answer.
pub(crate) fn varying_by_accept(answer: Answer) -> Answer {
    answer.with(header::VARY, HeaderValue::from_static("accept"))
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
        let answer = Self::refusal(status, JSON, problem.to_json());
        if status == StatusCode::METHOD_NOT_ALLOWED { answer.with(header::ALLOW, METHODS) } else { answer }
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

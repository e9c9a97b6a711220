//! What an HTTP status means to whoever wanted a document: the same for the web and for recordings.
//!
//! Deliberately absent: bodies, and failures without a status.

use std::time::Duration;

use chrono::{DateTime, Utc};
use statusphere_domain::{FetchError, FetchErrorKind};

/// A host may ask us to stay away for this long at most; longer ones are cut.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// What to do with an answer that is no failure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict<'a> {
    /// Its body is the document.
    Document,
    /// Ask there instead.
    Redirect(&'a str),
}

/// Judges an answer by its status, `Location` and `Retry-After`.
pub(crate) fn judge<'a>(
    status: u16,
    location: Option<&'a str>,
    retry_after: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Verdict<'a>, FetchError> {
    let pause = retry_after.and_then(|value| pause(value, now));
    let kind = match (status, location) {
        (200..=299, _) => return Ok(Verdict::Document),
        (301 | 302 | 303 | 307 | 308, Some(location)) => return Ok(Verdict::Redirect(location)),
        (410, _) => FetchErrorKind::Gone,
        (401 | 403 | 407 | 451, _) => FetchErrorKind::Denied,
        (429, _) => FetchErrorKind::Throttled,
        (503, _) if pause.is_some() => FetchErrorKind::Throttled,
        (400..=499, _) => FetchErrorKind::NotFound,
        (300..=399, _) => FetchErrorKind::Unusable,
        _ => FetchErrorKind::Unreachable,
    };
    Err(FetchError { kind, detail: format!("HTTP {status}"), retry_after: pause })
}

/// The failure after the last redirect that is followed.
pub(crate) fn too_many_redirects(limit: usize) -> FetchError {
    FetchError {
        kind: FetchErrorKind::Unusable,
        detail: format!("redirects more than {limit} times"),
        retry_after: None,
    }
}

/// Reads `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3). `None` when it is neither.
fn pause(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    let pause = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds still mean "for long".
        value.parse().map_or(LONGEST_PAUSE, Duration::from_secs)
    } else {
        (DateTime::from(httpdate::parse_http_date(value).ok()?) - now).to_std().unwrap_or_default()
    };
    Some(pause.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FetchErrorKind::{Denied, Gone, NotFound, Throttled, Unreachable, Unusable};

    fn now() -> DateTime<Utc> {
        "2033-11-06T08:49:37Z".parse().unwrap()
    }

    fn failure(status: u16, retry_after: Option<&str>) -> FetchError {
        judge(status, None, retry_after, now()).unwrap_err()
    }

    #[test]
    fn every_status_has_its_kind() {
        for (status, kind) in [
            (300, Unusable),
            (302, Unusable),
            (304, Unusable),
            (400, NotFound),
            (401, Denied),
            (403, Denied),
            (404, NotFound),
            (405, NotFound),
            (407, Denied),
            (410, Gone),
            (418, NotFound),
            (429, Throttled),
            (451, Denied),
            (500, Unreachable),
            (503, Unreachable),
            (522, Unreachable),
            (999, Unreachable),
        ] {
            let error = failure(status, None);
            assert_eq!((error.kind, error.detail), (kind, format!("HTTP {status}")));
        }
        for status in [200, 204, 206, 299] {
            assert_eq!(judge(status, None, None, now()), Ok(Verdict::Document));
        }
        for status in [301, 302, 303, 307, 308] {
            assert_eq!(judge(status, Some("/there"), None, now()), Ok(Verdict::Redirect("/there")));
        }
    }

    #[test]
    fn retry_after_is_read_in_both_forms_and_cut_at_a_day() {
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("86401", Some(86_400)),
            ("99999999999999999999999", Some(86_400)),
            ("Sun, 06 Nov 2033 08:50:37 GMT", Some(60)),
            ("Sunday, 06-Nov-33 08:50:37 GMT", Some(60)),
            ("Sun Nov  6 08:50:37 2033", Some(60)),
            ("Sun, 06 Nov 2033 08:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 2044 08:00:00 GMT", Some(86_400)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(failure(429, Some(value)).retry_after, seconds.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn a_503_is_a_throttle_only_when_it_says_until_when() {
        assert_eq!(failure(503, Some("30")).kind, Throttled);
        assert_eq!(failure(503, Some("soon")).kind, Unreachable);
        assert_eq!(failure(502, Some("30")).kind, Unreachable);
        assert_eq!(failure(502, Some("30")).retry_after, Some(Duration::from_secs(30)));
    }
}

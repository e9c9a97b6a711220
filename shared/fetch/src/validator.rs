//! What marks a version of a document: taken from one answer, sent with the next question.
//!
//! Deliberately absent: comparing. The host does that, and says 304.

use reqwest::header::{
    DATE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};

/// It is kept with every page: longer ones are treated as absent.
const LONGEST: usize = 100;

/// The header that asks whether the document changed; `None` when the text marks nothing that can be sent.
pub(crate) fn condition(validator: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = if is_etag(validator) {
        IF_NONE_MATCH
    } else if is_date(validator) {
        IF_MODIFIED_SINCE
    } else {
        return None;
    };
    Some((name, HeaderValue::from_str(validator).ok()?))
}

/// What marks the version that came with these headers: an `ETag`, else `Last-Modified`.
pub(crate) fn of(headers: &HeaderMap) -> Option<String> {
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let etag = header(ETAG).filter(|etag| is_etag(etag));
    // Of a document changed in the very second it was sent, a second change in that second would go unseen.
    let date = || header(LAST_MODIFIED).filter(|date| is_date(date) && Some(*date) != header(DATE));
    etag.or_else(date).map(str::to_owned)
}

fn is_etag(text: &str) -> bool {
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    text.len() <= LONGEST && inner.is_some_and(|tag| tag.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'))
}

fn is_date(text: &str) -> bool {
    text.len() <= LONGEST && httpdate::parse_http_date(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "Sun, 06 Nov 2033 08:49:37 GMT";

    #[test]
    fn a_validator_says_itself_which_header_it_belongs_to() {
        let longest = format!("\"{}\"", "a".repeat(98));
        for (validator, header) in [
            ("\"calm\"", Some(IF_NONE_MATCH)),
            ("W/\"calm-1\"", Some(IF_NONE_MATCH)),
            ("\"\"", Some(IF_NONE_MATCH)),
            (longest.as_str(), Some(IF_NONE_MATCH)),
            (DAY, Some(IF_MODIFIED_SINCE)),
            ("calm", None),
            ("\"calm", None),
            ("\"", None),
            ("W/", None),
            ("*", None),
            ("", None),
            ("\"a\", \"b\"", None),
            ("\"a\r\nhost: b\"", None),
            ("\"\u{fc}\"", None),
            (&format!("\"{}\"", "a".repeat(99)), None),
            (&format!("{}{DAY}", " ".repeat(99)), None),
        ] {
            assert_eq!(condition(validator).map(|(name, _)| name), header, "{validator}");
        }
    }

    #[test]
    fn an_etag_comes_before_a_date_and_a_useless_one_does_not() {
        let of = |pairs: &[(HeaderName, &[u8])]| {
            let pairs = pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_bytes(value).unwrap()));
            of(&pairs.collect::<HeaderMap>())
        };
        let modified = (LAST_MODIFIED, DAY.as_bytes());
        assert_eq!(of(&[modified.clone(), (ETAG, b"\"a\"")]).as_deref(), Some("\"a\""));
        assert_eq!(of(&[modified.clone(), (ETAG, b"a")]).as_deref(), Some(DAY));
        assert_eq!(of(&[modified.clone(), (ETAG, b"\"\xfc\"")]).as_deref(), Some(DAY));
        assert_eq!(of(&[modified.clone(), (DATE, DAY.as_bytes())]), None);
        assert_eq!(of(&[modified, (DATE, b"Sun, 06 Nov 2033 08:49:38 GMT")]).as_deref(), Some(DAY));
        assert_eq!(of(&[(LAST_MODIFIED, b"yesterday")]), None);
        assert_eq!(of(&[]), None);
    }
}

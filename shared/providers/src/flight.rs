//! The data that Next.js sends along in a page: chunks of a "flight" stream, pushed by inline scripts.
//!
//! Deliberately absent: the stream's own grammar and its references. A value that is only referred to counts as absent.
//! No DOM and no backtracking: the time is linear in the page, whatever it holds.

use serde_json::{Deserializer, Value};

use crate::html;

const PUSH: &str = "self.__next_f.push([1,";
/// Values that start like ours and are none, at most, before the rest is given up.
const MAX_FALSE_STARTS: usize = 4;

/// The page's data: all chunks of a page's HTML, joined. Empty when it has none.
pub(crate) fn joined(html: &str) -> String {
    let mut joined = String::new();
    let mut rest = html;
    while let Some(start) = rest.find(PUSH) {
        rest = &rest[start + PUSH.len()..];
        let mut strings = Deserializer::from_str(rest).into_iter::<String>();
        if let Some(Ok(chunk)) = strings.next() {
            joined.push_str(&chunk);
            rest = rest.get(strings.byte_offset()..).unwrap_or_default();
        }
    }
    joined
}

/// Every value that stands behind `"key":` and begins with `opening` (`{` or `[`), in the order of the page, with
/// references and the placeholder for "undefined" turned into `null`. Values inside of another one are not repeated.
pub(crate) fn values(data: &str, key: &str, opening: char) -> Vec<Value> {
    let marker = format!("\"{key}\":{opening}");
    let mut found = Vec::new();
    if !html::is_bearable(data) {
        return found;
    }
    let mut false_starts = 0;
    let mut rest = data;
    while let Some(start) = rest.find(&marker) {
        rest = &rest[start + marker.len() - opening.len_utf8()..];
        let mut values = Deserializer::from_str(rest).into_iter::<Value>();
        if let Some(Ok(value)) = values.next() {
            found.push(resolved(value));
            rest = rest.get(values.byte_offset()..).unwrap_or_default();
        } else {
            false_starts += 1;
            if false_starts > MAX_FALSE_STARTS {
                break;
            }
            rest = &rest[opening.len_utf8()..];
        }
    }
    found
}

/// Text that begins with a dollar sign is a reference; one that really begins with it has it doubled.
fn resolved(value: Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('$') {
            Some(real) if real.starts_with('$') => Value::String(real.to_owned()),
            Some(_) => Value::Null,
            None => Value::String(text),
        },
        Value::Array(values) => Value::Array(values.into_iter().map(resolved).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(key, value)| (key, resolved(value))).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_found_across_chunks() {
        let html = r#"<script>self.__next_f.push([1,"1:{\"other\":{\"a\":1},\"li"])</script><p>
            <script>self.__next_f.push([1,"nks\":[\"$undefined\",\"$1a\",\"$$5\",{\"n\":\"a\u003cb\"}]}\n"])</script>"#;
        let data = joined(html);
        assert_eq!(values(&data, "links", '['), [json!([null, null, "$5", {"n": "a<b"}])]);
        assert_eq!(values(&data, "links", '{'), Vec::<Value>::new());
    }

    #[test]
    fn what_is_cut_off_is_no_value() {
        assert_eq!(joined(r#"self.__next_f.push([1,"abc"#), "");
        assert_eq!(values(r#""links":[1,2"#, "links", '['), Vec::<Value>::new());
        assert_eq!(values(r#""links":[1,2 "links":[3]"#, "links", '['), [json!([3])]);
    }

    #[test]
    fn hostile_pages_cost_no_more_than_their_length() {
        let hostile = [
            PUSH.repeat(100_000),
            format!("{PUSH}\"").repeat(100_000),
            format!("{PUSH}\"\\u00").repeat(100_000),
            format!("{PUSH}{}", "\"a\":".repeat(400_000)),
        ];
        for html in hostile {
            let started = Instant::now();
            joined(&html);
            assert!(started.elapsed().as_secs() < 5, "{} took {:?}", &html[..40], started.elapsed());
        }
        for data in [r#""s":{"#.repeat(400_000), r#""s":{"a":["#.repeat(200_000), r#""s":{"a":"x","#.repeat(200_000)] {
            let started = Instant::now();
            assert_eq!(values(&data, "s", '{').len(), 0);
            assert!(started.elapsed().as_secs() < 5, "{} took {:?}", &data[..10], started.elapsed());
        }
    }
}

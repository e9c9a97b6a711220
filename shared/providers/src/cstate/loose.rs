//! Makes JSON of a document whose template does not escape what it writes.
//!
//! Deliberately absent: a JSON parser. The template writes one text field a line, and that is all that is used.

use std::fmt::Write;

/// The document with the quotes and backslashes inside of each line's text escaped, and without commas that end a list.
pub(super) fn escaped(document: &str) -> String {
    let mut out = String::with_capacity(document.len() + 64);
    let mut lines = document.lines().filter(|line| !line.trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        let line = line.trim();
        let ends_list = lines.peek().is_some_and(|next| next.trim_start().starts_with([']', '}']));
        let (line, comma) = match line.strip_suffix(',') {
            Some(line) => (line.trim_end(), if ends_list { "" } else { "," }),
            None => (line, ""),
        };
        match text_field(line) {
            Some((key, text)) if !is_json(line) => {
                let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                let _ = write!(out, "\"{key}\": \"{text}\"");
            }
            _ => out.push_str(line),
        }
        out.push_str(comma);
        out.push('\n');
    }
    out
}

/// Key and text of a line of the form `"key": "text"`.
fn text_field(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_prefix('"')?.split_once("\":")?;
    let text = value.trim_start().strip_prefix('"')?.strip_suffix('"')?;
    key.bytes().all(|b| b.is_ascii_alphanumeric()).then_some((key, text))
}

fn is_json(line: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(&format!("{{{line}}}")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_a_text_are_escaped_and_the_rest_stays() {
        let document = "{\n  \"is\": \"index\",\n  \"title\": \"The \"big\" \\one\\\",\n  \"a\\\"b\": \"kept \\u00e9\", \n\n  \
                        \"affected\": [\"API\", \"Web\"],\n  \"pages\": [\n  ],\n}\n";
        let read: serde_json::Value = serde_json::from_str(&escaped(document)).unwrap();
        assert_eq!(read["title"], "The \"big\" \\one\\");
        assert_eq!(read["affected"][1], "Web");
        assert_eq!(read["a\"b"], "kept é");
        assert_eq!(read["pages"], serde_json::json!([]));
    }
}

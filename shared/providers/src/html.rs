//! Turns the bytes of other people's pages into text, JSON and bounded documents.
//!
//! Deliberately absent: what any platform's markup means. Every function is linear in its input and never panics.

mod nesting;
mod weight;

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use statusphere_domain::Response;

pub(crate) use weight::is_bearable;

/// Documents beyond this are not parsed; the largest real status pages have half a megabyte.
const MAX_DOCUMENT: usize = 2 << 20;

/// Text inside of one element, each node of it counted with a few bytes.
const MAX_TEXT: usize = 32 << 10;

/// Readable plain text of an HTML fragment: tags dropped, blocks and `<br>` become line breaks, entities decoded,
/// whitespace folded.
pub(crate) fn text(html: &str) -> String {
    let mut out = Folded { text: String::with_capacity(html.len()), gap: Gap::None };
    let mut rest = html;
    // A tag whose quotes never close would otherwise be searched to the end of the input again and again.
    let mut quotes = true;
    while let Some(open) = rest.find('<') {
        out.push(&html_escape::decode_html_entities(&rest[..open]));
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            out.push("<");
            rest = &rest[1..];
            continue;
        }
        let exact = if quotes { tag_end(rest) } else { None };
        quotes &= exact.is_some();
        let Some(end) = exact.or_else(|| rest.find('>')) else { break };
        let tag = rest[1..end].trim_start_matches('/');
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let closes = rest[1..].starts_with('/');
        rest = &rest[end + 1..];
        if BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)) {
            out.gap = Gap::Line;
        } else if !closes && (name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style")) {
            rest = rest.find("</").map_or("", |at| &rest[at..]);
        }
    }
    out.push(&html_escape::decode_html_entities(rest));
    out.text
}

/// Readable plain text inside of an element.
pub(crate) fn inner(element: scraper::ElementRef<'_>) -> String {
    text(&markup(element))
}

/// The markup inside of an element. Elements stand in each other, and each may be asked for what it holds: one with more
/// than any update has tells nothing.
pub(crate) fn markup(element: scraper::ElementRef<'_>) -> String {
    let mut room = MAX_TEXT;
    for node in element.descendants() {
        let size = 16 + node.value().as_text().map_or(0, |text| text.len());
        let Some(left) = room.checked_sub(size) else { return String::new() };
        room = left;
    }
    element.inner_html()
}

const BLOCKS: &[&str] = &[
    "br",
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "hr",
    "pre",
    "blockquote",
    "section",
    "article",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
];

/// Where the tag at the start of `html` ends, a `>` in quotes not counted.
fn tag_end(html: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
}

struct Folded {
    text: String,
    gap: Gap,
}

impl Folded {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.gap = self.gap.max(Gap::Space);
                continue;
            }
            match self.gap {
                _ if self.text.is_empty() => {}
                Gap::None => {}
                Gap::Space => self.text.push(' '),
                Gap::Line => self.text.push('\n'),
            }
            self.gap = Gap::None;
            self.text.push(c);
        }
    }
}

/// The value of an attribute as it is meant. The five entities that every program writes are by far the most common ones.
pub(crate) fn attribute(value: &str) -> String {
    const COMMON: [(&str, &str); 5] = [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'")];
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some((entity, character)) = COMMON.iter().find(|(entity, _)| rest.starts_with(entity)) else {
            // Up to the next one, which may be common again.
            let end = rest[1..].find('&').map_or(rest.len(), |next| next + 1);
            html_escape::decode_html_entities_to_string(&rest[..end], &mut out);
            rest = &rest[end..];
            continue;
        };
        out.push_str(character);
        rest = &rest[entity.len()..];
    }
    out + rest
}

/// The parsed document; `None` when it is too large, or nested so that parsing would not stay linear.
pub(crate) fn document(body: &[u8]) -> Option<scraper::Html> {
    if body.len() > MAX_DOCUMENT {
        return None;
    }
    let html = decode(body);
    nesting::is_bounded(&html).then(|| scraper::Html::parse_document(&html))
}

/// The text of a body: UTF-16 by its byte order mark, else UTF-8 with or without one; what is neither is replaced.
pub(crate) fn decode(body: &[u8]) -> Cow<'_, str> {
    match body {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes).into(),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes).into(),
        _ => utf8(body),
    }
}

/// The lossy way looks at each character, also where nothing is lost.
fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// True when an answer is a web page, by how it begins, or by its declared type where that is not plainly wrong: JSON and
/// feeds are served as HTML at times, and pages begin with anything.
pub(crate) fn is_html(response: &Response) -> bool {
    let declared = response.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let body = decode(&response.body[..response.body.len().min(1024)]).to_ascii_lowercase();
    let start = without_prolog(&body);
    let begins = |with: &[&str]| with.iter().any(|with| start.starts_with(with));
    begins(&["<!doctype html", "<html"])
        || declared.contains("html")
            && !begins(&["{", "[", "<rss", "<feed"])
            && (begins(&["<"]) || body.contains("<!doctype html") || body.contains("<html"))
}

/// A document from its first element or declaration on: without XML declaration, instructions and comments.
pub(crate) fn without_prolog(document: &str) -> &str {
    let mut rest = document.trim_start();
    loop {
        let after = if let Some(instruction) = rest.strip_prefix("<?") {
            instruction.split_once("?>")
        } else if let Some(comment) = rest.strip_prefix("<!--") {
            comment.split_once("-->")
        } else {
            return rest;
        };
        rest = after.map_or("", |(_, after)| after).trim_start();
    }
}

/// The JSON of an answer in the shape asked for, or a short reason why it is none.
pub(crate) fn json<T: DeserializeOwned>(response: &Response) -> Result<T, String> {
    let body = decode(&response.body);
    if !is_bearable(&body) {
        return Err("holds more values than a status page has".to_owned());
    }
    serde_json::from_str(body.trim()).map_err(|error| {
        if is_html(response) {
            "is HTML, not JSON".to_owned()
        } else if body.trim().is_empty() {
            "is empty".to_owned()
        } else if error.is_data() {
            format!("is JSON of another shape: {error}")
        } else {
            format!("is not JSON: {error}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(content_type: &str, body: &[u8]) -> Response {
        let url = "https://status.example.com/".to_owned();
        Response { url, status: 200, content_type: Some(content_type.to_owned()), body: body.to_vec() }
    }

    #[test]
    fn text_keeps_words_and_lines() {
        let html =
            "<p>Uploads&nbsp;are <b>slow</b> &amp; late.</p>\n<ul><li title=\"a > b\">EU<li>US</ul><br>3 < 4 &lt;b&gt;";
        assert_eq!(text(html), "Uploads are slow & late.\nEU\nUS\n3 < 4 <b>");
        assert_eq!(text("a<!-- <b>hidden -->b<script>var x = '<i>';</script>c<style>p {}</style>"), "abc");
        assert_eq!(text("latency <p99 & late <a href='x"), "latency <p99 & late <a href='x");
        assert_eq!(text(""), "");
    }

    #[test]
    fn attributes_are_unescaped_once() {
        assert_eq!(
            attribute("{&quot;a&quot;:&quot;&amp;lt; &eacute; &#x41;&#39;&bogus; & &quot;}&am"),
            "{\"a\":\"&lt; é A'&bogus; & \"}&am"
        );
    }

    #[test]
    fn text_is_linear() {
        for piece in ["<", "<a \">\" ", "<a '", "&", "&amp", "<!--", "<script>", "</", "<br", "&#x", "é<p>"] {
            let small = piece.repeat(400_000 / piece.len());
            let started = std::time::Instant::now();
            text(&small);
            assert!(started.elapsed().as_secs() < 2, "{piece:?} took {:?}", started.elapsed());
        }
    }

    #[test]
    fn every_encoding_is_decoded() {
        let word = "grün";
        let be: Vec<u8> = [0xFE, 0xFF].into_iter().chain(word.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let le: Vec<u8> = [0xFF, 0xFE].into_iter().chain(word.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for body in [be, le, word.as_bytes().to_vec(), [b"\xEF\xBB\xBF", word.as_bytes()].concat()] {
            assert_eq!(decode(&body), word);
        }
        assert_eq!(decode(b"gr\xFCn"), "gr\u{FFFD}n");
    }

    #[test]
    fn what_is_not_json_says_so() {
        let read = |body: &[u8]| json::<serde_json::Value>(&answer("application/json", body));
        assert_eq!(read(b"\xEF\xBB\xBF {\"a\": 1}").unwrap()["a"], 1);
        assert_eq!(read(b"<!DOCTYPE html><p>").unwrap_err(), "is HTML, not JSON");
        assert_eq!(read(b" ").unwrap_err(), "is empty");
        assert!(read(b"{\"a\":").unwrap_err().starts_with("is not JSON"));
        assert!(is_html(&answer("text/html; charset=utf-8", b"\n<div>")));
        assert!(!is_html(&answer("text/html", b"{}")));
        assert!(is_html(&answer("text/html", b"Notice: late in x.php\n<!DOCTYPE html><html>")));
        assert!(is_html(&answer("", b"<?xml version=\"1.0\"?>\n<!-- x --><!DOCTYPE html>")));
        assert!(!is_html(&answer("text/html", b"<?xml version=\"1.0\"?>\n<rss version=\"2.0\">")));
    }

    #[test]
    fn hostile_documents_are_refused_and_real_ones_parsed() {
        let page = "<!doctype html><html><body class='status'><ul><li>a<li>b</ul><p>c</body></html>";
        assert!(document(page.as_bytes()).is_some());
        assert!(document("<ul><li>".repeat(60_000).as_bytes()).is_none());
        assert!(document(&vec![b'a'; MAX_DOCUMENT + 1]).is_none());
    }
}

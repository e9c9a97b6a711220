//! Tells in one pass whether an HTML parser can build a document in linear time.
//!
//! An HTML parser looks through its open elements for most tags, re-opens unclosed formatting in every block, and
//! compares every attribute of a tag with the others: each is quadratic when left unbounded. Nothing is parsed here;
//! where the pass and a parser could disagree, the pass counts more depth, never less.

/// Open elements, as browsers allow.
const MAX_DEPTH: usize = 512;
/// Unclosed formatting elements: a parser may repeat all of them in each block that follows.
const MAX_FORMATTING: usize = 12;
/// Attributes of one tag.
const MAX_ATTRIBUTES: usize = 128;
/// Nodes of the tree, as far as tags, attributes and re-opened formatting make them: each takes a few hundred bytes.
const MAX_NODES: usize = 40_000;
/// Repeated `<html>` and `<body>` tags, whose attributes are merged.
const MAX_ROOTS: usize = 8;

const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements that end with their parent.
const IMPLIED: &[&str] = &["p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead", "tfoot"];
/// Elements that end where the next of their kind begins.
const SIBLINGS: &[&str] = &["p", "li", "dt", "dd"];
/// Parents whose end tag ends those.
const PARENTS: &[&str] = &[
    "ul", "ol", "dl", "div", "section", "article", "nav", "main", "header", "footer", "aside", "table", "tr", "tbody",
    "thead", "tfoot", "select",
];
/// Drawing elements whose `/>` closes them inside `<svg>`.
const DRAWING: &[&str] = &[
    "path",
    "g",
    "circle",
    "rect",
    "line",
    "polyline",
    "polygon",
    "ellipse",
    "use",
    "stop",
    "lineargradient",
    "radialgradient",
    "defs",
    "clippath",
    "mask",
    "animate",
    "animatetransform",
    "symbol",
];

/// True when the document stays within the bounds.
pub(super) fn is_bounded(html: &str) -> bool {
    let bytes = html.as_bytes();
    let mut open: Vec<String> = Vec::new();
    let mut formatting = 0;
    let mut roots = 0;
    let mut nodes = 0;
    // Only directly inside a drawing; any other element in between ends it for good.
    let mut drawing = false;
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'<')) {
        at += found + 1;
        nodes += 1 + formatting;
        if nodes > MAX_NODES {
            return false;
        }
        let rest = &bytes[at..];
        if let Some(comment) = rest.strip_prefix(b"!--") {
            at += 3 + comment_end(comment);
            continue;
        }
        if rest.starts_with(b"![CDATA[") && open.iter().any(|name| name == "svg" || name == "math") {
            return false;
        }
        let closes = rest.first() == Some(&b'/');
        let from = usize::from(closes);
        if !rest.get(from).is_some_and(u8::is_ascii_alphabetic) {
            // `<!doctype>`, `<?xml>` and `</>` end at the next `>`; a lone `<` is text.
            if matches!(rest.first(), Some(b'!' | b'?' | b'/')) {
                at += rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
            }
            continue;
        }
        let Some(tag) = Tag::read(&rest[from..]) else { return true };
        at += from + tag.len;
        nodes += tag.attributes;
        if tag.attributes > MAX_ATTRIBUTES {
            return false;
        }
        let is = |names: &[&str]| names.contains(&tag.name.as_str());
        if closes {
            drawing &= is(DRAWING);
            formatting -= close(&mut open, &tag.name);
            continue;
        }
        if is(&["html", "body"]) {
            roots += 1;
        }
        let shape = drawing && is(DRAWING);
        drawing = shape || tag.name == "svg";
        if is(VOID) || (tag.closes_itself && shape) {
            continue;
        }
        if is(&["script", "style"]) && !open.iter().any(|name| name == "svg" || name == "math") {
            at += raw_end(&bytes[at..], &tag.name);
            continue;
        }
        if is(SIBLINGS) && open.last().is_some_and(|last| *last == tag.name) {
            continue;
        }
        formatting += usize::from(is(FORMATTING));
        open.push(tag.name);
        if open.len() > MAX_DEPTH || formatting > MAX_FORMATTING || roots > MAX_ROOTS {
            return false;
        }
    }
    true
}

/// Takes an end tag off the open elements, and says how many formatting elements it closed. One that does not match
/// closes nothing, unless only elements that end with their parent stand in between.
fn close(open: &mut Vec<String>, name: &str) -> usize {
    if open.last().is_some_and(|last| last == name) {
        open.pop();
        return usize::from(FORMATTING.contains(&name));
    }
    if PARENTS.contains(&name) {
        let implied = open.iter().rev().take_while(|inner| *inner != name && IMPLIED.contains(&inner.as_str())).count();
        let parent = open.len().checked_sub(implied + 1).filter(|parent| open[*parent] == name);
        if let Some(parent) = parent {
            open.truncate(parent);
        }
    }
    0
}

/// Length of a comment's rest, its end included.
fn comment_end(comment: &[u8]) -> usize {
    for short in [b">".as_slice(), b"->"] {
        if comment.starts_with(short) {
            return short.len();
        }
    }
    let ends = |at: &usize| comment[*at..].starts_with(b"-->") || comment[*at..].starts_with(b"--!>");
    (0..comment.len()).find(ends).map_or(comment.len(), |at| at + 3)
}

/// Length of the text up to the end tag of a raw element.
fn raw_end(text: &[u8], name: &str) -> usize {
    let ends = |at: &usize| {
        text[*at..].strip_prefix(b"</").is_some_and(|rest| {
            rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
                && rest.get(name.len()).is_none_or(|next| matches!(next, b'>' | b'/') || next.is_ascii_whitespace())
        })
    };
    (0..text.len()).find(ends).unwrap_or(text.len())
}

struct Tag {
    name: String,
    attributes: usize,
    closes_itself: bool,
    /// From the first letter of the name to behind the `>`.
    len: usize,
}

impl Tag {
    /// Reads as a tokenizer does: a quote counts only where a value begins. `None` when the input ends inside the tag.
    fn read(tag: &[u8]) -> Option<Self> {
        let until = |from: usize, ends: fn(&u8) -> bool| Some(from + tag.get(from..)?.iter().position(ends)?);
        let mut at = until(0, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))?;
        // Every name that matters is short.
        let name = String::from_utf8_lossy(&tag[..at.min(32)]).to_ascii_lowercase();
        let mut attributes = 0;
        loop {
            at = until(at, |b| !b.is_ascii_whitespace() && *b != b'/')?;
            if tag[at] == b'>' {
                return Some(Self { name, attributes, closes_itself: tag[at - 1] == b'/', len: at + 1 });
            }
            attributes += 1;
            at = until(at + 1, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'='))?;
            let value = until(at, |b| !b.is_ascii_whitespace())?;
            if tag[value] != b'=' {
                continue;
            }
            at = until(value + 1, |b| !b.is_ascii_whitespace())?;
            at = match tag[at] {
                b'"' => until(at + 1, |b| *b == b'"')? + 1,
                b'\'' => until(at + 1, |b| *b == b'\'')? + 1,
                _ => until(at, |b| b.is_ascii_whitespace() || *b == b'>')?,
            };
            // `a=b/>` ends a value, not an element.
            if tag.get(at) == Some(&b'>') && tag[at - 1] == b'/' {
                return Some(Self { name, attributes, closes_itself: false, len: at + 1 });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_are_bounded() {
        let row = "<div class=\"a>b\"><a href=x><b>t</b></a><img src=y><br/><svg viewBox='0 0 1 1'><path d=''/><g><path/></g></svg></div>";
        let open = "<ul><li>one<li>two<p>three</ul><table><tr><td>x<tr><td>y</table>";
        let script = "<script>var t = '<div><div>';</script><!-- <div> --><!doctype html>";
        assert!(is_bounded(&format!("<html><body>{}</body></html>", [row, open, script].concat().repeat(500))));
    }

    #[test]
    fn what_makes_a_parser_quadratic_is_not() {
        let numbered = |piece: &str, count| (0..count).map(|n| piece.replace('#', &format!("{n}"))).collect::<String>();
        let formatting = numbered("<b id=#>", 40);
        let attributes = numbered(" a#", 200);
        for hostile in [
            "<div>".repeat(600),
            "<div/>".repeat(600),
            "<svg><foreignObject>".to_owned() + &"<g/>".repeat(600),
            "<a \"><div>".repeat(600),
            "<!--><div>".repeat(600),
            "<!----!><div>".repeat(600),
            "<svg><style>".to_owned() + &"<g>".repeat(600),
            "<div><object></div>".repeat(600),
            "<p>".to_owned() + &formatting + "</p><p>x</p>",
            "<b><object></b></object>".repeat(20),
            format!("<div{attributes}>"),
            "<body a>".repeat(20),
            "<svg><g><![CDATA[></g>]]>".repeat(600),
        ] {
            assert!(!is_bounded(&hostile), "{}", hostile.get(..60).unwrap_or(&hostile));
        }
    }
}

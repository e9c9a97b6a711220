//! A stranger's text, made safe to show: titles as one line, the body of an update as a little HTML.
//!
//! Deliberately absent: pictures, styles, tables, forms, scripts, anything that loads or runs. Addresses in plain text are
//! not made into links. The work is bounded by the length of what is read, whatever it holds: nothing is parsed as a tree
//! before it is known to be shallow.
//!
//! A body goes three ways: Markdown becomes HTML (`pulldown-cmark`), HTML becomes paragraphs, lists and links that are
//! closed in order (`writer`), and a sanitiser (`ammonia`) has the last word on all of it.

mod elements;
mod letters;
mod reader;
mod writer;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, Parser};

use self::letters::Letters;

/// Bytes of a body that are looked at.
const MAX_BYTES: usize = 16 * 1024;
/// Quotes in one another.
const MAX_QUOTES: u32 = 64;
/// Characters of a line.
const MAX_LINE: usize = 300;

/// Tags that may stand in a body.
const TAGS: [&str; 13] = ["a", "b", "blockquote", "br", "code", "em", "i", "li", "ol", "p", "pre", "strong", "ul"];
/// What tags may be told.
const ATTRIBUTES: [(&str, &str); 2] = [("a", "href"), ("ol", "start")];
/// What links may lead to.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// Tags that only a text that is HTML throughout has; a line break is white space in such a text.
const BLOCKS: [&str; 25] = [
    "p",
    "br",
    "div",
    "ul",
    "ol",
    "li",
    "dl",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "tr",
    "td",
    "pre",
    "blockquote",
    "section",
    "article",
    "html",
    "body",
    "head",
    "center",
    "hr",
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut sanitiser = Builder::empty();
    sanitiser
        .tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from(ATTRIBUTES.map(|(tag, attribute)| (tag, HashSet::from([attribute])))))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer ugc"));
    sanitiser
});

/// The body of an update as HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Body {
    /// Well-formed, of paragraphs, lists, quotes, code, emphasis and links; to be shown without another escape.
    pub(crate) html: String,
    /// True when the vendor wrote more than is shown: the first 16 KB are read, and 4,000 letters shown.
    pub(crate) cut: bool,
}

/// The body of an update: plain text, Markdown or HTML.
pub(crate) fn body(text: &str) -> Body {
    let read = &text[..text.floor_char_boundary(MAX_BYTES)];
    let shaped = if is_html(read) { reader::read(read) } else { reader::read(&from_markdown(read)) };
    Body { html: SANITISER.clean(&shaped.html).to_string(), cut: shaped.cut || read.len() < text.len() }
}

/// A title or a name in one line, at most 300 characters. It is text, not HTML: tags and entities in it are to be seen, so
/// the template escapes it.
pub(crate) fn line(text: &str) -> String {
    let mut letters = Letters::default();
    let mut line = String::new();
    let mut shown = 0;
    let mut space = false;
    // What is not shown counts too, or a long run of it would be long work.
    for character in text.chars().take(20 * MAX_LINE) {
        if character.is_whitespace() {
            letters.restart();
            space = shown > 0;
        } else if letters.admit(character) {
            shown += 1 + usize::from(space);
            if shown > MAX_LINE {
                line.push('…');
                break;
            }
            if space {
                line.push(' ');
            }
            space = false;
            line.push(character);
        }
    }
    line
}

/// A line break in plain text stays one, and what is no tag of HTML is text.
fn from_markdown(text: &str) -> String {
    let shallow = shallow(text);
    let events = Parser::new(&shallow).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        Event::InlineHtml(tag) | Event::Html(tag) if tag_name(&tag).is_some_and(|name| !reader::is_element(&name)) => {
            Event::Text(tag)
        }
        other => other,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// Without quotes in quotes in quotes: Markdown's parser goes through all of them for each.
fn shallow(text: &str) -> String {
    let mut depth = 0;
    let keeps = |character: &char| {
        match character {
            '>' => depth += 1,
            other if other.is_alphanumeric() => depth = 0,
            _ => {}
        }
        *character != '>' || depth <= MAX_QUOTES
    };
    text.chars().filter(keeps).collect()
}

fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        // Markdown quotes tags in code.
        let quoted = text[..at].ends_with('`');
        !quoted && tag_name(&text[at..]).is_some_and(|name| BLOCKS.contains(&name.as_str()))
    })
}

/// The name in a tag that a text begins with, in small letters.
fn tag_name(text: &str) -> Option<String> {
    let rest = text.strip_prefix('<')?;
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let end = rest.find(|next: char| next.is_whitespace() || matches!(next, '/' | '>' | '<'))?;
    let name = rest.get(..end).filter(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()))?;
    Some(name.to_ascii_lowercase())
}

#[cfg(test)]
mod masses;
#[cfg(test)]
mod tests;

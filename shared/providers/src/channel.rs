//! Parses a feed of untrusted origin into a title and entries.
//!
//! Deliberately absent: DTDs, and any format but RSS 2.0, Atom and JSON Feed. An entry of the first two that cannot be
//! parsed costs that entry.

use std::borrow::Cow;

use feed_rs::model::{Entry, Feed, FeedType};
use feed_rs::parser;
use statusphere_domain::Response;

use crate::{html, time};

/// The largest start tag of a root element that is read entry by entry.
const MAX_ROOT: usize = 4096;
/// Entries and tags of a feed, at most: each takes more memory than text. The largest real ones have a few hundred entries.
const MAX_ENTRIES: usize = 4000;
const MAX_TAGS: usize = 50_000;
/// Entries that are tried one by one, at most.
const MAX_SALVAGED: usize = 500;

const TOO_MANY: &str = "has more entries than the feed of a status page";

/// A feed as far as it could be parsed.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) title: String,
    pub(crate) entries: Vec<Entry>,
    /// Entries that could not be parsed; at least one where the feed did not parse as a whole.
    pub(crate) lost: usize,
}

/// Parses a document; the error says why it is no feed.
pub(crate) fn parse(response: &Response) -> Result<Channel, String> {
    if html::is_html(response) {
        return Err("is HTML".to_owned());
    }
    let decoded = html::decode(&response.body);
    if decoded.trim_start().starts_with('{') {
        if !html::is_bearable(&decoded) || decoded.matches("\"id\"").count() > MAX_ENTRIES {
            return Err(TOO_MANY.to_owned());
        }
        return titled(read(decoded.trim().as_bytes()).map(whole)?);
    }
    let root = root(&decoded)?;
    let entries = decoded.match_indices(if root.name.ends_with("rss") { "item" } else { "entry" });
    let entries = entries.filter(|(at, _)| matches!(decoded.as_bytes().get(at.wrapping_sub(1)), Some(b'<' | b':')));
    if entries.count() > MAX_ENTRIES || decoded.bytes().filter(|byte| *byte == b'<').count() > MAX_TAGS {
        return Err(TOO_MANY.to_owned());
    }
    // The declared encoding belongs to the bytes, so it is honoured only where they are handed on as they came.
    let bytes: &[u8] = match decoded {
        Cow::Owned(_) if response.body.starts_with(&[0xFE, 0xFF]) || response.body.starts_with(&[0xFF, 0xFE]) => {
            decoded[root.start..].as_bytes()
        }
        _ => &response.body,
    };
    let channel = match read(bytes) {
        // The parser is content with the end of the list, but entries may stand behind it.
        Ok(feed) => Channel { lost: usize::from(!decoded.contains(&format!("</{}", root.name))), ..whole(feed) },
        Err(why) => salvaged(&decoded[root.start..], &root).ok_or(why)?,
    };
    titled(channel)
}

fn whole(feed: Feed) -> Channel {
    Channel { title: title(&feed), entries: feed.entries, lost: 0 }
}

fn titled(channel: Channel) -> Result<Channel, String> {
    if channel.title.is_empty() { Err("has no title".to_owned()) } else { Ok(channel) }
}

fn read(document: &[u8]) -> Result<Feed, String> {
    let parser = parser::Builder::new().timestamp_parser(time::parse).id_generator(|_, _, _| String::new()).build();
    let feed = parser.parse(document).map_err(|error| error.to_string())?;
    match feed.feed_type {
        FeedType::RSS2 | FeedType::Atom | FeedType::JSON => Ok(feed),
        _ => Err("is a feed of another format".to_owned()),
    }
}

fn title(feed: &Feed) -> String {
    feed.title.as_ref().map(|title| html::text(&title.content)).unwrap_or_default()
}

/// The root element.
struct Root {
    start: usize,
    /// As written, with its prefix.
    name: String,
}

/// Finds the root element and refuses what stands before it in other documents than feeds.
fn root(xml: &str) -> Result<Root, String> {
    let rest = html::without_prolog(xml);
    if rest.starts_with("<!") {
        return Err("has a document type declaration, which is refused".to_owned());
    }
    let tag = rest.strip_prefix('<').ok_or("is not XML")?;
    let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
    match name.rsplit(':').next() {
        Some("rss" | "feed") => Ok(Root { start: xml.len() - rest.len(), name: name.to_owned() }),
        _ => Err("is XML, but no feed".to_owned()),
    }
}

/// Reads a feed that does not parse as a whole: its head, then each entry by itself.
fn salvaged(xml: &str, root: &Root) -> Option<Channel> {
    let open = xml.get(..=xml.find('>')?).filter(|tag| tag.len() <= MAX_ROOT)?;
    let name = &root.name;
    let (entry, before, after) = if name.ends_with("rss") {
        ("item", "<channel><title>-</title>", format!("</channel></{name}>"))
    } else {
        ("entry", "<title>-</title>", format!("</{name}>"))
    };
    let starts = [format!("<{entry}>"), format!("<{entry} ")];
    let end = format!("</{entry}>");
    let next = |text: &str| starts.iter().filter_map(|start| text.find(start)).min();

    let first = next(xml)?;
    let head = read(format!("{}{after}", &xml[..first]).as_bytes()).ok()?;
    let mut channel = Channel { title: title(&head), entries: Vec::new(), lost: 0 };
    let mut rest = &xml[first..];
    for _ in 0..MAX_SALVAGED {
        let Some(length) = rest.find(&end).map(|at| at + end.len()) else {
            channel.lost += usize::from(!rest.is_empty());
            break;
        };
        let alone = format!("{open}{before}{}{after}", &rest[..length]);
        match read(alone.as_bytes()) {
            Ok(feed) if !feed.entries.is_empty() => channel.entries.extend(feed.entries),
            _ => channel.lost += 1,
        }
        rest = &rest[length..];
        rest = next(rest).map_or("", |at| &rest[at..]);
    }
    // Something was wrong with the whole, so something may be missing even where each entry could be read.
    channel.lost = channel.lost.max(1);
    Some(channel)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn parse_text(body: impl Into<Vec<u8>>) -> Result<Channel, String> {
        let url = "https://status.example.com/feed.xml".to_owned();
        parse(&Response { url, status: 200, content_type: None, body: body.into() })
    }

    fn rss(items: &str) -> String {
        format!("<rss version=\"2.0\"><channel><title>Status</title>{items}</channel></rss>")
    }

    #[test]
    fn other_documents_are_refused() {
        let refused = [
            "",
            "{}",
            "status: ok",
            "<html><title>Status</title></html>",
            "<?xml version=\"1.0\"?><opml><head><title>Status</title></head></opml>",
            "<rss version=\"2.0\"><channel></channel></rss>",
            "<!DOCTYPE rss [<!ENTITY a \"b\">]><rss version=\"2.0\"><channel><title>Status</title></channel></rss>",
            "<!-- --><!doctype rss SYSTEM \"http://127.0.0.1/\"><rss version=\"2.0\"><channel><title>S</title></channel></rss>",
        ];
        for body in refused {
            assert!(parse_text(body).is_err(), "{body}");
        }
    }

    #[test]
    fn every_encoding_is_read() {
        let text = format!("<?xml version=\"1.0\" encoding=\"utf-16\"?>\n{}", rss("<item><title>Größe</title></item>"));
        let utf16: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let latin = text.replace("utf-16", "iso-8859-1").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let utf8: Vec<u8> = [b"\xEF\xBB\xBF", rss("<item><title>Größe</title></item>").as_bytes()].concat();
        for body in [utf16, latin, utf8] {
            let channel = parse_text(body).unwrap();
            assert_eq!(channel.entries[0].title.as_ref().unwrap().content, "Größe");
        }
    }

    #[test]
    fn a_feed_that_is_cut_off_is_never_complete() {
        let whole = rss(&"<item><title>Slow</title><guid>a</guid></item>".repeat(3));
        assert_eq!(parse_text(whole.as_str()).unwrap().lost, 0);
        for length in 0..whole.len() - ">".len() {
            assert!(parse_text(&whole.as_bytes()[..length]).map_or(1, |channel| channel.lost) > 0, "{length}");
        }
    }

    #[test]
    fn hostile_feeds_cost_no_more_than_their_length() {
        let bad = "<item><title>a</title><a></b></item>";
        let hostile = [
            rss(&bad.repeat(20_000)),
            rss(&"<item>".repeat(100_000)),
            rss(&"<a>".repeat(200_000)),
            format!("<rss version=\"2.0\" {}>", "a=\"b\" ".repeat(100_000)),
            "<!--".repeat(200_000),
            "<?".repeat(200_000),
        ];
        for body in hostile {
            let started = Instant::now();
            let _ = parse_text(body.as_str());
            assert!(started.elapsed().as_secs() < 5, "{} took {:?}", &body[..40], started.elapsed());
        }
    }
}

//! What a host answers at a moment, down to the bytes: whole documents, and broken ones.
//!
//! Deliberately absent: sockets. `proxy` writes the bytes and does what comes after them.

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::shelf::{Rendered, Shelf};
use crate::{Site, Trouble, Validators};

/// What of a request matters.
#[derive(Debug, Default)]
pub(crate) struct Request {
    pub host: String,
    /// With the query.
    pub path: String,
    pub if_none_match: Option<String>,
    pub if_modified_since: Option<String>,
    pub accepts_gzip: bool,
    /// The client wants no further answer on its connection.
    pub is_last: bool,
}

impl Request {
    pub(crate) fn is_conditional(&self) -> bool {
        self.if_none_match.is_some() || self.if_modified_since.is_some()
    }
}

/// What becomes of the connection after the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    GoOn,
    Close,
    /// Nothing more, until the client goes.
    Hang,
    Reset,
    /// What the client sends is answered with bytes that are no TLS.
    NoTls,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    /// Before the first byte.
    pub wait: Duration,
    /// 0 when there is none.
    pub status: u16,
    pub bytes: Vec<u8>,
    pub then: Then,
}

impl Reply {
    fn new(status: u16, bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        Self { wait: Duration::ZERO, status, bytes: bytes.into(), then }
    }

    /// A short answer for people.
    pub(crate) fn plain(status: u16, header: &str) -> Self {
        let body = format!("<!DOCTYPE html><html><head><title>{status}</title></head><body>{status}</body></html>");
        Self::new(status, whole(status, &format!("content-type: text/html\r\n{header}"), body.as_bytes()), Then::GoOn)
    }
}

/// The answer of a tunnel: TLS is spoken nowhere here, and where it is broken not even that is said.
pub(crate) fn tunnel(site: Option<&Site>, now: DateTime<Utc>) -> Reply {
    match site.and_then(|site| site.trouble(now)) {
        Some(Trouble::TlsError) => Reply::new(200, "HTTP/1.1 200 Connection established\r\n\r\n", Then::NoTls),
        _ => Reply::plain(502, ""),
    }
}

/// The answer of a page's host.
pub(crate) fn reply(shelf: &Shelf, site: &Site, now: DateTime<Utc>, request: &Request) -> Reply {
    let moved =
        |scheme: &str, host: &str| Reply::plain(301, &format!("location: {scheme}://{host}{}\r\n", request.path));
    match site.trouble(now) {
        None | Some(Trouble::OtherPlatform(_)) => healthy(shelf, site, now, request),
        Some(Trouble::Slow(wait)) => Reply { wait: *wait, ..healthy(shelf, site, now, request) },
        Some(Trouble::Hung) => Reply::new(0, "", Then::Hang),
        Some(Trouble::Reset) => Reply::new(0, "", Then::Reset),
        Some(Trouble::Throttled { retry_after_s }) => Reply::plain(429, &format!("retry-after: {retry_after_s}\r\n")),
        Some(Trouble::ServerError) => Reply::plain(503, ""),
        Some(Trouble::NotFound) => Reply::plain(404, ""),
        Some(Trouble::Gone) => Reply::plain(410, ""),
        Some(Trouble::RedirectLoop) => moved("http", &request.host),
        Some(Trouble::TlsError) => moved("https", &request.host),
        Some(Trouble::Moved { host }) => moved("http", host),
        Some(Trouble::Truncated) => damaged(shelf, site, now, request, |head, text| {
            let bytes = whole(200, head, text.as_bytes());
            bytes[..bytes.len() - text.len() / 2].to_vec()
        }),
        Some(Trouble::WrongLength) => damaged(shelf, site, now, request, |head, text| {
            let (stated, rest) = text.as_bytes().split_at(text.len() / 2);
            [&whole(200, head, stated), rest].concat()
        }),
        Some(Trouble::WrongCharset) => damaged(shelf, site, now, request, |head, text| whole(200, head, &latin1(text))),
    }
}

/// The bytes of a document, damaged.
fn damaged(
    shelf: &Shelf,
    site: &Site,
    now: DateTime<Utc>,
    request: &Request,
    damage: fn(&str, &str) -> Vec<u8>,
) -> Reply {
    match shelf.document(site, now, &request.path) {
        Some(document) => Reply::new(200, damage(&content_type(&document), &document.text), Then::Close),
        None => Reply::plain(404, ""),
    }
}

fn healthy(shelf: &Shelf, site: &Site, now: DateTime<Utc>, request: &Request) -> Reply {
    let Some(document) = shelf.document(site, now, &request.path) else { return Reply::plain(404, "") };
    let mut head = content_type(&document);
    let (asked, mark) = match site.validators {
        Validators::ETag => (&request.if_none_match, Some(("etag", document.etag.clone()))),
        Validators::LastModified => {
            (&request.if_modified_since, Some(("last-modified", http_date(document.changed_at))))
        }
        Validators::Nothing => (&None, None),
    };
    if let Some((name, mark)) = mark {
        let _ = write!(head, "{name}: {mark}\r\n");
        if asked.as_ref() == Some(&mark) {
            return Reply::new(304, format!("HTTP/1.1 304 Not Modified\r\n{name}: {mark}\r\n\r\n"), Then::GoOn);
        }
    }
    if site.gzip && request.accepts_gzip {
        head.push_str("content-encoding: gzip\r\nvary: accept-encoding\r\n");
        return Reply::new(200, whole(200, &head, &document.gzip), Then::GoOn);
    }
    Reply::new(200, whole(200, &head, document.text.as_bytes()), Then::GoOn)
}

fn content_type(document: &Rendered) -> String {
    format!("content-type: {}; charset=utf-8\r\n", document.content_type)
}

fn whole(status: u16, head: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status} Answer\r\ncontent-length: {}\r\n{head}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect()
}

fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

//! Compression: whether a caller wants it, and doing it.
//!
//! Deliberately absent: brotli and zstd, which would cost a start half a megabyte to save callers a seventh of what gzip
//! leaves (docs/decisions/0006-cloud.md); refusing whoever accepts nothing, since text says more than a 406.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use lambda_http::http::{HeaderMap, header::ACCEPT_ENCODING};

/// Bytes below which a body stays as it is: it fits into the packet that its headers need anyway.
const SMALLEST: usize = 1024;
/// What comes after it takes twice the time for a few bytes in a hundred, and a function may have a fourteenth of a
/// processor. The list of all pages, 447 KB, becomes 49 KB in 3 ms of a whole one.
const LEVEL: u32 = 4;

/// Whether a body of this many bytes is compressed for a caller with these headers (RFC 9110, 12.5.3).
pub(super) fn is_wanted(asked: &HeaderMap, length: usize) -> bool {
    let values = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<(&str, f32)> = values.flat_map(|value| value.split(',')).map(weighed).collect();
    let weight = |names: &[&str]| {
        let named = accepted.iter().find(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)));
        named.or_else(|| accepted.iter().find(|(name, _)| *name == "*")).map(|(_, weight)| *weight)
    };
    // Without a word about them: compression is not wanted, and none is fine if nothing else is wanted more.
    let gzip = weight(&["gzip", "x-gzip"]).unwrap_or(0.0);
    match weight(&["identity"]) {
        Some(0.0) => gzip > 0.0,
        _ if length < SMALLEST => false,
        plain => gzip > 0.0 && gzip >= plain.unwrap_or(0.0),
    }
}

/// A coding and how welcome it is, from 0 to 1; with a weight that is none, not at all.
fn weighed(part: &str) -> (&str, f32) {
    let (name, parameter) = part.split_once(';').unwrap_or((part, "q=1"));
    let weight = parameter.trim().strip_prefix(['q', 'Q']).and_then(|rest| rest.strip_prefix('='));
    let weight = weight.and_then(|weight| weight.parse().ok()).filter(|weight| (0.0..=1.0).contains(weight));
    (name.trim(), weight.unwrap_or(0.0))
}

/// The compressed body; `None` never, as far as the library tells.
///
/// No text grows by it, since of the eight bits of a letter none uses more than seven. So even in base64, a third more,
/// whatever was small enough for Lambda stays so.
pub(super) fn compress(body: &str) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::new(LEVEL));
    encoder.write_all(body.as_bytes()).ok()?;
    encoder.finish().ok()
}

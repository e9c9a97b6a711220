//! Compression: which one a caller wants, and doing it.
//!
//! Deliberately absent: zstd, which saves little over these, and refusing whoever accepts nothing: text says more than a 406.

use std::io::Write as _;

use brotli::{BrotliCompress, enc::BrotliEncoderParams};
use flate2::{Compression, write::GzEncoder};
use lambda_http::http::{HeaderMap, HeaderValue, header::ACCEPT_ENCODING};

/// Bytes below which a body stays as it is: it fits into the packet that its headers need anyway.
const SMALLEST: usize = 1024;

/// Bytes below which gzip is taken where brotli is as welcome: a page for people is up to a third longer, which is a packet
/// at most, and compressed in a fifth of the time.
const LARGE: usize = 64 * 1024;

/// Levels beyond these cost several times as much for a few bytes in a hundred, and a function may have a fourteenth of a
/// processor. The list of all pages, 447 KB, becomes 49 KB with gzip and 42 KB with brotli, in 4 and 10 ms of a whole one.
const GZIP_LEVEL: u32 = 4;
const BROTLI_LEVEL: i32 = 5;
/// As a power of two. With 22, the usual one, the same takes 11 MB of memory instead of 3.5, for 0.1 % less.
const BROTLI_WINDOW: i32 = 18;

/// A way to compress a body.
#[derive(Debug, Clone, Copy)]
pub(super) enum Coding {
    Brotli,
    Gzip,
}

/// What a body of this many bytes is compressed with for a caller with these headers (RFC 9110, 12.5.3); `None` is as it
/// is.
pub(super) fn choose(asked: &HeaderMap, length: usize) -> Option<Coding> {
    let values = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<(&str, f32)> = values.flat_map(|value| value.split(',')).map(weighed).collect();
    let weight = |names: &[&str]| {
        let named = accepted.iter().find(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)));
        named.or_else(|| accepted.iter().find(|(name, _)| *name == "*")).map(|(_, weight)| *weight)
    };
    // Without a word about them: compression is not wanted, and none is fine if nothing else is wanted more.
    let plain = weight(&["identity"]);
    if length < SMALLEST && plain != Some(0.0) {
        return None;
    }
    let brotli = weight(&["br"]).unwrap_or(0.0);
    let gzip = weight(&["gzip", "x-gzip"]).unwrap_or(0.0);
    let is_brotli = if length < LARGE { brotli > gzip } else { brotli >= gzip };
    let (coding, weight) = if is_brotli { (Coding::Brotli, brotli) } else { (Coding::Gzip, gzip) };
    (weight > 0.0 && weight >= plain.unwrap_or(0.0)).then_some(coding)
}

/// A coding and how welcome it is, from 0 to 1; with a weight that is none, not at all.
fn weighed(part: &str) -> (&str, f32) {
    let (name, parameter) = part.split_once(';').unwrap_or((part, "q=1"));
    let weight = parameter.trim().strip_prefix(['q', 'Q']).and_then(|rest| rest.strip_prefix('='));
    let weight = weight.and_then(|weight| weight.parse().ok()).filter(|weight| (0.0..=1.0).contains(weight));
    (name.trim(), weight.unwrap_or(0.0))
}

impl Coding {
    /// As `content-encoding` has it.
    pub(super) fn name(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        })
    }

    /// The compressed body; `None` never, as far as the libraries tell.
    ///
    /// No text grows by it, since of the eight bits of a letter none uses more than seven. So even in base64, a third more,
    /// whatever was small enough for Lambda stays so.
    pub(super) fn compress(self, body: &str) -> Option<Vec<u8>> {
        match self {
            Self::Brotli => {
                let parameters = BrotliEncoderParams {
                    quality: BROTLI_LEVEL,
                    lgwin: BROTLI_WINDOW,
                    size_hint: body.len(),
                    ..BrotliEncoderParams::default()
                };
                let mut compressed = Vec::with_capacity(body.len() / 8);
                BrotliCompress(&mut body.as_bytes(), &mut compressed, &parameters).ok()?;
                Some(compressed)
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::new(GZIP_LEVEL));
                encoder.write_all(body.as_bytes()).ok()?;
                encoder.finish().ok()
            }
        }
    }
}

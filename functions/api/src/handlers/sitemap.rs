//! `/sitemap.xml`: the address of every page's own page, for search engines.

use std::fmt::Write as _;

use html_escape::encode_text;
use lambda_http::{
    Request,
    http::{HeaderName, header},
};

use crate::{Api, answer::Answer};

/// Addresses of one sitemap, by the protocol.
const MOST: usize = 50_000;
/// Bytes of the answer. Lambda refuses answers above 6 MB, quotes and newlines counted twice.
const LARGEST: usize = 5_000_000;

/// The address of every page's own page
///
/// A sitemap for search engines.
#[utoipa::path(get, path = "/sitemap.xml", operation_id = "sitemap", tag = "About",
    responses((status = 200, description = "XML.", body = String, content_type = "application/xml"),
        (status = 304, description = "Nothing is new since the answer whose `ETag` was given in `If-None-Match`.")))]
pub(crate) fn handle(api: &Api, request: &Request) -> Answer {
    let base = match &api.settings.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => own_address(request),
    };
    let base = encode_text(&base);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for entry in api.catalogue.iter().take(MOST) {
        if xml.len() > LARGEST {
            break;
        }
        // A slug needs no escaping.
        let slug = &entry.page.id;
        let _ = writeln!(
            xml,
            "<url><loc>{base}/status/{slug}</loc><changefreq>always</changefreq><priority>0.1</priority></url>"
        );
    }
    xml.push_str("</urlset>\n");
    Answer::xml(xml)
}

/// Where the caller reached us, by its own words. Whatever is no host name is not repeated.
fn own_address(request: &Request) -> String {
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let scheme = match header(HeaderName::from_static("x-forwarded-proto")) {
        Some("http") => "http",
        _ => "https",
    };
    let is_host = |host: &&str| {
        !host.is_empty()
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'-' | b'[' | b']'))
    };
    let host = header(header::HOST).or_else(|| request.uri().host()).filter(is_host).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

//! `/sitemap.xml`: the address of every page's own page, for search engines.

use std::fmt::Write as _;

use html_escape::encode_text;
use lambda_http::Request;
use statusphere_http::{Answer, MaxAge, base};

use crate::Api;

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
    let base = base(api.public_url.as_deref(), request);
    let base = encode_text(&base);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for entry in api.view.catalogue().iter().take(MOST) {
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
    Answer::new("application/xml; charset=utf-8", xml, MaxAge::List)
}

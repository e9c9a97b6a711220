//! Documents as they were last rendered: until its page changes, each is rendered once.
//!
//! Deliberately absent: what is on a page. A document that is asked for after a change is made anew.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use statusphere_domain::stable_hash;

use crate::Site;
use crate::platforms::{About, Document};

/// A document, ready to be sent.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub content_type: &'static str,
    pub text: String,
    pub etag: String,
    /// Empty where the page is never compressed.
    pub gzip: Vec<u8>,
    /// When the page last changed.
    pub changed_at: DateTime<Utc>,
}

/// By address.
#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<HashMap<String, Arc<Rendered>>>);

impl Shelf {
    /// What a page's host has at a path at a moment.
    pub(crate) fn document(&self, site: &Site, now: DateTime<Utc>, path: &str) -> Option<Arc<Rendered>> {
        let changed_at = site.changed_at(now);
        let address = format!("{}{path}", site.host);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&address).cloned();
        if let Some(known) = known.filter(|known| known.changed_at == changed_at) {
            return Some(known);
        }
        let Document { content_type, text } = document(site, now, path)?;
        let gzip = if site.gzip { gzip(text.as_bytes()) } else { Vec::new() };
        let etag = format!("\"{:016x}\"", stable_hash(&text));
        let rendered = Arc::new(Rendered { content_type, text, etag, gzip, changed_at });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(address, Arc::clone(&rendered));
        Some(rendered)
    }
}

fn document(site: &Site, now: DateTime<Utc>, path: &str) -> Option<Document> {
    if path == "/robots.txt" {
        return Some(Document { content_type: "text/plain", text: "User-agent: *\nAllow: /\n".to_owned() });
    }
    let path = match path.strip_prefix(&site.path)? {
        "" => "/",
        path => path,
    };
    let url = site.url();
    site.platform(now).document(&About { slug: &site.slug, url: &url }, &site.at(now), path)
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

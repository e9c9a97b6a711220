//! The platforms: each writes what is true in its own documents, and says what it cannot tell.
//!
//! Deliberately absent: HTTP. A document is a type and bytes.

mod statuspage;

use chrono::{DateTime, SecondsFormat, Utc};
use statusphere_domain::IncidentStatus;

use crate::Truth;

/// Who publishes a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Atlassian's, one JSON document.
    Statuspage,
}

/// What a host has at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    /// Its media type, without a charset.
    pub content_type: &'static str,
    /// Its text.
    pub text: String,
}

/// What a page says of itself in its documents.
pub(crate) struct About<'a> {
    /// Name in the catalogue.
    pub slug: &'a str,
    /// Address of the page, without a trailing slash.
    pub url: &'a str,
}

impl Platform {
    /// All there are.
    pub const ALL: [Self; 1] = [Self::Statuspage];

    /// The product's reader of this platform.
    pub fn provider(self) -> &'static str {
        match self {
            Self::Statuspage => "statuspage",
        }
    }

    /// The key that the provider needs beside the page's address.
    pub(crate) fn key(self, _url: &str) -> Option<String> {
        match self {
            Self::Statuspage => None,
        }
    }

    /// The truth without what the platform has no words for.
    pub(crate) fn tells(self, truth: Truth) -> Truth {
        match self {
            Self::Statuspage => truth,
        }
    }

    /// The document at a path below the page, which begins with a slash and may have a query.
    pub(crate) fn document(self, about: &About<'_>, truth: &Truth, path: &str) -> Option<Document> {
        match self {
            Self::Statuspage => statuspage::document(about, truth, path),
        }
    }
}

impl Document {
    fn json(value: &serde_json::Value) -> Self {
        Self { content_type: "application/json", text: value.to_string() }
    }

    fn html(text: String) -> Self {
        Self { content_type: "text/html", text }
    }
}

/// RFC 3339 in UTC.
fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The word for a stage that most platforms use.
fn stage(status: IncidentStatus) -> &'static str {
    status.as_str()
}

/// Text as it stands in markup.
fn escaped(text: &str) -> String {
    html_escape::encode_quoted_attribute(text).into_owned()
}

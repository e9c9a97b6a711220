//! The platforms: each writes what is true in its own documents, and says what it cannot tell.
//!
//! Deliberately absent: HTTP. A document is a type and bytes.

mod betterstack;
mod cachet;
mod feed;
mod incidentio;
mod instatus;
mod statuscast;
mod statuspage;

use chrono::{DateTime, SecondsFormat, Utc};
use statusphere_domain::IncidentStatus;

use crate::Truth;

/// Who publishes a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Atlassian's, one JSON document.
    Statuspage,
    /// incident.io: one JSON document, and the page while something is open.
    IncidentIo,
    /// Instatus: two JSON documents, and the page's data while something is open.
    Instatus,
    /// Cachet 2: five JSON documents.
    Cachet,
    /// Better Stack: one JSON document.
    BetterStack,
    /// `StatusCast`: the page's markup.
    StatusCast,
    /// No platform that anybody knows: a page that names an RSS feed.
    Feed,
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
    pub const ALL: [Self; 7] = [
        Self::Statuspage,
        Self::IncidentIo,
        Self::Instatus,
        Self::Cachet,
        Self::BetterStack,
        Self::StatusCast,
        Self::Feed,
    ];

    /// The product's reader of this platform.
    pub fn provider(self) -> &'static str {
        match self {
            Self::Statuspage => "statuspage",
            Self::IncidentIo => "incidentio",
            Self::Instatus => "instatus",
            Self::Cachet => "cachet",
            Self::BetterStack => "betterstack",
            Self::StatusCast => "statuscast",
            Self::Feed => "feed",
        }
    }

    /// The key that the provider needs beside the page's address.
    pub(crate) fn key(self, url: &str) -> Option<String> {
        (self == Self::Feed).then(|| format!("{url}{}", feed::PATH))
    }

    /// The truth without what the platform has no words for.
    pub(crate) fn tells(self, mut truth: Truth) -> Truth {
        if self != Self::Statuspage {
            truth.components.iter_mut().for_each(|part| part.group = None);
        }
        match self {
            Self::Statuspage | Self::Instatus => {}
            Self::IncidentIo => incidentio::tells(&mut truth),
            Self::Cachet => cachet::tells(&mut truth),
            Self::BetterStack => betterstack::tells(&mut truth),
            Self::StatusCast => statuscast::tells(&mut truth),
            Self::Feed => feed::tells(&mut truth),
        }
        truth
    }

    /// The document at a path below the page, which begins with a slash and may have a query.
    pub(crate) fn document(self, about: &About<'_>, truth: &Truth, path: &str) -> Option<Document> {
        match self {
            Self::Statuspage => statuspage::document(about, truth, path),
            Self::IncidentIo => incidentio::document(about, truth, path),
            Self::Instatus => instatus::document(about, truth, path),
            Self::Cachet => cachet::document(about, truth, path),
            Self::BetterStack => betterstack::document(about, truth, path),
            Self::StatusCast => statuscast::document(about, truth, path),
            Self::Feed => feed::document(about, truth, path),
        }
    }
}

impl Document {
    fn json(value: &serde_json::Value) -> Self {
        Self { content_type: "application/json", text: value.to_string() }
    }

    /// A page with this head, title left out, and this body.
    fn html(about: &About<'_>, head: &str, body: &str) -> Self {
        let title = escaped(about.slug);
        let text = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} Status</title>{head}</head>\n\
             <body>{body}</body></html>\n"
        );
        Self { content_type: "text/html", text }
    }
}

/// RFC 3339 in UTC.
fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Takes the stages away from all that is not over.
fn forget_stages(truth: &mut Truth) {
    let updates = truth.incidents.iter_mut().flat_map(|incident| &mut incident.updates);
    for update in updates.filter(|update| !update.status.is_over()) {
        update.status = IncidentStatus::Unknown;
    }
}

/// Text as it stands in markup.
fn escaped(text: &str) -> String {
    html_escape::encode_quoted_attribute(text).into_owned()
}

//! The only HTTP client of the scraping path: fetches one document, politely and safely, from the web or from a folder
//! of recordings.
//!
//! One request at a time goes to a host, pages for people are read only where robots.txt lets us, a host in trouble is left
//! alone for a while, and a document that did not change need not be sent again.
//!
//! Deliberately absent: retries (they are kept with the page), memory beyond this process (callers keep validators and
//! breakers), the environment (no proxy is taken from it), and any knowledge of what a document says.

mod address;
mod answer;
mod client;
mod config;
mod guard;
mod hosts;
#[cfg(test)]
mod inside;
mod recordings;
mod resolver;
mod robots;
mod rules;
mod transport;
mod validator;
#[cfg(test)]
#[path = "../tests/web/vectors.rs"]
mod vectors;
mod web;

use std::path::Path;

use chrono::{DateTime, Utc};
use statusphere_domain::{Breaker, FetchError, FetchErrorKind, Response};

pub use config::{Config, ConfigError, Limits};
pub use recordings::{RecordedPage, Recordings, RecordingsError};
pub use web::Web;

/// Where documents come from.
#[derive(Debug)]
pub enum Fetcher {
    /// The real ones.
    Web(Web),
    /// Recorded ones; the network is never touched.
    Recordings(Recordings),
}

/// One document that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Its address.
    pub url: &'a str,
    /// What an earlier answer was marked with; the host then may say that nothing changed.
    pub validator: Option<&'a str>,
    /// True when the caller knows that the host's robots.txt lets this page be read: it was looked at within a day.
    pub robots_known: bool,
}

/// What a host answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The document.
    Document {
        /// It, with a status of 200 to 299; its body may be empty.
        response: Response,
        /// What marks this version of it, where the host says so: an `ETag`, else `Last-Modified`; at most 100 bytes.
        /// None behind a redirect, which may lead elsewhere the next time.
        validator: Option<String>,
    },
    /// The document is still the one that the validator marks (304).
    Unchanged,
}

impl Fetcher {
    /// A fetcher for the web. Build it once: it keeps connections, and one request at a time per host.
    pub fn web(config: Config) -> Result<Self, ConfigError> {
        Web::new(config).map(Self::Web)
    }

    /// A fetcher for all recordings below `dir`, one per `<provider>/<name>/page.json`, read into memory here.
    pub fn recordings(dir: &Path) -> Result<Self, RecordingsError> {
        Recordings::read(dir).map(Self::Recordings)
    }

    /// Fetches one document, redirects followed. A recording is never unchanged.
    pub async fn fetch(&self, request: Request<'_>) -> Result<Answer, FetchError> {
        match self {
            Self::Web(web) => web.fetch(request).await,
            Self::Recordings(recordings) => {
                Ok(Answer::Document { response: recordings.get(request.url)?, validator: None })
            }
        }
    }

    /// Fetches one document without conditions, redirects followed.
    pub async fn get(&self, url: &str) -> Result<Response, FetchError> {
        match self.fetch(Request { url, validator: None, robots_known: false }).await? {
            Answer::Document { response, .. } => Ok(response),
            Answer::Unchanged => Err(FetchError {
                kind: FetchErrorKind::Unusable,
                detail: "unchanged, which was not asked".to_owned(),
                retry_after: None,
            }),
        }
    }

    /// The circuit breaker of a host (lower case, without port) as it stands in this process: what to keep for others.
    pub fn breaker(&self, host: &str) -> Breaker {
        match self {
            Self::Web(web) => web.hosts.breaker(host),
            Self::Recordings(_) => Breaker::default(),
        }
    }

    /// Takes over what another process learned of a host, in place of what this one knows.
    pub fn set_breaker(&self, host: &str, breaker: Breaker) {
        if let Self::Web(web) = self {
            web.hosts.set_breaker(host, breaker, web.now());
        }
    }

    /// What counts as now for a page's openness: the end of the recorded day for a recorded page, else `now`.
    pub fn as_of(&self, page_url: &str, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Web(_) => now,
            Self::Recordings(recordings) => recordings.as_of(page_url).unwrap_or(now),
        }
    }
}

/// True for the address of a page for people: robots.txt is asked before it is opened.
pub fn is_for_people(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| robots::is_for_people(&url))
}

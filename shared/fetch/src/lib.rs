//! The only HTTP client of the scraping path: fetches one document, politely and safely, from the web or from a folder
//! of recordings.
//!
//! Deliberately absent: retries and pauses (they are kept with the page), conditional requests, the environment (no
//! proxy is taken from it), and any knowledge of what a document says.

mod address;
mod answer;
mod guard;
mod hosts;
mod recordings;
mod resolver;
mod transport;
mod web;

use std::path::Path;

use chrono::{DateTime, Utc};
use statusphere_domain::{FetchError, Response};

pub use recordings::{RecordedPage, Recordings, RecordingsError};
pub use web::{Config, ConfigError, Limits, Web};

/// Where documents come from.
#[derive(Debug)]
pub enum Fetcher {
    /// The real ones.
    Web(Web),
    /// Recorded ones; the network is never touched.
    Recordings(Recordings),
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

    /// Fetches one address, redirects followed. `Ok` means a status of 200 to 299; its body may be empty.
    pub async fn get(&self, url: &str) -> Result<Response, FetchError> {
        match self {
            Self::Web(web) => web.get(url).await,
            Self::Recordings(recordings) => recordings.get(url),
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

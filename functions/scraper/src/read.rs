//! Carries out a cascade: fetches what it wants until it is over, or finds that no document changed since last time.
//!
//! Deliberately absent: what a reading means. An unchanged body is not even parsed.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use statusphere_domain::{Document, FetchError, FetchErrorKind, Hint, Response};
use statusphere_fetch::{Answer, Request};
use statusphere_providers::{Next, Outcome, Seen, Target, advance};

use crate::Scraper;

/// Bytes of a body's hash that are kept.
const HASH: usize = 9;

/// What is read, and what is known of it.
pub(crate) struct Wanted<'a> {
    pub(crate) url: &'a str,
    pub(crate) hint: Option<&'a Hint>,
    /// True when the hint's provider read the page last.
    pub(crate) certain: bool,
    pub(crate) as_of: DateTime<Utc>,
    /// The documents of the last reading, where it is enough to know that none of them changed.
    pub(crate) known: &'a [Document],
    /// The documents of the last reading, conditions or not: what robots.txt allowed lately is among them.
    pub(crate) allowed: &'a [Document],
    /// True when robots.txt was looked at lately.
    pub(crate) robots_known: bool,
}

/// What a look at a page brought.
pub(crate) enum Looked {
    /// Every document is the one of the last reading.
    Same,
    /// The cascade went through.
    Read {
        outcome: Outcome,
        /// What was read, to ask for changes next time; empty when not every document answered.
        documents: Vec<Document>,
        /// How long a host asked us to stay away, when it did.
        retry_after: Option<Duration>,
        /// True when a page for people was read, which robots.txt allows, and none was refused.
        robots_asked: bool,
    },
}

impl Scraper {
    /// Requests go out one after another: they mostly share a host.
    pub(crate) async fn read(&self, wanted: &Wanted<'_>) -> Looked {
        let target = Target::new(wanted.url, wanted.as_of);
        let (mut seen, mut log) = (Seen::default(), Log::default());
        if !wanted.known.is_empty() && self.all_are_known(wanted, &mut seen, &mut log).await {
            return Looked::Same;
        }
        loop {
            match advance(&target, wanted.hint, wanted.certain, &seen) {
                Next::Done(outcome) => {
                    let robots_asked = log.for_people && !log.refused;
                    let Log { documents, retry_after, .. } = log;
                    return Looked::Read { outcome, documents, retry_after, robots_asked };
                }
                Next::Fetch(urls) => {
                    for url in urls {
                        self.fetch(wanted, url, None, &mut seen, &mut log).await;
                    }
                }
            }
        }
    }

    /// Asks for the documents of the last reading; what turns out to be new is kept in `seen`, and the first ends it.
    async fn all_are_known(&self, wanted: &Wanted<'_>, seen: &mut Seen, log: &mut Log) -> bool {
        for document in wanted.known {
            if self.fetch(wanted, document.url.clone(), Some(document), seen, log).await {
                return false;
            }
        }
        true
    }

    /// Tells whether the answer is another than the known one.
    async fn fetch(
        &self,
        wanted: &Wanted<'_>,
        url: String,
        known: Option<&Document>,
        seen: &mut Seen,
        log: &mut Log,
    ) -> bool {
        let validator = known.and_then(|known| known.validator.as_deref());
        let robots_known = wanted.robots_known && wanted.allowed.iter().any(|document| document.url == url);
        match self.fetcher.fetch(Request { url: &url, validator, robots_known }).await {
            Ok(Answer::Unchanged) => false,
            Ok(Answer::Document { response, validator }) => {
                let hash = hash(&response);
                let new = known.is_none_or(|known| known.hash != hash);
                log.for_people |= statusphere_fetch::is_for_people(&url);
                log.read(Document { url: url.clone(), validator, hash });
                seen.insert(url, Ok(response));
                new
            }
            Err(error) => {
                log.failed(&error);
                seen.insert(url, Err(error));
                true
            }
        }
    }
}

/// What the answers of one look say beside the documents themselves.
#[derive(Default)]
struct Log {
    documents: Vec<Document>,
    failed: bool,
    for_people: bool,
    refused: bool,
    retry_after: Option<Duration>,
}

impl Log {
    fn read(&mut self, document: Document) {
        if !self.failed {
            self.documents.push(document);
        }
    }

    /// A document that is not there may be there next time, so asking for the others alone would not do.
    fn failed(&mut self, error: &FetchError) {
        self.failed = true;
        self.refused |= error.kind == FetchErrorKind::Denied;
        self.documents.clear();
        self.retry_after = self.retry_after.max(error.retry_after);
    }
}

/// A hash of a document as it came, its final address included: a redirect elsewhere is a change.
fn hash(response: &Response) -> String {
    let digest = Sha256::new_with_prefix(&response.url).chain_update([0]).chain_update(&response.body).finalize();
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..HASH])
}

//! Runs the ordered list of providers over a page: which documents to fetch next, and what came of it in the end.
//!
//! Stateless: every call starts from the answers so far, so a cascade can be cut off and taken up anywhere.

use std::collections::BTreeMap;

use statusphere_domain::{Failure, FailureKind, FetchError, Hint, Reading, Response};

use crate::{BackfillStep, PROVIDERS, Provider, Step, Target};

/// What was fetched so far, by the address that was asked for.
#[derive(Debug, Clone, Default)]
pub struct Seen(BTreeMap<String, Result<Response, FetchError>>);

impl Seen {
    /// Adds what came of an address.
    pub fn insert(&mut self, url: String, answer: Result<Response, FetchError>) {
        self.0.insert(url, answer);
    }

    /// What came of an address; `None` when it was not asked for yet.
    pub fn get(&self, url: &str) -> Option<Result<&Response, &FetchError>> {
        self.0.get(url).map(Result::as_ref)
    }

    /// Number of addresses asked for.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True before the first.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when the documents together are larger than those of any real page.
    fn is_too_large(&self) -> bool {
        let bodies = self.0.values().flatten().map(|answer| answer.body.len());
        bodies.sum::<usize>() > MAX_BYTES
    }

    /// The first failure after which nothing more is asked: the host is slow, down, or wants to be left alone.
    fn stop(&self) -> Option<&FetchError> {
        self.0.values().filter_map(|answer| answer.as_ref().err()).find(|error| !error.kind.host_is_up())
    }

    /// A failure that says "there is nothing here for you", for the page's own record.
    fn refusal(&self) -> Option<&FetchError> {
        self.0.values().find_map(|answer| answer.as_ref().err())
    }
}

/// What to do next for a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Fetch these, none of them asked for before, and call again.
    Fetch(Vec<String>),
    /// The cascade is over.
    Done(Outcome),
}

/// What came of a cascade.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was read.
    Read {
        /// What it says.
        reading: Box<Reading>,
        /// Its new address, when it has moved.
        moved_to: Option<String>,
    },
    /// It was not.
    Failed(Failure),
}

/// Requests of one cascade, at most.
const MAX_REQUESTS: usize = 12;
/// Bytes of all documents of one cascade together, at most: each is kept until the end, and looked at by many providers.
const MAX_BYTES: usize = 4 << 20;
/// Times a page may send us to another address.
const MAX_MOVES: usize = 2;

/// The next step for a page. `hint` is asked first; when it is `certain` (it read the page before), it alone is asked.
pub fn advance(target: &Target<'_>, hint: Option<&Hint>, certain: bool, seen: &Seen) -> Next {
    if seen.is_too_large() {
        return failed(FailureKind::Malformed, format!("has documents of more than {MAX_BYTES} bytes in all"));
    }
    let known = hint.and_then(|hint| PROVIDERS.iter().find(|provider| provider.name == hint.provider));
    let mut moved_to: Option<String> = None;
    for _ in 0..=MAX_MOVES {
        let target = Target { url: moved_to.as_deref().unwrap_or(target.url), ..*target };
        match round(&target, known, hint, certain, seen) {
            Round::Next(Next::Done(Outcome::Read { reading, .. })) => {
                return Next::Done(Outcome::Read { reading, moved_to });
            }
            Round::Next(next) => return next,
            Round::Elsewhere(url) => moved_to = Some(url),
        }
    }
    failed(
        FailureKind::Malformed,
        format!("sends us on from one address to the next, at last to {}", moved_to.unwrap_or_default()),
    )
}

enum Round {
    Next(Next),
    Elsewhere(String),
}

fn round(target: &Target<'_>, known: Option<&Provider>, hint: Option<&Hint>, certain: bool, seen: &Seen) -> Round {
    let others = PROVIDERS.iter().filter(|provider| known.is_none_or(|known| known.name != provider.name));
    let mut said = Vec::new();
    for provider in known.into_iter().chain(others) {
        let named = hint.filter(|hint| hint.provider == provider.name);
        let key = named.and_then(|hint| hint.key.as_deref());
        let target = Target { key, known: named.is_some(), ..*target };
        let why = match (provider.step)(&target, seen) {
            Step::Reading(reading) => {
                return Round::Next(Next::Done(Outcome::Read { reading, moved_to: None }));
            }
            Step::Malformed(why) => {
                return Round::Next(failed(FailureKind::Malformed, format!("{}: {why}", provider.name)));
            }
            Step::Elsewhere(url) => return Round::Elsewhere(url),
            Step::Want(urls) => {
                if let Some(error) = seen.stop() {
                    return Round::Next(Next::Done(Outcome::Failed(error.into())));
                }
                let urls: Vec<_> = urls.into_iter().filter(|url| seen.get(url).is_none()).collect();
                if urls.is_empty() || seen.len() + urls.len() > MAX_REQUESTS {
                    "needs more requests than one page may cost".to_owned()
                } else {
                    return Round::Next(Next::Fetch(urls));
                }
            }
            Step::NotMine(why) => why,
        };
        if let Some(error) = seen.stop() {
            return Round::Next(Next::Done(Outcome::Failed(error.into())));
        }
        if certain && known.is_some_and(|known| known.name == provider.name) {
            let failure = seen.refusal().map_or_else(
                || Failure { kind: FailureKind::Unrecognised, detail: format!("{}: {why}", provider.name) },
                Failure::from,
            );
            return Round::Next(Next::Done(Outcome::Failed(failure)));
        }
        // Who knows its pages by their address alone has nothing to say of others.
        if !matches!((provider.step)(&target, &Seen::default()), Step::NotMine(_)) {
            said.push(format!("{}: {why}", provider.name));
        }
    }
    Round::Next(failed(FailureKind::Unrecognised, said.join("; ")))
}

fn failed(kind: FailureKind, detail: String) -> Next {
    Next::Done(Outcome::Failed(Failure { kind, detail }))
}

/// The next step of a page's history with the provider that reads the page; `None` when it has no history to offer.
pub fn backfill(provider: &str, target: &Target<'_>, seen: &Seen) -> Option<BackfillStep> {
    let provider = PROVIDERS.iter().find(|known| known.name == provider)?;
    if seen.is_too_large() {
        return Some(BackfillStep::Failed(format!("has documents of more than {MAX_BYTES} bytes in all")));
    }
    provider.backfill.map(|backfill| backfill(target, seen))
}

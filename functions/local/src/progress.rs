//! The first round: how many pages were tried, and what came of them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::watch;

/// Counts of the first round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Pages in all.
    pub total: usize,
    /// Pages that were read.
    pub read: usize,
    /// Pages that answered and could not be read.
    pub not_indexed: usize,
    /// Pages that did not answer.
    pub unreachable: usize,
}

impl Round {
    /// Pages that were tried.
    pub fn done(&self) -> usize {
        self.read + self.not_indexed + self.unreachable
    }

    /// True when every page was tried.
    pub fn is_over(&self) -> bool {
        self.done() >= self.total
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Result {
    Read,
    NotIndexed,
    Unreachable,
}

/// Follows the first round.
#[derive(Debug)]
pub struct Progress {
    pages: Mutex<BTreeMap<String, Option<Result>>>,
    round: watch::Sender<Round>,
}

impl Progress {
    pub(crate) fn new(pages: impl Iterator<Item = String>) -> Self {
        let pages: BTreeMap<_, _> = pages.map(|page| (page, None)).collect();
        let round = Round { total: pages.len(), ..Round::default() };
        Self { pages: Mutex::new(pages), round: watch::channel(round).0 }
    }

    /// Follows the counts.
    pub fn watch(&self) -> watch::Receiver<Round> {
        self.round.subscribe()
    }

    /// Counts the scraper's answer to an event.
    pub(crate) fn scraped(&self, answer: &Value) {
        let Some(pages) = answer["pages"].as_object() else { return };
        for (page, scraped) in pages {
            let result = match (scraped["outcome"].as_str(), scraped["failure"].as_str()) {
                (Some("unread"), Some("timed_out" | "unreachable" | "throttled"))
                | (Some("postponed" | "failed"), _) => Result::Unreachable,
                (Some("unread"), _) => Result::NotIndexed,
                _ => Result::Read,
            };
            self.count(page, result);
        }
    }

    /// Counts the pages of an event that could not be carried out.
    pub(crate) fn gave_up(&self, envelope: &Value) {
        let pages = envelope["detail"]["pages"].as_array().map_or(&[][..], Vec::as_slice);
        pages.iter().filter_map(|page| page["id"].as_str()).for_each(|page| self.count(page, Result::Unreachable));
    }

    fn count(&self, page: &str, result: Result) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(slot @ None) = pages.get_mut(page) else { return };
        *slot = Some(result);
        self.round.send_modify(|round| match result {
            Result::Read => round.read += 1,
            Result::NotIndexed => round.not_indexed += 1,
            Result::Unreachable => round.unreachable += 1,
        });
    }
}

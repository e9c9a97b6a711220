//! What was asked, host by host.
//!
//! Deliberately absent: bodies.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

/// One request as its host saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// By the internet's clock.
    pub at: DateTime<Utc>,
    /// With the query; `CONNECT` for a tunnel.
    pub path: String,
    /// Of the answer; 0 when there is none.
    pub status: u16,
    /// Whether it was sent with a validator.
    pub conditional: bool,
}

/// All requests together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub requests: usize,
    /// Answered 200, be the body whole or not.
    pub documents: usize,
    /// Answered 304.
    pub unchanged: usize,
    /// Not answered, or with 400 and above.
    pub failed: usize,
    /// The largest number in progress at once at one host.
    pub at_once: usize,
}

#[derive(Debug, Default)]
struct Host {
    seen: Vec<Seen>,
    in_progress: usize,
}

#[derive(Debug, Default)]
struct Hosts {
    by_name: HashMap<String, Host>,
    counts: Counts,
}

#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Hosts>);

/// A request in progress; over when it is dropped.
pub(crate) struct InProgress<'a> {
    log: &'a Log,
    host: String,
}

impl Log {
    pub(crate) fn begin(&self, name: &str, seen: Seen) -> InProgress<'_> {
        let mut hosts = self.lock();
        let host = hosts.by_name.entry(name.to_owned()).or_default();
        host.in_progress += 1;
        let (status, at_once) = (seen.status, host.in_progress);
        host.seen.push(seen);
        let counts = &mut hosts.counts;
        counts.requests += 1;
        counts.documents += usize::from(status == 200);
        counts.unchanged += usize::from(status == 304);
        counts.failed += usize::from(status == 0 || status >= 400);
        counts.at_once = counts.at_once.max(at_once);
        InProgress { log: self, host: name.to_owned() }
    }

    pub(crate) fn requests(&self, host: &str) -> Vec<Seen> {
        self.lock().by_name.get(host).map(|host| host.seen.clone()).unwrap_or_default()
    }

    pub(crate) fn total(&self) -> Counts {
        self.lock().counts
    }

    pub(crate) fn forget(&self) {
        let mut hosts = self.lock();
        hosts.counts = Counts::default();
        hosts.by_name.retain(|_, host| host.in_progress > 0);
        hosts.by_name.values_mut().for_each(|host| host.seen.clear());
    }

    fn lock(&self) -> MutexGuard<'_, Hosts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InProgress<'_> {
    fn drop(&mut self) {
        if let Some(host) = self.log.lock().by_name.get_mut(&self.host) {
            host.in_progress -= 1;
        }
    }
}

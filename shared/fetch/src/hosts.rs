//! What is known of hosts in this process: whose turn it is, one request at a time, and their circuit breakers.
//!
//! Deliberately absent: when a breaker opens (`domain` has the rule), and what other processes do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use statusphere_domain::{Breaker, FetchError};
use tokio::sync::OwnedMutexGuard;

/// Hosts that nobody asks and that are remembered for their breaker alone: at most so many.
const REMEMBERED: usize = 4096;

/// Those in use, and those in trouble.
#[derive(Debug, Default)]
pub(crate) struct Hosts(Mutex<HashMap<String, Host>>);

#[derive(Debug, Default)]
struct Host {
    turn: Arc<tokio::sync::Mutex<()>>,
    breaker: Breaker,
}

impl Host {
    fn in_use(&self) -> bool {
        Arc::strong_count(&self.turn) > 1
    }
}

impl Hosts {
    /// Waits, in the order of arrival, until nobody else asks this host; its turn ends when the guard is dropped.
    pub(crate) async fn turn(&self, host: &str, now: DateTime<Utc>) -> OwnedMutexGuard<()> {
        let turn = self.change(host, now, |host| host.turn.clone());
        turn.lock_owned().await
    }

    /// A host of which nothing is known has a closed one.
    pub(crate) fn breaker(&self, host: &str) -> Breaker {
        self.all().get(host).map(|host| host.breaker.clone()).unwrap_or_default()
    }

    pub(crate) fn set_breaker(&self, host: &str, breaker: Breaker, now: DateTime<Utc>) {
        self.change(host, now, |host| host.breaker = breaker);
    }

    pub(crate) fn succeeded(&self, host: &str, now: DateTime<Utc>) {
        self.change(host, now, |host| host.breaker.succeeded());
    }

    pub(crate) fn failed(&self, host: &str, error: &FetchError, now: DateTime<Utc>) {
        self.change(host, now, |known| known.breaker.failed(host, error, now));
    }

    fn change<T>(&self, host: &str, now: DateTime<Utc>, change: impl FnOnce(&mut Host) -> T) -> T {
        let mut all = self.all();
        if let Some(known) = all.get_mut(host) {
            return change(known);
        }
        // A new host pays for sweeping out those of which there is nothing to say.
        all.retain(|_, host| host.in_use() || host.breaker != Breaker::default());
        // When too many are in trouble, those go first whose breaker keeps nobody away.
        if all.len() >= REMEMBERED {
            all.retain(|name, host| host.in_use() || host.breaker.refuses(name, now).is_some());
        }
        if all.len() >= REMEMBERED {
            all.retain(|_, host| host.in_use());
        }
        change(all.entry(host.to_owned()).or_default())
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use statusphere_domain::FetchErrorKind;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2031-05-04T10:00:00Z".parse().unwrap()
    }

    fn throttled(pause: Option<Duration>) -> FetchError {
        FetchError { kind: FetchErrorKind::Throttled, detail: "HTTP 429".to_owned(), retry_after: pause }
    }

    #[tokio::test]
    async fn hosts_that_nobody_asks_are_forgotten() {
        let hosts = Hosts::default();
        let held = hosts.turn("held.example", now()).await;
        for number in 0..1000 {
            drop(hosts.turn(&format!("{number}.example"), now()).await);
        }
        assert!(hosts.all().len() <= 2);
        let held_by_us = || hosts.change("held.example", now(), |host| host.turn.try_lock().is_err());
        assert!(held_by_us(), "a host in use keeps its lock");
        drop(held);
        assert!(!held_by_us());
    }

    #[test]
    fn a_host_in_trouble_is_remembered_until_it_answers() {
        let hosts = Hosts::default();
        hosts.failed("bad.example", &throttled(None), now());
        for number in 0..100 {
            hosts.succeeded(&format!("{number}.example"), now());
        }
        assert_eq!(hosts.breaker("bad.example").failures, 1);
        hosts.succeeded("bad.example", now());
        assert_eq!(hosts.breaker("bad.example"), Breaker::default());
    }

    #[tokio::test]
    async fn among_too_many_hosts_in_trouble_the_ones_in_use_and_the_closed_ones_are_kept_longest() {
        let hosts = Hosts::default();
        let held = hosts.turn("held.example", now()).await;
        hosts.failed("asked-for-an-hour.example", &throttled(Some(Duration::from_hours(1))), now());
        for number in 0..REMEMBERED {
            hosts.failed(&format!("{number}.example"), &throttled(None), now());
            assert!(hosts.all().len() <= REMEMBERED);
        }
        assert_eq!(hosts.breaker("asked-for-an-hour.example").failures, 1);
        for number in 0..REMEMBERED {
            hosts.failed(&format!("later-{number}.example"), &throttled(Some(Duration::from_hours(1))), now());
            assert!(hosts.all().len() <= REMEMBERED);
        }
        assert!(hosts.all().contains_key("held.example"));
        drop(held);
    }
}

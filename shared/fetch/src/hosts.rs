//! One request at a time per host.
//!
//! Deliberately absent: pauses between requests, and what other processes do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

/// A lock per host that somebody uses or waits for.
#[derive(Debug, Default)]
pub(crate) struct Hosts(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl Hosts {
    /// Waits, in the order of arrival, until nobody else asks this host; its turn ends when the guard is dropped.
    pub(crate) async fn turn(&self, host: &str) -> OwnedMutexGuard<()> {
        self.lock_of(host).lock_owned().await
    }

    fn lock_of(&self, host: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(host).and_then(Weak::upgrade) {
            return lock;
        }
        // A new host pays for sweeping out those nobody uses any more, so the map never outgrows what is in flight.
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        locks.insert(host.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn hosts_that_nobody_asks_are_forgotten() {
        let hosts = Hosts::default();
        let held = hosts.turn("held.example").await;
        for number in 0..1000 {
            drop(hosts.turn(&format!("{number}.example")).await);
        }
        assert!(hosts.0.lock().unwrap().len() <= 2);
        assert!(hosts.lock_of("held.example").try_lock().is_err(), "a host in use keeps its lock");
        drop(held);
        assert!(hosts.lock_of("held.example").try_lock().is_ok());
    }
}

//! Something that is the same for many requests, held in memory and re-read when it is older than it may be.
//!
//! Deliberately absent: reads in the background. A Lambda does not run between two requests, so a request that finds it
//! old reads it again, and the ones beside it go on with what is there.

use std::{
    fmt::{Debug, Display},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use tokio::{sync::Mutex, time::timeout};

/// How long nobody tries again after a failure.
const PAUSE: TimeDelta = TimeDelta::seconds(5);
/// How long a request waits before it goes on with what is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// A value and how it is kept up.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    what: &'static str,
    good_for: TimeDelta,
    loaded: RwLock<Loaded<T>>,
    refresh: Mutex<()>,
}

/// A value as it was read last.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The value; empty before the first success.
    pub value: Arc<T>,
    /// When its reading began; `None` before the first success.
    pub as_of: Option<DateTime<Utc>>,
    /// When it is to be read next.
    due: DateTime<Utc>,
    /// False until the first try has ended.
    tried: bool,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), ..*self }
    }
}

impl<T: Default + Debug> Kept<T> {
    /// Nothing yet. `what` it is, for the log.
    pub(crate) fn new(what: &'static str, good_for: TimeDelta) -> Self {
        let empty = Loaded { value: Arc::default(), as_of: None, due: DateTime::<Utc>::MIN_UTC, tried: false };
        Self { what, good_for, loaded: RwLock::new(empty), refresh: Mutex::new(()) }
    }

    /// The value, read with `read` at most once, and only when it is old. A failure is logged, and what was there stays.
    pub(crate) async fn get<E: Display>(
        &self,
        now: DateTime<Utc>,
        read: impl AsyncFnOnce(&T) -> Result<T, E>,
    ) -> Loaded<T> {
        let known = self.loaded();
        if now < known.due {
            return known;
        }
        // Before the first load there is nothing to go on with, so everybody waits for the one who reads.
        let reading = if known.tried { self.refresh.try_lock().ok() } else { Some(self.refresh.lock().await) };
        let Some(_reading) = reading else { return known };
        let known = self.loaded();
        if now < known.due {
            return known;
        }
        let loaded = match timeout(PATIENCE, read(&known.value)).await {
            Ok(Ok(value)) => Loaded {
                value: Arc::new(value),
                as_of: Some(now.trunc_subsecs(3)),
                due: now + self.good_for,
                tried: true,
            },
            Ok(Err(error)) => {
                tracing::error!(%error, "failed to read {}", self.what);
                Loaded { due: now + PAUSE, tried: true, ..known }
            }
            Err(_) => {
                tracing::error!("{} did not come in time", self.what);
                Loaded { due: now + PAUSE, tried: true, ..known }
            }
        };
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded.clone();
        loaded
    }

    fn loaded(&self) -> Loaded<T> {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

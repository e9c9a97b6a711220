//! The live state of all pages, held in memory and re-read when it is older than a deployment wants.
//!
//! Deliberately absent: reads in the background. A Lambda does not run between two requests, so a request that finds the
//! snapshot old reads it again, and the ones beside it go on with the old one.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_store::{Live, Store};
use tokio::{sync::Mutex, time::timeout};

/// How long nobody tries again after a failure.
const PAUSE: TimeDelta = TimeDelta::seconds(5);
/// How long a request waits for a snapshot before it goes on with the old one.
const PATIENCE: Duration = Duration::from_secs(2);

/// The snapshot and how it is kept up.
#[derive(Debug)]
pub(crate) struct LiveSnapshot {
    store: Arc<Store>,
    good_for: TimeDelta,
    loaded: RwLock<Loaded>,
    refresh: Mutex<()>,
}

#[derive(Debug, Clone)]
struct Loaded {
    states: Arc<Live>,
    /// When it is to be read next.
    due: DateTime<Utc>,
    /// False until the first try has ended.
    tried: bool,
}

impl LiveSnapshot {
    /// An empty snapshot: no page was ever read.
    pub(crate) fn new(store: Arc<Store>, good_for: TimeDelta) -> Self {
        let empty = Loaded { states: Arc::default(), due: DateTime::<Utc>::MIN_UTC, tried: false };
        Self { store, good_for, loaded: RwLock::new(empty), refresh: Mutex::new(()) }
    }

    /// The state of every page that was ever read. Reads the table at most once, and only when the snapshot is old.
    pub(crate) async fn states(&self, now: DateTime<Utc>) -> Arc<Live> {
        let known = self.loaded();
        if now < known.due {
            return known.states;
        }
        // Before the first load there is nothing to go on with, so everybody waits for the one who reads.
        let reading = if known.tried { self.refresh.try_lock().ok() } else { Some(self.refresh.lock().await) };
        let Some(_reading) = reading else { return known.states };
        let known = self.loaded();
        if now < known.due {
            return known.states;
        }
        let (states, good_for) = match timeout(PATIENCE, self.store.live()).await {
            Ok(Ok(states)) => (Arc::new(states), self.good_for),
            Ok(Err(error)) => {
                tracing::error!(error = %error, "failed to read the live state of all pages");
                (known.states, PAUSE)
            }
            Err(_) => {
                tracing::error!("the live state of all pages did not come in time");
                (known.states, PAUSE)
            }
        };
        let loaded = Loaded { states: Arc::clone(&states), due: now + good_for, tried: true };
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        states
    }

    fn loaded(&self) -> Loaded {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

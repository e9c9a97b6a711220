//! The catalogue with an owner's own pages, as the dispatcher put them in use.
//!
//! Deliberately absent: judging a list. One that can't be read here changes nothing.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_catalogue::Catalogue;
use statusphere_store::{OwnPages, Store};
use tokio::time::timeout;

/// How long a list is good before it is read again.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(1);
/// How long nobody tries again after a failure.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
/// How long a request waits for a list before it goes on with the one before.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is shipped, and what the owner's list makes of it.
#[derive(Debug)]
pub(crate) struct OwnCatalogue {
    store: Arc<Store>,
    shipped: Arc<Catalogue>,
    loaded: RwLock<Loaded>,
}

#[derive(Debug, Clone)]
struct Loaded {
    catalogue: Arc<Catalogue>,
    /// The list in it.
    csv: Arc<str>,
    /// When reading it began; `None` before the first success.
    as_of: Option<DateTime<Utc>>,
    /// When it is to be read next.
    due: DateTime<Utc>,
}

impl OwnCatalogue {
    /// The shipped catalogue, until a list is read.
    pub(crate) fn new(store: Arc<Store>, shipped: Arc<Catalogue>) -> Self {
        let loaded =
            Loaded { catalogue: Arc::clone(&shipped), csv: Arc::default(), as_of: None, due: DateTime::<Utc>::MIN_UTC };
        Self { store, shipped, loaded: RwLock::new(loaded) }
    }

    /// The catalogue of now, and when the list in it was read; `None` if never. Reads the list only when it is due; who comes
    /// meanwhile goes on with the one before.
    pub(crate) async fn catalogue(&self, now: DateTime<Utc>) -> (Arc<Catalogue>, Option<DateTime<Utc>>) {
        let known = self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone();
        if now < known.due {
            return (known.catalogue, known.as_of);
        }
        self.keep(Loaded { due: now + PAUSE, ..known.clone() });
        let csv = match timeout(PATIENCE, self.store.own_pages(OwnPages::InUse)).await {
            Ok(Ok(csv)) => csv,
            Ok(Err(error)) => {
                tracing::error!(%error, "The own pages can't be read: the list before them stays.");
                return (known.catalogue, known.as_of);
            }
            Err(_) => {
                tracing::error!("The own pages did not come in time: the list before them stays.");
                return (known.catalogue, known.as_of);
            }
        };
        let (due, as_of) = (now + GOOD_FOR, Some(now));
        if *csv == *known.csv {
            self.keep(Loaded { as_of, due, ..known.clone() });
            return (known.catalogue, as_of);
        }
        match self.shipped.with(&csv) {
            Ok(catalogue) => {
                catalogue.warm();
                let catalogue = Arc::new(catalogue);
                self.keep(Loaded { catalogue: Arc::clone(&catalogue), csv: csv.into(), as_of, due });
                (catalogue, as_of)
            }
            Err(error) => {
                tracing::error!(%error, "The own pages in use can't be read: the list before them stays.");
                (known.catalogue, known.as_of)
            }
        }
    }

    fn keep(&self, loaded: Loaded) {
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded;
    }
}

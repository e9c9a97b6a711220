//! The plan, with an owner's own pages in it: looks whether a list was handed in, and puts it in use if it is good.
//!
//! Deliberately absent: a second chance for a bad list. It is refused once, with its line, and the last good one stays.

use std::sync::Arc;

use statusphere_catalogue::Catalogue;
use statusphere_store::{OwnPages, Store, StoreError};
use tokio::sync::Mutex;

use crate::{Plan, Settings};

/// The plan of now, and what it was made of.
#[derive(Debug)]
pub(crate) struct OwnPlan {
    shipped: Arc<Catalogue>,
    settings: Settings,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    plan: Arc<Plan>,
    /// The list in the plan; unknown until the table was read.
    in_use: Option<String>,
    refused: Option<String>,
}

impl OwnPlan {
    /// The plan of the shipped pages.
    pub(crate) fn new(shipped: Arc<Catalogue>, settings: Settings) -> Self {
        let plan = Arc::new(Plan::new(&shipped, settings));
        Self { shipped, settings, state: Mutex::new(State { plan, in_use: None, refused: None }) }
    }

    /// The plan of the list in use, which is read at first and whenever it is asked for: another process of this function
    /// may have changed it. An error while nothing is known of it, for the shipped plan alone could read other addresses
    /// than the owner's; later a table that can't be read changes nothing.
    pub(crate) async fn plan(&self, store: &Store, look: bool) -> Result<Arc<Plan>, StoreError> {
        let mut state = self.state.lock().await;
        if look || state.in_use.is_none() {
            match store.own_pages(OwnPages::InUse).await {
                Ok(csv) => self.resume(csv, &mut state),
                Err(error) if state.in_use.is_none() => return Err(error),
                Err(error) => tracing::warn!(%error, "The own pages can't be read: the list before them stays."),
            }
        }
        Ok(Arc::clone(&state.plan))
    }

    fn resume(&self, csv: String, state: &mut State) {
        if state.in_use.as_deref().unwrap_or_default() != csv {
            match self.shipped.with(&csv) {
                Ok(catalogue) => state.plan = Arc::new(Plan::new(&catalogue, self.settings)),
                Err(error) => tracing::error!(%error, "The own pages in use can't be read any more."),
            }
        }
        state.in_use = Some(csv);
    }

    /// Looks whether another list was handed in, and puts it in use if it is good. Whatever is wrong with it is logged, and
    /// the last good one stays.
    pub(crate) async fn adopt(&self, store: &Store) {
        let mut state = self.state.lock().await;
        if let Err(error) = self.look(store, &mut state).await {
            tracing::error!(%error, "The list of own pages can't be taken: the last good one stays.");
        }
    }

    async fn look(&self, store: &Store, state: &mut State) -> Result<(), StoreError> {
        let wanted = store.own_pages(OwnPages::Wanted).await?;
        if [&state.in_use, &state.refused].into_iter().any(|known| known.as_ref() == Some(&wanted)) {
            return Ok(());
        }
        match self.shipped.with(&wanted) {
            Ok(catalogue) => {
                store.put_own_pages(OwnPages::InUse, &wanted).await?;
                tracing::info!(pages = catalogue.len(), "The own pages are in use.");
                state.plan = Arc::new(Plan::new(&catalogue, self.settings));
                state.in_use = Some(wanted);
            }
            Err(error) => {
                tracing::error!(line = error.line, %error, "The own pages are refused: the last good ones stay.");
                state.refused = Some(wanted);
            }
        }
        Ok(())
    }
}

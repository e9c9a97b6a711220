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

    /// The plan; looks after new pages at the first call and whenever it is asked to. A table that can't be read changes
    /// nothing.
    pub(crate) async fn plan(&self, store: &Store, look: bool) -> Arc<Plan> {
        let mut state = self.state.lock().await;
        if (look || state.in_use.is_none())
            && let Err(error) = self.look(store, &mut state).await
        {
            tracing::warn!(%error, "The own pages can't be read: the list before them stays.");
        }
        Arc::clone(&state.plan)
    }

    async fn look(&self, store: &Store, state: &mut State) -> Result<(), StoreError> {
        let in_use = match &state.in_use {
            Some(csv) => csv.clone(),
            None => self.resume(store.own_pages(OwnPages::InUse).await?, state),
        };
        let wanted = store.own_pages(OwnPages::Wanted).await?;
        if wanted == in_use || state.refused.as_ref() == Some(&wanted) {
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

    /// Goes on with the list that was in use before this process began.
    fn resume(&self, csv: String, state: &mut State) -> String {
        if !csv.is_empty() {
            match self.shipped.with(&csv) {
                Ok(catalogue) => state.plan = Arc::new(Plan::new(&catalogue, self.settings)),
                Err(error) => {
                    tracing::error!(%error, "The own pages in use can't be read: only shipped ones are left.");
                }
            }
        }
        state.in_use = Some(csv.clone());
        csv
    }
}

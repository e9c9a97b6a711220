//! What is held of all pages at once: their live state, and every incident that is open.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use chrono::{DateTime, Utc};
use statusphere_domain::{Incident, PageId, PageState};
use statusphere_store::Live;

use crate::Loaded;

static NEVER: LazyLock<PageState> = LazyLock::new(PageState::default);

/// The live state of all pages.
#[derive(Debug)]
pub struct Pages {
    live: Arc<Live>,
    /// When it was read; `None` when it could not be read yet.
    pub as_of: Option<DateTime<Utc>>,
}

impl From<Loaded<Live>> for Pages {
    fn from(loaded: Loaded<Live>) -> Self {
        Self { live: loaded.value, as_of: loaded.as_of }
    }
}

impl Pages {
    /// When something else became known of a page last.
    pub fn changed_at(&self, id: &PageId) -> Option<DateTime<Utc>> {
        self.live.get(id).and_then(|page| page.changed_at)
    }

    /// The state of a page; the default one when nothing is known of it.
    pub fn state(&self, id: &PageId) -> &PageState {
        self.live.get(id).map_or(&NEVER, |page| &page.state)
    }
}

/// Every incident that is open, by its page.
#[derive(Debug, Default)]
pub struct Open {
    by_page: BTreeMap<PageId, Vec<Incident>>,
    /// True when more are open than were read: the least severe are missing.
    pub cut: bool,
}

impl From<statusphere_store::Open> for Open {
    fn from(read: statusphere_store::Open) -> Self {
        if read.more {
            tracing::warn!(read = read.incidents.len(), "More incidents are open than one call brings.");
        }
        let mut by_page = BTreeMap::<_, Vec<_>>::new();
        for (page, incident) in read.incidents {
            by_page.entry(page).or_default().push(incident);
        }
        Self { by_page, cut: read.more }
    }
}

impl Open {
    /// Those of a page, worst first.
    pub fn of(&self, id: &PageId) -> &[Incident] {
        self.by_page.get(id).map_or(&[], Vec::as_slice)
    }
}

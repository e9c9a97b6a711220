//! What is known at a moment: the catalogue joined with what the table says, for the functions that answer requests.
//!
//! Whoever shows a page, a stack or what is broken, asks here, so that the API and the pages for people can't differ.
//! Deliberately absent: wire formats and templates, which are the functions'; rules about the values, which are `domain`'s.

mod item;
mod kept;
mod live;
mod outages;
mod own;
mod past;
mod stack;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_catalogue::{Catalogue, Entry};
use statusphere_domain::{Freshness, Incident, PageId, PageState, UpDown};
use statusphere_store::{Live, Store, StoreError};

pub use kept::Loaded;
pub use live::{Open, Pages};
pub use outages::{Outage, Outages};
pub use past::Ran;
pub use stack::{Judged, MOST_OF_STACK, Part, Stack, listed};

use crate::{kept::Kept, own::Own};

/// How long a list of own pages is good before it is read again.
const OWN_FOR: TimeDelta = TimeDelta::minutes(1);
/// Open incidents are shown at most so much later than they were stored.
const OPEN_FOR: TimeDelta = TimeDelta::seconds(30);
/// The same of those that ended.
const ENDED_FOR: TimeDelta = TimeDelta::seconds(60);
/// Incidents that ended on one day, at most.
const MOST_ENDED: i32 = 50;

/// What a deployment decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How often a page is read; decides when a page counts as stale.
    pub interval: TimeDelta,
    /// How long the live state of all pages is good before it is read again.
    pub live_for: TimeDelta,
    /// The present, compared with our own times only, never with a vendor's.
    pub clock: fn() -> DateTime<Utc>,
}

/// What is known. One per process; [`View::current`] is that of one request.
#[derive(Debug, Clone)]
pub struct View {
    store: Arc<Store>,
    catalogue: Arc<Catalogue>,
    /// When the own pages in it were read; `None` if never.
    listed: Option<DateTime<Utc>>,
    own: Arc<Kept<Own>>,
    live: Arc<Kept<Live>>,
    open: Arc<Kept<Open>>,
    ended: Arc<Kept<Ended>>,
    /// When the first step of a page was sure, of those that were asked for: it stays so.
    begun: Arc<Mutex<BTreeMap<PageId, DateTime<Utc>>>>,
    settings: Settings,
}

/// Incidents with their pages, those that ended last first.
pub type Ended = Vec<(PageId, Incident)>;

impl View {
    /// Nothing is read yet.
    pub fn new(store: Arc<Store>, catalogue: Arc<Catalogue>, settings: Settings) -> Self {
        let own = Arc::new(Kept::new("the own pages", OWN_FOR));
        let live = Arc::new(Kept::new("the live state of all pages", settings.live_for));
        let open = Arc::new(Kept::new("the open incidents", OPEN_FOR));
        let ended = Arc::new(Kept::new("the incidents that ended lately", ENDED_FOR));
        Self { store, catalogue, listed: None, own, live, open, ended, begun: Arc::default(), settings }
    }

    /// Reads the live state of all pages and the list of own ones, so that the first request need not. A failure is logged
    /// and made up for later.
    pub async fn warm(&self) {
        self.current().await;
        self.pages().await;
    }

    /// The same with the own pages of now: what one request is answered from.
    pub async fn current(&self) -> Self {
        let own = self.own.get(self.now(), async |before| Own::read(&self.store, &self.catalogue, before).await).await;
        let known = self.clone();
        Self { catalogue: own.value.catalogue.clone().unwrap_or(known.catalogue), listed: own.as_of, ..known }
    }

    /// The table, for what concerns one page and needs no more than a read.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Every page there is.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// When the own pages in the catalogue were read; `None` if never.
    pub fn listed(&self) -> Option<DateTime<Utc>> {
        self.listed
    }

    /// The live state of all pages, from memory.
    pub async fn pages(&self) -> Pages {
        self.live.get(self.now(), async |_: &_| self.store.live().await).await.into()
    }

    /// Every incident that is open, from memory.
    pub async fn open(&self) -> Loaded<Open> {
        self.open.get(self.now(), async |_: &_| self.store.open_incidents().await.map(Into::into)).await
    }

    /// The incidents that were seen to end today or yesterday, by days of UTC, from memory.
    pub async fn ended(&self) -> Loaded<Ended> {
        let now = self.now();
        let read = async |_: &Ended| {
            let (today, before) = (now.date_naive(), (now - TimeDelta::days(1)).date_naive());
            let mut ended = self.store.ended_on(today, MOST_ENDED).await?;
            ended.extend(self.store.ended_on(before, MOST_ENDED).await?);
            Ok::<_, StoreError>(ended)
        };
        self.ended.get(now, read).await
    }

    /// The state of a page, as it is in the table. Half a read unit.
    pub async fn state(&self, entry: &Entry) -> Result<PageState, StoreError> {
        self.store.state(&entry.page.id).await
    }

    /// The present.
    pub fn now(&self) -> DateTime<Utc> {
        (self.settings.clock)()
    }

    /// How often a page is read.
    pub fn interval(&self) -> TimeDelta {
        self.settings.interval
    }

    /// Whether a state may be relied on at this moment.
    pub fn freshness(&self, state: &PageState) -> Freshness {
        state.freshness(self.now(), self.settings.interval)
    }

    /// Is it them, at this moment?
    pub fn up_down(&self, state: &PageState) -> UpDown {
        state.up_down(self.now(), self.settings.interval)
    }
}

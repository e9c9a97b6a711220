//! The table, on an embedded engine.
//!
//! Deliberately absent: reading it back, which is the store's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, mpsc};
use std::thread;

use dynoxide::{Database, server::serve_on};
use statusphere_domain::{Component, Item, PageState};
use statusphere_store::{Current, Store};
use tokio::{net::TcpListener, runtime::Builder, sync::oneshot};

use crate::{id, now};

/// A table of its own, until it is dropped.
#[derive(Debug)]
pub struct Table {
    /// What reads and writes it.
    pub store: Arc<Store>,
    engine: Option<oneshot::Sender<()>>,
}

impl Table {
    /// An empty one.
    pub async fn open() -> Self {
        let (engine, endpoint) = engine();
        let store = Arc::new(Store::new(&statusphere_runtime::emulator(&endpoint), "statusphere"));
        store.create_table().await.unwrap();
        Self { store, engine: Some(engine) }
    }

    /// Ends the engine with all its connections; time then runs as fast as it may, so retries cost none.
    pub fn end(&mut self) {
        self.engine = None;
        tokio::time::pause();
    }

    /// Stores a page's state and shows it to the lists.
    pub async fn put_state(&self, slug: &str, state: &PageState) {
        self.store.put_scrape(&id(slug), state, None).await.unwrap();
        let stored = self.store.state(&id(slug)).await.unwrap();
        self.store.merge_live(0, BTreeMap::from([(id(slug), stored)]), now).await.unwrap();
    }

    /// Stores an incident or planned work.
    pub async fn put_item(&self, slug: &str, item: &Item) {
        self.store.put_item(&id(slug), item, 1, now(), false).await.unwrap();
    }

    /// Stores a page's components, and the keys of what is not over.
    pub async fn put_current(&self, slug: &str, components: Vec<Component>, open: &[&Item]) {
        let open: BTreeSet<_> = open.iter().map(|item| item.key()).collect();
        let current = Current { components: Some(components), open, ..Current::default() };
        self.store.put_current(&id(slug), &current, &[], now(), true).await.unwrap();
    }
}

/// On a thread of its own, so that dropping the sender ends its connections too.
fn engine() -> (oneshot::Sender<()>, String) {
    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let serving = serve_on(listener, Database::memory().unwrap());
            tokio::select! { () = serving => {}, _ = stopped => {} }
        });
    });
    (stop, format!("http://{}", told.recv().unwrap()))
}

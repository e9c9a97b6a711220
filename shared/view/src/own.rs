//! The catalogue with an owner's own pages, as the dispatcher put them in use.
//!
//! Deliberately absent: judging a list. One that can't be read here changes nothing.

use std::{error::Error, sync::Arc};

use statusphere_catalogue::Catalogue;
use statusphere_store::{OwnPages, Store};

/// An owner's list, and what it makes of the catalogue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Own {
    csv: String,
    /// `None` without a list: what is shipped.
    pub(crate) catalogue: Option<Arc<Catalogue>>,
}

impl Own {
    /// The list of now, with the one before, which is often the same.
    pub(crate) async fn read(store: &Store, shipped: &Catalogue, before: &Self) -> Result<Self, Box<dyn Error>> {
        let csv = store.own_pages(OwnPages::InUse).await?;
        if csv == before.csv {
            return Ok(before.clone());
        }
        let catalogue = shipped.with(&csv)?;
        catalogue.warm();
        Ok(Self { csv, catalogue: Some(Arc::new(catalogue)) })
    }
}

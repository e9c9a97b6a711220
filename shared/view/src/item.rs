//! One incident or planned work of a page, by the vendor's id.

use statusphere_catalogue::Entry;
use statusphere_domain::{Item, ItemKey};
use statusphere_store::StoreError;

use crate::View;

impl View {
    /// The incident or planned work with this id, and its sequence number. Half a read unit, or one.
    pub async fn item(&self, entry: &Entry, id: &str) -> Result<Option<(Item, u64)>, StoreError> {
        for key in [ItemKey::Incident(id.to_owned()), ItemKey::Maintenance(id.to_owned())] {
            let found = self.store.item(&entry.page.id, &key).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

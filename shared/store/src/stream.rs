//! Reads the items in a record of the table's stream.

use statusphere_domain::{Item, PageId, PageState, Step};

use crate::items::{DataItem, StateItem};
use crate::page::{layout, read_data};
use crate::{StoreError, keys};

/// One item of the table as a stream record shows it.
#[derive(Debug, Clone, PartialEq)]
pub enum Image {
    /// A page's state.
    State(Box<PageState>),
    /// An incident or a maintenance.
    Item {
        /// The sort key: `INC#...` or `MNT#...`.
        key: String,
        /// The item.
        item: Box<Item>,
        /// Its sequence number.
        sequence: u64,
        /// Time of the observation, milliseconds since 1970.
        at: i64,
        /// True when it is to be announced by nothing.
        baseline: bool,
    },
    /// The steps that one scrape saw.
    Transitions {
        /// The sort key: `TR#...`.
        key: String,
        /// The steps.
        steps: Vec<Step>,
        /// Time of the observation, milliseconds since 1970.
        at: i64,
        /// True when it is to be announced by nothing.
        baseline: bool,
    },
}

/// Reads an item that stands under a page; `None` for the table's other items.
pub fn read_image(attributes: serde_dynamo::Item) -> Result<Option<(PageId, Image)>, StoreError> {
    let text = |name: &str| match attributes.get(name) {
        Some(serde_dynamo::AttributeValue::S(text)) => text.clone(),
        _ => String::new(),
    };
    let (pk, sk) = (text("pk"), text("sk"));
    let Some(page) = keys::page_of(&pk) else { return Ok(None) };
    let image = if sk == keys::STATE {
        let item: StateItem = serde_dynamo::from_item(attributes).map_err(|why| layout(&pk, &sk, why))?;
        Image::State(Box::new(item.into()))
    } else if sk.starts_with(keys::TRANSITION_PREFIX) {
        let (DataItem { sk: key, at, baseline, .. }, steps) = read_data(attributes)?;
        Image::Transitions { key, steps, at, baseline }
    } else if sk.starts_with(keys::INCIDENT_PREFIX) || sk.starts_with(keys::MAINTENANCE_PREFIX) {
        let (DataItem { sk: key, at, baseline, seq, .. }, item) = read_data(attributes)?;
        Image::Item { key, item: Box::new(item), sequence: seq.unwrap_or(1), at, baseline }
    } else {
        return Ok(None);
    };
    Ok(Some((page, image)))
}

//! The products of a dashboard: its catalogue, and those that an incident names.
//!
//! Deliberately absent: how they fare. Only incidents tell.

use serde_json::Value;
use statusphere_domain::Response;

use crate::{field, html};

/// A product, by the dashboard's id and its name of today.
pub(super) struct Product {
    pub(super) id: String,
    pub(super) name: String,
}

/// The catalogue; `None` when it is not one, or an entry of it cannot be read.
pub(super) fn read(answer: &Response) -> Option<Vec<Product>> {
    let document = html::json::<Value>(answer).ok()?;
    let products: Option<Vec<_>> = document["products"].as_array()?.iter().map(one).collect();
    products.filter(|products| !products.is_empty())
}

/// One entry of the catalogue or of an incident. `current_title` is there since products were renamed.
pub(super) fn one(entry: &Value) -> Option<Product> {
    let id = field::id(&entry["id"])?;
    let name = ["current_title", "title"].into_iter().map(|key| field::text(&entry[key])).find(|name| !name.is_empty());
    Some(Product { name: name?.to_owned(), id })
}

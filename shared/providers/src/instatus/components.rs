//! Components, in `components.json` or in the page's data: groups are rows like any other, which hold their members, or
//! which their members name.

use std::collections::HashSet;

use serde_json::Value;
use statusphere_domain::Component;

use super::items::localised;
use super::words;
use crate::field::{id, list, text};

/// The components of `components.json`: in a wrapper, or bare. `None` when it is neither.
pub(super) fn document(document: &Value) -> Option<Vec<Component>> {
    let rows = if document.is_array() { document } else { &document["components"] };
    rows.is_array().then(|| read(rows)).filter(|components| !components.is_empty())
}

/// The components of a list of rows, in its order.
pub(super) fn read(rows: &Value) -> Vec<Component> {
    let mut parents: HashSet<String> = HashSet::new();
    for row in list(rows) {
        parents.extend(id(&row["group"]["id"]));
        parents.extend(list(&row["children"]).iter().filter_map(|child| id(&child["group"]["id"])));
    }
    let mut known = HashSet::new();
    let mut components = Vec::new();
    for row in list(rows) {
        let children = list(&row["children"]);
        if children.is_empty() {
            components.extend(component(row, None, &parents));
        }
        let group = localised(&row["name"]);
        components.extend(children.iter().filter_map(|child| component(child, Some(&group), &parents)));
    }
    components.retain(|component: &Component| known.insert(component.id.clone()));
    components
}

/// A row that is no group and was not put away.
fn component(row: &Value, group: Option<&str>, parents: &HashSet<String>) -> Option<Component> {
    let name = localised(&row["name"]);
    let own = id(&row["id"]).or_else(|| Some(name.clone()).filter(|name| !name.is_empty()))?;
    if row["isParent"] == true || row["archivedAt"].is_string() || parents.contains(&own) {
        return None;
    }
    let group = group.map_or_else(|| localised(&row["group"]["name"]), str::to_owned);
    Some(Component {
        name: if name.is_empty() { own.clone() } else { name },
        id: own,
        group: Some(group).filter(|group| !group.is_empty()),
        status: words::component(text(&row["status"])),
    })
}

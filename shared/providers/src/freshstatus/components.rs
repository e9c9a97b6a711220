//! The tree of components.
//!
//! Deliberately absent: incidents.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus};

use crate::field;

/// The components in the page's order, and which of them count for the page.
pub(super) struct Tree(Vec<(Component, bool)>);

impl Tree {
    /// Names by id.
    pub(super) fn names(&self) -> HashMap<String, String> {
        self.0.iter().map(|(component, _)| (component.id.clone(), component.name.clone())).collect()
    }

    /// Those that count for the page, and all.
    pub(super) fn split(self) -> (Vec<Component>, Vec<Component>) {
        let counted = self.0.iter().filter(|(_, counts)| *counts).map(|(component, _)| component.clone()).collect();
        (counted, self.0.into_iter().map(|(component, _)| component).collect())
    }
}

pub(super) fn status(word: &str) -> ComponentStatus {
    match word {
        "OP" => ComponentStatus::Operational,
        "PD" | "PE" => ComponentStatus::DegradedPerformance,
        "PO" => ComponentStatus::PartialOutage,
        "MO" => ComponentStatus::MajorOutage,
        "UM" => ComponentStatus::UnderMaintenance,
        _ => ComponentStatus::Unknown,
    }
}

/// The error says what of the document cannot be read.
pub(super) fn read(document: &Value) -> Result<Tree, String> {
    let rows = document["components"].as_array().ok_or("public-components has no list of components")?;
    let mut tree = Vec::new();
    // The nodes still to read, the next one last, so that a deep tree costs no stack.
    let mut open: Vec<(&Value, Option<&str>)> = rows.iter().rev().map(|row| (row, None)).collect();
    while let Some((node, group)) = open.pop() {
        let name = field::text(&node["name"]);
        let below = field::list(&node["components"]);
        if below.is_empty() {
            tree.push((component(node, name, group), counts(node)));
        } else {
            let group = if name.is_empty() { group } else { Some(name) };
            open.extend(below.iter().rev().map(|row| (row, group)));
        }
    }
    Ok(Tree(tree))
}

/// A node without a status, as a group that has lost its components, is of unknown status.
fn component(node: &Value, name: &str, group: Option<&str>) -> Component {
    let id = field::id(&node["id"]).unwrap_or_else(|| name.to_owned());
    let status = if name.is_empty() { ComponentStatus::Unknown } else { status(field::text(&node["status"])) };
    let name = if name.is_empty() { id.clone() } else { name.to_owned() };
    Component { id, name, group: group.map(str::to_owned), status }
}

fn counts(node: &Value) -> bool {
    let ignored = &node["display_options"]["ignore_overall_status"];
    !(ignored == "true" || *ignored == Value::Bool(true))
}

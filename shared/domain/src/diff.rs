//! What a reading changes in what is known of a page.
//!
//! `diff` is idempotent: applied again to its own result it changes nothing. It does not order observations; a reading
//! older than the stored one must not reach it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Component, ComponentStatus, Detail, Incident, IncidentStatus, Indicator, Item, ItemKey, Maintenance,
    MaintenanceStatus, Reading,
};

/// What is stored of a page, as far as a reading can touch it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Effective indicator.
    pub indicator: Option<Indicator>,
    /// Components as last read; `None` when none were ever read.
    pub components: Option<Vec<Component>>,
    /// Everything that is not over.
    pub open: BTreeSet<ItemKey>,
    /// Stored items with their sequence number: at least the open ones and those that the reading mentions.
    pub items: BTreeMap<ItemKey, (Item, u64)>,
}

/// What has to be written down after a reading. Empty when the reading says nothing new.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// New and changed items, each with its next sequence number.
    pub items: Vec<(Item, u64)>,
    /// All components, when one of them changed.
    pub components: Option<Vec<Component>>,
    /// Changes of the indicator and of components.
    pub transitions: Vec<Transition>,
    /// Effective indicator after the reading.
    pub indicator: Option<Indicator>,
    /// Everything that is not over after the reading.
    pub open: BTreeSet<ItemKey>,
    /// True while an incident that somebody cares for is open, or planned work is going on.
    pub busy: bool,
    /// When the same document will mean something else: planned work begins or ends, an open incident grows old.
    pub turns_at: Option<DateTime<Utc>>,
}

impl Changes {
    /// Number of open incidents after the reading, maintenances not counted.
    pub fn open_incidents(&self) -> usize {
        self.open.iter().filter(|key| matches!(key, ItemKey::Incident(_))).count()
    }

    /// True when the reading changed nothing that is stored.
    pub fn is_empty(&self, known: &Known) -> bool {
        self.items.is_empty()
            && self.components.is_none()
            && self.transitions.is_empty()
            && self.indicator == known.indicator
            && self.open == known.open
    }
}

/// One step of a value that has a history. `from` is `None` for the first observation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Transition {
    /// The page's effective indicator.
    Indicator {
        /// Before.
        from: Option<Indicator>,
        /// After; `None` when the source does not tell.
        to: Option<Indicator>,
    },
    /// One component.
    Component {
        /// The vendor's id.
        id: String,
        /// Display name.
        name: String,
        /// Before.
        from: Option<ComponentStatus>,
        /// After; `None` when the vendor dropped it.
        to: Option<ComponentStatus>,
    },
    /// Whether the page could be read.
    Readable {
        /// True on recovery.
        to: bool,
    },
}

/// Compares a reading with what is known. `as_of` decides ends that the vendor did not state, and zombies.
pub fn diff(known: &Known, reading: &Reading, as_of: DateTime<Utc>) -> Changes {
    let mut changes = Changes { open: known.open.clone(), ..Changes::default() };
    let mut after: BTreeMap<ItemKey, Item> = BTreeMap::new();

    let mentioned: BTreeMap<ItemKey, Item> = reading.items().map(|item| (item.key(), item)).collect();
    for (key, item) in &mentioned {
        let stored = known.items.get(key);
        let merged = merge(stored.map(|(item, _)| item), item);
        if stored.is_none_or(|(item, _)| *item != merged) {
            changes.items.push((merged.clone(), stored.map_or(1, |(_, sequence)| sequence + 1)));
        }
        after.insert(key.clone(), merged);
    }

    for key in known.open.iter().filter(|key| !mentioned.contains_key(*key)) {
        let over = match key {
            ItemKey::Incident(_) => reading.lists_all_open,
            ItemKey::Maintenance(_) => reading.lists_all_planned,
        };
        let Some((stored, sequence)) = known.items.get(key) else {
            // Nothing is stored of it, so there is nothing to end.
            if over {
                changes.open.remove(key);
            }
            continue;
        };
        // Ended already, by a scrape that was cut off before it could say so.
        if !stored.is_open() {
            after.insert(key.clone(), stored.clone());
            continue;
        }
        let now = if over { ended(stored, as_of) } else { stored.clone() };
        if over {
            changes.items.push((now.clone(), sequence + 1));
        }
        after.insert(key.clone(), now);
    }

    for (key, item) in &after {
        if item.is_open() {
            changes.open.insert(key.clone());
        } else {
            changes.open.remove(key);
        }
    }

    changes.busy = after.values().any(|item| is_busy(item, as_of));
    changes.turns_at = after.values().filter_map(|item| turns_at(item, as_of)).min();
    let worst_open = after
        .values()
        .filter_map(|item| match item {
            Item::Incident(incident) if incident.is_open() => Some(incident.impact_at(as_of)),
            _ => None,
        })
        .max();
    changes.indicator = reading.indicator.max(worst_open);
    if changes.indicator != known.indicator {
        changes.transitions.push(Transition::Indicator { from: known.indicator, to: changes.indicator });
    }

    if let Some(components) = reading.components.as_deref().map(told_apart) {
        let components = &components;
        let before = known.components.as_deref().unwrap_or(&[]);
        changes.transitions.extend(component_transitions(before, components));
        let components = with_groups(components, before);
        if known.components.as_ref() != Some(&components) {
            changes.components = Some(components);
        }
    }
    changes
}

fn is_busy(item: &Item, as_of: DateTime<Utc>) -> bool {
    match item {
        Item::Incident(incident) => incident.is_open() && !incident.is_zombie_at(as_of),
        Item::Maintenance(maintenance) => maintenance.status == MaintenanceStatus::InProgress,
    }
}

/// The next moment after `as_of` that changes what an open item means.
fn turns_at(item: &Item, as_of: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let moments = match item {
        Item::Incident(incident) => [incident.zombie_from(as_of), None],
        Item::Maintenance(maintenance) => [Some(maintenance.starts_at), maintenance.ends_at],
    };
    moments.into_iter().flatten().filter(|moment| item.is_open() && *moment > as_of).min()
}

/// Platforms without ids may list one name twice; the second is another component.
fn told_apart(components: &[Component]) -> Vec<Component> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let told = components.iter().map(|component| {
        let times = seen.entry(&component.id).or_insert(0);
        *times += 1;
        let id = if *times == 1 { component.id.clone() } else { format!("{}#{times}", component.id) };
        Component { id, ..component.clone() }
    });
    told.collect()
}

/// A document that names no group at all says nothing about groups: those that are known stay.
fn with_groups(components: &[Component], before: &[Component]) -> Vec<Component> {
    if components.iter().any(|component| component.group.is_some()) {
        return components.to_vec();
    }
    let groups: BTreeMap<&str, &String> =
        before.iter().filter_map(|known| Some((known.id.as_str(), known.group.as_ref()?))).collect();
    let kept = |c: &Component| Component { group: groups.get(c.id.as_str()).map(ToString::to_string), ..c.clone() };
    components.iter().map(kept).collect()
}

fn component_transitions<'a>(
    before: &'a [Component],
    after: &'a [Component],
) -> impl Iterator<Item = Transition> + use<'a> {
    let old: BTreeMap<&str, &Component> = before.iter().map(|c| (c.id.as_str(), c)).collect();
    let new: BTreeSet<&str> = after.iter().map(|c| c.id.as_str()).collect();
    let step = |c: &Component, from, to| Transition::Component { id: c.id.clone(), name: c.name.clone(), from, to };
    let dropped: Vec<_> =
        before.iter().filter(|c| !new.contains(c.id.as_str())).map(|c| step(c, Some(c.status), None)).collect();
    after
        .iter()
        .filter_map(move |c| {
            let from = old.get(c.id.as_str()).map(|c| c.status);
            (from != Some(c.status)).then(|| step(c, from, Some(c.status)))
        })
        .chain(dropped)
}

/// What to keep when a document says `new` of an item that is stored: a row never hides a timeline that is known.
pub fn merge(stored: Option<&Item>, new: &Item) -> Item {
    match (stored, new) {
        (Some(Item::Incident(old)), Item::Incident(new)) => Item::Incident(merge_incident(old, new)),
        (Some(Item::Maintenance(old)), Item::Maintenance(new)) => Item::Maintenance(merge_maintenance(old, new)),
        _ => new.clone(),
    }
}

fn merge_incident(old: &Incident, new: &Incident) -> Incident {
    let mut merged = new.clone();
    if new.detail < old.detail {
        merged.detail = Detail::Full;
        merged.updates.clone_from(&old.updates);
        merged.started_at = old.started_at;
        // A row's end is rounded to the minute; a true end is not replaced by it. What opens again is open.
        if old.is_open() == new.is_open() {
            merged.ended_at = old.ended_at;
            merged.status = old.status;
        }
    }
    if merged.components.is_empty() {
        merged.components.clone_from(&old.components);
    }
    merged
}

fn merge_maintenance(old: &Maintenance, new: &Maintenance) -> Maintenance {
    let mut merged = new.clone();
    if new.detail < old.detail {
        merged.detail = Detail::Full;
        merged.updates.clone_from(&old.updates);
        merged.starts_at = old.starts_at;
        // An end that was only planned makes way for the true one, and that one for none.
        merged.ends_at =
            if old.status == new.status { old.ends_at.or(new.ends_at) } else { new.ends_at.or(old.ends_at) };
    }
    if merged.components.is_empty() {
        merged.components.clone_from(&old.components);
    }
    merged
}

/// An item that its vendor no longer lists among those that are not over. The vendor's own end is not known here; a
/// later look at the history corrects it.
fn ended(item: &Item, as_of: DateTime<Utc>) -> Item {
    match item.clone() {
        Item::Incident(incident) => {
            Item::Incident(Incident { status: IncidentStatus::Resolved, ended_at: Some(as_of), ..incident })
        }
        Item::Maintenance(maintenance) => {
            let planned = maintenance.ends_at.filter(|end| *end <= as_of);
            Item::Maintenance(Maintenance {
                status: MaintenanceStatus::Completed,
                ends_at: planned.or(Some(as_of.max(maintenance.starts_at))),
                ..maintenance
            })
        }
    }
}

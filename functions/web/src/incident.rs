//! Incidents and planned work as pages show them.

use chrono::{DateTime, Utc};
use statusphere_catalogue::Entry;
use statusphere_domain::Item;

use crate::{
    show::{Look, impact, stage, web_link},
    text::{self, Body, line},
};

/// Components that are named, at most.
const COMPONENTS: usize = 30;

/// An incident or planned work.
pub(crate) struct Shown {
    /// Of its own page here.
    pub(crate) address: String,
    /// Of the vendor's page.
    pub(crate) link: Option<String>,
    pub(crate) title: String,
    pub(crate) look: Look,
    pub(crate) stage: &'static str,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: Option<DateTime<Utc>>,
    pub(crate) planned: bool,
    pub(crate) components: Vec<String>,
    /// Components that are not named.
    pub(crate) unnamed: usize,
    /// Newest first.
    pub(crate) updates: Vec<Update>,
    /// Updates that are not shown, the oldest.
    pub(crate) left_out: usize,
}

/// One message of the vendor.
pub(crate) struct Update {
    pub(crate) at: DateTime<Utc>,
    pub(crate) stage: String,
    pub(crate) body: Body,
}

/// Letters of vendors' texts that a page still has room for, so that one of many long messages stays small.
#[derive(Debug)]
pub(crate) struct Room(pub(crate) usize);

/// Where an incident has a page of its own.
pub(crate) fn address(entry: &Entry, id: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("id", id).finish();
    format!("/status/{}/incident?{query}", entry.page.id)
}

impl Shown {
    /// With as many of its updates as there is room for, the newest at least.
    pub(crate) fn new(entry: &Entry, item: &Item, room: &mut Room) -> Self {
        let mut shown = Self::in_short(entry, item);
        for (n, update) in item.updates().iter().rev().enumerate() {
            if room.0 == 0 && n > 0 {
                shown.left_out = item.updates().len() - n;
                break;
            }
            let body = text::body(&update.body);
            room.0 = room.0.saturating_sub(body.html.len() + 100);
            shown.updates.push(Update { at: update.at, stage: line(&update.title), body });
        }
        shown
    }

    /// Without its updates.
    pub(crate) fn in_short(entry: &Entry, item: &Item) -> Self {
        let key = match item {
            Item::Incident(incident) => &incident.id,
            Item::Maintenance(maintenance) => &maintenance.id,
        };
        let (ends_at, planned) = match item {
            Item::Incident(incident) => (incident.ended_at, false),
            Item::Maintenance(maintenance) => (maintenance.ends_at, true),
        };
        Self {
            address: address(entry, key),
            link: web_link(item.link()).map(str::to_owned),
            title: line(item.title()),
            look: impact(item),
            stage: stage(item),
            starts_at: item.starts_at(),
            ends_at,
            planned,
            components: item.components().iter().take(COMPONENTS).map(|name| line(name)).collect(),
            unnamed: item.components().len().saturating_sub(COMPONENTS),
            updates: Vec::new(),
            left_out: 0,
        }
    }
}

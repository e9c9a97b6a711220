//! Turns the posts of a page into incidents and maintenances.
//!
//! Deliberately absent: which of them are past and which are current; the caller knows where it found them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use statusphere_domain::{Detail, Incident, Indicator, Item, Maintenance, MaintenanceStatus, Update};

use super::page::{Impact, Link, Message, Page, Post};
use super::words;
use crate::{Target, time, words as common};

/// What posts refer to.
pub(super) struct Context<'a> {
    target: &'a Target<'a>,
    links: &'a HashMap<String, Link>,
    names: HashMap<&'a str, &'a str>,
}

impl<'a> Context<'a> {
    pub(super) fn new(target: &'a Target<'a>, page: &'a Page) -> Self {
        Self { target, links: &page.links, names: page.summary.names() }
    }

    fn link(&self, id: &str) -> String {
        let permalink = self.links.get(id).and_then(|link| link.permalink.clone());
        permalink.unwrap_or_else(|| self.target.at(&format!("/incidents/{id}")))
    }

    fn named<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in ids.filter_map(|id| self.names.get(id)) {
            if !names.iter().any(|known| known == name) {
                names.push((*name).to_owned());
            }
        }
        names
    }

    /// A post with its timeline; `None` when it carries no time that can be read.
    pub(super) fn item(&self, post: &Post) -> Option<Item> {
        let planned = words::maintenance(&post.status);
        if post.kind.as_deref() == Some("maintenance") || planned.is_some() {
            return self.maintenance(post, planned).map(Item::Maintenance);
        }
        self.incident(post).map(Item::Incident)
    }

    fn incident(&self, post: &Post) -> Option<Incident> {
        let updates = updates(post.updates.as_deref().unwrap_or_default());
        let impacts = post.component_impacts.as_deref().unwrap_or_default();
        let summaries = post.status_summaries.as_deref().unwrap_or_default();
        let stamps = [parsed(post.published_at.as_ref())].into_iter().flatten();
        let started_at = stamps
            .chain(updates.iter().map(|update| update.at))
            .chain(impacts.iter().filter_map(|impact| parsed(impact.start_at.as_ref())))
            .chain(summaries.iter().filter_map(|span| parsed(span.start_at.as_ref())))
            .min()?;

        let affected = post.affected_components.as_deref().unwrap_or_default();
        let statuses = impacts.iter().map(|impact| &impact.status);
        let statuses = statuses.chain(summaries.iter().map(|span| &span.worst_component_status));
        let worst = worst(statuses.chain(affected.iter().map(|affected| &affected.status)));
        let status = common::incident(&post.status);
        let ended_at = status.is_over().then(|| {
            let resolved = updates.iter().rfind(|update| common::incident(&update.title.to_lowercase()).is_over());
            let last = impacts.iter().filter_map(|impact| parsed(impact.end_at.as_ref())).max();
            let end = resolved.or(updates.last()).map(|update| update.at).or(last);
            end.unwrap_or(started_at).max(started_at)
        });
        let ids = affected.iter().map(|affected| affected.component_id.as_str());
        Some(Incident {
            id: post.id.clone(),
            title: post.name.clone(),
            link: self.link(&post.id),
            impact: if status.is_over() { worst } else { worst.max(Indicator::Minor) },
            status,
            started_at,
            ended_at,
            components: self.named(ids.chain(impacts.iter().map(|impact| impact.component_id.as_str()))),
            updates,
            detail: Detail::Full,
        })
    }

    fn maintenance(&self, post: &Post, status: Option<MaintenanceStatus>) -> Option<Maintenance> {
        let impacts = post.component_impacts.as_deref().unwrap_or_default();
        let summaries = post.status_summaries.as_deref().unwrap_or_default();
        // Its publication is its announcement, which says nothing of the window.
        let starts_at = parsed(post.starts_at.as_ref())
            .or_else(|| impacts.iter().filter_map(|impact| parsed(impact.start_at.as_ref())).min())
            .or_else(|| summaries.iter().filter_map(|span| parsed(span.start_at.as_ref())).min())
            .or_else(|| parsed(post.published_at.as_ref()))?;
        let ends_at = parsed(post.ends_at.as_ref())
            .or_else(|| impacts.iter().filter_map(|impact| parsed(impact.end_at.as_ref())).max());
        let status = status.unwrap_or(match common::incident(&post.status) {
            over if over.is_over() => MaintenanceStatus::Completed,
            _ if starts_at > self.target.as_of => MaintenanceStatus::Scheduled,
            _ => MaintenanceStatus::InProgress,
        });
        let affected = post.affected_components.iter().flatten().map(|affected| affected.component_id.as_str());
        Some(Maintenance {
            id: post.id.clone(),
            title: post.name.clone(),
            link: self.link(&post.id),
            status,
            starts_at,
            ends_at: ends_at.filter(|end| *end >= starts_at),
            updates: updates(post.updates.as_deref().unwrap_or_default()),
            components: self.named(affected.chain(impacts.iter().map(|impact| impact.component_id.as_str()))),
            detail: Detail::Full,
        })
    }

    /// A past incident or maintenance of which the page carries no timeline; `None` when it is not over.
    pub(super) fn row(&self, link: &Link, impacts: &[Impact]) -> Option<Item> {
        let planned = words::maintenance(&link.status);
        let status = common::incident(&link.status);
        if !status.is_over() && planned != Some(MaintenanceStatus::Completed) {
            return None;
        }
        let starts = impacts.iter().filter_map(|impact| parsed(impact.start_at.as_ref()));
        let published = parsed(link.published_at.as_ref());
        let components = self.named(impacts.iter().map(|impact| impact.component_id.as_str()));
        let end = impacts.iter().filter_map(|impact| parsed(impact.end_at.as_ref())).max();
        let (id, title, link) = (link.id.clone(), link.name.clone(), self.link(&link.id));
        let (updates, detail) = (Vec::new(), Detail::Row);
        if planned.is_some() {
            let starts_at = starts.min().or(published)?;
            let status = MaintenanceStatus::Completed;
            let ends_at = end.filter(|end| *end >= starts_at);
            let item = Maintenance { id, title, link, status, starts_at, ends_at, updates, components, detail };
            return Some(Item::Maintenance(item));
        }
        let started_at = starts.chain(published).min()?;
        let ended_at = Some(end.unwrap_or(started_at).max(started_at));
        let impact = worst(impacts.iter().map(|impact| &impact.status));
        let item = Incident { id, title, link, impact, status, started_at, ended_at, updates, components, detail };
        Some(Item::Incident(item))
    }
}

/// True when an item of the history is over: what is not, the current state tells.
pub(super) fn is_past(item: &Item) -> bool {
    match item {
        Item::Incident(incident) => incident.status.is_over(),
        Item::Maintenance(maintenance) => maintenance.status == MaintenanceStatus::Completed,
    }
}

fn parsed(stamp: Option<&String>) -> Option<DateTime<Utc>> {
    time::parse(stamp?)
}

fn worst<'a>(statuses: impl Iterator<Item = &'a Option<String>>) -> Indicator {
    let severities = statuses.map(|status| common::severity(common::component(status.as_deref().unwrap_or_default())));
    severities.max().unwrap_or(Indicator::None)
}

fn updates(messages: &[Message]) -> Vec<Update> {
    let mut updates: Vec<_> = messages
        .iter()
        .filter_map(|message| {
            let at = parsed(message.published_at.as_ref())?;
            let title = words::shown(message.to_status.as_deref().unwrap_or_default());
            Some(Update { at, title, body: message.text() })
        })
        .collect();
    updates.sort_by_key(|update| update.at);
    updates
}

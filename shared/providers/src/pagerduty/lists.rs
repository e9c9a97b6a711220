//! The lists of the interface, and the reading that they make together.
//!
//! Deliberately absent: fetching them.

use std::collections::HashMap;

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Indicator, Item, Reading};

use super::post::{self, Context};
use super::words::{self, Words};
use super::{HOSTS, PROVIDER, is_id};
use crate::document::{Document, document};
use crate::{Seen, Step, Target, field};

/// Open posts whose messages are fetched in full.
const MAX_DETAILS: usize = 4;

/// The four lists of the interface.
pub(super) struct Lists<'a> {
    services: &'a [Value],
    touched: &'a [Value],
    page: Option<String>,
    words: Words,
    posts: &'a [Value],
    complete: bool,
}

impl<'a> Lists<'a> {
    pub(super) fn new(
        services: &'a Value,
        touched: &'a Value,
        words: &Value,
        posts: &'a Value,
    ) -> Result<Self, String> {
        let page = field::id(&touched["status_page_id"]);
        let services = list(services, "services")?;
        if services.is_empty() {
            return Err("the page has no services".to_owned());
        }
        Ok(Self {
            services,
            touched: list(touched, "impacted_services")?,
            page,
            words: Words::new(list(words, "post_enums")?),
            posts: list(posts, "posts")?,
            complete: posts["continuationToken"].is_null(),
        })
    }

    pub(super) fn read(&self, target: &Target<'_>, seen: &Seen, base: &str) -> Step {
        let context = Context { base, words: &self.words, services: &names(self.services), as_of: target.as_of };
        let rows: Vec<_> = self.posts.iter().filter_map(|row| Some((row, context.item(row)?))).collect();
        if rows.is_empty() && !self.posts.is_empty() {
            return Step::Malformed("none of the posts can be read".to_owned());
        }
        let mut open: Vec<_> = rows.iter().map(|(_, item)| item).filter(|item| item.is_open()).collect();
        open.sort_by_key(|item| matches!(item, Item::Maintenance(_)));
        let open: Vec<_> = open.into_iter().filter_map(|item| Some(post::id(item)).filter(|id| is_id(id))).collect();
        let url = |id: &str| format!("{base}/api/posts/{id}");
        let details: Vec<_> = open.iter().take(MAX_DETAILS).map(|id| url(id)).collect();
        let unseen: Vec<_> = details.iter().filter(|url| seen.get(url).is_none()).cloned().collect();
        if !unseen.is_empty() {
            return Step::Want(unseen);
        }
        let mut reading = Reading::new(PROVIDER.name);
        reading.key = self.page.clone().filter(|page| is_id(page) && !target.is_on(HOSTS));
        let complete = self.complete && rows.len() == self.posts.len();
        reading.lists_all_open = complete && self.words.all_featured("incident");
        reading.lists_all_planned = complete && self.words.all_featured("maintenance");
        for (row, item) in rows {
            // The detail only adds to the row: without it, the row still tells the state.
            let detail = match document(url(post::id(&item)), "the post", seen) {
                Document::Json(detail) if detail["post"]["id"] == row["id"] => context.item(&detail["post"]),
                _ => None,
            };
            match detail.unwrap_or(item) {
                Item::Incident(incident) => reading.incidents.push(incident),
                Item::Maintenance(maintenance) => reading.maintenances.push(maintenance),
            }
        }
        let told = self.touched();
        let sure = told.as_ref().is_some_and(|told| !told.values().any(|status| *status == ComponentStatus::Unknown));
        let told = told.unwrap_or_default();
        let components = self.services.iter().filter_map(|row| component(row, &told));
        reading.components = Some(components.collect());
        let worst = told.values().map(|status| crate::words::severity(*status)).max();
        reading.indicator = crate::words::indicator(&reading, target.as_of)
            .max(worst.filter(|worst| *worst >= Indicator::Minor))
            .filter(|worst| *worst >= Indicator::Minor || complete && sure);
        Step::Reading(Box::new(reading))
    }

    /// The worst that is said of each service that is touched; `None` when it cannot be told which one it is.
    fn touched(&self) -> Option<HashMap<String, ComponentStatus>> {
        let mut told = HashMap::new();
        for row in self.touched {
            let service = field::id(&row["service_id"])?;
            let status = words::component(self.words.key(&row["impact_severity_id"]));
            told.entry(service).and_modify(|known| *known = crate::words::worse(*known, status)).or_insert(status);
        }
        Some(told)
    }
}

pub(super) fn list<'a>(document: &'a Value, key: &str) -> Result<&'a [Value], String> {
    document[key].as_array().map(Vec::as_slice).ok_or_else(|| format!("there is no list `{key}`"))
}

fn name(service: &Value) -> String {
    let names = [&service["display_name"], &service["name"]].map(field::text);
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned()
}

/// Names of services by their ids.
pub(super) fn names(services: &[Value]) -> HashMap<String, String> {
    services.iter().filter_map(|row| Some((field::id(&row["id"])?, name(row)))).collect()
}

/// A service that the page shows.
pub(super) fn component(row: &Value, told: &HashMap<String, ComponentStatus>) -> Option<Component> {
    if row["is_active"] == Value::Bool(false) {
        return None;
    }
    let (id, name) = (field::id(&row["id"]), name(row));
    let status = match &id {
        Some(id) => told.get(id).copied().unwrap_or(ComponentStatus::Operational),
        None => ComponentStatus::Unknown,
    };
    let id = id.or_else(|| Some(name.clone()).filter(|name| !name.is_empty()))?;
    Some(Component { name: if name.is_empty() { id.clone() } else { name }, id, group: None, status })
}

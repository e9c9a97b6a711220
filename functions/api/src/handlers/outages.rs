//! `/outages`: everything that is broken now, worst first, from memory.

use std::cmp::Reverse;

use serde::Deserialize;
use statusphere_catalogue::{CATEGORIES, Entry};
use statusphere_domain::Indicator;
use statusphere_http::{Answer, MaxAge, Query};
use utoipa::{
    IntoParams,
    openapi::{Object, ObjectBuilder, Type},
};

use crate::{
    Api,
    answer::{List, json},
    openapi::Problems,
    problem::Problem,
    wire::{CategoryOutages, OpenIncident, Outage, OutagesAnswer, State},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Category {
    /// Pages of this category only.
    #[param(example = "cloud", schema_with = category_schema)]
    category: Option<String>,
}

fn category_schema() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(CATEGORIES)).build()
}

/// Everything that is broken now
///
/// Every page that says minor or worse or has an open incident, worst first, then the newest. A page that can't be relied on
/// now stays on the list with what it said last, below those that can; `unobserved` counts the pages of which nobody knows.
#[utoipa::path(get, path = "/outages", operation_id = "outages", tag = "Now", params(Category),
    responses((status = 200, description = "What is broken.", body = OutagesAnswer), Problems))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let category = query.read::<Category>()?.category;
    if category.as_deref().is_some_and(|category| !CATEGORIES.contains(&category)) {
        let hint = format!("Give one of these: {}.", CATEGORIES.join(", "));
        return Err(Problem::invalid("invalid category").hint(hint));
    }
    let (pages, open) = (api.view.pages().await, api.view.open().await);
    let of_category = |entry: &Entry| category.is_none() || entry.category.as_deref() == category.as_deref();
    let broken = api.view.outages(&pages, &open, of_category);
    let mut answer = OutagesAnswer {
        outages: List::default(),
        categories: by_category(&broken.outages),
        unobserved: broken.unobserved,
        pages: broken.asked,
        as_of: pages.as_of.map(Into::into),
        incidents_as_of: open.as_of.map(Into::into),
        incidents_cut: open.value.cut,
    };
    for broken in &broken.outages {
        let entry = broken.entry;
        let outage = Outage {
            page: entry.page.id.as_str(),
            name: &entry.name,
            url: &entry.page.url,
            category: entry.category.as_deref(),
            since: broken.since().map(Into::into),
            open_incidents: broken.state.open_incidents,
            incidents: broken.incidents.iter().map(OpenIncident::from).collect(),
            state: State::new(broken.state, broken.freshness),
        };
        if !answer.outages.push(&outage)? {
            break;
        }
    }
    json(&answer, MaxAge::List)
}

fn by_category(outages: &[statusphere_view::Outage<'_>]) -> Vec<CategoryOutages> {
    let mut categories: Vec<CategoryOutages> = Vec::new();
    let mut worst: Vec<(Option<&str>, Option<Indicator>)> =
        outages.iter().map(|outage| (outage.entry.category.as_deref(), outage.state.indicator)).collect();
    worst.sort_by_key(|(category, indicator)| (category.is_none(), *category, Reverse(*indicator)));
    for (category, indicator) in worst {
        match categories.last_mut().filter(|last| last.category.as_deref() == category) {
            Some(last) => last.outages += 1,
            None => categories.push(CategoryOutages {
                category: category.map(str::to_owned),
                outages: 1,
                worst: indicator.map(Into::into),
            }),
        }
    }
    categories
}

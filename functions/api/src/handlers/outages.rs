//! `/outages`: everything that is broken now, worst first, from memory.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use statusphere_catalogue::{CATEGORIES, Entry};
use statusphere_domain::{Freshness, Incident, Indicator, PageState};
use utoipa::{
    IntoParams,
    openapi::{Object, ObjectBuilder, Type},
};

use crate::{
    Api,
    answer::{Answer, List, MaxAge},
    openapi::Problems,
    problem::Problem,
    query::Query,
    wire::{CategoryOutages, OpenIncident, Outage, OutagesAnswer},
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
    let (pages, open) = (api.pages().await, api.open().await);
    let (mut outages, mut asked, mut unobserved) = (Vec::new(), 0, 0);
    for entry in
        api.catalogue.iter().filter(|entry| category.is_none() || entry.category.as_deref() == category.as_deref())
    {
        let state = pages.state(&entry.page.id);
        let freshness = state.freshness(api.now(), api.settings.interval);
        asked += 1;
        unobserved += usize::from(freshness != Freshness::Fresh);
        if state.open_incidents > 0 || state.indicator >= Some(Indicator::Minor) {
            let incidents = open.value.of(&entry.page.id);
            outages.push((
                Reverse((freshness == Freshness::Fresh, state.indicator, since(state, incidents))),
                entry,
                state,
            ));
        }
    }
    outages.sort_by_key(|(order, ..)| *order);

    let mut answer = OutagesAnswer {
        outages: List::default(),
        categories: by_category(outages.iter().map(|(_, entry, state)| (*entry, *state))),
        unobserved,
        pages: asked,
        as_of: pages.as_of.map(Into::into),
        incidents_as_of: open.as_of.map(Into::into),
        incidents_cut: open.value.cut,
    };
    for (Reverse((.., since)), entry, state) in outages {
        let incidents = open.value.of(&entry.page.id);
        let outage = Outage {
            page: entry.page.id.as_str(),
            name: &entry.name,
            url: &entry.page.url,
            category: entry.category.as_deref(),
            since: since.map(Into::into),
            open_incidents: state.open_incidents,
            incidents: incidents.iter().map(OpenIncident::from).collect(),
            state: api.assess(state),
        };
        if !answer.outages.push(&outage)? {
            break;
        }
    }
    Answer::json(&answer, MaxAge::List)
}

/// Start of the newest of the worst incidents; where none is listed, when the page's word last changed.
fn since(state: &PageState, incidents: &[Incident]) -> Option<DateTime<Utc>> {
    let worst = incidents.iter().max_by_key(|incident| (incident.impact, incident.started_at));
    worst.map(|incident| incident.started_at).or(state.last_change)
}

fn by_category<'a>(outages: impl Iterator<Item = (&'a Entry, &'a PageState)>) -> Vec<CategoryOutages> {
    let mut categories: Vec<CategoryOutages> = Vec::new();
    let mut worst: Vec<(Option<&str>, Option<Indicator>)> =
        outages.map(|(entry, state)| (entry.category.as_deref(), state.indicator)).collect();
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

//! `/maintenances`: a page's planned work with its planned window, latest start first.

use std::cmp::Reverse;

use statusphere_domain::Item;

use crate::{
    Api,
    answer::{Answer, MaxAge, Problem},
    handlers::{asked, known, state},
    query::Query,
    wire::{Maintenance, MaintenancesAnswer},
};

pub(crate) async fn handle(api: &Api, query: &Query<'_>) -> Result<Answer, Problem> {
    let entry = known(asked(api, query)?)?;
    let mut answer = MaintenancesAnswer::default();
    if state(api, entry, "maintenances").await?.is_indexed() {
        answer.is_indexed = true;
        let id = &entry.page.id;
        let mut items = api.store.maintenances(id).await.map_err(|error| Problem::store("maintenances", id, &error))?;
        items.sort_by_cached_key(|item| (Reverse(item.starts_at()), item.key()));
        for item in &items {
            let Item::Maintenance(maintenance) = item else { continue };
            if !answer.maintenances.push(&Maintenance::from(maintenance))? {
                break;
            }
        }
    }
    Answer::json(&answer, MaxAge::Page)
}

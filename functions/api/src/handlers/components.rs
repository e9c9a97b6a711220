//! `/components`: a page's components in the vendor's order.

use crate::{
    Api,
    answer::{Answer, MaxAge, Problem},
    handlers::{asked, known, state},
    query::Query,
    wire::{Component, ComponentsAnswer},
};

pub(crate) async fn handle(api: &Api, query: &Query<'_>) -> Result<Answer, Problem> {
    let entry = known(asked(api, query)?)?;
    let mut answer = ComponentsAnswer::default();
    if state(api, entry, "components").await?.is_indexed() {
        answer.is_indexed = true;
        let id = &entry.page.id;
        let current = api.store.current(id).await.map_err(|error| Problem::store("components", id, &error))?;
        for component in &current.components.unwrap_or_default() {
            if !answer.components.push(&Component::from(component))? {
                break;
            }
        }
    }
    Answer::json(&answer, MaxAge::Page)
}

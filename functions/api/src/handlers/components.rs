//! `/components`: a page's components in the vendor's order.

use serde::Deserialize;
use statusphere_domain::{Component as Part, ComponentStatus, Region, region};
use utoipa::IntoParams;

use crate::{
    Api,
    answer::{Answer, List, MaxAge},
    handlers::{Which, state},
    openapi::PageProblems,
    problem::Problem,
    query::Query,
    wire::{Component, ComponentsAnswer},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Chosen {
    /// Those with this id or name only, or in the group of this name, in any case.
    #[param(example = "Actions", max_length = 2048)]
    component: Option<String>,
    /// What may touch those who use this region: a cloud's code (`us-east-1`), an area (`europe`) or a place. Components that
    /// don't say where they are stay.
    #[param(example = "europe", max_length = 2048)]
    region: Option<String>,
}

/// A page's components
///
/// In the vendor's order, with group, region and since when. `inTrouble` counts all of them, asked for or not.
#[utoipa::path(get, path = "/components", operation_id = "components", tag = "Now", params(Which, Chosen),
    responses((status = 200, description = "The components.", body = ComponentsAnswer), PageProblems))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let entry = query.read::<Which>()?.find(api)??;
    let chosen: Chosen = query.read()?;
    let used = chosen.region.as_deref().map(used_region).transpose()?;
    let state = state(api, entry, "components").await?;
    let mut answer =
        ComponentsAnswer { components: List::default(), total: 0, in_trouble: 0, about: api.about(entry, &state) };
    if state.is_indexed() {
        let id = &entry.page.id;
        let current = api.store.current(id).await.map_err(|error| Problem::store("components", id, &error))?;
        let parts = current.components.unwrap_or_default();
        let calm =
            |part: &&Part| matches!(part.status, ComponentStatus::Operational | ComponentStatus::UnderMaintenance);
        answer.total = parts.len();
        answer.in_trouble = parts.len() - parts.iter().filter(calm).count();
        for part in &parts {
            let region = region(&part.name, part.group.as_deref());
            let called = chosen.component.as_deref().is_none_or(|word| is_called(part, word));
            let near = used.as_ref().is_none_or(|used| region.as_ref().is_none_or(|region| region.concerns(used)));
            let since = current.since.get(&part.id).copied();
            if called && near && !answer.components.push(&Component::new(part, region, since))? {
                break;
            }
        }
    }
    Answer::json(&answer, MaxAge::Page)
}

fn used_region(word: &str) -> Result<Region, Problem> {
    let hint = "Give a cloud's code such as us-east-1, or an area such as europe.";
    region(word, None).ok_or_else(|| Problem::invalid("region is not known").hint(hint))
}

/// True when this is the component's id or name, or the name of its group, in any case.
fn is_called(part: &Part, word: &str) -> bool {
    let same = |known: &str| known.trim().to_lowercase() == word.trim().to_lowercase();
    same(&part.name) || same(&part.id) || part.group.as_deref().is_some_and(same)
}

/// The components that a word chooses: those that are called so; else, where it is a region in which some of them are, what
/// may touch those who use it.
pub(crate) fn chosen<'a>(parts: &'a [Part], word: &str) -> Vec<&'a Part> {
    let called: Vec<&Part> = parts.iter().filter(|part| is_called(part, word)).collect();
    if !called.is_empty() {
        return called;
    }
    let Some(used) = region(word, None) else { return called };
    let near = |part: &&Part| region(&part.name, part.group.as_deref()).map(|region| region.concerns(&used));
    if !parts.iter().any(|part| near(&part) == Some(true)) {
        return called;
    }
    parts.iter().filter(|part| near(part) != Some(false)).collect()
}

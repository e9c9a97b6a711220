//! `/components`: a page's components in the vendor's order.

use serde::Deserialize;
use statusphere_domain::{ComponentStatus, Parts, Region, asked_region};
use statusphere_http::{Answer, MaxAge, Query};
use utoipa::IntoParams;

use crate::{
    Api,
    answer::{List, json},
    handlers::Which,
    openapi::{Problems, Unknown},
    problem::Problem,
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
    responses((status = 200, description = "The components.", body = ComponentsAnswer), Problems, Unknown))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let entry = query.read::<Which>()?.find(api)??;
    let chosen: Chosen = query.read()?;
    let used = chosen.region.as_deref().map(used_region).transpose()?;
    let id = &entry.page.id;
    let failed = |error| Problem::store("components", id, &error);
    let (state, current) = api.view.store().state_and_current(id).await.map_err(failed)?;
    let mut answer =
        ComponentsAnswer { components: List::default(), total: 0, in_trouble: 0, about: api.about(entry, &state) };
    if state.is_indexed() {
        let is_read = current.components.is_some();
        let all = current.components.unwrap_or_default();
        let parts = Parts::new(&all);
        answer.total = all.len();
        answer.in_trouble = all.iter().filter(|part| is_trouble(part.status)).count();
        let called = chosen.component.as_deref().map(|word| parts.called(word));
        if is_read && called.as_ref().is_some_and(|called| called.is_empty()) {
            return Err(Problem::component());
        }
        for (at, (part, region)) in all.iter().zip(parts.regions()).enumerate() {
            let is_called = called.is_none_or(|called| called.contains(&at));
            let is_near = used.as_ref().is_none_or(|used| region.as_ref().is_none_or(|region| region.concerns(used)));
            let since = current.since.get(&part.id).copied();
            if is_called && is_near && !answer.components.push(&Component::new(part, region.clone(), since))? {
                break;
            }
        }
    }
    json(&answer, MaxAge::Page)
}

fn used_region(word: &str) -> Result<Region, Problem> {
    let hint = "Give a cloud's code such as us-east-1, or an area such as europe.";
    asked_region(word).ok_or_else(|| Problem::invalid("region is not known").hint(hint))
}

fn is_trouble(status: ComponentStatus) -> bool {
    !matches!(status, ComponentStatus::Operational | ComponentStatus::UnderMaintenance)
}

//! `/maintenances`: a page's planned work with its planned window, latest start first.

use std::cmp::Reverse;

use serde::Deserialize;
use statusphere_domain::{Item, MaintenanceStatus};
use statusphere_http::{Answer, MaxAge, Query};
use utoipa::IntoParams;

use crate::{
    Api,
    answer::{List, json},
    handlers::{Which, state, words},
    openapi::{Problems, Unknown},
    problem::Problem,
    wire::{Maintenance, MaintenancesAnswer},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Standing {
    /// Those that stand so only, separated by commas: `upcoming` (`scheduled`), `running` (`in_progress`) or `past`
    /// (`completed`), by the vendor's word.
    #[param(example = "upcoming,running", pattern = r"^(upcoming|running|past)(,(upcoming|running|past))*$")]
    state: Option<String>,
}

/// A page's planned work
#[utoipa::path(get, path = "/maintenances", operation_id = "maintenances", tag = "Incidents", params(Which, Standing),
    responses((status = 200, description = "Planned work, latest start first.", body = MaintenancesAnswer), Problems, Unknown))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let found = query.read::<Which>()?.find(api)?;
    let known = ["upcoming", "running", "past"];
    let parse = |word: &str| match word {
        "upcoming" => Some(MaintenanceStatus::Scheduled),
        "running" => Some(MaintenanceStatus::InProgress),
        "past" => Some(MaintenanceStatus::Completed),
        _ => None,
    };
    let standing = query.read::<Standing>()?.state.map(|text| words("state", &text, &known, parse)).transpose()?;
    let entry = found?;
    let state = state(api, entry, "maintenances").await?;
    let mut maintenances = List::default();
    if state.is_indexed() {
        let id = &entry.page.id;
        let mut items =
            api.view.store().maintenances(id).await.map_err(|error| Problem::store("maintenances", id, &error))?;
        items.sort_by_cached_key(|item| (Reverse(item.starts_at()), item.key()));
        for item in &items {
            let Item::Maintenance(maintenance) = item else { continue };
            let wanted = standing.as_ref().is_none_or(|standing| standing.contains(&maintenance.status));
            if wanted && !maintenances.push(&Maintenance::from(maintenance))? {
                break;
            }
        }
    }
    json(&MaintenancesAnswer { maintenances, about: api.about(entry, &state) }, MaxAge::Page)
}

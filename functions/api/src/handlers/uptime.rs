//! `/uptime`: how well a page and its components ran, from the steps that were seen.

use serde::Deserialize;
use statusphere_domain::acknowledgement;
use statusphere_http::{Answer, MaxAge, Query};
use statusphere_store::StoreError;
use utoipa::{
    IntoParams,
    openapi::{Object, ObjectBuilder, Type},
};

use crate::{
    Api,
    answer::{List, json},
    handlers::Which,
    openapi::{Problems, Unknown},
    problem::Problem,
    wire::{ComponentUptime, UptimeAnswer},
};

const DEFAULT: u16 = 90;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Window {
    /// How many days back: 7, 30, 90 or 365; 90 when not given.
    #[param(schema_with = days_schema, example = 30)]
    days: Option<String>,
    /// The component with this id or name, or those in the group of this name, in any case: these alone; a single one with
    /// each day.
    #[param(example = "Actions", max_length = 2048)]
    component: Option<String>,
}

fn days_schema() -> Object {
    let object = ObjectBuilder::new().schema_type(Type::Integer);
    object.enum_values(Some([7, 30, 90, 365])).default(Some(DEFAULT.into())).build()
}

/// How well a page ran
///
/// From the steps of its indicator and its components that were seen by two looks in a row. Planned work is counted apart, and
/// so is the time in which nobody could read the page: that is neither up nor down.
#[utoipa::path(get, path = "/uptime", operation_id = "uptime", tag = "Incidents", params(Which, Window),
    responses((status = 200, description = "How it ran.", body = UptimeAnswer), Problems, Unknown))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let found = query.read::<Which>()?.find(api)?;
    let window: Window = query.read()?;
    let days = match window.days.as_deref() {
        None => DEFAULT,
        Some("7") => 7,
        Some("30") => 30,
        Some("90") => 90,
        Some("365") => 365,
        Some(_) => return Err(Problem::invalid("days must be 7, 30, 90 or 365")),
    };
    let entry = found?;
    let id = &entry.page.id;
    let failed = |error: StoreError| Problem::store("uptime", id, &error);
    let (state, current) = api.view.store().state_and_current(id).await.map_err(failed)?;
    let mut ran = api.view.ran(entry, &state, &current, days, true).await.map_err(failed)?;
    let incidents = api.view.incidents(entry, ran.from, ran.to).await.map_err(failed)?;
    let wanted = |one: &statusphere_domain::ComponentUptime| {
        let same = |known: &str, word: &str| known.trim().to_lowercase() == word.trim().to_lowercase();
        window.component.as_deref().is_none_or(|word| {
            same(&one.id, word) || same(&one.name, word) || one.group.as_deref().is_some_and(|group| same(group, word))
        })
    };
    let is_read = !ran.uptime.components.is_empty();
    ran.uptime.components.retain(wanted);
    if is_read && ran.uptime.components.is_empty() {
        return Err(Problem::component());
    }
    // A year of each day of many would be more than an answer may hold.
    let daily = window.component.is_some() && ran.uptime.components.len() == 1;
    let mut components = List::default();
    for one in &ran.uptime.components {
        if !components.push(&ComponentUptime::new(one, daily))? {
            break;
        }
    }
    let answer = UptimeAnswer {
        from: ran.from.into(),
        to: ran.to.into(),
        overall: (&ran.uptime.page).into(),
        components,
        acknowledgement: acknowledgement(&incidents).into(),
        about: api.about(entry, &state),
    };
    json(&answer, MaxAge::List)
}

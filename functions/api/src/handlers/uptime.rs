//! `/uptime`: how well a page and its components ran, from the steps that were seen.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_domain::{Incident, Item, Maintenance, Past, acknowledgement, uptime};
use statusphere_store::{StoreError, Timeline};
use utoipa::{
    IntoParams,
    openapi::{Object, ObjectBuilder, Type},
};

use crate::{
    Api,
    answer::{Answer, List, MaxAge},
    handlers::{Which, state},
    openapi::{Problems, Unknown},
    problem::Problem,
    query::Query,
    wire::{ComponentUptime, UptimeAnswer},
};

const DEFAULT: i64 = 90;
/// Planned work that began so long before the window is taken for over.
const LONGEST_WORK: TimeDelta = TimeDelta::days(31);
/// Items of the timeline that are read at once, and how often, at most.
const CHUNK: i32 = 200;
const READS: usize = 25;

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
    // Asked twice in a minute, the answer is the same.
    let to = api.now().duration_trunc(TimeDelta::minutes(1)).unwrap_or_else(|_| api.now());
    let from = to - TimeDelta::days(days);

    let failed = |error: StoreError| Problem::store("uptime", id, &error);
    let state = state(api, entry, "uptime").await?;
    let history = api.store.history(id, from).await.map_err(failed)?;
    let current = api.store.current(id).await.map_err(failed)?;
    let (incidents, planned) = timeline(api, entry, from, to).await.map_err(failed)?;
    let past = Past {
        steps: &history.steps,
        pending: &current.pending,
        first: history.first,
        indicator: current.indicator,
        components: current.components.as_deref().unwrap_or_default(),
        unread_from: state.unread_from(api.now(), api.settings.interval),
        planned: &planned,
    };
    let mut fared = uptime(&past, from, to);
    let wanted = |one: &statusphere_domain::ComponentUptime| {
        let same = |known: &str, word: &str| known.trim().to_lowercase() == word.trim().to_lowercase();
        window.component.as_deref().is_none_or(|word| {
            same(&one.id, word) || same(&one.name, word) || one.group.as_deref().is_some_and(|group| same(group, word))
        })
    };
    fared.components.retain(wanted);
    // A year of each day of many would be more than an answer may hold.
    let daily = window.component.is_some() && fared.components.len() == 1;
    let mut components = List::default();
    for one in &fared.components {
        if !components.push(&ComponentUptime::new(one, daily))? {
            break;
        }
    }
    let answer = UptimeAnswer {
        from: from.into(),
        to: to.into(),
        overall: (&fared.page).into(),
        components,
        acknowledgement: acknowledgement(incidents.iter().filter(|incident| incident.started_at >= from)).into(),
        about: api.about(entry, &state),
    };
    Answer::json(&answer, MaxAge::List)
}

/// Incidents and planned work that concern a window.
async fn timeline(
    api: &Api,
    entry: &Entry,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<(Vec<Incident>, Vec<Maintenance>), StoreError> {
    let (mut incidents, mut planned) = (Vec::new(), Vec::new());
    let mut wish =
        Timeline { limit: Some(CHUNK), from: Some(from - LONGEST_WORK), to: Some(to), ..Timeline::default() };
    for _ in 0..READS {
        let slice = api.store.timeline(&entry.page.id, &wish).await?;
        let more = slice.more;
        for (item, _, after) in slice.items {
            wish.cursor = Some(after);
            match item {
                Item::Incident(incident) => incidents.push(incident),
                Item::Maintenance(maintenance) => planned.push(maintenance),
            }
        }
        if !more {
            break;
        }
    }
    Ok((incidents, planned))
}

//! `/currentStatus`: is it them? Half a read unit.

use crate::{
    Api,
    answer::json,
    handlers::{Which, state},
    openapi::{Problems, Unknown},
    problem::Problem,
    wire::CurrentStatusAnswer,
};
use statusphere_http::{Answer, MaxAge, Query};

/// Is it them?
///
/// One word for one page, with how fresh it is. `isIndexed` is false until the page was read once.
#[utoipa::path(get, path = "/currentStatus", operation_id = "currentStatus", tag = "Now", params(Which),
    responses((status = 200, description = "How the page fares.", body = CurrentStatusAnswer), Problems, Unknown))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let entry = query.read::<Which>()?.find(api)??;
    // The original's words for a database that fails, though no incident is read here.
    let state = state(api, entry, "incidents").await?;
    let status = api.view.up_down(&state).into();
    json(&CurrentStatusAnswer { status, about: api.about(entry, &state) }, MaxAge::Page)
}

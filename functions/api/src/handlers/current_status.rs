//! `/currentStatus`: is it them? Half a read unit.

use crate::{
    Api,
    answer::{Answer, MaxAge, Problem},
    handlers::{asked, known, state},
    query::Query,
    wire::CurrentStatusAnswer,
};

pub(crate) async fn handle(api: &Api, query: &Query<'_>) -> Result<Answer, Problem> {
    let entry = known(asked(api, query)?)?;
    // The original's words for a database that fails, though no incident is read here.
    let state = state(api, entry, "incidents").await?;
    let answer = CurrentStatusAnswer {
        page: entry.page.id.as_str(),
        status: state.up_down(api.now(), api.settings.interval).as_str(),
        is_indexed: state.is_indexed(),
        state: api.assess(&state),
    };
    Answer::json(&answer, MaxAge::Page)
}

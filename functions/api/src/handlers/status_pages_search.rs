//! `/statusPages/search`: the pages that a few words may mean, best first, from memory.

use serde::Deserialize;
use statusphere_http::{Answer, MaxAge, Query};
use utoipa::IntoParams;

use crate::{
    Api,
    answer::json,
    openapi::Problems,
    problem::Problem,
    wire::{SearchAnswer, StatusPage},
};

/// `query` is needed, which is for the handler to say.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Search {
    /// What people type: names, products, addresses, with slips of the pen.
    #[param(example = "gihub", max_length = 2048, min_length = 1, required = true)]
    query: Option<String>,
}

/// The pages that a few words may mean
#[utoipa::path(get, path = "/statusPages/search", operation_id = "statusPagesSearch", tag = "Directory", params(Search),
    responses((status = 200, description = "At most 25 pages.", body = SearchAnswer), Problems))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let words = query.read::<Search>()?.query.ok_or_else(|| Problem::missing("query"))?;
    let pages = api.view.pages().await;
    let found = api.view.catalogue().search(&words).into_iter().map(|entry| {
        let state = pages.state(&entry.page.id);
        StatusPage::new(entry, state, api.assess(state))
    });
    let answer = SearchAnswer { status_pages: found.collect(), as_of: pages.as_of.map(Into::into) };
    json(&answer, MaxAge::List)
}

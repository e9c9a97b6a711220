//! `/dump`: the whole directory with the current state of every page, from memory.

use crate::{
    Api,
    answer::json,
    handlers::status_pages::{Paged, walk},
    openapi::Problems,
    problem::Problem,
    wire::{DumpAnswer, DumpPage},
};
use statusphere_http::{Answer, MaxAge, Query};

/// Everything about all pages at once
///
/// For those who keep a copy: each page with all its names and its current state. Ask once a minute at most and with
/// `If-None-Match`.
#[utoipa::path(get, path = "/dump", operation_id = "dump", tag = "Directory", params(Paged),
    responses((status = 200, description = "The pages, cut below 5 MB.", body = DumpAnswer), Problems))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let pages = api.view.pages().await;
    let (rows, cursor) = walk(api, query, "dump", |entry, list| {
        let state = pages.state(&entry.page.id);
        let status = api.view.up_down(state).into();
        list.push(&DumpPage::new(entry, state, status, api.assess(state)))
    })?;
    json(&DumpAnswer { pages: rows, cursor, as_of: pages.as_of.map(Into::into) }, MaxAge::List)
}

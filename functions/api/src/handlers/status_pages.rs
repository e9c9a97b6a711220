//! `/statusPages`: all pages by lower-cased name, from memory.

use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_http::{Answer, MaxAge, Query};
use utoipa::IntoParams;

use crate::{
    Api,
    answer::{List, json},
    openapi::Problems,
    problem::Problem,
    wire::{StatusPage, StatusPagesAnswer},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paged {
    /// `cursor` of the answer before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
}

/// All pages of the directory
#[utoipa::path(get, path = "/statusPages", operation_id = "statusPages", tag = "Directory", params(Paged),
    responses((status = 200, description = "The pages, cut below 5 MB.", body = StatusPagesAnswer), Problems))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let pages = api.view.pages().await;
    let (status_pages, cursor) = walk(api, query, "statusPages", |entry, list| {
        let state = pages.state(&entry.page.id);
        list.push(&StatusPage::new(entry, state, api.assess(state)))
    })?;
    json(&StatusPagesAnswer { status_pages, cursor, as_of: pages.as_of.map(Into::into) }, MaxAge::List)
}

/// A list of pages from where its cursor says on, and the cursor of where it was full.
pub(crate) fn walk(
    api: &Api,
    query: Query<'_>,
    list: &str,
    push: impl Fn(&Entry, &mut List) -> Result<bool, Problem>,
) -> Result<(List, Option<String>), Problem> {
    let cursor = query.read::<Paged>()?.cursor;
    let after = cursor.map(|cursor| api.cursors.open(&[list], &cursor)).transpose()?;
    // By name and slug, so that a page that has left since is no hole in the list.
    let place = |entry: &Entry| format!("{}\n{}", entry.name.to_lowercase(), entry.page.id);
    let mut rows = List::default();
    let mut pushed = None;
    let entries =
        api.view.catalogue().iter().skip_while(|entry| after.as_ref().is_some_and(|after| place(entry) <= *after));
    for entry in entries {
        if !push(entry, &mut rows)? {
            let cursor = pushed.map(|entry| api.cursors.seal(&[list], &place(entry)));
            return Ok((rows, cursor));
        }
        pushed = Some(entry);
    }
    Ok((rows, None))
}

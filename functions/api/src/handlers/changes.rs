//! `/changes`: the pages of which something else is known than at a given time, from memory.
//!
//! Deliberately absent: what happened in between. A page is shown as it is now, so a client that takes over every row is up
//! to date however long it was away; each single step is an event on the bus.

use chrono::TimeDelta;
use serde::Deserialize;
use statusphere_http::{Answer, MaxAge, Query};
use utoipa::IntoParams;

use crate::{
    Api,
    answer::{List, json},
    handlers::moment,
    openapi::Problems,
    problem::Problem,
    wire::{Change, ChangesAnswer},
};

/// What was written this long before the live state was read is surely in it.
const OVERLAP: TimeDelta = TimeDelta::seconds(10);
/// A caller's clock may be ahead by so much.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Since {
    /// `next` of the answer before; or any time, RFC 3339, or a day.
    #[param(example = "2026-03-01T11:00:00Z", format = DateTime, required = true)]
    since: Option<String>,
}

/// What changed, for those who poll
///
/// Each page that says something else than at `since`, or that can be relied on no longer or again, as it is now.
#[utoipa::path(get, path = "/changes", operation_id = "changes", tag = "Now", params(Since),
    responses((status = 200, description = "The pages that changed.", body = ChangesAnswer), Problems))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let since = query.read::<Since>()?.since.ok_or_else(|| Problem::missing("since"))?;
    let since = moment("since", &since)?;
    let pages = api.view.pages().await;
    let now = api.view.now();
    if since > now + AHEAD {
        let hint = "Give back `next` of the answer before, or a time that has been.";
        return Err(Problem::invalid("since is in the future").hint(hint));
    }
    let mut rows: Vec<_> = api
        .view
        .catalogue()
        .iter()
        .filter_map(|entry| {
            let state = pages.state(&entry.page.id);
            // A page grows stale without a word.
            let silent = state.stale_from(api.view.interval()).filter(|from| *from <= now);
            let at = pages.changed_at(&entry.page.id).max(silent)?;
            (at >= since).then_some((at, entry, state))
        })
        .collect();
    rows.sort_by_key(|(at, entry, _)| (*at, entry.page.id.as_str()));

    let mut changes = List::default();
    let mut rest = None;
    for (at, entry, state) in rows {
        let change = Change {
            page: entry.page.id.as_str(),
            name: &entry.name,
            url: &entry.page.url,
            changed_at: at.into(),
            status: api.view.up_down(state).into(),
            open_incidents: state.open_incidents,
            state: api.assess(state),
        };
        if !changes.push(&change)? {
            rest = Some(at);
            break;
        }
    }
    // A page that was listed after the list was read here changed unseen, so nothing later is known to be seen.
    let seen = pages.as_of.zip(api.view.listed()).map(|(live, listed)| live.min(listed) - OVERLAP);
    let next = rest.or(seen.map(|seen| seen.max(since))).unwrap_or(since);
    let more = rest.is_some();
    json(&ChangesAnswer { changes, next: next.into(), more, as_of: pages.as_of.map(Into::into) }, MaxAge::Page)
}

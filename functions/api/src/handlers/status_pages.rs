//! `/statusPages`: all pages by lower-cased name, from memory.

use statusphere_domain::PageId;

use crate::{
    Api,
    answer::{Answer, List, MaxAge, Problem},
    query::Query,
    wire::{StatusPage, StatusPagesAnswer},
};

pub(crate) async fn handle(api: &Api, query: &Query<'_>) -> Result<Answer, Problem> {
    let after = match query.get("cursor")? {
        None => None,
        Some(cursor) => {
            let id = PageId::new(cursor).ok().filter(|id| api.catalogue.by_id(id).is_some());
            Some(id.ok_or_else(|| Problem::bad_request("cursor is not valid"))?)
        }
    };
    let states = api.live.states(api.now()).await;
    let mut entries = api.catalogue.iter();
    if let Some(after) = after {
        entries.by_ref().find(|entry| entry.page.id == after);
    }

    let never = statusphere_domain::PageState::default();
    let mut status_pages = List::default();
    let (mut last, mut cursor) = (None, None);
    for entry in entries {
        let state = states.get(&entry.page.id).unwrap_or(&never);
        if !status_pages.push(&StatusPage::new(entry, state, api.assess(state)))? {
            cursor = last;
            break;
        }
        last = Some(entry.page.id.as_str());
    }
    Answer::json(&StatusPagesAnswer { status_pages, cursor }, MaxAge::List)
}

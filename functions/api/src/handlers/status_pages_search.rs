//! `/statusPages/search`: the pages that a few words may mean, best first, from memory.

use statusphere_domain::PageState;

use crate::{
    Api,
    answer::{Answer, MaxAge, Problem},
    query::Query,
    wire::{SearchAnswer, StatusPage},
};

pub(crate) async fn handle(api: &Api, query: &Query<'_>) -> Result<Answer, Problem> {
    let words = query.required("query")?;
    let states = api.live.states(api.now()).await;
    let never = PageState::default();
    let found = api.catalogue.search(&words).into_iter().map(|entry| {
        let state = states.get(&entry.page.id).unwrap_or(&never);
        StatusPage::new(entry, state, api.assess(state))
    });
    Answer::json(&SearchAnswer { status_pages: found.collect() }, MaxAge::List)
}

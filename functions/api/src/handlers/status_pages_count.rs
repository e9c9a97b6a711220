//! `/statusPages/count`: how many pages are listed, from memory.

use statusphere_domain::Freshness;

use crate::{
    Api,
    answer::{Answer, MaxAge},
    openapi::Problems,
    problem::Problem,
    wire::CountAnswer,
};

/// How many pages there are
#[utoipa::path(get, path = "/statusPages/count", operation_id = "statusPagesCount", tag = "Directory",
    responses((status = 200, description = "Their number.", body = CountAnswer), Problems))]
pub(crate) async fn handle(api: &Api) -> Result<Answer, Problem> {
    let pages = api.pages().await;
    let fresh = |id| pages.state(id).freshness(api.now(), api.settings.interval) == Freshness::Fresh;
    let answer = CountAnswer {
        status_page_count: api.catalogue.len(),
        fresh_count: api.catalogue.iter().filter(|entry| fresh(&entry.page.id)).count(),
        as_of: pages.as_of.map(Into::into),
    };
    Answer::json(&answer, MaxAge::List)
}

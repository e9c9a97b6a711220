//! `/statusPages/count`: how many pages are listed, from memory.

use statusphere_domain::Freshness;

use crate::{Api, answer::json, openapi::Problems, problem::Problem, wire::CountAnswer};
use statusphere_http::{Answer, MaxAge};

/// How many pages there are
#[utoipa::path(get, path = "/statusPages/count", operation_id = "statusPagesCount", tag = "Directory",
    responses((status = 200, description = "Their number.", body = CountAnswer), Problems))]
pub(crate) async fn handle(api: &Api) -> Result<Answer, Problem> {
    let pages = api.view.pages().await;
    let fresh = |id| pages.state(id).freshness(api.view.now(), api.view.interval()) == Freshness::Fresh;
    let answer = CountAnswer {
        status_page_count: api.view.catalogue().len(),
        fresh_count: api.view.catalogue().iter().filter(|entry| fresh(&entry.page.id)).count(),
        as_of: pages.as_of.map(Into::into),
    };
    json(&answer, MaxAge::List)
}

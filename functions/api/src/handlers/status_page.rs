//! `/statusPage`: one page by its address or its name.

use crate::{
    Api,
    answer::{Answer, MaxAge, Problem},
    handlers::{known, state},
    query::Query,
    wire::{StatusPage, StatusPageAnswer},
};

pub(crate) async fn handle(api: &Api, query: &Query<'_>) -> Result<Answer, Problem> {
    let found = match (query.get("statusPageUrl")?, query.get("statusPageName")?) {
        (None, None) => return Err(Problem::bad_request("statusPageUrl or statusPageName is required")),
        (Some(_), Some(_)) => {
            return Err(Problem::bad_request("statusPageUrl and statusPageName are mutually exclusive"));
        }
        (Some(url), None) => api.catalogue.by_url(&url),
        (None, Some(name)) => api.catalogue.by_name(&name),
    };
    let entry = known(found)?;
    let state = state(api, entry, "status page").await?;
    let status_page = StatusPage::new(entry, &state, api.assess(&state));
    Answer::json(&StatusPageAnswer { status_page }, MaxAge::Page)
}

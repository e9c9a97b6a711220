//! `/statusPage`: one page by its address, its name, or whatever it is known by.

use crate::{
    Api,
    answer::{Answer, MaxAge, Problem},
    handlers::{asked, known, state},
    query::Query,
    wire::{StatusPage, StatusPageAnswer},
};

pub(crate) async fn handle(api: &Api, query: &Query<'_>) -> Result<Answer, Problem> {
    let named = (query.get("statusPageUrl")?, query.get("statusPageName")?, query.get("page")?);
    let entry = match named {
        (None, None, None) => return Err(Problem::bad_request("statusPageUrl or statusPageName is required")),
        (Some(_), Some(_), _) => {
            return Err(Problem::bad_request("statusPageUrl and statusPageName are mutually exclusive"));
        }
        (_, Some(_), Some(_)) => return Err(Problem::bad_request("statusPageName and page are mutually exclusive")),
        (None, Some(name), None) => known(api.catalogue.by_name(&name))?,
        (_, None, _) => known(asked(api, query)?)?,
    };
    let state = state(api, entry, "status page").await?;
    let status_page = StatusPage::new(entry, &state, api.assess(&state));
    Answer::json(&StatusPageAnswer { status_page }, MaxAge::Page)
}

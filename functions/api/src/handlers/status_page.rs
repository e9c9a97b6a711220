//! `/statusPage`: one page by its address, its name, or whatever it is known by.

use serde::Deserialize;
use statusphere_http::{Answer, MaxAge, Query};
use utoipa::IntoParams;

use crate::{
    Api,
    answer::json,
    handlers::{Which, exclusive, state, unknown_page},
    openapi::{Problems, Unknown},
    problem::Problem,
    wire::{StatusPage, StatusPageAnswer},
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Named {
    /// The page's name, exactly but in any case. Stands in the place of `page`.
    #[param(min_length = 1, max_length = 2048)]
    status_page_name: Option<String>,
}

/// One page of the directory
///
/// By `page`, `statusPageUrl` or `statusPageName`: one of them.
#[utoipa::path(get, path = "/statusPage", operation_id = "statusPage", tag = "Directory", params(Which, Named),
    responses((status = 200, description = "The page.", body = StatusPageAnswer), Problems, Unknown))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let (which, named): (Which, Named) = (query.read()?, query.read()?);
    let entry = match (&which.status_page_url, &named.status_page_name, &which.page) {
        (None, None, None) => return Err(Problem::missing("statusPageUrl or statusPageName")),
        (Some(_), Some(_), _) => return Err(exclusive("statusPageUrl and statusPageName")),
        (_, Some(_), Some(_)) => return Err(exclusive("statusPageName and page")),
        (None, Some(name), None) => api.view.catalogue().by_name(name).ok_or_else(|| unknown_page(api, name))?,
        (_, None, _) => which.find(api)??,
    };
    let state = state(api, entry, "status page").await?;
    let status_page = StatusPage::new(entry, &state, api.assess(&state));
    json(&StatusPageAnswer { status_page }, MaxAge::Page)
}

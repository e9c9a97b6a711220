//! One file per endpoint, and the two steps that those about one page share.

pub(crate) mod components;
pub(crate) mod current_status;
pub(crate) mod incidents;
pub(crate) mod maintenances;
pub(crate) mod sitemap;
pub(crate) mod status_page;
pub(crate) mod status_pages;
pub(crate) mod status_pages_count;
pub(crate) mod status_pages_search;

use lambda_http::http::StatusCode;
use statusphere_catalogue::Entry;
use statusphere_domain::PageState;

use crate::{Api, answer::Problem, query::Query};

/// The page that a request is about: `statusPageUrl`, which is an address, or `page`, which is whatever it is known by.
fn asked<'a>(api: &'a Api, query: &Query<'_>) -> Result<Option<&'a Entry>, Problem> {
    Ok(match (query.get("statusPageUrl")?, query.get("page")?) {
        (None, None) => return Err(Problem::bad_request("statusPageUrl is required")),
        (Some(_), Some(_)) => return Err(Problem::bad_request("statusPageUrl and page are mutually exclusive")),
        (Some(url), None) => api.catalogue.by_url(&url),
        (None, Some(page)) => api.catalogue.find(&page),
    })
}

/// What the caller's address or name found.
fn known(found: Option<&Entry>) -> Result<&Entry, Problem> {
    found.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "status page not known to statusphere"))
}

/// The stored state of a page; `what` the caller wanted in the end.
async fn state(api: &Api, entry: &Entry, what: &str) -> Result<PageState, Problem> {
    let id = &entry.page.id;
    api.store.state(id).await.map_err(|error| Problem::store(what, id, &error))
}

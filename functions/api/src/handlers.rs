//! One file per endpoint, and the steps that those about one page share.

pub(crate) mod changes;
pub(crate) mod components;
pub(crate) mod current_status;
pub(crate) mod docs;
pub(crate) mod dump;
pub(crate) mod incident;
pub(crate) mod incidents;
pub(crate) mod maintenances;
pub(crate) mod openapi;
pub(crate) mod outages;
pub(crate) mod sitemap;
pub(crate) mod stack;
pub(crate) mod status_page;
pub(crate) mod status_pages;
pub(crate) mod status_pages_count;
pub(crate) mod status_pages_search;
pub(crate) mod uptime;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_domain::PageState;
use utoipa::IntoParams;

use crate::{
    Api,
    problem::{Code, Problem},
};

/// The page that a request is about. One of the two is required.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Whatever a page is known by, in any case: slug, name, alias, product, its address or one below it, or a host of its
    /// vendor.
    #[param(example = "github", min_length = 1, max_length = 2048)]
    page: Option<String>,
    /// The page's address, with http or https, with or without a slash at its end: `https://www.githubstatus.com`. Stands in
    /// the place of `page`.
    #[param(min_length = 1, max_length = 2048)]
    status_page_url: Option<String>,
}

impl Which {
    fn is_empty(&self) -> bool {
        self.page.is_none() && self.status_page_url.is_none()
    }

    /// The page; `Err` when none is named, an `Err` inside when none is known by that name.
    fn find<'a>(&self, api: &'a Api) -> Result<Result<&'a Entry, Problem>, Problem> {
        let (found, asked) = match (&self.status_page_url, &self.page) {
            (None, None) => {
                let hint = "Add page= with a slug, a name or an address, such as page=github.";
                return Err(Problem::missing("statusPageUrl").hint(hint));
            }
            (Some(_), Some(_)) => return Err(exclusive("statusPageUrl and page")),
            (Some(url), None) => (api.view.catalogue().by_url(url), url),
            (None, Some(page)) => (api.view.catalogue().find(page), page),
        };
        Ok(found.ok_or_else(|| unknown_page(api, asked)))
    }
}

fn exclusive(names: &str) -> Problem {
    Problem::new(Code::ParametersExclusive, format!("{names} are mutually exclusive"))
}

/// No page is known by this name; the hint says which ones are like it.
fn unknown_page(api: &Api, asked: &str) -> Problem {
    let problem = Problem::new(Code::PageUnknown, "status page not known to statusphere");
    let similar = api.view.similar(asked).into_iter();
    let similar: Vec<String> = similar.map(|entry| format!("page={}", entry.page.id)).collect();
    if similar.is_empty() { problem } else { problem.hint(format!("Did you mean {}?", similar.join(" or "))) }
}

/// The stored state of a page; `what` the caller wanted in the end.
async fn state(api: &Api, entry: &Entry, what: &str) -> Result<PageState, Problem> {
    api.view.state(entry).await.map_err(|error| Problem::store(what, &entry.page.id, &error))
}

/// A moment, or the beginning of a day in UTC.
fn moment(name: &str, text: &str) -> Result<DateTime<Utc>, Problem> {
    // A plus sign that was not escaped arrives as a space.
    let escaped = text.replace(' ', "+");
    let at = DateTime::parse_from_rfc3339(&escaped).map(|at| at.to_utc());
    let day = || text.parse::<NaiveDate>().ok().map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
    // Keys sort as texts, and their years have four digits.
    at.ok().or_else(day).filter(|at| (0..=9999).contains(&at.year())).ok_or_else(|| {
        Problem::invalid(format!("{name} must be a time"))
            .hint("Write it as 2026-03-01T12:00:00Z, or as a day of UTC: 2026-03-01.")
    })
}

/// The words of a list that is separated by commas.
fn words<T>(name: &str, text: &str, known: &[&str], parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Problem> {
    let parsed: Option<Vec<T>> = text.split(',').map(parse).collect();
    parsed.ok_or_else(|| {
        let hint = format!("Give one of these, or several with commas between: {}.", known.join(", "));
        Problem::invalid(format!("invalid {name}")).hint(hint)
    })
}

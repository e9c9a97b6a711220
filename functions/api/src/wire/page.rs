//! Pages in lists and by themselves.

use chrono::{DateTime, Utc};
use serde::Serialize;
use statusphere_catalogue::Entry;
use statusphere_domain::PageState;
use utoipa::ToSchema;

use super::{About, State, Status, Time};
use crate::answer::List;

/// The time by which the original says never: the beginning of the year 1, in seconds.
const NEVER: i64 = -62_135_596_800;

/// A status page of the directory.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusPage<'a> {
    /// Display name.
    name: &'a str,
    /// Address of the page.
    url: &'a str,
    /// When its history was last read to its end; `0001-01-01T00:00:00Z` if never.
    last_historically_scraped: Time,
    /// When it was last read; `0001-01-01T00:00:00Z` if never.
    last_currently_scraped: Time,
    /// False until the page was read once.
    is_indexed: bool,
    /// Slug: the page's name for ever.
    page: &'a str,
    #[serde(flatten)]
    state: State,
}

impl<'a> StatusPage<'a> {
    pub(crate) fn new(entry: &'a Entry, page: &PageState, state: State) -> Self {
        Self {
            name: &entry.name,
            url: &entry.page.url,
            last_historically_scraped: time_or_never(page.last_history),
            last_currently_scraped: time_or_never(page.last_success),
            is_indexed: page.is_indexed(),
            page: entry.page.id.as_str(),
            state,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusPageAnswer<'a> {
    pub(crate) status_page: StatusPage<'a>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusPagesAnswer {
    /// By lower-cased name.
    #[schema(value_type = Vec<StatusPage>)]
    pub(crate) status_pages: List,
    /// Where to go on; null when this is the end.
    pub(crate) cursor: Option<String>,
    /// When the live state of all pages was read, a minute ago at most unless the table fails; null if never.
    pub(crate) as_of: Option<Time>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchAnswer<'a> {
    /// At most 25, best match first; none rather than noise.
    pub(crate) status_pages: Vec<StatusPage<'a>>,
    /// When the live state of all pages was read, a minute ago at most unless the table fails; null if never.
    pub(crate) as_of: Option<Time>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CountAnswer {
    /// Number of pages in the directory.
    pub(crate) status_page_count: usize,
    /// How many of them may be relied on at this moment.
    pub(crate) fresh_count: usize,
    /// When the live state of all pages was read, a minute ago at most unless the table fails; null if never.
    pub(crate) as_of: Option<Time>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CurrentStatusAnswer {
    pub(crate) status: Status,
    #[serde(flatten)]
    pub(crate) about: About,
}

/// Everything that is known of a page without asking for more.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DumpPage<'a> {
    /// Slug: the page's name for ever.
    page: &'a str,
    /// Display name.
    name: &'a str,
    /// Address of the page.
    url: &'a str,
    /// Address of the vendor's own site.
    home: Option<&'a str>,
    /// What the vendor is for.
    category: Option<&'a str>,
    /// The vendor's domains.
    domains: Vec<&'a str>,
    /// Other names of the same thing.
    aliases: Vec<&'a str>,
    /// What the vendor sells that the page is about.
    products: Vec<&'a str>,
    status: Status,
    /// Number of open incidents, planned work not counted.
    open_incidents: u32,
    #[serde(flatten)]
    state: State,
}

impl<'a> DumpPage<'a> {
    pub(crate) fn new(entry: &'a Entry, page: &PageState, status: Status, state: State) -> Self {
        Self {
            page: entry.page.id.as_str(),
            name: &entry.name,
            url: &entry.page.url,
            home: entry.home.as_deref(),
            category: entry.category.as_deref(),
            domains: entry.domains.iter().collect(),
            aliases: entry.aliases.iter().collect(),
            products: entry.products.iter().collect(),
            status,
            open_incidents: page.open_incidents,
            state,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DumpAnswer {
    /// By lower-cased name.
    #[schema(value_type = Vec<DumpPage>)]
    pub(crate) pages: List,
    /// Where to go on; null when this is the end.
    pub(crate) cursor: Option<String>,
    /// When the live state of all pages was read, a minute ago at most unless the table fails; null if never.
    pub(crate) as_of: Option<Time>,
}

fn time_or_never(at: Option<DateTime<Utc>>) -> Time {
    at.or_else(|| DateTime::from_timestamp(NEVER, 0)).unwrap_or_default().into()
}

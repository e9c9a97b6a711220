//! `/incident`: one incident or planned work with its whole timeline, by the vendor's id or by its link.

use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_domain::Item;
use statusphere_http::{Answer, MaxAge, Query};
use statusphere_store::Timeline;
use utoipa::IntoParams;

use crate::{
    Api,
    answer::json,
    handlers::{Which, exclusive, state, unknown_page},
    openapi::{Problems, Unknown},
    problem::{Code, Problem},
    wire::{Incident, IncidentAnswer},
};

/// Items of the timeline that are looked through for a link that has no id in it.
const LOOKED_THROUGH: i32 = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Meant {
    /// The vendor's id, as `/incidents` gives it. Needs `page` or `statusPageUrl` beside it.
    #[param(example = "abc123", min_length = 1, max_length = 2048)]
    id: Option<String>,
    /// Its address, as `/incidents` gives it. Stands in the place of `id`. The page follows from it when its address or its host is in
    /// it; else name the page too.
    #[param(min_length = 1, max_length = 2048)]
    deep_link: Option<String>,
}

const NAME_THE_PAGE: &str = "Name the page too: add page=.";

/// One incident with its whole timeline
///
/// By `page` and `id`, or by `deepLink`. Planned work is found the same way.
#[utoipa::path(get, path = "/incident", operation_id = "incident", tag = "Incidents", params(Which, Meant),
    responses((status = 200, description = "The incident.", body = IncidentAnswer), Problems, Unknown))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let (which, meant): (Which, Meant) = (query.read()?, query.read()?);
    let alone = meant.deep_link.is_some() && which.is_empty();
    let (entry, found) = match (&meant.id, &meant.deep_link) {
        (None, None) => return Err(Problem::missing("id or deepLink")),
        (Some(_), Some(_)) => return Err(exclusive("id and deepLink")),
        (Some(id), None) => {
            let entry = which.find(api)??;
            (entry, by_id(api, entry, id).await?)
        }
        (None, Some(link)) => {
            let entry = if alone {
                page_of(api, link).ok_or_else(|| unknown_page(api, link).hint(NAME_THE_PAGE))?
            } else {
                which.find(api)??
            };
            (entry, by_link(api, entry, link).await?)
        }
    };
    let unknown = || {
        let problem = Problem::new(Code::IncidentUnknown, "incident not known to statusphere");
        if alone { problem.hint(NAME_THE_PAGE) } else { problem }
    };
    let (item, sequence) = found.ok_or_else(unknown)?;
    let state = state(api, entry, "incident").await?;
    let incident = Incident::alone(&item, &entry.page.url);
    json(&IncidentAnswer { incident, sequence, about: api.about(entry, &state) }, MaxAge::Page)
}

/// The page that a link is below, the nearest first; else the one that its host belongs to.
fn page_of<'a>(api: &'a Api, link: &str) -> Option<&'a Entry> {
    let address = link.split_once("://").map_or(link, |(_, address)| address);
    let ends = address.rmatch_indices(['/', '?', '#']).map(|(end, _)| end);
    let above = std::iter::once(address.len()).chain(ends).filter_map(|end| address.get(..end));
    above
        .map(|address| format!("https://{address}"))
        .find_map(|address| api.view.catalogue().by_url(&address))
        .or_else(|| api.view.catalogue().find(link))
}

async fn by_id(api: &Api, entry: &Entry, id: &str) -> Result<Option<(Item, u64)>, Problem> {
    api.view.item(entry, id).await.map_err(|error| Problem::store("incident", &entry.page.id, &error))
}

/// Most links end with the id or are the id; the rest is looked for among the newest.
async fn by_link(api: &Api, entry: &Entry, link: &str) -> Result<Option<(Item, u64)>, Problem> {
    let same = |item: &Item| item.link().trim_end_matches('/') == link.trim_end_matches('/');
    let end = link.trim_end_matches('/').rsplit(['/', '#', '=']).next().unwrap_or(link);
    for id in [end, link] {
        if let Some(found) = by_id(api, entry, id).await?.filter(|(item, _)| same(item)) {
            return Ok(Some(found));
        }
    }
    let wish = Timeline { limit: Some(LOOKED_THROUGH), ..Timeline::default() };
    let slice = api.view.store().timeline(&entry.page.id, &wish).await;
    let slice = slice.map_err(|error| Problem::store("incident", &entry.page.id, &error))?;
    Ok(slice.items.into_iter().find(|(item, ..)| same(item)).map(|(item, sequence, _)| (item, sequence)))
}

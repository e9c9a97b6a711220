//! `/incidents`: a page's incidents and maintenances, newest start first.

use statusphere_domain::Indicator;
use statusphere_store::{StoreError, Timeline};

use crate::{
    Api,
    answer::{Answer, MaxAge, Problem},
    handlers::{asked, known, state},
    query::Query,
    wire::{Incident, IncidentsAnswer},
};

/// Items that are read at once: few enough to stay small in memory, enough that most pages need one read.
const CHUNK: usize = 200;
/// Reads of one request, at most, so that a filter nothing matches ends in a cursor instead of a timeout.
const READS: usize = 25;
/// Bytes of a cursor; the table refuses keys that are much longer.
const LONGEST_CURSOR: usize = 640;

pub(crate) async fn handle(api: &Api, query: &Query<'_>) -> Result<Answer, Problem> {
    let found = asked(api, query)?;
    let impacts = query.get("impact")?.map(|words| impacts(&words)).transpose()?;
    let limit = query.get("limit")?.map(|text| limit(&text)).transpose()?.unwrap_or(usize::MAX);
    let mut cursor = query.get("cursor")?.map(|cursor| checked(&cursor)).transpose()?;
    let entry = known(found)?;
    if !state(api, entry, "incidents").await?.is_indexed() {
        return Answer::json(&IncidentsAnswer::default(), MaxAge::Page);
    }

    let wanted = |impact| impacts.as_ref().is_none_or(|impacts| impacts.contains(&impact));
    let mut answer = IncidentsAnswer { is_indexed: true, ..IncidentsAnswer::default() };
    let mut more = limit > 0;
    let mut reads = 0;
    'reading: while more && reads < READS && answer.incidents.len() < limit {
        let left = if impacts.is_some() { CHUNK } else { CHUNK.min(limit - answer.incidents.len()) };
        let wish = Timeline { limit: i32::try_from(left).ok(), cursor: cursor.clone(), ..Timeline::default() };
        let slice = api.store.timeline(&entry.page.id, &wish).await.map_err(|error| match error {
            StoreError::Cursor => bad_cursor(),
            error => Problem::store("incidents", &entry.page.id, &error),
        })?;
        reads += 1;
        more = slice.more;
        let last = slice.items.len();
        for (n, (item, _, after)) in slice.items.into_iter().enumerate() {
            if wanted(item.impact()) && !answer.incidents.push(&Incident::new(&item, &entry.page.url))? {
                more = true;
                break 'reading;
            }
            cursor = Some(after);
            if answer.incidents.len() == limit {
                more = slice.more || n + 1 < last;
                break 'reading;
            }
        }
    }
    answer.cursor = cursor.filter(|_| more);
    Answer::json(&answer, MaxAge::Page)
}

/// A list of impacts, separated by commas and nothing else.
fn impacts(words: &str) -> Result<Vec<Indicator>, Problem> {
    let impacts: Option<Vec<Indicator>> = words.split(',').map(Indicator::parse).collect();
    impacts.ok_or_else(|| Problem::bad_request("invalid impact"))
}

fn limit(text: &str) -> Result<usize, Problem> {
    let limit = text.parse::<i64>().ok().and_then(|limit| usize::try_from(limit).ok());
    limit.ok_or_else(|| Problem::bad_request("limit must be an integer"))
}

fn checked(cursor: &str) -> Result<String, Problem> {
    if cursor.len() <= LONGEST_CURSOR { Ok(cursor.to_owned()) } else { Err(bad_cursor()) }
}

fn bad_cursor() -> Problem {
    Problem::bad_request("cursor is not valid")
}

//! `/incidents`: a page's incidents and maintenances, newest start first.

use serde::Deserialize;
use statusphere_domain::{Indicator, Item};
use statusphere_http::{Answer, MaxAge, Query};
use statusphere_store::{StoreError, Timeline};
use utoipa::{
    IntoParams,
    openapi::{Object, ObjectBuilder, Type},
};

use crate::{
    Api,
    answer::{List, json},
    handlers::{Which, moment, state, words},
    openapi::{Problems, Unknown},
    problem::{Code, Problem},
    wire::{Incident, IncidentsAnswer},
};

/// Items that are read at once: few enough to stay small in memory, enough that most pages need one read.
const CHUNK: usize = 200;
/// Reads of one request, at most, so that a filter nothing matches ends in a cursor, and costs little.
const READS: usize = 5;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// These impacts only, separated by commas: `none`, `maintenance`, `minor`, `major`, `critical`.
    #[param(
        example = "major,critical",
        pattern = r"^(none|maintenance|minor|major|critical)(,(none|maintenance|minor|major|critical))*$"
    )]
    impact: Option<String>,
    /// Those that stand so only, separated by commas: `open`, `over`, or the words of `status`.
    #[param(
        example = "open",
        pattern = r"^(open|over|investigating|identified|monitoring|resolved|postmortem|unknown|scheduled|in_progress|completed)(,(open|over|investigating|identified|monitoring|resolved|postmortem|unknown|scheduled|in_progress|completed))*$"
    )]
    status: Option<String>,
    /// Those that touch a component of this name only, in any case.
    #[param(example = "Actions", max_length = 2048)]
    component: Option<String>,
    /// Those that started at this time or later: RFC 3339, or a day.
    #[param(example = "2026-01-01T00:00:00Z", format = DateTime)]
    from: Option<String>,
    /// Those that started before this time.
    #[param(example = "2027-01-01T00:00:00Z", format = DateTime)]
    to: Option<String>,
    /// At most so many.
    #[param(schema_with = limit_schema, example = 20)]
    limit: Option<String>,
    /// `cursor` of the answer before, which goes on with the same other parameters.
    #[param(max_length = 2048)]
    cursor: Option<String>,
}

/// A page's incidents and planned work
///
/// Newest start first, cut below 5 MB. A page that was never read answers an empty list with `isIndexed` false.
#[utoipa::path(get, path = "/incidents", operation_id = "incidents", tag = "Incidents", params(Which, Filter),
    responses((status = 200, description = "The incidents.", body = IncidentsAnswer), Problems, Unknown))]
pub(crate) async fn handle(api: &Api, query: Query<'_>) -> Result<Answer, Problem> {
    let found = query.read::<Which>()?.find(api)?;
    let filter: Filter = query.read()?;
    let wanted = Wanted::new(&filter)?;
    let limit = filter.limit.as_deref().map(limit).transpose()?.unwrap_or(usize::MAX);
    let between = |name, text: &Option<String>| text.as_deref().map(|text| moment(name, text)).transpose();
    let (from, to) = (between("from", &filter.from)?, between("to", &filter.to)?);
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(Problem::invalid("from is after to"));
    }
    let entry = found?;
    let texts = [&filter.impact, &filter.status, &filter.component, &filter.from, &filter.to];
    let mut list = vec!["incidents", entry.page.id.as_str()];
    list.extend(texts.iter().map(|text| text.as_deref().unwrap_or_default()));
    let mut cursor = filter.cursor.as_deref().map(|cursor| api.cursors.open(&list, cursor)).transpose()?;

    let state = state(api, entry, "incidents").await?;
    let mut incidents = List::default();
    let mut more = limit > 0 && state.is_indexed();
    let mut reads = 0;
    'reading: while more && reads < READS && incidents.len() < limit {
        let left = if wanted.all() { CHUNK.min(limit - incidents.len()) } else { CHUNK };
        let wish = Timeline { limit: i32::try_from(left).ok(), cursor: cursor.clone(), from, to, planned: false };
        let slice = api.view.store().timeline(&entry.page.id, &wish).await.map_err(|error| match error {
            StoreError::Cursor => Problem::new(Code::CursorInvalid, "cursor is not valid"),
            error => Problem::store("incidents", &entry.page.id, &error),
        })?;
        reads += 1;
        more = slice.more;
        let read = slice.items.len();
        for (n, (item, _, after)) in slice.items.into_iter().enumerate() {
            if wanted.takes(&item) && !incidents.push(&Incident::in_list(&item, &entry.page.url))? {
                more = true;
                break 'reading;
            }
            cursor = Some(after);
            if incidents.len() == limit {
                more |= n + 1 < read;
                break 'reading;
            }
        }
    }
    let cursor = cursor.filter(|_| more).map(|place| api.cursors.seal(&list, &place));
    json(&IncidentsAnswer { incidents, cursor, about: api.about(entry, &state) }, MaxAge::Page)
}

/// Which incidents somebody wants.
struct Wanted {
    impacts: Option<Vec<Indicator>>,
    statuses: Option<Vec<&'static str>>,
    component: Option<String>,
}

const IMPACTS: [&str; 5] = ["none", "maintenance", "minor", "major", "critical"];
const STATUSES: [&str; 11] = [
    "open",
    "over",
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "postmortem",
    "unknown",
    "scheduled",
    "in_progress",
    "completed",
];

impl Wanted {
    fn new(filter: &Filter) -> Result<Self, Problem> {
        let status = |word: &str| STATUSES.into_iter().find(|known| *known == word);
        Ok(Self {
            impacts: filter
                .impact
                .as_deref()
                .map(|text| words("impact", text, &IMPACTS, Indicator::parse))
                .transpose()?,
            statuses: filter.status.as_deref().map(|text| words("status", text, &STATUSES, status)).transpose()?,
            component: filter.component.as_deref().map(str::to_lowercase),
        })
    }

    fn all(&self) -> bool {
        self.impacts.is_none() && self.statuses.is_none() && self.component.is_none()
    }

    fn takes(&self, item: &Item) -> bool {
        let stands = if item.is_open() { "open" } else { "over" };
        let named = |component: &String| item.components().iter().any(|named| named.to_lowercase() == *component);
        self.impacts.as_ref().is_none_or(|impacts| impacts.contains(&item.impact()))
            && self.statuses.as_ref().is_none_or(|words| words.contains(&stands) || words.contains(&item.status()))
            && self.component.as_ref().is_none_or(named)
    }
}

/// As far as the original's numbers go.
fn limit_schema() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(i64::MAX)).build()
}

fn limit(text: &str) -> Result<usize, Problem> {
    let limit = text.parse::<i64>().ok().and_then(|limit| usize::try_from(limit).ok());
    limit.ok_or_else(|| Problem::invalid("limit must be an integer").hint("Give a whole number from 0."))
}

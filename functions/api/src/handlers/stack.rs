//! `/stack`: one verdict for the services that somebody depends on. Half a read unit a page.
//!
//! A whole page is judged by its state; of a page with chosen components those are read instead, and its freshness is taken
//! from memory. Reasons are the open incidents, from memory too.

use std::collections::{BTreeMap, BTreeSet};

use lambda_http::http::HeaderMap;
use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_domain::{Evidence, Incident, ItemKey, PageId, PageState, Parts, Verdict};
use statusphere_store::Current;
use utoipa::IntoParams;

use crate::{
    Api,
    answer::{Answer, MaxAge, prefers_text},
    handlers::unknown_page,
    live::{Open, Pages},
    openapi::Problems,
    problem::Problem,
    query::Query,
    wire::{Judged, StackAnswer, StackPage},
};

/// Pages, and components, of one stack, at most.
const MOST: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Stack {
    /// What the stack is made of, separated by commas: each whatever a page is known by; 100 at most.
    #[param(example = "github,aws,cloudflare", pattern = r"[^,\s]", max_length = 2048, required = true)]
    pages: Option<String>,
    /// The components that matter, separated by commas, 100 at most: `page:component`, the component by its name, its id, its
    /// group or its region, in any case. Without `page:` it chooses on every page that has it. Pages of which nothing is
    /// chosen count as a whole. Where a name has a comma, take the id.
    #[param(example = "github:Actions,us-east-1", max_length = 2048)]
    components: Option<String>,
}

/// One verdict for a stack
///
/// Is it them, any of them? With reasons, for what was chosen and (`unfiltered`) for the whole of these pages: a choice hides
/// nothing. A name that is not known, a component that is not there and a page that can't be relied on make the verdict
/// `UNKNOWN`, never `UP`. With `Accept: text/plain` the first line is the verdict, the reasons follow, a line each.
#[utoipa::path(get, path = "/stack", operation_id = "stack", tag = "Now", params(Stack),
    responses((status = 200, description = "The verdict.",
        content((StackAnswer = "application/json"), (String = "text/plain"))), Problems))]
pub(crate) async fn handle(api: &Api, query: Query<'_>, headers: &HeaderMap) -> Result<Answer, Problem> {
    let stack: Stack = query.read()?;
    let names = list("pages", stack.pages.as_deref())?;
    if names.is_empty() {
        return Err(Problem::missing("pages").hint("List what you depend on: pages=github,aws,cloudflare."));
    }
    let words = list("components", stack.components.as_deref())?;
    // A page counts once, whatever it is called.
    let mut seen = BTreeSet::new();
    let rows: Vec<(&str, Option<&Entry>)> = names
        .into_iter()
        .map(|name| (name, api.catalogue.find(name)))
        .filter(|(name, entry)| seen.insert(entry.map_or(*name, |entry| entry.page.id.as_str())))
        .collect();
    let wishes: BTreeSet<Wish<'_>> = words.into_iter().map(|word| Wish::new(api, word, &rows)).collect();
    let known = Known::read(api, &rows, &wishes).await?;
    let (live, open) = (api.pages().await, api.open().await);

    let mut found = BTreeSet::new();
    let judge = |(name, entry): &(&str, Option<&Entry>)| match entry {
        Some(entry) => known.judge(api, entry, &wishes, &mut found, &live, &open.value),
        None => unknown(api, name),
    };
    let judged: Vec<Judged> = rows.iter().map(judge).collect();
    let mut chosen: Vec<Verdict> = judged.iter().map(|page| page.chosen.clone()).collect();
    let nowhere = wishes.iter().filter(|wish| wish.page.is_none() && !found.contains(wish));
    chosen
        .extend(nowhere.map(|wish| Verdict::unknown(&format!("No page of this stack has a component {}.", wish.word))));

    let pages = rows.iter().zip(judged).map(|((asked, entry), judged)| StackPage::new(asked, *entry, judged)).collect();
    let answer = StackAnswer::new(&Verdict::join(&chosen), pages, open.as_of);
    if prefers_text(headers) {
        return Ok(Answer::text(answer.text(), MaxAge::Page));
    }
    Ok(Answer::json(&answer, MaxAge::Page)?.varying_by_accept())
}

/// The parts of a list that is separated by commas.
fn list<'a>(name: &str, text: Option<&'a str>) -> Result<Vec<&'a str>, Problem> {
    let parts = text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    if parts.len() > MOST {
        return Err(Problem::invalid(format!("{name} has more than {MOST}")).hint("Ask for them in several stacks."));
    }
    Ok(parts)
}

/// A component that somebody chose.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wish<'a> {
    /// The page that it is on; `None`: wherever there is one.
    page: Option<&'a PageId>,
    word: &'a str,
}

impl<'a> Wish<'a> {
    /// What stands before a colon is a page only if that is part of the stack: components have colons in their names.
    fn new(api: &'a Api, text: &'a str, rows: &[(&str, Option<&'a Entry>)]) -> Self {
        if let Some((page, word)) = text.split_once(':')
            && let Some(entry) = api.catalogue.find(page.trim())
            && rows.iter().any(|(_, known)| known.is_some_and(|known| known.page.id == entry.page.id))
        {
            return Self { page: Some(&entry.page.id), word: word.trim() };
        }
        Self { page: None, word: text }
    }

    fn concerns(&self, id: &PageId) -> bool {
        self.page.is_none_or(|page| page == id)
    }
}

/// What the table says of the pages of a stack: of each either its state or its components, so half a read unit.
struct Known {
    states: BTreeMap<PageId, PageState>,
    components: BTreeMap<PageId, Current>,
}

impl Known {
    async fn read(api: &Api, rows: &[(&str, Option<&Entry>)], wishes: &BTreeSet<Wish<'_>>) -> Result<Self, Problem> {
        let ids = rows.iter().filter_map(|(_, entry)| Some(entry.as_ref()?.page.id.clone()));
        let (with, without): (Vec<PageId>, Vec<PageId>) =
            ids.partition(|id| wishes.iter().any(|wish| wish.concerns(id)));
        let read = tokio::try_join!(api.store.states(&without), api.store.currents(&with));
        let (states, components) = read.map_err(|error| Problem::table("status pages", &error))?;
        Ok(Self { states, components })
    }

    /// The verdict on one page; what of the wishes is there is added to `found`.
    fn judge<'w, 'a>(
        &self,
        api: &Api,
        entry: &Entry,
        wishes: &'w BTreeSet<Wish<'a>>,
        found: &mut BTreeSet<&'w Wish<'a>>,
        live: &Pages,
        open: &Open,
    ) -> Judged {
        let id = &entry.page.id;
        let nothing = Current::default();
        let current = self.components.get(id);
        let (state, incidents, unread) = match current {
            None => {
                let state = self.states.get(id).cloned().unwrap_or_default();
                let incidents: Vec<&Incident> = open.of(id).iter().collect();
                let counted = usize::try_from(state.open_incidents).unwrap_or(usize::MAX);
                let unread = counted.saturating_sub(incidents.len());
                (state, incidents, unread)
            }
            Some(current) => with_open(live.state(id), current, open.of(id)),
        };
        let evidence = Evidence {
            name: &entry.name,
            state: &state,
            incidents: &incidents,
            unread,
            now: api.now(),
            interval: api.settings.interval,
        };
        let whole = evidence.whole();
        let current = current.unwrap_or(&nothing);
        let parts = Parts::new(current.components.as_deref().unwrap_or_default());
        let (mut picked, mut verdicts) = (BTreeSet::new(), Vec::new());
        for wish in wishes.iter().filter(|wish| wish.concerns(id)) {
            let chosen = parts.chosen(wish.word);
            if !chosen.is_empty() {
                found.insert(wish);
                picked.extend(chosen);
            } else if wish.page.is_some() {
                verdicts.push(Verdict::unknown(&format!("{}: There is no component {}.", entry.name, wish.word)));
            }
        }
        let components =
            (!picked.is_empty() || !verdicts.is_empty()).then(|| Judged::components(&parts, &picked, &current.since));
        if !picked.is_empty() {
            verdicts.push(evidence.of_components(&parts, &picked));
        } else if verdicts.is_empty() {
            verdicts.push(whole.clone());
        }
        let last_success = state.last_success;
        Judged { chosen: Verdict::join(&verdicts), whole, components, last_success, state: Some(api.assess(&state)) }
    }
}

/// The state of a page by its last reading, and its open incidents: those of the list that this reading still has, and the
/// number of those that the list has not yet.
fn with_open<'a>(live: &PageState, current: &Current, listed: &'a [Incident]) -> (PageState, Vec<&'a Incident>, usize) {
    let is_open = |incident: &&Incident| current.open.contains(&ItemKey::Incident(incident.id.clone()));
    let incidents: Vec<&Incident> = listed.iter().filter(is_open).collect();
    let counted = current.open_incidents();
    let open_incidents = u32::try_from(counted).unwrap_or(u32::MAX);
    let unread = counted.saturating_sub(incidents.len());
    (PageState { indicator: current.indicator, open_incidents, ..live.clone() }, incidents, unread)
}

fn unknown(api: &Api, asked: &str) -> Judged {
    let problem = unknown_page(api, asked);
    let verdict = Verdict::unknown(&format!("{asked}: No page is known by this name. {}", problem.advice()));
    Judged { chosen: verdict.clone(), whole: verdict, components: None, last_success: None, state: None }
}

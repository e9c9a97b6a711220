//! `/stack`: one verdict for the services that somebody depends on. Half a read unit a page.
//!
//! A whole page is judged by its state; of a page with chosen components those are read instead, and its state is taken
//! from memory. Reasons are the open incidents, from memory too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use lambda_http::http::{HeaderMap, header};
use serde::Deserialize;
use statusphere_catalogue::Entry;
use statusphere_domain::{Component as Part, Evidence, Incident, PageId, PageState, Verdict, region};
use statusphere_store::Current;
use utoipa::IntoParams;

use crate::{
    Api,
    answer::{Answer, MaxAge},
    handlers::{components::chosen, unknown_page},
    openapi::ListProblems,
    problem::Problem,
    query::Query,
    wire::{Component, StackAnswer, StackPage},
};

/// Pages of one stack, at most.
const MOST: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Stack {
    /// What the stack is made of, separated by commas: each whatever a page is known by; 100 at most.
    #[param(example = "github,aws,cloudflare", pattern = r"[^,\s]", max_length = 2048, required = true)]
    pages: Option<String>,
    /// The components that matter, separated by commas: `page:component`, the component by its name, its id, its group or its
    /// region, in any case. Without `page:` it chooses on every page that has it. Pages of which nothing is chosen count as a whole.
    /// Where a name has a comma, take the id.
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
        content((StackAnswer = "application/json"), (String = "text/plain"))), ListProblems))]
pub(crate) async fn handle(api: &Api, query: Query<'_>, headers: &HeaderMap) -> Result<Answer, Problem> {
    let stack: Stack = query.read()?;
    let asked = stack.pages.as_deref().map(list).unwrap_or_default();
    if asked.is_empty() {
        return Err(Problem::missing("pages").hint("List what you depend on: pages=github,aws,cloudflare."));
    }
    if asked.len() > MOST {
        return Err(Problem::invalid(format!("pages names more than {MOST}")).hint("Ask for them in several stacks."));
    }
    let rows: Vec<Row<'_>> = asked.iter().map(|name| Row { asked: name, entry: api.catalogue.find(name) }).collect();
    let words = stack.components.as_deref().map(list).unwrap_or_default();
    let wishes: Vec<Wish<'_>> = words.iter().map(|word| Wish::new(api, word, &rows)).collect();
    let known = Known::read(api, &rows, &wishes).await?;
    let open = api.open().await;

    let mut pages = Vec::new();
    for row in &rows {
        pages.push(match row.entry {
            Some(entry) => known.judge(api, row.asked, entry, &wishes, open.value.of(&entry.page.id)),
            None => unknown(api, row.asked),
        });
    }
    let mut chosen: Vec<Verdict> = pages.iter().map(|page| page.chosen.clone()).collect();
    let nowhere = wishes.iter().filter(|wish| wish.page.is_none() && !known.has(wish));
    chosen
        .extend(nowhere.map(|wish| Verdict::unknown(&format!("No page of this stack has a component {}.", wish.word))));
    let chosen = Verdict::join(&chosen);
    let whole = Verdict::join(pages.iter().map(|page| &page.whole));
    if prefers_text(headers) {
        let read =
            pages.iter().filter_map(|page| Some((page.state.as_ref()?.last_success?, page.entry?.name.as_ref()))).min();
        return Ok(Answer::text(text(&chosen, &whole, read), MaxAge::Page));
    }
    let answer = StackAnswer {
        verdict: chosen.into(),
        unfiltered: whole.into(),
        pages: pages.iter().map(|page| page.wire(api)).collect(),
        incidents_as_of: open.as_of.map(Into::into),
    };
    Ok(Answer::json(&answer, MaxAge::Page)?.varying_by_accept())
}

/// The parts of a list that is separated by commas.
fn list(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

struct Row<'a> {
    asked: &'a str,
    entry: Option<&'a Entry>,
}

/// A component that somebody chose.
struct Wish<'a> {
    /// The page that it is on; `None`: wherever there is one.
    page: Option<&'a PageId>,
    word: &'a str,
}

impl<'a> Wish<'a> {
    /// What stands before a colon is a page only if that is part of the stack: components have colons in their names.
    fn new(api: &'a Api, text: &'a str, rows: &[Row<'a>]) -> Self {
        if let Some((page, word)) = text.split_once(':')
            && let Some(entry) = api.catalogue.find(page.trim())
            && rows.iter().any(|row| row.entry.is_some_and(|known| known.page.id == entry.page.id))
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
    async fn read(api: &Api, rows: &[Row<'_>], wishes: &[Wish<'_>]) -> Result<Self, Problem> {
        let ids: BTreeSet<&PageId> = rows.iter().filter_map(|row| Some(&row.entry?.page.id)).collect();
        let (with, without): (Vec<PageId>, Vec<PageId>) =
            ids.into_iter().cloned().partition(|id| wishes.iter().any(|wish| wish.concerns(id)));
        let failed = |error| Problem::table("status pages", &error);
        let mut states = api.store.states(&without).await.map_err(failed)?;
        let components = api.store.currents(&with).await.map_err(failed)?;
        let live = api.pages().await;
        for (id, current) in &components {
            let state = PageState {
                indicator: current.indicator,
                open_incidents: u32::try_from(current.open_incidents()).unwrap_or(u32::MAX),
                ..live.state(id).clone()
            };
            states.insert(id.clone(), state);
        }
        Ok(Self { states, components })
    }

    fn parts(&self, id: &PageId) -> &[Part] {
        self.components.get(id).and_then(|current| current.components.as_deref()).unwrap_or_default()
    }

    fn has(&self, wish: &Wish<'_>) -> bool {
        self.components.keys().any(|id| !chosen(self.parts(id), wish.word).is_empty())
    }

    fn judge<'a>(
        &'a self,
        api: &Api,
        asked: &'a str,
        entry: &'a Entry,
        wishes: &[Wish<'_>],
        incidents: &[Incident],
    ) -> Judged<'a> {
        let id = &entry.page.id;
        let state = self.states.get(id).cloned().unwrap_or_default();
        let incidents: Vec<&Incident> = incidents.iter().collect();
        let interval = api.settings.interval;
        let evidence = Evidence { name: &entry.name, state: &state, incidents: &incidents, now: api.now(), interval };
        let whole = evidence.whole();
        let parts = self.parts(id);
        let (mut picked, mut verdicts) = (BTreeSet::new(), Vec::new());
        for wish in wishes.iter().filter(|wish| wish.concerns(id)) {
            let found = chosen(parts, wish.word);
            if found.is_empty() && wish.page.is_some() {
                verdicts.push(Verdict::unknown(&format!("{}: There is no component {}.", entry.name, wish.word)));
            }
            picked.extend(found.into_iter().map(|part| part.id.as_str()));
        }
        let picked: Vec<&Part> = parts.iter().filter(|part| picked.contains(part.id.as_str())).collect();
        let components = (!picked.is_empty() || !verdicts.is_empty()).then(|| picked.clone());
        if !picked.is_empty() {
            verdicts.push(evidence.of_components(parts, &picked));
        } else if verdicts.is_empty() {
            verdicts.push(whole.clone());
        }
        let since = self.components.get(id).map(|current| &current.since);
        Judged {
            asked,
            entry: Some(entry),
            chosen: Verdict::join(&verdicts),
            whole,
            components,
            since,
            state: Some(state),
        }
    }
}

/// A page of the stack with its verdicts.
struct Judged<'a> {
    asked: &'a str,
    entry: Option<&'a Entry>,
    chosen: Verdict,
    whole: Verdict,
    components: Option<Vec<&'a Part>>,
    since: Option<&'a BTreeMap<String, DateTime<Utc>>>,
    state: Option<PageState>,
}

fn unknown<'a>(api: &Api, asked: &'a str) -> Judged<'a> {
    let hint = unknown_page(api, asked);
    let verdict = Verdict::unknown(&format!("{asked}: No page is known by this name. {}", hint.advice()));
    Judged { asked, entry: None, chosen: verdict.clone(), whole: verdict, components: None, since: None, state: None }
}

impl<'a> Judged<'a> {
    fn wire(&self, api: &Api) -> StackPage<'a> {
        let component = |part: &&'a Part| {
            let since = self.since.and_then(|since| since.get(&part.id)).copied();
            Component::new(part, region(&part.name, part.group.as_deref()), since)
        };
        StackPage {
            asked: self.asked,
            page: self.entry.map(|entry| entry.page.id.as_str()),
            name: self.entry.map(|entry| &*entry.name),
            url: self.entry.map(|entry| entry.page.url.as_str()),
            verdict: self.chosen.clone().into(),
            unfiltered: self.whole.clone().into(),
            components: self.components.as_ref().map(|parts| parts.iter().map(component).collect()),
            state: self.state.as_ref().map(|state| api.assess(state)),
        }
    }
}

/// True when the caller names plain text, and JSON no higher.
fn prefers_text(headers: &HeaderMap) -> bool {
    let accepts = |wanted: &str| {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let mut ranges = values.flat_map(|value| value.split(',')).map(|range| range.split(';').map(str::trim));
        ranges.find_map(|mut range| {
            let named = range.next().is_some_and(|range| range.eq_ignore_ascii_case(wanted));
            let weight = || range.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            named.then(weight)
        })
    };
    let text = accepts("text/plain").unwrap_or(0.0);
    text > 0.0 && text >= accepts("application/json").unwrap_or(0.0)
}

fn text(chosen: &Verdict, whole: &Verdict, read: Option<(DateTime<Utc>, &str)>) -> String {
    let mut text = format!("{}\n", chosen.status.as_str());
    for reason in &chosen.reasons {
        let _ = writeln!(text, "{reason}");
    }
    for reason in whole.reasons.iter().filter(|reason| !chosen.reasons.contains(reason)) {
        let _ = writeln!(text, "Not chosen: {reason}");
    }
    if let Some((at, page)) = read {
        let _ = writeln!(
            text,
            "The oldest reading is that of {page}, of {}.",
            at.to_rfc3339_opts(SecondsFormat::Secs, true)
        );
    }
    text
}

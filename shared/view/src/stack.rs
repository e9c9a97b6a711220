//! One verdict for the services that somebody depends on. Half a read unit a page.
//!
//! A whole page is judged by its state; of a page with chosen components those are read instead, and its freshness is taken
//! from memory. Reasons are the open incidents, from memory too.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use statusphere_catalogue::Entry;
use statusphere_domain::{Component, Evidence, Incident, ItemKey, PageId, PageState, Parts, Region, Verdict, severity};
use statusphere_store::{Current, StoreError};

use crate::{Open, Pages, View};

/// Chosen components of one page that are told of, at most.
const MOST: usize = 50;
/// Pages that are named in the place of one that is not known.
const SIMILAR: usize = 3;

/// Pages, and components, of one stack, at most.
pub const MOST_OF_STACK: usize = 100;

/// The parts of a list that is separated by commas; `None` when there are more than a stack may have.
pub fn listed(text: Option<&str>) -> Option<Vec<&str>> {
    let parts = text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    (parts.len() <= MOST_OF_STACK).then_some(parts)
}

/// The verdict on a stack.
#[derive(Debug)]
pub struct Stack<'a> {
    /// On what was chosen.
    pub chosen: Verdict,
    /// On the whole of these pages.
    pub whole: Verdict,
    /// One for each page, in the order in which they were asked for; one that was asked for twice comes once.
    pub pages: Vec<Judged<'a>>,
    /// When the open incidents were read; `None` if never.
    pub open_as_of: Option<DateTime<Utc>>,
}

/// What is said of one page of a stack.
#[derive(Debug)]
pub struct Judged<'a> {
    /// What it was called.
    pub asked: &'a str,
    /// The page that is meant; `None` when none is known by that name.
    pub entry: Option<&'a Entry>,
    /// On its chosen components; on the whole page when none are.
    pub chosen: Verdict,
    /// On the whole page.
    pub whole: Verdict,
    /// The chosen components, the worst first, 50 at most; `None` when none are chosen.
    pub components: Option<Vec<Part>>,
    /// What this rests on; `None` when no page is known by that name.
    pub state: Option<PageState>,
}

/// A component of a page.
#[derive(Debug, Clone)]
pub struct Part {
    /// The component.
    pub component: Component,
    /// Where it is, by its own words.
    pub region: Option<Region>,
    /// When its status was first seen; `None` when it never changed since the page was first read.
    pub since: Option<DateTime<Utc>>,
}

impl<'a> Stack<'a> {
    /// The page that was read longest ago, and when.
    pub fn oldest(&self) -> Option<(DateTime<Utc>, &'a Entry)> {
        let read = self.pages.iter().filter_map(|page| Some((page.state.as_ref()?.last_success?, page.entry?)));
        read.min_by_key(|(at, _)| *at)
    }
}

impl View {
    /// Judges the pages that are called so, each whatever it is known by. `words` choose components: `page:component`, or
    /// `component` on every page that has it.
    pub async fn stack<'a>(&'a self, names: &[&'a str], words: &[&'a str]) -> Result<Stack<'a>, StoreError> {
        // A page counts once, whatever it is called.
        let mut seen = BTreeSet::new();
        let rows: Vec<(&str, Option<&Entry>)> = names
            .iter()
            .map(|name| (*name, self.catalogue.find(name)))
            .filter(|(name, entry)| seen.insert(entry.map_or(*name, |entry| entry.page.id.as_str())))
            .collect();
        let wishes: BTreeSet<Wish<'_>> = words.iter().map(|word| Wish::new(self, word, &rows)).collect();
        let known = Known::read(self, &rows, &wishes).await?;
        let (live, open) = (self.pages().await, self.open().await);

        let mut found = BTreeSet::new();
        let judge = |(name, entry): &(&'a str, Option<&'a Entry>)| match entry {
            Some(entry) => known.judge(self, name, entry, &wishes, &mut found, &live, &open.value),
            None => unknown(self, name),
        };
        let pages: Vec<Judged<'_>> = rows.iter().map(judge).collect();
        let nowhere = wishes.iter().filter(|wish| wish.page.is_none() && !found.contains(wish));
        let nowhere: Vec<Verdict> = nowhere
            .map(|wish| Verdict::unknown(&format!("No page of this stack has a component {}.", wish.word)))
            .collect();
        Ok(Stack {
            chosen: Verdict::join(pages.iter().map(|page| &page.chosen).chain(&nowhere)),
            whole: Verdict::join(pages.iter().map(|page| &page.whole)),
            pages,
            open_as_of: open.as_of,
        })
    }

    /// The pages that may be meant by a name that is not known, the likeliest first.
    pub fn similar(&self, asked: &str) -> Vec<&Entry> {
        self.catalogue.search(asked).into_iter().take(SIMILAR).collect()
    }
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
    fn new(view: &'a View, text: &'a str, rows: &[(&str, Option<&'a Entry>)]) -> Self {
        if let Some((page, word)) = text.split_once(':')
            && let Some(entry) = view.catalogue.find(page.trim())
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
    async fn read(
        view: &View,
        rows: &[(&str, Option<&Entry>)],
        wishes: &BTreeSet<Wish<'_>>,
    ) -> Result<Self, StoreError> {
        let ids = rows.iter().filter_map(|(_, entry)| Some(entry.as_ref()?.page.id.clone()));
        let (with, without): (Vec<PageId>, Vec<PageId>) =
            ids.partition(|id| wishes.iter().any(|wish| wish.concerns(id)));
        let (states, components) = tokio::try_join!(view.store.states(&without), view.store.currents(&with))?;
        Ok(Self { states, components })
    }

    /// The verdict on one page; what of the wishes is there is added to `found`.
    #[expect(clippy::too_many_arguments, reason = "what is known, what is wished, and what is shared by all pages")]
    fn judge<'a, 'w>(
        &self,
        view: &View,
        asked: &'a str,
        entry: &'a Entry,
        wishes: &'w BTreeSet<Wish<'_>>,
        found: &mut BTreeSet<&'w Wish<'w>>,
        live: &Pages,
        open: &Open,
    ) -> Judged<'a> {
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
            now: view.now(),
            interval: view.interval(),
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
        let components = (!picked.is_empty() || !verdicts.is_empty()).then(|| told(&parts, &picked, current));
        if !picked.is_empty() {
            verdicts.push(evidence.of_components(&parts, &picked));
        } else if verdicts.is_empty() {
            verdicts.push(whole.clone());
        }
        Judged { asked, entry: Some(entry), chosen: Verdict::join(&verdicts), whole, components, state: Some(state) }
    }
}

fn told(parts: &Parts<'_>, picked: &BTreeSet<usize>, current: &Current) -> Vec<Part> {
    let mut picked: Vec<_> = picked.iter().filter_map(|at| Some((at, parts.all().get(*at)?))).collect();
    picked.sort_by_key(|(_, component)| Reverse(severity(component.status)));
    let part = |(at, component): (&usize, &Component)| Part {
        component: component.clone(),
        region: parts.regions().get(*at).cloned().flatten(),
        since: current.since.get(&component.id).copied(),
    };
    picked.into_iter().take(MOST).map(part).collect()
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

fn unknown<'a>(view: &View, asked: &'a str) -> Judged<'a> {
    let similar: Vec<&str> = view.similar(asked).into_iter().map(|entry| entry.page.id.as_str()).collect();
    let advice = if similar.is_empty() { String::new() } else { format!(" Did you mean {}?", similar.join(" or ")) };
    let verdict = Verdict::unknown(&format!("{asked}: No page is known by this name.{advice}"));
    Judged { asked, entry: None, chosen: verdict.clone(), whole: verdict, components: None, state: None }
}

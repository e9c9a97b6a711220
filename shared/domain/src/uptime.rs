//! How a page and its components fared in a window of time, from the steps that are kept of them.
//!
//! Deliberately absent: where the steps are kept, how long a window may be and how it is shown. Nothing is made up: what
//! nobody read is unobserved, and planned work never hides trouble that the vendor speaks of.
//!
//! Everything is counted in whole seconds: each moment is cut to its second before spans are measured, so that a span is
//! off by less than a second and all sums are exact.

mod course;
mod tally;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use self::course::{Course, Sight};
pub use self::tally::{Tally, Word};
use crate::{Component, ComponentStatus, Indicator, Maintenance, MaintenanceStatus, Step, Transition};

/// What is known of a page, as far as a window needs it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Past<'a> {
    /// Every step that was sure at the window's start or later, up to now, in any order.
    pub steps: &'a [Step],
    /// Steps that were seen once. They don't count until they are seen again.
    pub pending: &'a [Step],
    /// When the first of all of the page's steps was observed. Before that nothing was; `None`: nothing ever was.
    pub first: Option<DateTime<Utc>>,
    /// Effective indicator as last read.
    pub indicator: Option<Indicator>,
    /// Components as last read.
    pub components: &'a [Component],
    /// From when on nothing is known; `None` for a page that is fresh ([`crate::PageState::unread_from`]).
    pub unread_from: Option<DateTime<Utc>>,
    /// Planned work, of whatever time.
    pub planned: &'a [Maintenance],
}

/// How a page and its components fared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uptime {
    /// The page, by its effective indicator.
    pub page: Fared,
    /// Its components: those that are listed, in the vendor's order, then those that were dropped, by id.
    pub components: Vec<ComponentUptime>,
}

/// How one component fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentUptime {
    /// The vendor's id.
    pub id: String,
    /// Display name, the last one that is known.
    pub name: String,
    /// The group it stands under; not known of one that was dropped.
    pub group: Option<String>,
    /// False when the vendor dropped it.
    pub listed: bool,
    /// How it fared.
    pub fared: Fared,
}

/// How something fared in a window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fared {
    /// The whole window; the sum of its days.
    pub whole: Tally,
    /// Each day of the window in UTC, oldest first; the first and the last may be cut by the window.
    pub days: Vec<(NaiveDate, Tally)>,
}

/// How the page fared from `from` up to `to`. What the steps say before or after is clipped; a window that does not begin
/// before it ends is empty. Of several steps at one moment the one that claims least counts, in the order of [`Word`].
///
/// Work that names components is planned for these alone, by their name, id or group in any case; the page is calm beside
/// it unless the vendor says otherwise, or a page of many places would always be under maintenance. Work that names none is
/// planned for the page, and for no component.
pub fn uptime(past: &Past<'_>, from: DateTime<Utc>, to: DateTime<Utc>) -> Uptime {
    let window = (from.timestamp(), to.timestamp());
    let sight = Sight {
        first: past.first.map_or(i64::MAX, |first| first.timestamp()),
        until: past.unread_from.map_or(i64::MAX, |until| until.timestamp()),
        unread: unread(past.steps),
    };
    let wide: Vec<&Maintenance> = past.planned.iter().filter(|work| work.components.is_empty()).collect();
    let page = course::count(window, &indicators(past), &sight, &running(&wide));

    let mut works: BTreeMap<String, Vec<&Maintenance>> = BTreeMap::new();
    for work in past.planned {
        for name in &work.components {
            works.entry(plain(name)).or_default().push(work);
        }
    }
    let components = subjects(past).into_iter().map(|subject| {
        let group = subject.listed.and_then(|component| component.group.as_deref());
        let names = [subject.name, subject.id].into_iter().chain(group);
        let planned: Vec<&Maintenance> = names.filter_map(|name| works.get(&plain(name))).flatten().copied().collect();
        let planned = running(&planned);
        let fared = course::count(window, &Course::new(subject.steps, subject.now), &sight, &planned);
        ComponentUptime {
            id: subject.id.to_owned(),
            name: subject.name.to_owned(),
            group: subject.listed.and_then(|component| component.group.clone()),
            listed: subject.listed.is_some(),
            fared,
        }
    });
    Uptime { page, components: components.filter(|one| one.listed || one.fared.whole.observed() > 0).collect() }
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether the page could not be read.
fn unread(steps: &[Step]) -> Course<bool> {
    let steps = steps.iter().filter_map(|step| match &step.transition {
        Transition::Readable { to } => Some((step.since, *to, !*to)),
        _ => None,
    });
    Course::new(steps.collect(), false)
}

/// What the vendor said of the page.
fn indicators(past: &Past<'_>) -> Course<Word> {
    let step = |step: &Step| match step.transition {
        Transition::Indicator { from, to } => Some((step.since, Word::from(from), Word::from(to))),
        _ => None,
    };
    let now = past.pending.iter().filter_map(step).min().map_or(past.indicator.into(), |(_, from, _)| from);
    Course::new(past.steps.iter().filter_map(step).collect(), now)
}

/// A component with its steps and what it is now, as far as that is sure.
struct Subject<'a> {
    id: &'a str,
    name: &'a str,
    listed: Option<&'a Component>,
    steps: Vec<(DateTime<Utc>, Word, Word)>,
    now: Word,
}

/// Every component that is listed, or that a step tells of.
fn subjects<'a>(past: &Past<'a>) -> Vec<Subject<'a>> {
    let mut subjects: Vec<Subject<'a>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for component in past.components {
        places.entry(&component.id).or_insert_with(|| {
            let (id, name, now) = (component.id.as_str(), component.name.as_str(), component.status.into());
            subjects.push(Subject { id, name, listed: Some(component), steps: Vec::new(), now });
            subjects.len() - 1
        });
    }
    let listed = subjects.len();
    let step = |step: &'a Step, waits: bool| match &step.transition {
        Transition::Component { id, name, from, to } => Some((waits, step.since, name, id, shown(*from), shown(*to))),
        _ => None,
    };
    let sure = past.steps.iter().filter_map(|one| step(one, false));
    let mut told: Vec<_> = sure.chain(past.pending.iter().filter_map(|one| step(one, true))).collect();
    // The last name counts.
    told.sort_unstable();
    for (waits, since, name, id, from, to) in told {
        let place = *places.entry(id).or_insert_with(|| {
            subjects.push(Subject { id, name, listed: None, steps: Vec::new(), now: Word::Unobserved });
            subjects.len() - 1
        });
        let Some(subject) = subjects.get_mut(place) else { continue };
        if subject.listed.is_none() {
            subject.name = name;
        }
        if waits {
            subject.now = from;
        } else {
            subject.steps.push((since, from, to));
        }
    }
    if let Some(dropped) = subjects.get_mut(listed..) {
        dropped.sort_by_key(|subject| subject.id);
    }
    subjects
}

/// A component that is not listed is not observed.
fn shown(status: Option<ComponentStatus>) -> Word {
    status.map_or(Word::Unobserved, Word::from)
}

/// Whether planned work is going on. One that has no end goes on while the vendor says so.
fn running(works: &[&Maintenance]) -> Course<bool> {
    let spans = works.iter().filter_map(|work| {
        let end = match (work.status, work.ends_at) {
            (MaintenanceStatus::Scheduled, _) | (MaintenanceStatus::Completed, None) => return None,
            (_, Some(end)) => end.timestamp(),
            (MaintenanceStatus::InProgress, None) => i64::MAX,
        };
        Some((work.starts_at.timestamp(), end))
    });
    Course::of_spans(spans.collect())
}

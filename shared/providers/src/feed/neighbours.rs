//! What the entries of a feed say of each other: some feeds leave to the next entry what others write into the first.
//!
//! Deliberately absent: anything that an entry tells by itself.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use statusphere_domain::{Incident, IncidentStatus, Indicator, Item};

use super::items::{TELLING, Told};

/// How an entry tells its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Not at all.
    None,
    /// Its title begins with a stage in brackets, which says that it is over.
    Ended,
    /// In any other way.
    Other,
}

/// Joins the updates of one incident that are entries of their own, as the newest of them says.
pub(super) fn join(told: Vec<Option<Told>>) -> Vec<Option<Told>> {
    let mut joined: Vec<Option<Told>> = Vec::new();
    let mut places = HashMap::new();
    for told in told {
        let place = told.as_ref().and_then(|told| match &told.item {
            Item::Incident(incident) => Some((told.thread.clone()?, incident.title.to_lowercase())),
            Item::Maintenance(_) => None,
        });
        let place = place.map_or(joined.len(), |thread| *places.entry(thread).or_insert(joined.len()));
        match joined.get_mut(place) {
            Some(known) => *known = known.take().into_iter().chain(told).reduce(one),
            None => joined.push(told),
        }
    }
    joined
}

/// Two entries as one. Of two at the same time, the one that says that it is over is the later.
fn one(known: Told, other: Told) -> Told {
    let is_open = |told: &Told| matches!(&told.item, Item::Incident(incident) if incident.is_open());
    let later = |told: &Told| (told.at, !is_open(told));
    let (earlier, mut newest) = if later(&other) > later(&known) { (known, other) } else { (other, known) };
    if let (Item::Incident(earlier), Item::Incident(incident)) = (earlier.item, &mut newest.item) {
        incident.updates.splice(..0, earlier.updates);
        incident.updates.sort_by_key(|update| update.at);
        incident.started_at = incident.started_at.min(earlier.started_at);
        incident.impact = incident.impact.max(earlier.impact);
        incident.id = newest.thread.clone().unwrap_or(earlier.id);
    }
    newest
}

/// When an entry said that its subject is over, by the subject.
type Ends = HashMap<String, BTreeSet<DateTime<Utc>>>;

/// Settles what is open, by both rules.
pub(super) fn settle(told: &mut [Option<Told>], as_of: DateTime<Utc>) {
    let ends = ends(told);
    end_messages(told, &ends, as_of);
    open_unended(told, &ends, as_of);
}

fn ends(told: &[Option<Told>]) -> Ends {
    let mut ends = Ends::new();
    for told in told.iter().flatten().filter(|told| told.marked) {
        match &told.item {
            Item::Incident(incident) if !incident.is_open() => {
                ends.entry(incident.title.to_lowercase()).or_default().insert(told.at);
            }
            _ => {}
        }
    }
    ends
}

/// The first end of the incident's subject since a time.
fn end_since(ends: &Ends, incident: &Incident, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    ends.get(&incident.title.to_lowercase())?.range(at..).next().copied()
}

/// Ends what only messages call open: by a later message on the same subject that says so, or when it is old. Nobody
/// edits a message.
fn end_messages(told: &mut [Option<Told>], ends: &Ends, as_of: DateTime<Utc>) {
    for told in told.iter_mut().flatten().filter(|told| told.message) {
        let at = told.at;
        let Item::Incident(incident) = &mut told.item else { continue };
        let end = end_since(ends, incident, at).or((as_of - at >= TELLING).then_some(at));
        if let Some(end) = end.filter(|_| incident.is_open()) {
            incident.status = IncidentStatus::Resolved;
            incident.ended_at = Some(end);
        }
    }
}

/// Where a feed marks nothing but ends, a young entry goes on that has neither that mark nor a later entry on its
/// subject with it.
fn open_unended(told: &mut [Option<Told>], ends: &Ends, as_of: DateTime<Utc>) {
    let any = |mark| told.iter().flatten().any(|told| told.mark == mark);
    if !any(Mark::Ended) || any(Mark::Other) {
        return;
    }
    for told in told.iter_mut().flatten().filter(|told| told.mark == Mark::None && as_of - told.at < TELLING) {
        let Item::Incident(incident) = &mut told.item else { continue };
        told.marked = true;
        incident.ended_at = end_since(ends, incident, told.at);
        if incident.ended_at.is_some() {
            incident.status = IncidentStatus::Resolved;
        } else {
            incident.impact = incident.impact.max(Indicator::Minor);
        }
    }
}

//! Which steps of an indicator or a component are sure: those that two observations in a row agree on.
//!
//! A vendor's incidents and updates are news at first sight and never come here; neither does a first reading, which is a
//! baseline. What the vendor says now is kept and shown at once; only its announcement waits.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::Transition;

/// A step and when it was first seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// From what to what.
    #[serde(flatten)]
    pub transition: Transition,
    /// Ours.
    pub since: DateTime<Utc>,
}

/// Two looks that are closer together are one: an event that was delivered twice confirms nothing.
const APART: TimeDelta = TimeDelta::seconds(30);

/// Joins the steps that wait (`pending`, each up to what was observed last) with those seen now; answers with the steps
/// that are sure and those that still wait. `observed` tells whether this look told anything of a waiting step.
pub fn settle(
    pending: Vec<Step>,
    seen: Vec<Transition>,
    observed: impl Fn(&Transition) -> bool,
    now: DateTime<Utc>,
) -> (Vec<Step>, Vec<Step>) {
    let (mut sure, mut waiting) = (Vec::new(), Vec::new());
    let mut seen: Vec<Option<Transition>> = seen.into_iter().map(Some).collect();
    for step in pending {
        let next = seen.iter_mut().find(|next| next.as_ref().is_some_and(|next| next.same_subject(&step.transition)));
        match next.and_then(Option::take) {
            // Another value again: back to the announced one, or to a third that has to be confirmed itself.
            Some(next) => {
                let joined = step.transition.joined(next);
                if !joined.goes_nowhere() {
                    waiting.push(Step { transition: joined, since: now });
                }
            }
            None if observed(&step.transition) && now - step.since >= APART => sure.push(step),
            None => waiting.push(step),
        }
    }
    waiting.extend(seen.into_iter().flatten().map(|transition| Step { transition, since: now }));
    (sure, waiting)
}

impl Transition {
    fn same_subject(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Indicator { .. }, Self::Indicator { .. }) => true,
            (Self::Component { id, .. }, Self::Component { id: other, .. }) => id == other,
            _ => false,
        }
    }

    /// From where this one begins to where `next` ends.
    fn joined(self, next: Self) -> Self {
        match (self, next) {
            (Self::Indicator { from, .. }, Self::Indicator { to, .. }) => Self::Indicator { from, to },
            (Self::Component { from, .. }, Self::Component { id, name, to, .. }) => {
                Self::Component { id, name, from, to }
            }
            (_, next) => next,
        }
    }

    fn goes_nowhere(&self) -> bool {
        match self {
            Self::Indicator { from, to } => from == to,
            Self::Component { from, to, .. } => from == to,
            Self::Readable { .. } => false,
        }
    }
}

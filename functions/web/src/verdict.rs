//! Is it down? The answer in a word and a sentence, and whether it may be relied on.
//!
//! What is not known is said to be not known: a page that can't be read is neither up nor down.

use statusphere_domain::{Freshness, Indicator, PageState, reason};

use crate::show::{Look, count};

/// The answer to a page's title.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) look: Look,
    /// `No`, `Partly`, `Yes`, or that nobody knows.
    pub(crate) word: &'static str,
    pub(crate) sentence: String,
}

impl Verdict {
    /// On a page of this name (its own text, to be escaped).
    pub(crate) fn new(name: &str, state: &PageState, freshness: Freshness) -> Self {
        let look = Look::of_page(state, freshness);
        let (word, mut sentence) = match (freshness, state.indicator) {
            (Freshness::Never, _) => ("Not known yet.", format!("The status page of {name} was not read yet.")),
            (Freshness::Stale | Freshness::Unreadable | Freshness::Gone, _) => {
                let why = reason(state, freshness).unwrap_or_default();
                ("Nobody here knows.", format!("{why} Ask the official page."))
            }
            (Freshness::Fresh, Some(Indicator::None)) if state.open_incidents == 0 => {
                ("No.", format!("{name} says that all is well."))
            }
            (Freshness::Fresh, Some(Indicator::Maintenance)) if state.open_incidents == 0 => {
                ("No.", format!("{name} says that planned work is going on, and no trouble."))
            }
            (Freshness::Fresh, None) if state.open_incidents == 0 => {
                ("Not known.", format!("The page of {name} was read, and does not say."))
            }
            (Freshness::Fresh, Some(Indicator::Minor)) => ("Partly.", format!("{name} reports minor trouble.")),
            (Freshness::Fresh, Some(Indicator::Major)) => ("Yes, in part.", format!("{name} reports major trouble.")),
            (Freshness::Fresh, Some(Indicator::Critical)) => ("Yes.", format!("{name} reports a critical outage.")),
            (Freshness::Fresh, _) => ("Partly.", format!("{name} has trouble that it does not rate.")),
        };
        if freshness == Freshness::Fresh && state.open_incidents > 0 {
            let open = usize::try_from(state.open_incidents).unwrap_or(usize::MAX);
            let verb = if open == 1 { "is" } else { "are" };
            sentence = format!("{sentence} {} {verb} open.", count(open, "incident"));
        }
        Self { look, word, sentence }
    }
}

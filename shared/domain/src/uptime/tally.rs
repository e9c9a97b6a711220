//! Seconds by what was said of them, and what follows from their sums.

use std::iter::Sum;

use crate::{ComponentStatus, Indicator};

/// What is said of a page or a component at one moment, from what claims most to what claims least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// `none`, `operational`.
    Calm,
    /// Planned work: the vendor says so, or is calm while it goes on.
    Maintenance,
    /// `minor`, `degraded_performance`.
    Minor,
    /// `major`, `partial_outage`.
    Major,
    /// `critical`, `major_outage`.
    Critical,
    /// It was read, and does not tell, or by a word that we do not know.
    Untold,
    /// Nobody could read it, or nobody looked.
    Unobserved,
}

impl From<Option<Indicator>> for Word {
    fn from(indicator: Option<Indicator>) -> Self {
        match indicator {
            Some(Indicator::None) => Self::Calm,
            Some(Indicator::Maintenance) => Self::Maintenance,
            Some(Indicator::Minor) => Self::Minor,
            Some(Indicator::Major) => Self::Major,
            Some(Indicator::Critical) => Self::Critical,
            None => Self::Untold,
        }
    }
}

impl From<ComponentStatus> for Word {
    fn from(status: ComponentStatus) -> Self {
        match status {
            ComponentStatus::Operational => Self::Calm,
            ComponentStatus::UnderMaintenance => Self::Maintenance,
            ComponentStatus::DegradedPerformance => Self::Minor,
            ComponentStatus::PartialOutage => Self::Major,
            ComponentStatus::MajorOutage => Self::Critical,
            ComponentStatus::Unknown => Self::Untold,
        }
    }
}

/// Whole seconds of a span by what was said; together, without the last field, they are the span. See [`Word`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// `none`, `operational`.
    pub calm: i64,
    /// Planned work.
    pub maintenance: i64,
    /// `minor`, `degraded_performance`.
    pub minor: i64,
    /// `major`, `partial_outage`.
    pub major: i64,
    /// `critical`, `major_outage`.
    pub critical: i64,
    /// Read, and not told.
    pub untold: i64,
    /// Not read.
    pub unobserved: i64,
    /// How much of `major` and `critical` was while planned work was going on.
    pub down_during_maintenance: i64,
}

impl Tally {
    /// Seconds of a word: `tally.of(ComponentStatus::PartialOutage)`, `tally.of(Some(Indicator::Minor))`.
    pub fn of(&self, word: impl Into<Word>) -> i64 {
        match word.into() {
            Word::Calm => self.calm,
            Word::Maintenance => self.maintenance,
            Word::Minor => self.minor,
            Word::Major => self.major,
            Word::Critical => self.critical,
            Word::Untold => self.untold,
            Word::Unobserved => self.unobserved,
        }
    }

    /// All seconds.
    pub fn span(&self) -> i64 {
        self.observed() + self.unobserved
    }

    /// Seconds in which it was read.
    pub fn observed(&self) -> i64 {
        self.calm + self.maintenance + self.minor + self.major + self.critical + self.untold
    }

    /// Seconds of `major` and `critical`.
    pub fn down(&self) -> i64 {
        self.major + self.critical
    }

    /// The share of the time in which it was not down, 0 to 1, of the time for which the vendor's word is known; `None`
    /// when there was no such time. Planned work is no outage: if it were left out, an hour down in a month of it would
    /// look like no uptime at all.
    pub fn uptime(&self) -> Option<f64> {
        let told = self.calm + self.maintenance + self.minor + self.down();
        ratio(told - self.down(), told)
    }

    /// The share of the time in which it was read, 0 to 1; `None` for no time at all.
    pub fn coverage(&self) -> Option<f64> {
        ratio(self.observed(), self.span())
    }

    /// Counts so many seconds in which this was said, beside planned work or not.
    pub(super) fn add(&mut self, word: Word, planned: bool, seconds: i64) {
        let field = match word {
            Word::Calm if planned => &mut self.maintenance,
            Word::Calm => &mut self.calm,
            Word::Maintenance => &mut self.maintenance,
            Word::Minor => &mut self.minor,
            Word::Major => &mut self.major,
            Word::Critical => &mut self.critical,
            Word::Untold => &mut self.untold,
            Word::Unobserved => &mut self.unobserved,
        };
        *field += seconds;
        if planned && matches!(word, Word::Major | Word::Critical) {
            self.down_during_maintenance += seconds;
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |sum, tally| Self {
            calm: sum.calm + tally.calm,
            maintenance: sum.maintenance + tally.maintenance,
            minor: sum.minor + tally.minor,
            major: sum.major + tally.major,
            critical: sum.critical + tally.critical,
            untold: sum.untold + tally.untold,
            unobserved: sum.unobserved + tally.unobserved,
            down_during_maintenance: sum.down_during_maintenance + tally.down_during_maintenance,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share; a hundred million years of seconds are exact")]
fn ratio(part: i64, of: i64) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

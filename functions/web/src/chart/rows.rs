//! The days that were not plainly calm, as rows of a table.
//!
//! Deliberately absent: markup; a row is text.

use chrono::NaiveDate;
use statusphere_domain::Tally;

use super::Shade;

/// Whose days they are decides which words the vendor has for trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A page's, by its indicator.
    Page,
    /// A component's, by its status.
    Component,
}

/// A day, or days that tell the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// First day.
    pub(crate) from: NaiveDate,
    /// Last day; the same for one day.
    pub(crate) to: NaiveDate,
    /// What they are drawn as.
    pub(crate) shade: Shade,
    /// That in a word or two: "major trouble", "not watched".
    pub(crate) word: &'static str,
    /// How long what was said: "2 h 5 min of major trouble, 10 min of minor trouble".
    pub(crate) told: String,
}

impl Row {
    /// "2026-08-25", "2026-08-25 to 2026-10-01".
    pub(crate) fn dates(&self) -> String {
        if self.from == self.to { self.from.to_string() } else { format!("{} to {}", self.from, self.to) }
    }
}

/// The days that were not plainly calm, in the order given. Days that stand together and of which the same is not known
/// are one row.
pub(crate) fn rows(days: &[(NaiveDate, Tally)], whose: Whose) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (date, day) in days {
        let shade = Shade::of(day);
        if shade == Shade::Calm {
            continue;
        }
        let told = told(day, shade, whose);
        let unknown = matches!(shade, Shade::Unknown | Shade::Unobserved);
        match rows.last_mut() {
            Some(row) if unknown && row.shade == shade && row.told == told && row.to.succ_opt() == Some(*date) => {
                row.to = *date;
            }
            _ => rows.push(Row { from: *date, to: *date, shade, word: shade.word(whose), told }),
        }
    }
    rows
}

impl Shade {
    /// What it is called: "major trouble" of a page, "partial outage" of a component.
    pub(crate) fn word(self, whose: Whose) -> &'static str {
        match (self, whose) {
            (Self::Calm, Whose::Page) => "calm",
            (Self::Calm, Whose::Component) => "operational",
            (Self::Partly, Whose::Page) => "calm as far as known",
            (Self::Partly, Whose::Component) => "operational as far as known",
            (Self::Maintenance, _) => "planned work",
            (Self::Minor, Whose::Page) => "minor trouble",
            (Self::Minor, Whose::Component) => "degraded performance",
            (Self::Major, Whose::Page) => "major trouble",
            (Self::Major, Whose::Component) => "partial outage",
            (Self::Critical, Whose::Page) => "critical trouble",
            (Self::Critical, Whose::Component) => "major outage",
            (Self::Unknown, _) => "not said",
            (Self::Unobserved, _) => "not watched",
        }
    }

    fn seconds(self, day: &Tally) -> i64 {
        match self {
            Self::Calm | Self::Partly => day.calm,
            Self::Maintenance => day.maintenance,
            Self::Minor => day.minor,
            Self::Major => day.major,
            Self::Critical => day.critical,
            Self::Unknown => day.untold,
            Self::Unobserved => day.unobserved,
        }
    }
}

/// All that was said for a minute or more, worst first; of what it is drawn as, less too.
fn told(day: &Tally, shade: Shade, whose: Whose) -> String {
    let unknown = matches!(shade, Shade::Unknown | Shade::Unobserved);
    if unknown && shade.seconds(day) == day.span() {
        return shade.word(whose).to_owned();
    }
    let worst_first =
        [Shade::Critical, Shade::Major, Shade::Minor, Shade::Maintenance, Shade::Unknown, Shade::Unobserved];
    let said = worst_first.into_iter().filter_map(|word| {
        let seconds = word.seconds(day);
        let of = if matches!(word, Shade::Unknown | Shade::Unobserved) { "" } else { "of " };
        (seconds >= 60 || (word == shade && seconds > 0))
            .then(|| format!("{} {of}{}", duration(seconds), word.word(whose)))
    });
    said.collect::<Vec<_>>().join(", ")
}

/// "2 h 5 min", cut to the minute.
fn duration(seconds: i64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => "less than 1 min".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{DAY, HOUR, calm, dated, unwatched},
        *,
    };

    fn lines(days: impl IntoIterator<Item = Tally>, whose: Whose) -> Vec<String> {
        let rows = rows(&dated(days), whose);
        rows.iter().map(|row| format!("{}: {}: {}", row.dates(), row.word, row.told)).collect()
    }

    #[test]
    fn calm_days_have_no_row() {
        assert!(lines(vec![calm(); 90], Whose::Page).is_empty());
    }

    #[test]
    fn days_that_nobody_watched_are_one_row() {
        let mut days = vec![unwatched(); 38];
        days.push(Tally { calm: 4 * HOUR, unobserved: 20 * HOUR, ..Tally::default() });
        days.extend([calm(), unwatched()]);
        assert_eq!(
            lines(days, Whose::Page),
            [
                "2026-08-25 to 2026-10-01: not watched: not watched",
                "2026-10-02: not watched: 20 h not watched",
                "2026-10-04: not watched: not watched",
            ]
        );
    }

    #[test]
    fn what_is_not_known_of_a_calm_day_is_told() {
        let day = Tally { calm: DAY - 3 * HOUR, unobserved: 2 * HOUR, untold: HOUR, ..Tally::default() };
        let told = "1 h not said, 2 h not watched";
        assert_eq!(lines([day], Whose::Page), [format!("2026-08-25: calm as far as known: {told}")]);
        assert_eq!(lines([day], Whose::Component), [format!("2026-08-25: operational as far as known: {told}")]);
    }

    #[test]
    fn trouble_is_told_worst_first_in_the_words_of_whose_it_is() {
        let day = Tally {
            calm: DAY - 3 * HOUR - 2 * HOUR - 5 * 60 - 600 - 59,
            maintenance: 3 * HOUR,
            minor: 600,
            major: 2 * HOUR + 5 * 60 + 59,
            ..Tally::default()
        };
        assert_eq!(
            lines([day], Whose::Page),
            ["2026-08-25: major trouble: 2 h 5 min of major trouble, 10 min of minor trouble, 3 h of planned work"]
        );
        assert_eq!(
            lines([day], Whose::Component),
            [
                "2026-08-25: partial outage: 2 h 5 min of partial outage, 10 min of degraded performance, 3 h of planned work"
            ]
        );
    }

    #[test]
    fn days_of_the_same_trouble_are_rows_of_their_own() {
        let day = Tally { critical: 30, unobserved: 59, untold: HOUR, calm: DAY - HOUR - 89, ..Tally::default() };
        assert_eq!(
            lines([day, day], Whose::Page),
            [
                "2026-08-25: critical trouble: less than 1 min of critical trouble, 1 h not said",
                "2026-08-26: critical trouble: less than 1 min of critical trouble, 1 h not said",
            ]
        );
    }
}

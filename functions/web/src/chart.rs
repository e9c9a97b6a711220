//! How something fared, day by day: as a picture, as a sentence, and as rows for those who can't see the picture.
//!
//! Deliberately absent: colours, and counting. Colours are the style sheet's, by class; a state is told by its shape too.
//!
//! A day is drawn by the worst that was said of it, however short: a step counts in uptime only once it was seen twice, so
//! nothing that is counted is a blink. A day without trouble is drawn as calm where it was watched throughout, as half of
//! that where it mostly was, and where it mostly was not, or the page mostly did not speak of it, as that.

mod rows;

use std::fmt::Write as _;

use chrono::NaiveDate;
use statusphere_domain::{Fared, Tally};

use crate::show::count;

pub(crate) use self::rows::{Row, Whose, rows};

/// What a day is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Shade {
    /// No trouble, no planned work.
    Calm,
    /// The same of what is known of it: an hour or more is not.
    Partly,
    /// Planned work and no trouble.
    Maintenance,
    /// `minor`, `degraded_performance`.
    Minor,
    /// `major`, `partial_outage`.
    Major,
    /// `critical`, `major_outage`.
    Critical,
    /// Watched, and for half of that time or more the page did not say.
    Unknown,
    /// Watched for less than half of its time.
    Unobserved,
}

/// What charts are drawn on: a day is 3 wide and 1 apart from the next.
const HEIGHT: u32 = 24;
const STEP: usize = 4;
/// Seconds of a day that are not known, from which on it is not drawn as if it all were.
const HOLE: i64 = 3600;
/// Percent of the time; less is said.
const WATCHED: i64 = 95;

impl Shade {
    /// All, in the order in which a legend explains them.
    pub(crate) const ALL: [Self; 8] = [
        Self::Calm,
        Self::Partly,
        Self::Maintenance,
        Self::Minor,
        Self::Major,
        Self::Critical,
        Self::Unknown,
        Self::Unobserved,
    ];

    /// Of one day, or of what the window cuts off one.
    pub(crate) fn of(day: &Tally) -> Self {
        match day {
            _ if day.critical > 0 => Self::Critical,
            _ if day.major > 0 => Self::Major,
            _ if day.minor > 0 => Self::Minor,
            _ if day.observed() * 2 < day.span() || day.span() == 0 => Self::Unobserved,
            _ if day.untold * 2 >= day.observed() => Self::Unknown,
            _ if day.maintenance > 0 => Self::Maintenance,
            _ if day.unobserved + day.untold >= HOLE => Self::Partly,
            _ => Self::Calm,
        }
    }

    /// The class that colours it: `c-none`, `c-maintenance`, `c-minor`, `c-major`, `c-critical`, `c-unknown`, `c-unobserved`.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Calm | Self::Partly => "c-none",
            Self::Maintenance => "c-maintenance",
            Self::Minor => "c-minor",
            Self::Major => "c-major",
            Self::Critical => "c-critical",
            Self::Unknown => "c-unknown",
            Self::Unobserved => "c-unobserved",
        }
    }

    /// The pieces of its bar, as top and height: calm is a plain bar, planned work is dotted, a minor day has a notch, a
    /// major one sticks out above it, a critical one on both sides, and what is not known is low.
    fn pieces(self) -> &'static [(u32, u32)] {
        match self {
            Self::Calm => &[(6, 14)],
            Self::Partly => &[(13, 7)],
            Self::Maintenance => &[(6, 3), (11, 4), (17, 3)],
            Self::Minor => &[(6, 3), (12, 8)],
            Self::Major => &[(0, 3), (5, 15)],
            Self::Critical => &[(0, HEIGHT)],
            Self::Unknown => &[(14, 6)],
            Self::Unobserved => &[(18, 2)],
        }
    }
}

/// The last days of something, as a picture, a sentence and a table.
pub(crate) struct Days {
    pub(crate) svg: String,
    pub(crate) summary: String,
    pub(crate) rows: Vec<Row>,
}

impl Days {
    /// At most so many days, the last ones: the first of a window is often cut. `label` is whose they are.
    pub(crate) fn new(fared: &Fared, most: u16, label: &str, whose: Whose) -> Self {
        let days = &fared.days[fared.days.len().saturating_sub(most.into())..];
        Self { svg: svg(days, label), summary: summary(days), rows: rows(days, whose) }
    }
}

/// A picture of a day and the word for it, for each way in which one is drawn.
pub(crate) fn legend() -> Vec<(String, &'static str)> {
    let drawn = |shade: Shade| {
        let path = bar(0, 1, shade);
        format!(
            "<svg viewBox=\"0 0 3 {HEIGHT}\" preserveAspectRatio=\"none\"><path class=\"{}\" d=\"{path}\"/></svg>",
            shade.class()
        )
    };
    Shade::ALL.into_iter().map(|shade| (drawn(shade), shade.word(Whose::Page))).collect()
}

/// The days as an inline picture, oldest first. Days that stand together and are drawn alike are one bar, so that a calm
/// chart is small. `label` says whose days they are, as text; a summary follows it for those who can't see the picture.
pub(crate) fn svg(days: &[(NaiveDate, Tally)], label: &str) -> String {
    let width = (days.len() * STEP).saturating_sub(1).max(1);
    let summary = summary(days);
    let told = if label.is_empty() { summary } else { format!("{label}, {summary}") };
    let told = html_escape::encode_double_quoted_attribute(&told);
    let mut svg = format!(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=\"none\" aria-label=\"{told}\">"
    );
    for shade in Shade::ALL {
        let path = path(days, shade);
        if !path.is_empty() {
            svg.extend(["<path class=\"", shade.class(), "\" d=\"", &path, "\"/>"]);
        }
    }
    svg.push_str("</svg>");
    svg
}

/// "90 days: 99.98% up, 2 days with trouble, 5 days not watched".
pub(crate) fn summary(days: &[(NaiveDate, Tally)]) -> String {
    let drawn = |shades: &[Shade]| days.iter().filter(|(_, day)| shades.contains(&Shade::of(day))).count();
    let up = percent(&days.iter().map(|(_, day)| *day).sum());
    let known = up.is_some();
    let mut summary = format!("{}: ", count(days.len(), "day"));
    summary.push_str(&up.map_or_else(|| "uptime not known".to_owned(), |up| format!("{up} up")));
    let trouble = drawn(&[Shade::Minor, Shade::Major, Shade::Critical]);
    if known && trouble == 0 {
        summary.push_str(", no trouble");
    }
    let counts = [
        (trouble, "with trouble"),
        (drawn(&[Shade::Maintenance]), "with planned work"),
        (drawn(&[Shade::Unknown]), "of which the page did not say"),
        (drawn(&[Shade::Unobserved]), "not watched"),
    ];
    for (number, of) in counts.into_iter().filter(|(number, _)| *number > 0) {
        let _ = write!(summary, ", {} {of}", count(number, "day"));
    }
    // A day that is drawn as watched may have been so for half of it only.
    let rest: Tally = days.iter().map(|(_, day)| *day).filter(|day| Shade::of(day) != Shade::Unobserved).sum();
    if let Some(watched) = (rest.observed() * 100).checked_div(rest.span()).filter(|share| *share < WATCHED) {
        let _ = write!(summary, ", the rest watched {watched}% of the time");
    }
    summary
}

/// The share of the time in which it was not down ([`Tally::uptime`]) as "99.98%", rounded down, so that only what was never
/// down is "100%". `None` when nothing is known.
pub(crate) fn percent(of: &Tally) -> Option<String> {
    let told = of.calm + of.maintenance + of.minor + of.down();
    let hundredths = (told > 0).then(|| (told - of.down()) * 10_000 / told)?;
    Some(if hundredths == 10_000 {
        "100%".to_owned()
    } else {
        format!("{}.{:02}%", hundredths / 100, hundredths % 100)
    })
}

fn path(days: &[(NaiveDate, Tally)], shade: Shade) -> String {
    let mut path = String::new();
    let mut first = 0;
    for run in days.chunk_by(|(_, one), (_, next)| Shade::of(one) == Shade::of(next)) {
        if run.first().is_some_and(|(_, day)| Shade::of(day) == shade) {
            path.push_str(&bar(first, run.len(), shade));
        }
        first += run.len();
    }
    path
}

/// The bar of so many days.
fn bar(first: usize, days: usize, shade: Shade) -> String {
    let (left, width) = (first * STEP, days * STEP - 1);
    let piece = |(top, height): &(u32, u32)| format!("M{left} {top}h{width}v{height}H{left}z");
    shade.pieces().iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const HOUR: i64 = 3600;
    pub(super) const DAY: i64 = 24 * HOUR;

    pub(super) fn dated(days: impl IntoIterator<Item = Tally>) -> Vec<(NaiveDate, Tally)> {
        NaiveDate::from_ymd_opt(2026, 8, 25).unwrap().iter_days().zip(days).collect()
    }

    pub(super) fn calm() -> Tally {
        Tally { calm: DAY, ..Tally::default() }
    }

    pub(super) fn unwatched() -> Tally {
        Tally { unobserved: DAY, ..Tally::default() }
    }

    fn with(change: impl FnOnce(&mut Tally)) -> Tally {
        let mut day = Tally::default();
        change(&mut day);
        day.calm = DAY - day.span();
        day
    }

    #[test]
    fn a_day_is_drawn_by_the_worst_of_it() {
        assert_eq!(Shade::of(&calm()), Shade::Calm);
        assert_eq!(Shade::of(&with(|day| day.minor = 60)), Shade::Minor);
        assert_eq!(Shade::of(&with(|day| (day.minor, day.major) = (10 * HOUR, 1))), Shade::Major);
        assert_eq!(Shade::of(&with(|day| (day.major, day.critical) = (10 * HOUR, 60))), Shade::Critical);
        assert_eq!(Shade::of(&with(|day| (day.maintenance, day.minor) = (10 * HOUR, 60))), Shade::Minor);
        assert_eq!(Shade::of(&with(|day| day.maintenance = HOUR)), Shade::Maintenance);
    }

    #[test]
    fn what_was_hardly_watched_is_not_calm() {
        assert_eq!(Shade::of(&unwatched()), Shade::Unobserved);
        assert_eq!(Shade::of(&with(|day| day.unobserved = 12 * HOUR)), Shade::Partly);
        assert_eq!(Shade::of(&with(|day| day.unobserved = HOUR - 1)), Shade::Calm);
        assert_eq!(Shade::of(&with(|day| day.unobserved = 12 * HOUR + 1)), Shade::Unobserved);
        assert_eq!(Shade::of(&with(|day| (day.unobserved, day.maintenance) = (20 * HOUR, HOUR))), Shade::Unobserved);
        // Trouble that was seen is trouble, whatever was not seen.
        assert_eq!(Shade::of(&with(|day| (day.unobserved, day.minor) = (23 * HOUR, 60))), Shade::Minor);
        assert_eq!(Shade::of(&with(|day| day.untold = 12 * HOUR)), Shade::Unknown);
        assert_eq!(Shade::of(&with(|day| day.untold = 11 * HOUR)), Shade::Partly);
        assert_eq!(Shade::of(&Tally::default()), Shade::Unobserved);
        // A day that has just begun is measured by itself.
        assert_eq!(Shade::of(&Tally { calm: 60, ..Tally::default() }), Shade::Calm);
    }

    #[test]
    fn a_calm_chart_is_one_bar() {
        let svg = svg(&dated(vec![calm(); 90]), "");
        assert_eq!(
            svg,
            "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 359 24\" preserveAspectRatio=\"none\" \
             aria-label=\"90 days: 100% up, no trouble\"><path class=\"c-none\" d=\"M0 6h359v14H0z\"/></svg>"
        );
        assert!(svg.len() < 200, "{}", svg.len());
    }

    #[test]
    fn days_that_are_drawn_alike_stand_together() {
        let minor = with(|day| day.minor = HOUR);
        let svg = svg(&dated([unwatched(), unwatched(), calm(), minor, minor, calm()]), "");
        let paths = svg.split_once("watched\">").unwrap().1;
        assert_eq!(
            paths,
            "<path class=\"c-none\" d=\"M8 6h3v14H8zM20 6h3v14H20z\"/>\
             <path class=\"c-minor\" d=\"M12 6h7v3H12zM12 12h7v8H12z\"/>\
             <path class=\"c-unobserved\" d=\"M0 18h7v2H0z\"/></svg>"
        );
    }

    #[test]
    fn no_two_shades_have_one_shape() {
        let drawn: std::collections::HashSet<_> = Shade::ALL.map(Shade::pieces).into();
        assert_eq!(drawn.len(), Shade::ALL.len());
        for (top, height) in Shade::ALL.into_iter().flat_map(Shade::pieces) {
            assert!(top + height <= HEIGHT);
        }
    }

    #[test]
    fn the_picture_is_told_in_a_sentence() {
        let mut days = vec![calm(); 90];
        days[..5].fill(unwatched());
        days[10] = with(|day| day.minor = HOUR);
        // 1,468 of 85 days' 7,344,000 seconds are 0.02 %, rounded up.
        days[20] = with(|day| day.major = 1_468);
        let days = dated(days);
        assert_eq!(summary(&days), "90 days: 99.98% up, 2 days with trouble, 5 days not watched");
        let svg = svg(&days, "A \"<b>\" & co");
        assert!(svg.contains("aria-label=\"A &quot;&lt;b&gt;&quot; &amp; co, 90 days: 99.98% up, 2 days"), "{svg}");
        assert_eq!(summary(&dated(vec![unwatched(); 2])), "2 days: uptime not known, 2 days not watched");
        assert_eq!(
            summary(&dated([with(|day| day.maintenance = 1)])),
            "1 day: 100% up, no trouble, 1 day with planned work"
        );
        assert_eq!(
            summary(&dated([with(|day| day.untold = DAY)])),
            "1 day: uptime not known, 1 day of which the page did not say"
        );
        assert_eq!(
            summary(&dated([unwatched(), with(|day| day.unobserved = 6 * HOUR)])),
            "2 days: 100% up, no trouble, 1 day not watched, the rest watched 75% of the time"
        );
        assert_eq!(summary(&[]), "0 days: uptime not known");
        assert!(super::svg(&[], "").contains("viewBox=\"0 0 1 24\""));
    }

    #[test]
    fn only_what_was_never_down_is_all_up() {
        assert_eq!(percent(&Tally { calm: 1_000_000, major: 1, ..Tally::default() }).unwrap(), "99.99%");
        assert_eq!(percent(&Tally { calm: 19, critical: 1, ..Tally::default() }).unwrap(), "95.00%");
        assert_eq!(percent(&Tally { critical: 1, ..Tally::default() }).unwrap(), "0.00%");
        assert_eq!(percent(&Tally { minor: 1, ..Tally::default() }).unwrap(), "100%");
        assert_eq!(percent(&unwatched()), None);
    }
}

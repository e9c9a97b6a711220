//! Stamps and spans without a year: `Aug 26, 23:37 - Aug 27, 19:44 UTC`.
//!
//! Deliberately absent: a year of its own. It comes from what the caller knows of the text around the stamp.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use tz::TimeZone;

use super::zones;

/// Where the year of a year-less stamp comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Year {
    /// The stamp stands in a list of this year and month, by its end.
    EndsIn {
        /// As listed.
        year: i32,
        /// 1 to 12.
        month: u32,
    },
    /// The stamp is at most a day after this.
    NotAfter(DateTime<Utc>),
    /// The stamp lies within half a year of this.
    Near(DateTime<Utc>),
}

/// A year-less stamp or span in plain text: `Aug 26, 23:37 UTC`, `Aug 26, 23:37 - Aug 27, 19:44 UTC`,
/// `Aug 26, 18:39 - 19:12 UTC`. `zone` is the page's own zone (IANA or Rails name), where known: the label belongs to
/// the end, and the start may lie on the other side of a clock change.
pub(crate) fn yearless(text: &str, zone: Option<&str>, year: Year) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let (stamps, label) = text.trim().rsplit_once(' ')?;
    let clock = Clock::new(zone, label)?;
    if matches!(year, Year::EndsIn { year, .. } if !(2..=9998).contains(&year)) {
        return None;
    }
    let mut parts = stamps.split(['-', '\u{2013}']);
    let first = Stamp::read(parts.next()?, None)?;
    let last = match parts.next() {
        Some(part) => Some(Stamp::read(part, Some(first))?),
        None => None,
    };
    if parts.next().is_some() {
        return None;
    }
    let end_year = last.unwrap_or(first).year(&clock, year, last.is_none())?;
    let Some(last) = last else { return Some((clock.at(first.in_year(end_year)?)?, None)) };
    let end = clock.at(last.in_year(end_year)?)?;
    // A start that would come after its end lies in an earlier year; leap days may be further back.
    let start = (0..=8).filter_map(|back| clock.at(first.in_year(end_year - back)?)).find(|start| *start <= end)?;
    Some((start, Some(end)))
}

/// A label that several countries use, and the number that makes such a stamp, or the start of a span, one of these
/// moments. `None` for any other label, and when none fits.
pub(crate) fn meant(text: &str, moments: &[DateTime<Utc>]) -> Option<(String, String)> {
    let (stamps, label) = text.trim().rsplit_once(' ')?;
    zones::shared(label).iter().find_map(|minutes| {
        let sign = if *minutes < 0 { '-' } else { '+' };
        let numeric = format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60);
        let text = format!("{stamps} {numeric}");
        let read = |moment: &DateTime<Utc>| Some(*moment - yearless(&text, None, Year::Near(*moment))?.0);
        let fits = moments.iter().filter_map(read).any(|apart| (0..60).contains(&apart.num_seconds()));
        fits.then(|| (label.to_owned(), numeric))
    })
}

/// Month, day and time of day.
#[derive(Clone, Copy)]
struct Stamp {
    month: u32,
    day: u32,
    time: NaiveTime,
}

impl Stamp {
    /// `before` lends its day to a stamp that is only a time.
    fn read(text: &str, before: Option<Self>) -> Option<Self> {
        let text = text.trim();
        let (date, time) = match text.rsplit_once(", ") {
            Some((date, time)) => (Some(date), time),
            None => (None, text),
        };
        let forms = ["%H:%M", "%H:%M:%S", "%I:%M %p"];
        let time = forms.iter().find_map(|form| NaiveTime::parse_from_str(time.trim(), form).ok())?;
        let Some(date) = date else { return before.map(|before| Self { time, ..before }) };
        let (month, day) = date.trim().split_once(' ')?;
        let month = month.parse::<chrono::Month>().ok()?.number_from_month();
        Some(Self { month, day: day.trim().parse().ok()?, time })
    }

    fn in_year(self, year: i32) -> Option<NaiveDateTime> {
        Some(NaiveDate::from_ymd_opt(year, self.month, self.day)?.and_time(self.time))
    }

    fn year(self, clock: &Clock, year: Year, alone: bool) -> Option<i32> {
        match year {
            // An open incident has only a start, and that is never in a month to come.
            Year::EndsIn { year, month } if alone => Some(year - i32::from(self.month > month)),
            // The list may put an end at the turn of the year into the month of another zone.
            Year::EndsIn { year, month: 12 } if self.month == 1 => Some(year + 1),
            Year::EndsIn { year, month: 1 } if self.month == 12 => Some(year - 1),
            Year::EndsIn { year, .. } => Some(year),
            Year::NotAfter(limit) => {
                let known = |year: &i32| {
                    let at = self.in_year(*year).and_then(|local| clock.at(local));
                    at.is_some_and(|at| at <= limit + TimeDelta::days(1))
                };
                (limit.year() - 8..=limit.year() + 1).rev().find(known)
            }
            Year::Near(centre) => {
                let distance = |year: i32| Some((clock.at(self.in_year(year)?)? - centre).abs());
                let years = centre.year() - 1..=centre.year() + 1;
                years.filter_map(|year| Some((distance(year)?, year))).min().map(|(_, year)| year)
            }
        }
    }
}

/// What turns a page's local time into an instant.
enum Clock {
    Zone(TimeZone, Option<TimeDelta>),
    Offset(TimeDelta),
}

impl Clock {
    /// A label that means UTC is taken at its word; else the page's zone knows better than a label.
    fn new(zone: Option<&str>, label: &str) -> Option<Self> {
        let offset = zones::offset(label);
        if matches!(label, "UTC" | "Z") {
            return Some(Self::Offset(TimeDelta::zero()));
        }
        match zone.and_then(zones::named) {
            Some(zone) => Some(Self::Zone(zone, offset)),
            None => offset.map(Self::Offset),
        }
    }

    fn at(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self {
            Self::Offset(offset) => Some((local - *offset).and_utc()),
            Self::Zone(zone, label) => {
                let found = zones::moments(zone, local);
                let labelled = label.map(|offset| (local - offset).and_utc());
                // When the clock is set back an hour comes twice: the label tells which. When it is set forward an hour
                // is missing: the label is all there is.
                found.iter().find(|moment| labelled == Some(**moment)).or(found.first()).copied().or(labelled)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn spans_take_their_year_from_the_month_of_their_end() {
        let rows = [
            ("Aug 26, 23:37 - Aug 27, 19:44 UTC", 8, "2031-08-26T23:37:00Z", Some("2031-08-27T19:44:00Z")),
            ("Aug 26, 18:39 - 19:12 UTC", 8, "2031-08-26T18:39:00Z", Some("2031-08-26T19:12:00Z")),
            ("Jul 31, 23:50 - Aug 1, 00:10 UTC", 8, "2031-07-31T23:50:00Z", Some("2031-08-01T00:10:00Z")),
            ("Dec 31, 23:50 - Jan 1, 00:10 UTC", 1, "2030-12-31T23:50:00Z", Some("2031-01-01T00:10:00Z")),
            ("Aug 26, 18:39-19:12 UTC", 8, "2031-08-26T18:39:00Z", Some("2031-08-26T19:12:00Z")),
            ("Aug  6, 18:39 UTC", 8, "2031-08-06T18:39:00Z", None),
            ("Aug 6, 18:39:07 GMT+0", 8, "2031-08-06T18:39:07Z", None),
            ("Aug 6, 6:39 PM UTC", 8, "2031-08-06T18:39:00Z", None),
            ("Nov 26, 18:39 UTC", 2, "2030-11-26T18:39:00Z", None),
        ];
        for (text, month, start, end) in rows {
            let read = yearless(text, None, Year::EndsIn { year: 2031, month });
            assert_eq!(read, Some((utc(start), end.map(utc))), "{text}");
        }
        for text in
            ["", "UTC", "Aug 26 UTC", "Aug 40, 10:00 UTC", "Aug 26, 10:00 - 11:00 - 12:00 UTC", "Aug 1, 9:00 XX"]
        {
            assert_eq!(yearless(text, None, Year::EndsIn { year: 2031, month: 8 }), None, "{text}");
        }
        assert_eq!(yearless("Jan 1, 10:00 UTC", None, Year::EndsIn { year: i32::MAX, month: 12 }), None);
    }

    #[test]
    fn the_pages_zone_knows_better_than_the_label_of_the_end() {
        let pacific = Some("Pacific Time (US & Canada)");
        let read = |text, zone, month| yearless(text, zone, Year::EndsIn { year: 2031, month }).unwrap();
        // The clocks went forward on 9 March 2031.
        let (start, end) = read("Mar 8, 22:00 - Mar 9, 10:00 PDT", pacific, 3);
        assert_eq!((start, end), (utc("2031-03-09T06:00:00Z"), Some(utc("2031-03-09T17:00:00Z"))));
        // The hour that comes twice on 2 November 2031.
        assert_eq!(read("Nov 2, 01:30 PDT", pacific, 11).0, utc("2031-11-02T08:30:00Z"));
        assert_eq!(read("Nov 2, 01:30 PST", pacific, 11).0, utc("2031-11-02T09:30:00Z"));
        assert_eq!(read("Aug 2, 12:00 IST", Some("Asia/Kolkata"), 8).0, utc("2031-08-02T06:30:00Z"));
        assert_eq!(read("Aug 2, 12:00 -03", None, 8).0, utc("2031-08-02T15:00:00Z"));
        assert_eq!(read("Aug 2, 12:00 UTC", pacific, 8).0, utc("2031-08-02T12:00:00Z"));
        assert_eq!(read("Aug 2, 12:00 CEST", None, 8).0, utc("2031-08-02T10:00:00Z"));
    }

    #[test]
    fn a_label_of_several_countries_means_what_fits() {
        let moments = [utc("2031-01-02T04:01:09Z"), utc("2031-01-01T20:00:00Z")];
        let numeric = |text| meant(text, &moments).map(|(_, numeric)| numeric);
        assert_eq!(numeric("Jan 2, 09:31 IST"), Some("+0530".to_owned()));
        assert_eq!(numeric("Jan 2, 04:00 - 06:00 CST"), Some("+0800".to_owned()));
        assert_eq!(numeric("Jan 1, 14:00 CST"), Some("-0600".to_owned()));
        assert_eq!(numeric("Jan 2, 09:32 IST"), None);
        assert_eq!(numeric("Jan 2, 04:01 UTC"), None);
    }

    #[test]
    fn years_come_from_what_is_known() {
        let at = |text, year| yearless(text, None, year).unwrap().0;
        assert_eq!(at("Dec 31, 23:50 UTC", Year::NotAfter(utc("2031-01-01T00:20:00Z"))), utc("2030-12-31T23:50:00Z"));
        assert_eq!(at("Jan 1, 00:10 UTC", Year::NotAfter(utc("2031-01-01T00:10:20Z"))), utc("2031-01-01T00:10:00Z"));
        assert_eq!(at("Feb 29, 00:10 UTC", Year::NotAfter(utc("2031-01-01T00:10:20Z"))), utc("2028-02-29T00:10:00Z"));
        assert_eq!(at("Jan 3, 08:00 UTC", Year::Near(utc("2031-12-20T00:00:00Z"))), utc("2032-01-03T08:00:00Z"));
        let span = yearless("Dec 31, 23:00 - Jan 1, 01:00 UTC", None, Year::Near(utc("2031-12-20T00:00:00Z")));
        assert_eq!(span, Some((utc("2031-12-31T23:00:00Z"), Some(utc("2032-01-01T01:00:00Z")))));
    }
}

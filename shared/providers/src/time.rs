//! Reads the timestamps of status pages, each form only as far as it says what instant it means.
//!
//! Deliberately absent: the clock, and guesses. A year that is not written comes from the caller; a zone label that
//! means nothing to us makes the stamp unreadable.

mod yearless;
mod zones;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};

pub(crate) use yearless::{Year, meant, yearless};

/// An absolute timestamp: RFC 3339, RFC 822 and 2822 with zone letters and labels, Go's and JavaScript's own forms,
/// and forms without a zone that their platforms write in UTC. `None` for anything else, and for the year 1, which
/// stands for "absent" in Go.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let parsed = match DateTime::parse_from_rfc3339(text) {
        Ok(time) => time.to_utc(),
        Err(_) => parse_loose(text)?,
    };
    plausible(parsed)
}

/// A time of day in a zone named by the text around it: `2031-03-31 08:30` in `US/Pacific`.
pub(crate) fn local(text: &str, zone: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%d %H:%M").ok()?;
    plausible(local.and_utc())?;
    zones::moments(&zones::named(zone)?, local).first().copied()
}

/// Seconds since 1970.
pub(crate) fn unix(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).and_then(plausible)
}

/// Milliseconds since 1970.
pub(crate) fn unix_millis(milliseconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(milliseconds).and_then(plausible)
}

/// The year 1 stands for "absent" in Go; beyond four digits a stamp is nonsense, and sums with it might overflow.
pub(crate) fn plausible(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (2..=9998).contains(&at.year()).then_some(at)
}

/// Forms of the part before the zone, a weekday and a zone taken off.
const FORMS: &[&str] = &[
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%d %B %y %H:%M:%S",
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %H:%M",
    "%B %d %Y %H:%M:%S",
    "%B %d, %Y %H:%M:%S",
    "%B %d, %Y %H:%M",
    "%B %d, %Y - %H:%M",
    "%B %d, %Y, %H:%M",
    "%d %B %Y, %H:%M",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
];

fn parse_loose(text: &str) -> Option<DateTime<Utc>> {
    // JavaScript names the zone again in brackets: "GMT+0000 (Coordinated Universal Time)".
    let text = text.split('(').next().unwrap_or_default().trim();
    let text = match text.split_once([' ', ',']) {
        Some((day, rest)) if is_weekday(day) => rest.trim_start_matches([' ', ',']),
        _ => text,
    };
    let local = |text: &str| {
        let parsed = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text.trim(), form).ok())?;
        plausible(parsed.and_utc())
    };
    if let Some(utc) = local(text) {
        return Some(utc);
    }
    let (stamp, offset) = split_offset(text)?;
    Some(local(stamp)? - offset)
}

fn is_weekday(word: &str) -> bool {
    word.parse::<chrono::Weekday>().is_ok()
}

/// Takes the zone off the end of a stamp: "10:00 +0000 UTC", "10:00 PDT", "10:00Z", "10:00-0700".
fn split_offset(text: &str) -> Option<(&str, TimeDelta)> {
    if let Some((stamp, label)) = text.rsplit_once(' ')
        && let Some(offset) = zones::offset(label)
    {
        // Go writes both: the number is the exact one.
        let both = stamp.rsplit_once(' ').and_then(|(stamp, number)| Some((stamp, zones::numeric(number)?)));
        return Some(both.unwrap_or((stamp, offset)));
    }
    if let Some(stamp) = text.strip_suffix('Z') {
        return Some((stamp, TimeDelta::zero()));
    }
    let sign = text.rfind(['+', '-'])?;
    Some((&text[..sign], zones::numeric(&text[sign..])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn absolute_forms() {
        for (text, expected) in [
            ("2031-02-20T12:00:19.418-06:00", "2031-02-20T18:00:19.418Z"),
            ("2031-07-22T14:48:46Z", "2031-07-22T14:48:46Z"),
            ("2031-07-22T14:48:46+0200", "2031-07-22T12:48:46Z"),
            ("Tue, 22 Jul 2031 16:29:09 Z", "2031-07-22T16:29:09Z"),
            ("Tue, 22 Jul 2031 16:29:09 GMT", "2031-07-22T16:29:09Z"),
            ("Tue, 22 Jul 2031 16:29:09 +0530", "2031-07-22T10:59:09Z"),
            ("22 Jul 2031 16:29 PDT", "2031-07-22T23:29:00Z"),
            ("Tue, 22 Jul 31 16:29:09 GMT", "2031-07-22T16:29:09Z"),
            ("Tue, 2 Dec 2031 16:29:09 EST", "2031-12-02T21:29:09Z"),
            ("2031-08-01 12:00:00", "2031-08-01T12:00:00Z"),
            ("2031-08-01 12:00:00.250", "2031-08-01T12:00:00.250Z"),
            ("2031-08-01 12:00:00 +0000 UTC", "2031-08-01T12:00:00Z"),
            ("2031-08-01 12:00:00.5 -0700 PDT", "2031-08-01T19:00:00.5Z"),
            ("2031-08-01 12:00:00 UTC", "2031-08-01T12:00:00Z"),
            ("Sat Jul 09 2033 04:20:00 GMT+0000 (Coordinated Universal Time)", "2033-07-09T04:20:00Z"),
            ("Sat Jul 09 2033 04:20:00 GMT-0400 (EDT)", "2033-07-09T08:20:00Z"),
            ("07/13/2031 13:28 PDT", "2031-07-13T20:28:00Z"),
            ("Jul 13, 2031 - 13:28 UTC", "2031-07-13T13:28:00Z"),
            ("July 13, 2031, 13:28 UTC", "2031-07-13T13:28:00Z"),
            ("Jul 13, 2031 13:28 UTC", "2031-07-13T13:28:00Z"),
            ("July 13, 2031 13:28 PDT", "2031-07-13T20:28:00Z"),
        ] {
            assert_eq!(parse(text), Some(utc(expected)), "{text}");
        }
        for text in [
            "",
            "0001-01-01T00:00:00Z",
            "yesterday",
            "2031-13-01T00:00:00Z",
            "12:53 PM PDT",
            "é+é",
            "Mon, ",
            "+262142-12-31 23:59:59 -1200",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

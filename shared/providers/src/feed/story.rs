//! Takes the text of a feed's entry apart: stages, times, severity, components, one update after the other.
//!
//! The dialects of all platforms come down to lines: a stamp on a line of its own, a stage that leads a line, a label
//! with its value. Deliberately absent: markup, and stages that are only mentioned in a sentence.

use chrono::{DateTime, Utc};
use statusphere_domain::Indicator;

use super::words::{self, Stage};
use crate::html;
use crate::time::{self, Year};

/// What the text says.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// The stage of the whole, as a label states it.
    pub(super) stage: Option<(Stage, String)>,
    pub(super) severity: Option<Indicator>,
    /// True start, where the text states it.
    pub(super) began_at: Option<DateTime<Utc>>,
    pub(super) resolved_at: Option<DateTime<Utc>>,
    /// A label says that it is planned work.
    pub(super) planned: bool,
    /// Planned start and end.
    pub(super) window: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    pub(super) components: Vec<String>,
    /// In the order of the text, newest first as a rule.
    pub(super) parts: Vec<Part>,
    /// What stands before the first part.
    pub(super) preamble: String,
}

/// One update, as far as its text tells.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) stage: Option<(Stage, String)>,
    pub(super) body: String,
}

/// Longer lines are prose.
const MAX_STAMP: usize = 64;
const PLANNED: &str = "this is a scheduled event";

/// Reads the text of an entry that was changed last at `at`; stamps without a year are taken from there.
pub(super) fn read(body: &str, at: DateTime<Utc>) -> Story {
    let mut story = Story::default();
    let mut listing = false;
    for line in lines(body) {
        let line = line.trim();
        if let Some((label, value)) = labelled(line) {
            listing = false;
            match label.as_str() {
                "status" | "state" | "estado" | "statut" | "stato" if words::stage(value).is_some() => {
                    story.stage = words::stage(value).map(|stage| (stage, value.to_owned()));
                    continue;
                }
                "severity" | "impact" if words::severity(value).is_some() => {
                    story.severity = words::severity(value);
                    continue;
                }
                "resolved" | "completed" | "ended" | "end time" if stamp(value, at).is_some() => {
                    story.resolved_at = stamp(value, at);
                    continue;
                }
                "affected components" | "affected services" | "components" => {
                    story.components.extend(value.split(',').filter_map(|name| component(name, false)));
                    listing = value.is_empty();
                    continue;
                }
                "type" if words::is_planned(value) => {
                    story.planned = true;
                    continue;
                }
                "updates" | "duration" | "type" if story.parts.is_empty() => continue,
                _ => {}
            }
        }
        if let Some((began, ended)) = span(line) {
            (story.began_at, story.resolved_at) = (Some(began), ended);
            let stage = if ended.is_some() { Stage::Over } else { Stage::Open };
            story.stage.get_or_insert((stage, String::new()));
        } else if line.eq_ignore_ascii_case("affected components") {
            listing = true;
        } else if let Some(name) = listing.then(|| component(line, true)).flatten() {
            story.components.push(name);
            story.severity = story.severity.max(line.rsplit_once('(').and_then(|(_, word)| words::severity(word)));
        } else if line.get(..PLANNED.len()).is_some_and(|start| start.eq_ignore_ascii_case(PLANNED)) {
            story.window = time::yearless(line[PLANNED.len()..].trim(), None, Year::Near(at));
        } else if let Some(at) = stamp(line, at) {
            story.parts.push(Part { at: Some(at), ..Part::default() });
        } else if let Some((stage, word, rest)) = lead(line) {
            match story.parts.last_mut() {
                // Where updates begin with a stamp, another stage is a word of the text.
                Some(part) if part.at.is_some() && part.stage.is_some() => {
                    story.tell(line);
                    continue;
                }
                Some(part) if part.stage.is_none() && part.body.is_empty() => part.stage = Some((stage, word)),
                _ => story.parts.push(Part { stage: Some((stage, word)), ..Part::default() }),
            }
            story.tell(rest);
        } else {
            story.tell(line);
        }
    }
    story.parts.retain(|part| part.stage.is_some() || !part.body.is_empty());
    story
}

impl Story {
    fn tell(&mut self, line: &str) {
        let body = self.parts.last_mut().map_or(&mut self.preamble, |part| &mut part.body);
        if !body.is_empty() && !line.is_empty() {
            body.push('\n');
        }
        body.push_str(line);
    }
}

/// "Incident began at 2031-03-31 08:30 and ended at 2031-03-31 15:54 (all times are US/Pacific).", without an end while
/// it is open.
fn span(line: &str) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let (times, zone) = line.strip_prefix("Incident began at ")?.split_once("(all times are ")?;
    let zone = zone.trim_end_matches(['.', ')']);
    match times.split_once(" and ended at ") {
        Some((began, ended)) => Some((time::local(began, zone)?, Some(time::local(ended, zone)?))),
        None => Some((time::local(times, zone)?, None)),
    }
}

/// The lines of a text as people see them. Plain text keeps its own; escaped markup is markup.
fn lines(body: &str) -> Vec<String> {
    if body.contains('<') {
        return html::text(body).lines().map(str::to_owned).collect();
    }
    let decoded = html_escape::decode_html_entities(body);
    if decoded.contains("</") || decoded.contains("/>") {
        return html::text(&decoded).lines().map(str::to_owned).collect();
    }
    decoded.lines().map(html::text).filter(|line| !line.is_empty()).collect()
}

/// "Label: value" with a label of at most three words, in lower case.
fn labelled(line: &str) -> Option<(String, &str)> {
    let (label, value) = line.split_once(':')?;
    (label.len() <= 24 && label.split_whitespace().count() <= 3).then(|| (label.trim().to_lowercase(), value.trim()))
}

fn stamp(line: &str, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if line.len() > MAX_STAMP || !line.contains(':') || !line.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    time::parse(line).or_else(|| time::yearless(line, None, Year::NotAfter(at)).map(|(at, _)| at))
}

/// The stage that leads a line, as it is written, and what follows: "Resolved - All is well.", "[Resolved] All is well."
pub(super) fn lead(line: &str) -> Option<(Stage, String, &str)> {
    if let Some((word, rest)) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
        let word = word.trim();
        return words::stage(word).map(|stage| (stage, word.to_owned(), rest.trim_start_matches([' ', ':', '-', '–'])));
    }
    let (word, rest) = match line.find([':', '–', '—']).into_iter().chain(line.find(" -")).min() {
        Some(end) => (&line[..end], line[end..].trim_start_matches([' ', ':', '-', '–', '—'])),
        None => (line, ""),
    };
    let word = word.trim();
    words::stage(word).map(|stage| (stage, word.to_owned(), rest))
}

/// The stage that ends a title and says that it is over: "Slow mail [Resolved]", "Slow mail - Resolved". Other stages
/// are kinds of trouble there.
pub(super) fn trail(title: &str) -> Option<(Stage, String, &str)> {
    let (subject, word) = match title.strip_suffix([']', ')']) {
        Some(title) => title.rsplit_once(['[', '('])?,
        None => [" - ", " – ", " — "].iter().find_map(|dash| title.rsplit_once(dash))?,
    };
    let stage = words::stage(word).filter(|stage| stage.is_over() && !subject.trim().is_empty())?;
    Some((stage, word.trim().to_owned(), subject.trim_end()))
}

/// "Sign-in (Degraded performance)" is the component "Sign-in"; without `marked`, any name is one.
fn component(text: &str, marked: bool) -> Option<String> {
    let text = text.trim();
    let name = match text.rsplit_once('(') {
        Some((name, word)) if words::severity(word).is_some() || words::is_planned(word) => name.trim(),
        _ if marked => return None,
        _ => text,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn read_text(body: &str) -> Story {
        read(body, time::parse("2026-01-02T12:00:00Z").unwrap())
    }

    #[test]
    fn a_stage_leads_and_is_not_mentioned() {
        for line in
            ["Resolved - All is well.", "RESOLVED: All is well.", "[Resolved] All is well.", "Resolved — All is well."]
        {
            let (stage, _, rest) = lead(line).unwrap();
            assert!(stage.is_over(), "{line}");
            assert_eq!(rest, "All is well.");
        }
        for line in [
            "Resolved an issue with exports.",
            "We resolved - at last - the issue.",
            "[API] Resolved",
            "Note: resolved",
        ] {
            assert!(lead(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_stage_that_trails_a_title_ends_it() {
        for title in ["Slow mail [Resolved]", "Slow mail (resolved)", "Slow mail – Behoben", "Slow - mail - Resolved"]
        {
            assert!(trail(title).is_some_and(|(stage, _, subject)| stage.is_over() && subject.ends_with("mail")));
        }
        for title in ["Slow mail - Outage", "Slow mail [EU]", "Not resolved", "[Resolved]", "Issues resolved]"] {
            assert!(trail(title).is_none(), "{title}");
        }
    }

    #[test]
    fn a_stamped_update_has_one_stage() {
        let story = read_text("Jan 2, 11:00 UTC\nResolved\nFixed\nJan 2, 10:00 UTC\nInvestigating\nDown");
        assert_eq!(story.parts.iter().map(|part| part.body.as_str()).collect::<Vec<_>>(), ["Fixed", "Down"]);
    }

    #[test]
    fn stamps_without_a_year_are_taken_from_the_entry() {
        let story = read_text(
            "<small>Dec <var>31</var>, <var>23:10</var> UTC</small><br><strong>Investigating</strong> - Slow.",
        );
        assert_eq!(story.parts[0].at, time::parse("2025-12-31T23:10:00Z"));
        assert_eq!(story.parts[0].body, "Slow.");
    }

    #[test]
    fn escaped_markup_and_plain_lines_are_told_apart() {
        assert_eq!(read_text("&lt;p&gt;&lt;b&gt;Status: Resolved&lt;/b&gt;&lt;/p&gt;").stage.unwrap().1, "Resolved");
        let story = read_text("Resolved - Mail flows.\nIt was a full disk.\n\nInvestigating - Mail is stuck.");
        let parts: Vec<_> = story.parts.iter().map(|part| part.body.as_str()).collect();
        assert_eq!(parts, ["Mail flows.\nIt was a full disk.", "Mail is stuck."]);
    }

    #[test]
    fn hostile_texts_cost_no_more_than_their_length() {
        for piece in
            ["<p>1:2", "Jan 1, 1:11 UTC\n", "a:\n", "[", "Resolved - \n", "&lt;/", "(down)\n", "Affected components:\n"]
        {
            let body = piece.repeat(400_000 / piece.len());
            let started = Instant::now();
            read_text(&body);
            assert!(started.elapsed().as_secs() < 5, "{piece:?} took {:?}", started.elapsed());
        }
    }
}

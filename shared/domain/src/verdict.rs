//! Is it them? One verdict on a page, on chosen components of it, or on many pages, with a sentence for each reason.
//!
//! What is not known is never well: a choice of components hides trouble only when that is surely elsewhere. Deliberately
//! absent: which component somebody means.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::{Component, ComponentStatus, Freshness, Incident, Indicator, PageState, Parts, UpDown, reason};

/// A verdict, and what speaks against being up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Degraded when something is broken, else unknown when something is not known, else up.
    pub status: UpDown,
    /// The worst that is known; `None` when nothing is.
    pub indicator: Option<Indicator>,
    /// Sentences on one line each, the worst first.
    pub reasons: Vec<String>,
}

impl Verdict {
    /// Nothing is known, for this reason.
    pub fn unknown(why: &str) -> Self {
        Self { status: UpDown::Unknown, indicator: None, reasons: vec![one_line(why)] }
    }

    /// One verdict for many.
    pub fn join<'a>(verdicts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut verdicts: Vec<&Self> = verdicts.into_iter().collect();
        verdicts.sort_by_key(|verdict| Reverse((rank(verdict.status), verdict.indicator)));
        Self {
            status: verdicts.first().map_or(UpDown::Unknown, |worst| worst.status),
            indicator: verdicts.iter().filter_map(|verdict| verdict.indicator).max(),
            reasons: verdicts.into_iter().flat_map(|verdict| verdict.reasons.iter().cloned()).collect(),
        }
    }
}

fn rank(status: UpDown) -> u8 {
    match status {
        UpDown::Up => 0,
        UpDown::Unknown => 1,
        UpDown::Degraded => 2,
    }
}

/// What is known of a page at a moment.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// How people call it.
    pub name: &'a str,
    /// Its state.
    pub state: &'a PageState,
    /// Its open incidents, as far as more than their number is known.
    pub incidents: &'a [&'a Incident],
    /// Number of those of which nothing else is known.
    pub unread: usize,
    /// The present.
    pub now: DateTime<Utc>,
    /// How often it is read.
    pub interval: TimeDelta,
}

/// Reasons of one page, at most; the rest is counted.
const MOST: usize = 8;
/// Characters of a vendor's text in a reason.
const LONGEST: usize = 200;

impl Evidence<'_> {
    /// The verdict on the whole page.
    pub fn whole(&self) -> Verdict {
        match self.state.up_down(self.now, self.interval) {
            UpDown::Up => self.verdict(UpDown::Up, self.state.indicator, Vec::new()),
            UpDown::Unknown => self.not_known(),
            UpDown::Degraded => {
                let told = self.incidents.iter().map(|incident| said(incident));
                let told = told.chain(self.not_read_yet()).collect::<Vec<_>>();
                let told = if told.is_empty() { vec![self.says()] } else { told };
                self.verdict(UpDown::Degraded, self.state.indicator, told)
            }
        }
    }

    /// The verdict on some components of the page, by their positions. An incident counts unless it names components and all
    /// of them are others.
    pub fn of_components(&self, parts: &Parts<'_>, chosen: &BTreeSet<usize>) -> Verdict {
        if self.state.freshness(self.now, self.interval) != Freshness::Fresh {
            return self.not_known();
        }
        let picked = || chosen.iter().filter_map(|at| parts.all().get(*at));
        let (concerning, others): (Vec<&Incident>, Vec<&Incident>) =
            self.incidents.iter().partition(|incident| concerns(incident, parts, chosen));
        let mut worst: Vec<(Option<Indicator>, String)> = Vec::new();
        let troubled = |component: &&Component| severity(component.status) >= Some(Indicator::Minor);
        worst.extend(picked().filter(troubled).map(|component| (severity(component.status), fares(component))));
        let capped = |incident: &Incident| self.state.indicator.min(Some(incident.impact));
        worst.extend(concerning.iter().map(|incident| (capped(incident), said(incident))));
        worst.sort_by_key(|(severity, _)| Reverse(*severity));
        let mut told: Vec<String> = worst.iter().map(|(_, sentence)| sentence.clone()).collect();
        told.extend(self.not_read_yet());

        let rest = parts.all().iter().enumerate().filter(|(at, _)| !chosen.contains(at));
        let elsewhere = rest.filter_map(|(_, component)| severity(component.status)).max();
        let elsewhere = elsewhere.max(others.iter().map(|incident| incident.impact).max());
        if told.is_empty() && self.state.indicator >= Some(Indicator::Minor) && elsewhere < self.state.indicator {
            told.push(format!("{} It does not say where.", self.says()));
        }
        let of_chosen = picked().filter_map(|component| severity(component.status)).max();
        if !told.is_empty() {
            let known = worst.first().and_then(|(severity, _)| *severity);
            return self.verdict(UpDown::Degraded, of_chosen.max(known).max(Some(Indicator::Minor)), told);
        }
        let told: Vec<String> = picked().filter(|component| severity(component.status).is_none()).map(fares).collect();
        let status = if told.is_empty() { UpDown::Up } else { UpDown::Unknown };
        self.verdict(status, of_chosen, told)
    }

    fn not_known(&self) -> Verdict {
        let freshness = self.state.freshness(self.now, self.interval);
        let mut told: Vec<String> = reason(self.state, freshness).map(|why| one_line(&why)).into_iter().collect();
        if let (Some(at), true) = (self.state.last_success, freshness != Freshness::Fresh) {
            let word = self.state.indicator.map_or("nothing", Indicator::as_str);
            told.push(format!("When it was last read, at {}, it said {word}.", time(at)));
        }
        self.verdict(UpDown::Unknown, None, vec![told.join(" ")])
    }

    fn not_read_yet(&self) -> Option<String> {
        match self.unread {
            0 => None,
            1 => Some("An incident is open that was not read here yet.".to_owned()),
            n => Some(format!("{n} incidents are open that were not read here yet.")),
        }
    }

    fn says(&self) -> String {
        format!("The page says {}.", self.state.indicator.map_or("nothing", Indicator::as_str))
    }

    fn verdict(&self, status: UpDown, indicator: Option<Indicator>, mut told: Vec<String>) -> Verdict {
        if told.len() > MOST {
            let more = told.len() - MOST;
            told.truncate(MOST);
            told.push(format!("And {more} more."));
        }
        let reasons = told.into_iter().map(|sentence| format!("{}: {sentence}", self.name)).collect();
        Verdict { status, indicator, reasons }
    }
}

/// False when an incident names components of the page alone, and none of them is chosen.
fn concerns(incident: &Incident, parts: &Parts<'_>, chosen: &BTreeSet<usize>) -> bool {
    let is_elsewhere = |name: &String| {
        let named = parts.called(name);
        !named.is_empty() && named.iter().all(|at| !chosen.contains(at))
    };
    incident.components.is_empty() || !incident.components.iter().all(is_elsewhere)
}

/// A component's status on the ladder of indicators; `None` when it is not known.
pub fn severity(status: ComponentStatus) -> Option<Indicator> {
    Some(match status {
        ComponentStatus::Operational => Indicator::None,
        ComponentStatus::UnderMaintenance => Indicator::Maintenance,
        ComponentStatus::DegradedPerformance => Indicator::Minor,
        ComponentStatus::PartialOutage => Indicator::Major,
        ComponentStatus::MajorOutage => Indicator::Critical,
        ComponentStatus::Unknown => return None,
    })
}

fn fares(component: &Component) -> String {
    let how = match component.status {
        ComponentStatus::Operational => "is operational",
        ComponentStatus::DegradedPerformance => "has degraded performance",
        ComponentStatus::PartialOutage => "has a partial outage",
        ComponentStatus::MajorOutage => "has a major outage",
        ComponentStatus::UnderMaintenance => "is under maintenance",
        ComponentStatus::Unknown => "has a status that is not known here",
    };
    format!("{} {how}.", one_line(&component.name))
}

fn said(incident: &Incident) -> String {
    let (impact, status, since) = (incident.impact.as_str(), incident.status.as_str(), time(incident.started_at));
    format!("\"{}\" ({impact}, {status}) since {since}.", one_line(&incident.title))
}

/// A vendor's text that can neither end the line it stands in nor turn it round.
fn one_line(text: &str) -> String {
    let direction =
        |c: char| matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
    let shown = text.chars().filter(|c| !direction(*c)).map(|c| if c.is_control() { ' ' } else { c });
    let shown: String = shown.take(LONGEST * 4).collect();
    let words: Vec<&str> = shown.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

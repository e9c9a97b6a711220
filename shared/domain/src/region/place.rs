//! Places in plain words: "Europe", "US East", "Frankfurt, Germany - (FRA)", "EU Datacenter".
//!
//! Deliberately absent: places within a sentence. A part of the text names a place as a whole, or not at all; only "EU"
//! and its like may end it.

use super::facts::{self, Areas};
use super::words::{Mark, Role, Word, marks};
use super::{Area, Found};

/// How sure a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A continent, a bloc, or a state that vendors write like one: "EU", "US", "APAC".
    Area,
    /// A country.
    Country,
    /// A town, or a state of the United States.
    Town,
    /// A town or a state that is a person or a product as well, or an adjective: only beside "region", "AWS", "US" and
    /// the like.
    Weak,
    /// The beginning of a code: only with a point of the compass, as in "ap-south".
    Start,
}

/// Areas in capitals that may end any name: "Dashboard EU", "Dashboard US1".
const ENDINGS: [&str; 7] = ["APAC", "EMEA", "EU", "LATAM", "UK", "US", "USA"];

/// Words before them that say something else: "Contact US", "Non-EU".
#[rustfmt::skip]
const ELSEWHERE: &[&str] = &[
    "about", "by", "call", "contact", "email", "ex", "except", "excluding", "find", "follow", "from", "help", "join",
    "no", "non", "not", "of", "outside", "r", "reach", "support", "than", "the", "to", "versus", "visit", "vs", "why",
    "with", "without",
];

/// All places in the text.
pub(super) fn places(text: &str, is_azure: bool) -> Vec<Found> {
    let small = text.to_ascii_lowercase();
    let marks = marks(text, &small);
    let parts = marks.split(|mark| matches!(mark, Mark::End));
    let parts: Vec<_> = parts.map(|part| listed(part, is_azure)).collect();
    // "Asia Pacific (Sydney)" is Sydney; "Asia Pacific & Japan" is both.
    let close: Vec<_> =
        parts.iter().filter_map(|part| if let [one] = part.as_slice() { Some(one) } else { None }).collect();
    let places = parts.iter().flatten().filter(|place| !close.iter().any(|one| place.is_around(one)));
    places.map(|place| Found { code: place.code.map(str::to_owned), areas: place.areas }).collect()
}

/// A place and, where Azure's name of it was read, its code.
struct Named {
    kind: Kind,
    areas: Areas,
    code: Option<&'static str>,
}

impl Named {
    /// True for a place that takes no second one to bear it out, and that may end an address.
    fn is_wide(&self) -> bool {
        matches!(self.kind, Kind::Area | Kind::Country)
    }

    /// True when that town or country lies within it and says more.
    fn is_around(&self, one: &Self) -> bool {
        matches!(one.kind, Kind::Town | Kind::Country)
            && self.areas.len() > one.areas.len()
            && one.areas.iter().all(|area| self.areas.contains(area))
    }
}

/// The places of one part: all of an enumeration ("US & Canada"), or the widest of an address ("Dallas, TX, USA").
fn listed(part: &[Mark<'_>], is_azure: bool) -> Vec<Named> {
    let rows: Vec<Vec<_>> = part.split(|mark| matches!(mark, Mark::And(_))).map(words).collect();
    let mut places: Vec<_> = rows.iter().map(|row| place(row, is_azure)).collect();
    if let ([town, _], [_, sign]) = (places.as_mut_slice(), rows.as_slice())
        && let [sign] = sign.as_slice()
        && let Some(town) = town.take_if(|town| !town.is_wide() && facts::is_sign(sign.raw, town.areas))
    {
        return vec![Named { kind: Kind::Town, ..town }];
    }
    let is_address = part.iter().rev().find_map(|mark| if let Mark::And(comma) = mark { Some(*comma) } else { None });
    if is_address == Some(true)
        && places.iter().any(|place| !place.as_ref().is_some_and(Named::is_wide))
        && let Some(last) = places.last_mut().and_then(|last| last.take_if(|last| last.is_wide()))
    {
        return vec![last];
    }
    let all: Option<Vec<_>> = places.into_iter().collect();
    all.unwrap_or_default().into_iter().filter(|place| place.kind != Kind::Weak).collect()
}

fn words<'a, 'b>(row: &'b [Mark<'a>]) -> Vec<&'b Word<'a>> {
    row.iter().filter_map(|mark| if let Mark::Word(word) = mark { Some(word) } else { None }).collect()
}

/// The place that a row names. No place takes more than eight words, and many runs of them are looked at.
fn place(row: &[&Word<'_>], is_azure: bool) -> Option<Named> {
    if row.len() > 8 {
        return None;
    }
    named(row, is_azure).or_else(|| ending(row))
}

/// The longest run of words that is a place, if those around it are of no weight.
fn named(words: &[&Word<'_>], is_azure: bool) -> Option<Named> {
    let is_name = |word: &&Word<'_>| word.role == Role::Name;
    let first = words.iter().position(is_name).unwrap_or(words.len());
    let last = words.iter().rposition(is_name).unwrap_or(0);
    let ends = (last + 1..=words.len()).rev();
    ends.flat_map(|end| (0..end.min(first + 1)).map(move |start| (start, end))).find_map(|(start, end)| {
        let (head, after) = words.split_at(end);
        let (before, name) = head.split_at(start);
        let beside: Vec<_> = before.iter().chain(after).map(|word| word.role).collect();
        lookup(name, &beside, is_azure)
    })
}

fn lookup(name: &[&Word<'_>], beside: &[Role], is_azure: bool) -> Option<Named> {
    let texts: Vec<_> = name.iter().map(|word| word.text).collect();
    if is_azure && let Some((code, areas)) = facts::code(&texts.concat()) {
        return Some(Named { kind: Kind::Area, areas, code: Some(code) });
    }
    let (kind, areas) = facts::place(&texts.join(" "))?;
    let is_labelled = beside.iter().any(|role| matches!(role, Role::Label | Role::Area));
    let is_sure = match kind {
        Kind::Area if areas == [Area::Global] => beside.iter().all(|role| *role == Role::Label),
        Kind::Area | Kind::Country if beside.contains(&Role::Area) => false,
        Kind::Area => true,
        Kind::Country | Kind::Town | Kind::Weak => !beside.contains(&Role::Offer),
        Kind::Start => beside.contains(&Role::Side),
    };
    let kind = if kind == Kind::Weak && is_labelled { Kind::Town } else { kind };
    is_sure.then_some(Named { kind, areas, code: None })
}

/// An area in capitals at the end of a name.
fn ending(words: &[&Word<'_>]) -> Option<Named> {
    let [.., before, last] = words else { return None };
    let is_elsewhere = ELSEWHERE.contains(&before.text) || facts::place(before.text).is_some();
    let letters = last.raw.trim_end_matches(|c: char| c.is_ascii_digit());
    let (kind, areas) = facts::place(last.text).filter(|_| ENDINGS.contains(&letters) && !is_elsewhere)?;
    Some(Named { kind, areas, code: None })
}

//! Places in plain words: "Europe", "US East", "Frankfurt, Germany - (FRA)", "EU Datacenter".
//!
//! Deliberately absent: places within a sentence. A part of the text names a place as a whole, or not at all; only "EU" and
//! its like may end it.

use super::code::is_side;
use super::facts::{self, Areas, NORTH_AMERICA};
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
    /// A town that is a person or a product as well: only beside a word such as "region" or "AWS".
    Weak,
    /// The beginning of a code: only with a point of the compass, as in "ap-south".
    Start,
}

/// What a region is called: these may stand around any place.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "the", "region", "regions", "zone", "zones", "dc", "dcs", "datacenter", "datacenters", "datacentre", "datacentres",
    "data", "center", "centers", "centre", "centres", "pop", "pops", "cluster", "clusters", "location", "locations",
    "server", "servers", "instance", "instances", "pod", "pods", "hosted", "edge", "coast", "gov", "government", "aws",
    "gcp", "azure",
];

/// What a vendor offers in a region: these may stand around an area ("EU API"), not around a town ("London Gateway").
#[rustfmt::skip]
const OFFERS: &[&str] = &[
    "api", "apis", "app", "apps", "application", "applications", "web", "website", "site", "dashboard", "console",
    "portal", "platform", "cloud", "production", "prod", "environment", "environments", "service", "services", "cdn",
    "gateway", "network", "backend", "storage", "database", "databases", "product", "products", "system", "systems",
    "customer", "customers", "user", "users", "endpoint", "endpoints", "hosting",
];

/// Areas in capitals that may end any name: "Dashboard EU".
const ENDINGS: [&str; 7] = ["APAC", "EMEA", "EU", "LATAM", "UK", "US", "USA"];

/// Words before them that say something else: "Contact US", "Non-EU".
#[rustfmt::skip]
const ELSEWHERE: &[&str] = &[
    "about", "by", "call", "contact", "email", "ex", "except", "excluding", "follow", "from", "help", "join", "no", "non",
    "not", "of", "outside", "r", "support", "than", "the", "to", "versus", "vs", "with", "without",
];

/// All places in the text.
pub(super) fn places(text: &str, is_azure: bool) -> Vec<Found> {
    let parts = text.split(|c| {
        matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | ':' | '|' | '/' | '\\' | '"')
            || matches!(c, '·' | '•' | '–' | '—' | '→' | '：' | '（' | '）' | '【' | '】')
    });
    // A hyphen between words belongs to them ("eu-west"), one beside a space parts them.
    let parts = parts.flat_map(|part| part.split(" -")).flat_map(|part| part.split("- "));
    parts.flat_map(|part| listed(part, is_azure)).collect()
}

/// The places of one part: all of an enumeration ("US & Canada"), or the widest of an address ("Dallas, TX, USA").
fn listed(part: &str, is_azure: bool) -> Vec<Found> {
    let rows = part.split([',', '&', '+', ';', '、']).flat_map(|row| row.split(" and "));
    let rows: Vec<_> = rows.map(|row| (row.trim(), place(row, is_azure))).collect();
    let is_wide = |place: &Named| matches!(place.kind, Kind::Area | Kind::Country);
    if let [(_, Some(town)), (sign, _)] = rows.as_slice()
        && is_sign_of(sign, town)
    {
        return vec![town.found()];
    }
    if rows.iter().any(|(_, place)| !place.as_ref().is_some_and(is_wide))
        && let Some((_, last)) = part.rsplit_once(',')
        && let Some(last) = place(last, is_azure).filter(is_wide)
    {
        return vec![last.found()];
    }
    let all: Option<Vec<_>> = rows.iter().map(|(_, place)| place.as_ref()).collect();
    all.unwrap_or_default().into_iter().map(Named::found).collect()
}

/// A place and, where Azure's name of it was read, its code.
struct Named {
    kind: Kind,
    areas: Areas,
    code: Option<&'static str>,
}

impl Named {
    fn found(&self) -> Found {
        Found { code: self.code.map(str::to_owned), areas: self.areas }
    }
}

/// True for "Frankfurt, DE" and "Dallas, TX", not for "London, ON".
fn is_sign_of(sign: &str, town: &Named) -> bool {
    town.kind == Kind::Town
        && sign.len() == 2
        && sign.bytes().all(|b| b.is_ascii_uppercase())
        && (town.areas == NORTH_AMERICA || facts::sign(sign) == Some(town.areas))
}

/// Words of a row without what is no letter or digit.
struct Word<'a> {
    raw: &'a str,
    /// In lower case, spelled out.
    text: String,
    role: Role,
}

/// Why a word may stand beside the name of a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Name,
    Label,
    Offer,
    Side,
    Number,
}

fn word(raw: &str) -> Option<Word<'_>> {
    let text: String = raw.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_numbered = letters.len() < text.len() && letters.len() + 2 >= text.len();
    // "US1", "NA14", "east2": numbers of clusters and regions. "NA" in small letters is mostly "not applicable".
    let text = match letters {
        "na" if is_numbered || raw == "NA" => "north america".to_owned(),
        "au" if is_numbered || raw == "AU" => "australia".to_owned(),
        "us" | "eu" if is_numbered => letters.to_owned(),
        side if is_numbered && is_side(side) => letters.to_owned(),
        _ => text,
    };
    let role = match text.as_str() {
        "" => return None,
        "northern" | "southern" | "eastern" | "western" => Role::Side,
        side if is_side(side) => Role::Side,
        number if number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit()) => Role::Number,
        label if LABELS.contains(&label) => Role::Label,
        offer if OFFERS.contains(&offer) => Role::Offer,
        _ => Role::Name,
    };
    Some(Word { raw, text, role })
}

/// The place that a row names.
fn place(row: &str, is_azure: bool) -> Option<Named> {
    let words = row.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_')).filter_map(word);
    // No place takes more words, and every run of them is looked at.
    let words: Vec<_> = words.take(9).collect();
    if words.len() > 8 {
        return None;
    }
    named(&words, is_azure).or_else(|| ending(&words))
}

/// The longest run of words that is a place, if those around it are of no weight.
fn named(words: &[Word<'_>], is_azure: bool) -> Option<Named> {
    for end in (1..=words.len()).rev() {
        let (head, after) = words.split_at(end);
        for start in 0..end {
            let (before, name) = head.split_at(start);
            let beside: Vec<_> = before.iter().chain(after).map(|word| word.role).collect();
            if beside.contains(&Role::Name) {
                break;
            }
            if let Some(named) = lookup(name, &beside, is_azure) {
                return Some(named);
            }
        }
    }
    None
}

fn lookup(name: &[Word<'_>], beside: &[Role], is_azure: bool) -> Option<Named> {
    let texts: Vec<_> = name.iter().map(|word| word.text.as_str()).collect();
    if is_azure && let Some((code, areas)) = facts::code(&texts.concat()) {
        return Some(Named { kind: Kind::Area, areas, code: Some(code) });
    }
    let (kind, areas) = facts::place(&texts.join(" "))?;
    let is_sure = match kind {
        Kind::Area if areas == [Area::Global] => beside.iter().all(|role| *role == Role::Label),
        Kind::Area => true,
        Kind::Country | Kind::Town => !beside.contains(&Role::Offer),
        Kind::Weak => beside.contains(&Role::Label),
        Kind::Start => beside.contains(&Role::Side),
    };
    is_sure.then_some(Named { kind, areas, code: None })
}

/// An area in capitals at the end of a name.
fn ending(words: &[Word<'_>]) -> Option<Named> {
    let [.., before, last] = words else { return None };
    let is_elsewhere = ELSEWHERE.contains(&before.text.as_str()) || facts::place(&before.text).is_some();
    let (kind, areas) = facts::place(&last.text).filter(|_| ENDINGS.contains(&last.raw) && !is_elsewhere)?;
    Some(Named { kind, areas, code: None })
}

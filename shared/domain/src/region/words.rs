//! A text as its words, what each is good for beside a place, and what stands between them.
//!
//! Deliberately absent: which words are places.

use super::code::is_side;

/// What a text is made of.
pub(super) enum Mark<'a> {
    Word(Word<'a>),
    /// What parts the rows of a list, and whether it is a comma.
    And(bool),
    /// One of [`ENDS`], or a hyphen beside a space.
    End,
}

/// A word without the signs around it.
pub(super) struct Word<'a> {
    pub(super) raw: &'a str,
    /// In small letters, spelled out.
    pub(super) text: &'a str,
    pub(super) role: Role,
}

/// Why a word may stand beside the name of a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It may not: it says something else, or is the name.
    Name,
    /// It is an area itself, as in "US Virginia".
    Area,
    Label,
    Thing,
    Offer,
    Side,
    Number,
}

/// What a region is called: these bear a place out.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "region", "regions", "zone", "zones", "dc", "dcs", "datacenter", "datacenters", "datacentre", "datacentres",
    "center", "centers", "centre", "centres", "pop", "pops", "location", "locations", "coast", "gov", "government",
    "aws", "gcp", "azure",
];

/// What runs in a region: these may stand around any place, and bear out none.
#[rustfmt::skip]
const THINGS: &[&str] = &[
    "the", "data", "cluster", "clusters", "server", "servers", "instance", "instances", "pod", "pods", "hosted", "edge",
];

/// What a vendor offers in a region: these may stand around an area ("EU API"), not around a town ("London Gateway").
#[rustfmt::skip]
const OFFERS: &[&str] = &[
    "api", "apis", "app", "apps", "application", "applications", "web", "website", "site", "dashboard", "console",
    "portal", "platform", "cloud", "production", "prod", "environment", "environments", "service", "services", "cdn",
    "gateway", "network", "backend", "storage", "database", "databases", "product", "products", "system", "systems",
    "customer", "customers", "user", "users", "endpoint", "endpoints", "hosting",
];

/// Signs between the parts of a text, besides a hyphen.
const ENDS: &str = "()[]{}<>:|/\\\"=·•–—→»›：（）【】";

/// The words of `text` and what stands between them; `small` is the same text in small letters.
pub(super) fn marks<'a>(text: &'a str, small: &'a str) -> Vec<Mark<'a>> {
    let mut marks = Vec::new();
    let mut begun = 0;
    for (at, sign) in text.char_indices() {
        let after = at + sign.len_utf8();
        // A hyphen between words belongs to them ("eu-west"), one beside a space parts them.
        let is_apart = || text[..at].ends_with(' ') || text[after..].starts_with(' ');
        let mark = match sign {
            sign if sign.is_ascii_alphanumeric() => continue,
            ',' | '、' => Some(Mark::And(true)),
            '&' | '+' | ';' => Some(Mark::And(false)),
            '-' if is_apart() => Some(Mark::End),
            '-' | '_' => None,
            sign if ENDS.contains(sign) => Some(Mark::End),
            sign if sign.is_whitespace() => None,
            _ => continue,
        };
        marks.extend(word(&text[begun..at], &small[begun..at]));
        marks.extend(mark);
        begun = after;
    }
    marks.extend(word(&text[begun..], &small[begun..]));
    marks
}

/// A word, or the "and" between two.
fn word<'a>(raw: &'a str, small: &'a str) -> Option<Mark<'a>> {
    let is_sign = |c: char| !c.is_alphanumeric();
    let (raw, text) = (raw.trim_matches(is_sign), small.trim_matches(is_sign));
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_numbered = letters.len() < text.len() && letters.len() + 2 >= text.len();
    // "US1", "NA14", "east2": numbers of clusters and regions. "NA" in small letters is mostly "not applicable".
    let text = match letters {
        "na" if is_numbered || raw == "NA" => "north america",
        "au" if is_numbered || raw == "AU" => "australia",
        "us" | "eu" if is_numbered => letters,
        side if is_numbered && is_side(side) => letters,
        _ => text,
    };
    let role = match text {
        "" => return None,
        "and" => return Some(Mark::And(false)),
        "us" | "eu" | "uk" | "europe" | "asia" => Role::Area,
        side if is_side(side) => Role::Side,
        label if LABELS.contains(&label) => Role::Label,
        thing if THINGS.contains(&thing) => Role::Thing,
        offer if OFFERS.contains(&offer) => Role::Offer,
        number if number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit()) => Role::Number,
        _ => Role::Name,
    };
    Some(Mark::Word(Word { raw, text, role }))
}

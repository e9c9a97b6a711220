//! The codes that clouds give their regions: `us-east-1`, `europe-west4`, `westeurope`, `eu-frankfurt-1`, `fra1`.
//!
//! Deliberately absent: which of them exist. The large clouds open regions every year, and their codes tell the area.

use super::Found;
use super::facts::{
    self, AFRICA, AMERICAS, ASIA, ASIA_PACIFIC, Areas, EUROPE, LATIN_AMERICA, MIDDLE_EAST, NORTH_AMERICA, OCEANIA,
};

const SIDES: [&str; 9] =
    ["north", "south", "east", "west", "central", "northeast", "southeast", "northwest", "southwest"];

/// True for a point of the compass as codes write it.
pub(super) fn is_side(word: &str) -> bool {
    SIDES.contains(&word)
}

/// Every code in the text, also within a longer word: `ec2-us-east-1`, `us-central1-a`.
pub(super) fn codes(text: &str) -> Vec<Found> {
    let text = text.to_ascii_lowercase().replace('_', "-");
    let chunks = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    chunks.filter(|chunk| chunk.len() >= 4).flat_map(within).collect()
}

fn within(chunk: &str) -> Vec<Found> {
    // Most words end here.
    if let Some(found) = whole(chunk) {
        return vec![found];
    }
    if !chunk.bytes().any(|b| b.is_ascii_digit() || b == b'-') {
        return Vec::new();
    }
    let pieces: Vec<_> = chunk.split('-').collect();
    (0..pieces.len()).filter_map(|at| pieces.get(at..).and_then(at_start)).collect()
}

/// The code that these pieces of a word begin with.
fn at_start(pieces: &[&str]) -> Option<Found> {
    compass(pieces).or_else(|| whole(pieces.first()?)).or_else(|| airport(pieces.first()?))
}

fn whole(word: &str) -> Option<Found> {
    facts::code(word).map(|(code, areas)| Found { code: Some(code.to_owned()), areas })
}

/// A part of the world, a side and a number: of AWS with a hyphen before the number, of Google Cloud without.
fn compass(pieces: &[&str]) -> Option<Found> {
    let (world, government, side, rest) = match pieces {
        ["us", "gov", side, rest @ ..] => ("us", "gov-", side, rest),
        [world, side, rest @ ..] => (*world, "", side, rest),
        _ => return None,
    };
    let (side, glued) = side.split_at(side.find(|c: char| c.is_ascii_digit()).unwrap_or(side.len()));
    let number = number(if glued.is_empty() { rest.first()? } else { glued })?;
    let is_glued = !glued.is_empty();
    let areas = if is_side(side) { areas(world, side, number)? } else { return None };
    let is_google = matches!(world, "europe" | "asia" | "australia" | "southamerica" | "northamerica" | "africa");
    // `eu-west1` could mean a region of either cloud.
    if is_glued && !is_google && !matches!(world, "us" | "me") {
        return None;
    }
    let hyphen = if is_google || is_glued { "" } else { "-" };
    Some(Found { code: Some(format!("{world}-{government}{side}{hyphen}{number}")), areas })
}

/// One or two digits, without the letter of a zone.
fn number(piece: &str) -> Option<&str> {
    let digits = piece.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(piece);
    (matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

fn areas(world: &str, side: &str, number: &str) -> Option<Areas> {
    Some(match world {
        "us" | "ca" | "northamerica" => NORTH_AMERICA,
        "mx" => AMERICAS,
        "sa" | "southamerica" => LATIN_AMERICA,
        "eu" | "europe" => EUROPE,
        "af" | "africa" => AFRICA,
        "me" | "il" => MIDDLE_EAST,
        "asia" | "cn" => ASIA,
        "australia" => OCEANIA,
        "ap" => match (side, number) {
            ("southeast", "2" | "4") => OCEANIA,
            ("southeast", "1" | "3" | "5" | "7") => ASIA,
            ("southeast", _) => ASIA_PACIFIC,
            _ => ASIA,
        },
        _ => return None,
    })
}

/// An airport or a town in three letters with a number: `fra1`, `nyc3`, `sfo2a`.
fn airport(piece: &str) -> Option<Found> {
    let (letters, digits) = piece.split_at_checked(3)?;
    let areas = facts::airport(letters)?;
    Some(Found { code: Some(format!("{letters}{}", number(digits)?)), areas })
}

//! The page's HTML: how it fares, by the picture that it offers to social networks, by its favicon and by the icon of its
//! heading. All of them come with the same answer, so they tell the same.
//!
//! Deliberately absent: components, which the page loads one by one, and incidents.

use statusphere_domain::{Indicator, Reading};

use super::words;

/// The script that these pages load, of any version.
const SCRIPTS: [&str; 2] = ["betterstack.com/packs/js/status_page", "betteruptime.com/packs/js/status_page"];
/// What stands before the word for the state, and after it.
const PICTURES: [(&str, char); 2] = [("assets/status_pages/og_", '-'), ("assets/status_pages_v2/favicons/", '-')];
/// The icon of the heading, by its colour in the first version and by its class in the second.
const ICONS: [(&str, &str, &str); 8] = [
    ("heading-large", "fill=\"#059669\"", "operational"),
    ("heading-large", "fill=\"#d97706\"", "degraded"),
    ("heading-large", "fill=\"#b91c1c\"", "downtime"),
    ("heading-large", "fill=\"#0369a1\"", "maintenance"),
    ("heading-small", "text-statuspage-green", "operational"),
    ("heading-small", "text-statuspage-yellow", "degraded"),
    ("heading-small", "text-statuspage-red", "downtime"),
    ("heading-small", "text-statuspage-blue", "maintenance"),
];
/// An icon stands at most so far before its heading.
const NEAR: usize = 12_000;

/// True for HTML of this platform, readable or not.
pub(super) fn is_mine(html: &str) -> bool {
    SCRIPTS.iter().any(|script| html.contains(script))
}

/// Reads a page that [`is_mine`]; the error says what is missing.
pub(super) fn read(html: &str) -> Result<Reading, String> {
    if !html.contains("</html>") {
        return Err("is cut off".to_owned());
    }
    let heading = heading(html).ok_or("has no heading that tells its state")?;
    let pictures = pictures(html);
    let told: Vec<Option<Indicator>> = pictures.iter().chain([&heading]).map(|word| words::state(word)).collect();
    let worst = told.iter().flatten().max().copied();
    // One mark alone could be there by chance: it is calm only if several tell so, and none tells anything else.
    let agreed = !pictures.is_empty() && !told.contains(&None);
    let mut reading = Reading::new(super::PROVIDER.name);
    reading.indicator = worst.filter(|worst| *worst > Indicator::None || agreed);
    Ok(reading)
}

/// The words in the names of the page's pictures.
fn pictures(html: &str) -> Vec<&str> {
    let word = |(before, after): &(&str, char)| {
        let (_, rest) = html.split_once(before)?;
        rest.split(*after).next().filter(|word| word.len() < 20)
    };
    PICTURES.iter().filter_map(word).collect()
}

/// The state of the icon that stands nearest before the page's heading.
fn heading(html: &str) -> Option<&str> {
    let at = ["heading-large", "heading-small"].iter().filter_map(|class| Some((html.find(class)?, *class))).min()?;
    let from = html.floor_char_boundary(at.0.saturating_sub(NEAR));
    let before = html.get(from..at.0)?.to_ascii_lowercase();
    let icons = ICONS.iter().filter(|(class, ..)| *class == at.1);
    let found = icons.filter_map(|(_, mark, word)| Some((before.rfind(mark)?, *word)));
    found.max().map(|(_, word)| word)
}

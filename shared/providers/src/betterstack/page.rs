//! The page's HTML: how it fares, by the picture that it offers to social networks, by its favicon and by the icon of its
//! heading. All of them come with the same answer, so they tell the same.
//!
//! Deliberately absent: components, which the page loads one by one, and incidents.

use statusphere_domain::{Indicator, Reading};

use super::words;

/// The script that these pages load, of any version, from the platform's host or from their own.
const SCRIPT: &str = "/packs/js/status_page";
const HOSTS: [&str; 2] = ["betterstack.com", "betteruptime.com"];
/// What the page says of itself to its scripts: that it is a status page, not a form that asks for a password.
const ITSELF: &str = "\"controller\":\"public_status_pages\",\"action\":\"show\"";
/// What stands before the word for the state, and after it.
const PICTURES: [(&str, char); 2] = [("assets/status_pages/og_", '-'), ("assets/status_pages_v2/favicons/", '-')];
/// The icon of the heading, by its colour or by its class.
const ICONS: [(&str, &str); 8] = [
    ("fill=\"#059669\"", "operational"),
    ("fill=\"#d97706\"", "degraded"),
    ("fill=\"#b91c1c\"", "downtime"),
    ("fill=\"#0369a1\"", "maintenance"),
    ("text-statuspage-green", "operational"),
    ("text-statuspage-yellow", "degraded"),
    ("text-statuspage-red", "downtime"),
    ("text-statuspage-blue", "maintenance"),
];
/// The class of the icon on the oldest pages, in which the word for the state stands as well.
const OLDEST_ICON: &str = "status-page__overview-icon";
const HEADINGS: [&str; 2] = ["heading-large", "heading-small"];
/// An icon stands at most so far before its heading.
const NEAR: usize = 12_000;

/// True for HTML of this platform, readable or not.
pub(super) fn is_mine(html: &str) -> bool {
    html.contains(SCRIPT) && HOSTS.iter().any(|host| html.contains(host))
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
    // One mark alone could be there by chance, unless the page says what it is: customers may have pictures of their
    // own. It is calm only if none tells anything else.
    let agreed = (!pictures.is_empty() || html.contains(ITSELF)) && !told.contains(&None);
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

/// The state of the heading's icon, which stands in it or before it.
fn heading(html: &str) -> Option<&str> {
    let inside = html.split_once("<h1").and_then(|(_, rest)| icon(rest.split_once("</h1>")?.0));
    inside.or_else(|| icon_before(html)).or_else(|| {
        let classes = html.split_once(OLDEST_ICON)?.1.split(['"', '\'']).next()?;
        classes.split([' ', '-', '_']).find(|word| words::state(word).is_some())
    })
}

fn icon_before(html: &str) -> Option<&'static str> {
    let at = HEADINGS.iter().filter_map(|class| html.find(class)).min()?;
    icon(html.get(html.floor_char_boundary(at.saturating_sub(NEAR))..at)?)
}

/// The state of the last icon in a piece of markup.
fn icon(markup: &str) -> Option<&'static str> {
    let markup = markup.to_ascii_lowercase();
    ICONS.iter().filter_map(|(mark, word)| Some((markup.rfind(mark)?, *word))).max().map(|(_, word)| word)
}

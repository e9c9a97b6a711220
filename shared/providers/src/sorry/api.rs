//! The platform's own API, by a page's key.
//!
//! Deliberately absent: what it gives only to those who sign in.

use serde_json::Value;
use statusphere_domain::{Indicator, Reading};

use super::notice::{self, Notices};
use crate::field::list;
use crate::{Seen, Step, Target, html, words};

const API: &str = "https://api.sorryapp.com/v1/pages";

/// A key in the platform's form: numbers in old catalogues, eight letters and digits today.
pub(super) fn is_key(key: &str) -> bool {
    (1..=16).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The state of the page with this key; not mine when its components are refused.
pub(super) fn state(target: &Target<'_>, seen: &Seen, key: &str) -> Step {
    let parts = format!("{API}/{key}/components");
    let posts = format!("{API}/{key}/notices?include=components,updates");
    let wanted: Vec<_> = [&parts, &posts].into_iter().filter(|url| seen.get(url).is_none()).cloned().collect();
    if !wanted.is_empty() {
        return Step::Want(wanted);
    }
    match read(target, seen, key, &parts, &posts) {
        Ok(Some(reading)) => Step::Reading(Box::new(reading)),
        Ok(None) => Step::NotMine(format!("{parts} is refused")),
        Err(why) => Step::Malformed(why),
    }
}

fn read(target: &Target<'_>, seen: &Seen, key: &str, parts: &str, posts: &str) -> Result<Option<Reading>, String> {
    let Some(parts) = rows(seen, parts)? else { return Ok(None) };
    let posts = rows(seen, posts)?;
    let mut reading = Reading::new(super::PROVIDER.name);
    reading.key = Some(key.to_owned());
    let components = notice::components(&list(&parts).iter().collect::<Vec<_>>());
    let calm_can_be_told = !components.is_empty();
    reading.components = Some(components);
    let mut notices = Notices::default();
    for row in posts.iter().flat_map(list) {
        notices.add(target, row, Some(row));
    }
    // Those who do not sign in are not given the whole history, only what is current.
    notices.finish(posts.is_some())?.fill(&mut reading);
    reading.indicator =
        words::indicator(&reading, target.as_of).filter(|worst| *worst > Indicator::None || calm_can_be_told);
    Ok(Some(reading))
}

/// The list `response` at an address; `None` where it is refused.
fn rows(seen: &Seen, url: &str) -> Result<Option<Value>, String> {
    let Some(Ok(answer)) = seen.get(url) else { return Ok(None) };
    let mut document: Value = html::json(answer).map_err(|why| format!("{url} {why}"))?;
    let rows = document.get_mut("response").map(Value::take).unwrap_or_default();
    if rows.is_array() { Ok(Some(rows)) } else { Err(format!("{url} has no list `response`")) }
}

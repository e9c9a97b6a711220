//! Status pages of Upptime, which are built from a GitHub repository. Evidence: the source code of the platform, the
//! public copy of its own summary, and of two pages that it built. Unconfirmed: no page was recorded.
//!
//! # Recognises
//! The page's markup: the framework that it is built with (`__SAPPER__`) together with an address of Upptime. The
//! repository is the one that the page links in its footer or its menu, else the one that a `github.io` address names.
//!
//! # Requests
//! One where the repository (`owner/name`, the key) is known: `history/summary.json` of that repository, on
//! `raw.githubusercontent.com`. Else two, with the page itself.
//!
//! # Reads
//! The sites that are watched, with their status.
//!
//! # Maps
//! `up` is operational, `degraded` degraded, `down` a major outage, any other word unknown. The page's indicator is the
//! worst of its sites; while only some of them are down it is major, not critical.
//!
//! # Does not know
//! Incidents and planned maintenance: they are issues of the repository, and GitHub lists those only by an interface
//! that answers sixty times an hour for all pages together. Sites that were just added and not yet checked.

use serde_json::Value;
use statusphere_domain::{Component, ComponentStatus, Reading};
use url::Url;

use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target, field, html, probes};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "upptime", step, backfill: None };

const MARKS: [&str; 3] = ["upptime.js.org", "//github.com/upptime/", "githubusercontent.com/upptime/"];
const GITHUB: &str = "https://github.com/";

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    if let Some(repository) = target.key.filter(|key| is_repository(key))
        && let Ok(step) = summary(target, seen, repository)
    {
        return step;
    }
    match front(target, seen) {
        Front::Unseen(url) => Step::Want(vec![url]),
        Front::Missing(why) => Step::NotMine(why),
        Front::Html(markup, _) if !is_marked(&markup) => Step::NotMine("the page has none of its marks".to_owned()),
        Front::Html(markup, _) => match repository(&markup).or_else(|| pages_of(target.url)) {
            Some(repository) => summary(target, seen, &repository).unwrap_or_else(Step::Malformed),
            None => Step::Malformed("the page does not name its repository".to_owned()),
        },
    }
}

fn is_marked(markup: &str) -> bool {
    markup.contains("__SAPPER__") && MARKS.iter().any(|mark| markup.contains(mark))
}

/// Reads the summary of a repository; the error says why there is none.
fn summary(target: &Target<'_>, seen: &Seen, repository: &str) -> Result<Step, String> {
    let url = format!("https://raw.githubusercontent.com/{repository}/HEAD/history/summary.json");
    let answer = match seen.get(&url) {
        None => return Ok(Step::Want(vec![url])),
        Some(Err(error)) if !error.kind.host_is_up() => return Ok(Step::NotMine(error.detail.clone())),
        Some(Err(error)) => return Err(format!("{repository} has no summary: {}", error.detail)),
        Some(Ok(answer)) => answer,
    };
    let rows = html::json::<Vec<Value>>(answer).map_err(|why| format!("the summary of {repository} {why}"))?;
    if !rows.iter().any(|row| row["slug"].is_string() && row["status"].is_string()) {
        return Err(format!("the summary of {repository} lists no site that can be read"));
    }
    let mut reading = Reading::new(PROVIDER.name);
    reading.key = Some(repository.to_owned());
    reading.components = Some(probes::unique(rows.iter().map(component)));
    reading.indicator = probes::indicator(&reading, target.as_of);
    Ok(Step::Reading(Box::new(reading)))
}

fn component(row: &Value) -> Component {
    let (name, slug) = (field::text(&row["name"]), field::text(&row["slug"]));
    let first = |names: [&str; 2]| names.into_iter().find(|name| !name.is_empty()).unwrap_or("?").to_owned();
    let status = match field::text(&row["status"]) {
        "up" => ComponentStatus::Operational,
        "degraded" => ComponentStatus::DegradedPerformance,
        "down" => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Unknown,
    };
    Component { id: first([slug, name]), name: first([name, slug]), group: None, status }
}

/// The repository that a page links: in its footer, else in its menu. Upptime's own is linked by pages that left the
/// text of the template as it was, so that it counts last.
fn repository(markup: &str) -> Option<String> {
    let part = |name: &str| Some(markup.split_once(&format!("<{name}"))?.1.split_once(&format!("</{name}>"))?.0);
    let parts: Vec<&str> = [part("footer"), part("nav")].into_iter().flatten().collect();
    let found: Vec<&str> = parts.iter().flat_map(|part| part.split(GITHUB).skip(1)).filter_map(linked).collect();
    let own = found.iter().find(|repository| !repository.starts_with("upptime/"));
    own.or(found.first()).map(|repository| (*repository).to_owned())
}

/// The repository at the start of what follows a link to GitHub.
fn linked(rest: &str) -> Option<&str> {
    let path = rest.get(..rest.find(['"', '\'', ' ', '>', '<', '?', '#', '\n'])?)?;
    let owner = path.find('/')?;
    let end = path.get(owner + 1..)?.find('/').map_or(path.len(), |end| owner + 1 + end);
    // Menus also ask for sponsors.
    path.get(..end).filter(|path| is_repository(path) && !path.starts_with("sponsors/"))
}

/// The repository behind an address of GitHub Pages.
fn pages_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let owner = url.host_str()?.strip_suffix(".github.io")?;
    let name = url.path_segments()?.next()?;
    Some(format!("{owner}/{name}")).filter(|repository| is_repository(repository))
}

fn is_repository(text: &str) -> bool {
    let is_name = |name: &str| {
        let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        (1..=100).contains(&name.len()) && name.bytes().all(known) && name.bytes().any(|b| b != b'.')
    };
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_the_one_that_the_page_links() {
        let footer = "<footer class=x><p>This page is <a href=https://github.com/kestrel/uptime>open source</a>";
        for (markup, expected) in [
            (format!("{footer}, powered by <a href=https://github.com/upptime/upptime>Upptime</a></footer>"), true),
            (format!("<nav><a href=https://github.com/upptime/upptime>GitHub</a></nav>{footer}</footer>"), true),
            ("<nav><a href=\"https://github.com/kestrel/uptime/\">GitHub</a></nav><footer></footer>".to_owned(), true),
            ("<main><a href=https://github.com/kestrel/uptime>us</a></main><footer></footer>".to_owned(), false),
            ("<nav><a href=https://github.com/sponsors/us>x</a><a href='https://github.com/kestrel/uptime/issues'>x</a></nav>".to_owned(), true),
            ("<footer><a href=https://github.com/kestrel>us</a></footer>".to_owned(), false),
            ("<footer><a href=https://github.com/kestrel/uptime".to_owned(), false),
        ] {
            assert_eq!(repository(&markup).as_deref() == Some("kestrel/uptime"), expected, "{markup}");
        }
        assert_eq!(pages_of("https://kestrel.github.io/uptime").as_deref(), Some("kestrel/uptime"));
        assert_eq!(pages_of("https://kestrel.github.io"), None);
        assert!(!is_repository("a/b/c") && !is_repository("../x") && !is_repository("a/") && !is_repository("a/b?c"));
    }
}

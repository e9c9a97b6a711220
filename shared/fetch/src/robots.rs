//! Which addresses are pages for people, and what their hosts' robots.txt said of them within a day.
//!
//! Deliberately absent: asking (`web` does), and what a robots.txt means (`rules`). Documents made for machines are
//! published to be read by them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_domain::{FetchError, FetchErrorKind};
use tokio::sync::OnceCell;
use url::{Position, Url};

use crate::rules::Rules;

/// How long a robots.txt is believed.
const LASTS: TimeDelta = TimeDelta::hours(24);
/// Bytes of rules in memory; beyond that all are forgotten and asked for again.
const MEMORY: usize = 4 * 1024 * 1024;
/// Bytes that a host takes beside its rules, about.
const ENTRY: usize = 128;

const MACHINES_EXTENSIONS: &[&str] =
    &["json", "xml", "rss", "atom", "rdf", "csv", "ics", "yml", "yaml", "js", "txt", "svg"];
const MACHINES_WORDS: &[&str] = &["api", "apis", "feed", "feeds", "rss", "atom", "graphql"];

/// True when an address does not name a format or an interface for machines.
pub(crate) fn is_for_people(url: &Url) -> bool {
    let is_one_of = |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut segments = url.path().split('/');
    let file = segments.clone().next_back().and_then(|file| file.rsplit_once('.'));
    let machines_path = file.is_some_and(|(_, extension)| is_one_of(MACHINES_EXTENSIONS, extension))
        || segments
            .any(|segment| segment == ".well-known" || segment.split('_').any(|word| is_one_of(MACHINES_WORDS, word)));
    let mut labels = url.host_str().unwrap_or_default().split('.');
    let machines_host = labels.any(|label| label == "api" || label.ends_with("-api"));
    !machines_path && !machines_host
}

/// Whose robots.txt counts: a host, with its port where that is unusual. Schemes are not told apart.
pub(crate) fn site(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

/// What was learned in this process, by [`site`].
#[derive(Debug, Default)]
pub(crate) struct Robots(Mutex<HashMap<String, Arc<OnceCell<Known>>>>);

#[derive(Debug)]
struct Known {
    at: DateTime<Utc>,
    rules: Rules,
}

impl Robots {
    /// Refuses a page that we are asked not to read. `ask` is awaited when nobody has asked the host within a day; its
    /// failure is ours, and the next one asks again.
    pub(crate) async fn check(
        &self,
        page: &Url,
        now: DateTime<Utc>,
        ask: impl Future<Output = Result<Rules, FetchError>>,
    ) -> Result<(), FetchError> {
        let cell = self.cell(site(page), now);
        // Others who want to know at the same time wait here for the one answer.
        let known = cell.get_or_try_init(async || Ok(Known { at: now, rules: ask.await? })).await?;
        if known.rules.allow(&page[Position::BeforePath..Position::AfterQuery]) {
            return Ok(());
        }
        let detail = format!("robots.txt of {} asks not to read this page", page.host_str().unwrap_or_default());
        Err(FetchError { kind: FetchErrorKind::Denied, detail, retry_after: None })
    }

    fn cell(&self, site: &str, now: DateTime<Utc>) -> Arc<OnceCell<Known>> {
        let is_fresh = |cell: &OnceCell<Known>| cell.get().is_none_or(|known| now - known.at < LASTS);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = all.get(site).filter(|cell| is_fresh(cell)) {
            return cell.clone();
        }
        all.retain(|_, cell| is_fresh(cell));
        let bytes = |(name, cell): (&String, &Arc<OnceCell<Known>>)| {
            ENTRY + name.len() + cell.get().map_or(0, |known| known.rules.size())
        };
        if all.iter().map(bytes).sum::<usize>() > MEMORY {
            all.clear();
        }
        all.entry(site.to_owned()).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_no_format_for_machines_is_for_people() {
        for (url, expected) in [
            ("https://status.acme.example/", true),
            ("https://status.acme.example", true),
            ("https://status.acme.example/history?page=2", true),
            ("https://status.acme.example/index.html", true),
            ("https://status.acme.example/status.php", true),
            ("https://status.acme.example/v1.json/about", true),
            ("https://status.acme.example/apiary", true),
            ("https://status.acme.example/incidents/slow-api", true),
            ("https://status.acme.example/?format=json", true),
            ("https://apidocs.example/status", true),
            ("https://status.acme.example/api/v2/summary.json", false),
            ("https://status.acme.example/API/status", false),
            ("https://status.acme.example/index.JSON", false),
            ("https://status.acme.example/history.atom?x=1", false),
            ("https://status.acme.example/feed", false),
            ("https://status.acme.example/feed/", false),
            ("https://status.acme.example/state_feed/now", false),
            ("https://status.acme.example/_apis/health", false),
            ("https://status.acme.example/.well-known/status", false),
            ("https://status.acme.example/calendar.ics", false),
            ("https://api.acme.example/1.0/status/1", false),
            ("https://public-api.acme.example/v1", false),
        ] {
            assert_eq!(is_for_people(&url.parse().unwrap()), expected, "{url}");
        }
    }

    async fn ask(robots: &Robots, site: &str, now: DateTime<Utc>, file: &str) -> bool {
        let mut asked = false;
        let page = format!("http://{site}/").parse().unwrap();
        let answer = async {
            asked = true;
            Ok(Rules::read(file.as_bytes()))
        };
        robots.check(&page, now, answer).await.unwrap();
        asked
    }

    #[tokio::test]
    async fn an_answer_is_believed_for_a_day() {
        let (robots, now) = (Robots::default(), "2031-05-04T10:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert!(ask(&robots, "a.example", now, "").await);
        assert!(!ask(&robots, "a.example", now + LASTS - TimeDelta::seconds(1), "").await);
        assert!(ask(&robots, "a.example:8080", now, "").await, "another port is another site");
        assert!(ask(&robots, "a.example", now + LASTS, "").await);
    }

    #[tokio::test]
    async fn memory_is_bounded() {
        let (robots, now) = (Robots::default(), DateTime::UNIX_EPOCH);
        let long = format!("user-agent: *\nallow: /{}", "\u{fc}".repeat(50_000));
        for number in 0..40 {
            assert!(ask(&robots, &format!("{number}.example"), now, &long).await);
        }
        let size: usize = robots.0.lock().unwrap().values().map(|cell| cell.get().unwrap().rules.size()).sum();
        assert!(size <= MEMORY + 300_100, "{size}");
    }
}

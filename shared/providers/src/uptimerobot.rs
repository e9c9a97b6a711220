//! Reads status pages made with UptimeRobot. Evidence: the page's own script and a public copy of one list (the
//! older shape), and client code of a dozen pages in both shapes, with test literals. Unconfirmed: no recorded document
//! of the newer shape was at hand.
//!
//! # Recognises
//! The host `stats.uptimerobot.com` with the page's key in the path; a page that was named with its key; else the page's
//! markup, by the address of its list of monitors (`pspApiPath`, `/api/getMonitorList/<key>`).
//!
//! # Requests
//! One, `/api/getMonitorList/<key>`, and one more for each further page of monitors, at most five. One more, the page
//! itself, where the key is not known.
//!
//! # Reads
//! Monitors with their groups as components, in the older shape (`psp.monitors`) and the newer one (`data`), and the
//! page's own count of monitors that are down.
//!
//! # Maps
//! `success` is operational, `warning` degraded performance, `danger` a major outage; `paused` and `black`, a monitor that
//! is switched off, are unknown and count for nothing. The page is critical when every monitor that is switched on is
//! down, major when one is, minor when one is degraded. It is calm when none is; with a word that we don't know, a row
//! that cannot be read, or no monitor switched on, it tells no indicator.
//!
//! # Does not know
//! Incidents, announcements and maintenance: the feed of events is attested too thinly to tell what is open. Downtimes
//! that are over. Monitors on a page of the list that is refused, or beyond the sixth: there the page's own count
//! decides, which has to know that each monitor is up or paused.

mod monitors;

use serde_json::Value;
use statusphere_domain::{Reading, Response};
use url::Url;

use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target, html};
use monitors::{Listed, Page};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "uptimerobot", step, backfill: None };

const HOST: &str = "stats.uptimerobot.com";
const PATH: &str = "/api/getMonitorList/";
const MAX_PAGES: usize = 6;

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let source = match Source::known(target, seen).map_or_else(|| Source::in_front(target, seen), Ok) {
        Ok(source) => source,
        Err(step) => return step,
    };
    let mut listed = Listed::default();
    let mut pages = 1;
    for number in 1..=MAX_PAGES {
        match page(seen, &source, number) {
            Ok(Some(page)) => {
                pages = pages.max(page.pages());
                listed.add(&page);
            }
            Ok(None) => break,
            Err(step) => return step,
        }
        if number >= pages {
            break;
        }
    }
    let mut reading = Reading::new(PROVIDER.name);
    reading.key = Some(source.key());
    reading.indicator = listed.indicator();
    reading.components = Some(listed.components);
    Step::Reading(Box::new(reading))
}

/// A page of the list; `None` for a further one that is refused.
fn page(seen: &Seen, source: &Source, number: usize) -> Result<Option<Page>, Step> {
    let url = source.page(number);
    let answer = match seen.get(&url) {
        None => return Err(Step::Want(vec![url])),
        // Where the first page is refused, there is no such list at all.
        Some(Err(error)) if number == 1 || !error.kind.host_is_up() => {
            return Err(Step::NotMine(format!("its list of monitors: {}", error.detail)));
        }
        Some(Err(_)) => return Ok(None),
        Some(Ok(answer)) => answer,
    };
    let page = html::json::<Value>(answer).and_then(|document| Page::read(&document));
    page.map(Some).map_err(|why| Step::Malformed(format!("its list of monitors {why}")))
}

/// Where the list of monitors is.
struct Source {
    /// Scheme and host.
    origin: String,
    token: String,
}

impl Source {
    /// By the page's address, or by its key as long as that is not refused.
    fn known(target: &Target<'_>, seen: &Seen) -> Option<Self> {
        let url = Url::parse(target.url).ok()?;
        if target.is_on(&[HOST]) {
            let token = url.path_segments()?.next().filter(|token| is_token(token))?;
            return Some(Self { origin: format!("https://{HOST}"), token: token.to_owned() });
        }
        let (host, token) = target.key?.rsplit_once('/').unwrap_or_else(|| ("", target.key.unwrap_or_default()));
        let origin = match host {
            "" => url.origin().ascii_serialization(),
            HOST => format!("https://{HOST}"),
            _ => return None,
        };
        let source = Self { origin, token: token.to_owned() };
        let refused = match seen.get(&source.page(1)) {
            None => false,
            Some(Err(error)) => error.kind.host_is_up(),
            Some(Ok(answer)) => html::is_html(answer) || says_no(answer),
        };
        (is_token(token) && !refused).then_some(source)
    }

    /// By the address in the page's markup; a host that is neither the page's own nor the platform's is not asked.
    fn in_front(target: &Target<'_>, seen: &Seen) -> Result<Self, Step> {
        let markup = match front(target, seen) {
            Front::Unseen(url) => return Err(Step::Want(vec![url])),
            Front::Missing(why) => return Err(Step::NotMine(why)),
            Front::Html(markup, _) => markup,
        };
        let not_mine = || Step::NotMine("its markup names no list of monitors".to_owned());
        let variable = markup.split_once("pspApiPath").map(|(_, rest)| rest);
        let quoted = variable.and_then(|rest| {
            let (before, rest) = rest.split_once(['"', '\''])?;
            let value = rest.split(['"', '\'']).next()?;
            (before.trim() == "=").then(|| value.replace("\\/", "/"))
        });
        let address = quoted.filter(|address| address.contains(PATH));
        let (before, after) = match &address {
            Some(address) => address.split_once(PATH),
            None => {
                markup.split_once(PATH).map(|(before, after)| (before.rsplit(['"', '\'']).next().unwrap_or(""), after))
            }
        }
        .ok_or_else(not_mine)?;
        let end = after.find(|c: char| !is_token_char(c)).unwrap_or(after.len());
        let token = after.get(..end).filter(|token| is_token(token)).ok_or_else(not_mine)?;
        let own = Url::parse(target.url).map_err(|_| not_mine())?.origin().ascii_serialization();
        let is_platforms = Url::parse(before).is_ok_and(|url| url.host_str() == Some(HOST));
        let origin = if is_platforms { format!("https://{HOST}") } else { own };
        Ok(Self { origin, token: token.to_owned() })
    }

    fn page(&self, number: usize) -> String {
        let query = if number == 1 { String::new() } else { format!("?page={number}") };
        format!("{}{PATH}{}{query}", self.origin, self.token)
    }

    fn key(&self) -> String {
        if self.origin.ends_with(HOST) { format!("{HOST}/{}", self.token) } else { self.token.clone() }
    }
}

/// True for a list that is refused with a word.
fn says_no(answer: &Response) -> bool {
    html::json::<Value>(answer).is_ok_and(|document| document["status"].as_str().is_some_and(|word| word != "ok"))
}

fn is_token(token: &str) -> bool {
    (4..=64).contains(&token.len()) && token.chars().all(is_token_char)
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

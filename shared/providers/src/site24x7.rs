//! Site24x7 `StatusIQ`, the status pages of Zoho's monitoring. Evidence: the vendor's own kits for Android and iOS, which
//! read the same document, and five public clients with their test literals. Unconfirmed: no real page was recorded.
//!
//! # Recognises
//! Hosts below `site24x7statusiq.com`. Else the page's id in its markup: `enc_statuspage_id`, `encodedStatuspageId`, or the
//! address of its logo or icon. The id is the key.
//!
//! # Requests
//! One where the id is known, and one on the platform's own host: the summary below `/sp/api/`. Two elsewhere, with `/`.
//! Two or three more where the summary is refused at its first address.
//!
//! # Reads
//! Components with their group, active incidents with all updates, components and true start, incidents and maintenances
//! that are over as far as the summary lists them, and the worst state that it names for the page.
//!
//! # Maps
//! Clients disagree about the numbers of states. The vendor's own kits for both systems settle it, and two clients and
//! the order of the colours agree: 1 operational, 2 informational, 3 degraded performance, 4 under maintenance, 5 partial
//! outage, 6 major outage. The reading by which 4 is a major outage and 5 a maintenance is one client's alone. Informational
//! says neither that a component works nor that it fails, so it is `unknown`, as is every other number. Stages are
//! numbers too: 10 acknowledged to 14 resolved for incidents, 21 scheduled to 24 completed for maintenances. An active
//! incident is over only where its newest stage says so and an end is stated.
//!
//! # Does not know
//! Whether a maintenance that has not begun is listed, so a reading never claims to list all that is planned. The history
//! by component and day, which has no texts. The feed, which holds the state of each component and nothing else.

mod summary;

use serde_json::Value;
use url::Url;

use crate::front::{Front, front};
use crate::{Provider, Seen, Step, Target, html};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "site24x7", step, backfill: None };

const HOSTS: &[&str] = &["site24x7statusiq.com"];
/// Length of an id, at most.
const MAX_ID: usize = 128;
/// The summary of the page that the host belongs to.
const OWN_SUMMARY: &str = "/sp/api/u/summary_details";
/// What stands right before the id in the markup of different years.
const MARKS: &[&str] = &[
    "enc_statuspage_id",
    "encodedStatuspageId",
    "/sp/api/public/statuspages/logo/",
    "/sp/api/public/statuspages/favicon/",
];

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let key = target.key.filter(|key| is_id(key));
    if key.is_some() || target.known || target.is_on(HOSTS) {
        match ask(target, seen, key) {
            Answer::Step(step) => return step,
            Answer::Down(why) => return Step::NotMine(why),
            // A key may be out of date; the page itself knows.
            Answer::Refused(_) => {}
        }
    }
    let markup = match front(target, seen) {
        Front::Unseen(url) => return Step::Want(vec![url]),
        Front::Missing(why) => return Step::NotMine(why),
        Front::Html(markup, _) => markup,
    };
    let Some(id) = id_in(&markup) else { return Step::NotMine("the page has none of its marks".to_owned()) };
    match ask(target, seen, Some(id)) {
        Answer::Step(step) => step,
        Answer::Down(why) => Step::NotMine(why),
        Answer::Refused(why) => Step::Malformed(format!("its summary is refused: {why}")),
    }
}

enum Answer {
    Step(Step),
    /// The host is down.
    Down(String),
    /// No address has a summary for us, because.
    Refused(String),
}

/// Tries the addresses of the summary one after the other.
fn ask(target: &Target<'_>, seen: &Seen, id: Option<&str>) -> Answer {
    let mut refused = String::new();
    for url in addresses(target, id) {
        match seen.get(&url) {
            None => return Answer::Step(Step::Want(vec![url])),
            Some(Err(error)) if !error.kind.host_is_up() => return Answer::Down(error.detail.clone()),
            Some(Err(error)) => refused.clone_from(&error.detail),
            Some(Ok(answer)) if html::is_html(answer) => "is HTML, not JSON".clone_into(&mut refused),
            Some(Ok(answer)) => match html::json::<Value>(answer).and_then(|body| summary::data(&body).cloned()) {
                Ok(data) => return Answer::Step(summary::read(target, &data, id)),
                Err(why) => refused = why,
            },
        }
    }
    Answer::Refused(refused)
}

fn addresses(target: &Target<'_>, id: Option<&str>) -> Vec<String> {
    let public = id.map(|id| format!("/sp/api/public/summary_details/statuspages/{id}"));
    let paths = public.iter().flat_map(|path| [format!("{path}?period=1&timezone=UTC"), path.clone()]);
    // A page that stands below a path has its documents at the root of the host all the same.
    let page = Url::parse(target.url).ok();
    let address = |path: String| match page.as_ref().map(|page| page.join(&path)) {
        Some(Ok(address)) => address.into(),
        _ => target.at(&path),
    };
    paths.chain([OWN_SUMMARY.to_owned()]).map(address).collect()
}

fn is_id(text: &str) -> bool {
    (8..=MAX_ID).contains(&text.len()) && text.bytes().all(is_of_id)
}

fn is_of_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_=".contains(&byte)
}

/// The id that follows the first mark which is followed by one.
fn id_in(markup: &str) -> Option<&str> {
    let follows = |mark: &&str| {
        markup.match_indices(*mark).find_map(|(at, _)| {
            let rest = between(markup.get(at + mark.len()..)?);
            // Longer ones are none, and marks that follow each other would be searched to the end again and again.
            let end = rest.bytes().take(MAX_ID + 1).take_while(|byte| is_of_id(*byte)).count();
            let id = rest.get(..end)?;
            is_id(id).then_some(id)
        })
    };
    MARKS.iter().find_map(follows)
}

/// What follows the quotes and signs between a name and its value, in JSON, in a script, or escaped.
fn between(text: &str) -> &str {
    let mut rest = text;
    loop {
        let signs =
            rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ':' | '=' | '\\'));
        let after = signs.strip_prefix("&quot;").unwrap_or(signs);
        if after.len() == rest.len() {
            return rest;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_found_however_it_is_written() {
        let id = "Zk3-_a9QxLw7rPtVhE2cYbN=";
        for markup in [
            format!("var x = {{\"enc_statuspage_id\":\"{id}\",\"a\":1}}"),
            format!("statuspages.globals.encodedStatuspageId =`{id}`;"),
            format!("&quot;enc_statuspage_id&quot;: &quot;{id}&quot;"),
            format!("\\\"enc_statuspage_id\\\":\\\"{id}\\\""),
            format!("<link rel='icon' href='/sp/api/public/statuspages/favicon/{id}?default=1'>"),
            format!("enc_statuspage_id is empty; encodedStatuspageId = '{id}'"),
        ] {
            assert_eq!(id_in(&markup), Some(id), "{markup}");
        }
        for markup in
            ["", "enc_statuspage_id", "enc_statuspage_id\":\"\"", "enc_statuspage_id: null", "enc_statuspage_id=ab"]
        {
            assert_eq!(id_in(markup), None, "{markup}");
        }
    }

    #[test]
    fn hostile_markup_costs_no_more_than_its_length() {
        for piece in ["enc_statuspage_id", "enc_statuspage_id\"", "&quot;", "=", "encodedStatuspageId&quot;"] {
            let markup = format!("enc_statuspage_id{}", piece.repeat(400_000 / piece.len()));
            let started = std::time::Instant::now();
            id_in(&markup);
            assert!(started.elapsed().as_secs() < 5, "{piece:?} took {:?}", started.elapsed());
        }
    }
}

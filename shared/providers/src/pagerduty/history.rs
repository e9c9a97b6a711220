//! The posts of the last year, thirty days at a time.
//!
//! Deliberately absent: posts that are open. The current state has them in full.

use crate::document::{Document, document};
use crate::{BackfillStep, Seen, Target, field};

use super::lists::{list, names};
use super::post::Context;
use super::words::Words;
use super::{SERVICES, WORDS, base};

/// One step of the history, in milliseconds.
const WINDOW: i64 = 30 * 24 * 3_600_000;
/// All of it.
const HISTORY: i64 = 365 * 24 * 3_600_000;

/// The cursor is where the window ends, in milliseconds, and behind a colon the interface's own token within it.
pub(super) fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let base = base(target);
    let now = target.as_of.timestamp_millis();
    let (until, token) = match target.cursor {
        None => (Some(now), None),
        Some(cursor) => match cursor.split_once(':') {
            None => (cursor.parse().ok(), None),
            Some((until, token)) => (until.parse().ok(), Some(token)),
        },
    };
    let Some(until) = until.filter(|until| (0..=now.max(0)).contains(until)) else {
        return BackfillStep::Failed("not a cursor of this history".to_owned());
    };
    let since = (until - WINDOW).max(now - HISTORY);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("since", &since.to_string()).append_pair("until", &until.to_string());
    if let Some(token) = token {
        query.append_pair("continuation_token", token);
    }
    let urls = [format!("{base}{SERVICES}"), format!("{base}{WORDS}"), format!("{base}/api/posts?{}", query.finish())];
    let unseen: Vec<_> = urls.iter().filter(|url| seen.get(url).is_none()).cloned().collect();
    if !unseen.is_empty() {
        return BackfillStep::Want(unseen);
    }
    let [services, words, posts] = urls.map(|url| document(url.clone(), &url, seen));
    let posts = match posts {
        Document::Json(posts) => posts,
        Document::Absent(why) | Document::Broken(why) | Document::Unseen(why) => return BackfillStep::Failed(why),
    };
    let rows = match list(&posts, "posts") {
        Ok(rows) => rows,
        Err(why) => return BackfillStep::Failed(why),
    };
    let rows_of = |document: Document, key: &str| match document {
        Document::Json(document) => field::list(&document[key]).to_vec(),
        _ => Vec::new(),
    };
    let words = Words::new(&rows_of(words, "post_enums"));
    let services = names(&rows_of(services, "services"));
    let context = Context { base: &base, words: &words, services: &services, as_of: target.as_of };
    let items = rows.iter().filter_map(|row| context.item(row)).filter(|item| !item.is_open()).collect();
    let more = posts["continuationToken"].as_str().filter(|more| !more.is_empty() && Some(*more) != token);
    let next = match more {
        Some(more) => Some(format!("{until}:{more}")),
        None => Some(since).filter(|since| *since > now - HISTORY).map(|since| since.to_string()),
    };
    BackfillStep::Items { items, next }
}

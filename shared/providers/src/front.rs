//! The page itself, for the marks that its platform leaves in its markup.
//!
//! Deliberately absent: the marks. Each provider knows its own.

use std::borrow::Cow;

use statusphere_domain::Response;

use crate::{Seen, Target, html};

/// What is known of the page itself.
pub(crate) enum Front<'a> {
    /// It was not asked for yet; this is its address.
    Unseen(String),
    /// Its markup, and the answer that brought it.
    Html(Cow<'a, str>, &'a Response),
    /// There is no markup to look at, because.
    Missing(String),
}

/// The page itself, which all providers share.
pub(crate) fn front<'a>(target: &Target<'_>, seen: &'a Seen) -> Front<'a> {
    let url = target.at("/");
    match seen.get(&url) {
        None => Front::Unseen(url),
        Some(Ok(answer)) if html::is_html(answer) => Front::Html(html::decode(&answer.body), answer),
        Some(Ok(_)) => Front::Missing("/ is no HTML".to_owned()),
        Some(Err(error)) => Front::Missing(format!("/: {}", error.detail)),
    }
}

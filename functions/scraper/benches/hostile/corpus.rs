//! The pages of the corpus: hostile bodies as the answer to everything, and the pages of every platform, grown.
//!
//! Deliberately absent: the bodies themselves.

use std::sync::Arc;

use crate::{bodies, grown};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Syntax {
    Html,
    Json,
    Feed,
}

impl Syntax {
    pub(crate) const ALL: [Self; 3] = [Self::Html, Self::Json, Self::Feed];

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
            Self::Feed => "application/xml",
        }
    }

    /// What a normal document of this kind has.
    pub(crate) fn normal_size(self) -> usize {
        match self {
            Self::Html => 100_000,
            Self::Json => 13_000,
            Self::Feed => 40_000,
        }
    }
}

/// What an address answers.
#[derive(Clone)]
pub(crate) struct Route {
    /// As asked for; `None` for all.
    pub(crate) url: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) body: Arc<Vec<u8>>,
}

type Routes = Box<dyn Fn(usize) -> Vec<Route> + Send + Sync>;

/// A page, as large as one wants it.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) syntax: Syntax,
    pub(crate) url: String,
    /// Provider and key.
    pub(crate) hint: Option<(String, String)>,
    pub(crate) routes: Routes,
    /// True where the page is a normal one at its normal size.
    pub(crate) has_normal: bool,
}

impl Case {
    /// A page that answers everything with one body.
    pub(crate) fn alike(name: &str, syntax: Syntax, body: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let routes = move |size| vec![Route { url: None, kind: syntax.content_type(), body: Arc::new(body(size)) }];
        let url = "https://status.kestrel.example".to_owned();
        Self { name: name.to_owned(), syntax, url, hint: None, routes: Box::new(routes), has_normal: false }
    }
}

/// All pages whose names contain one of the words; without words, all.
pub(crate) fn all(seed: u64, words: &[String]) -> Vec<Case> {
    let mut cases = bodies::all(seed);
    cases.extend(grown::all(seed));
    cases.retain(|case| words.is_empty() || words.iter().any(|word| case.name.contains(word)));
    cases
}

/// Normal pages: one that is read from its first document, and one that nobody knows, with as many documents as a
/// search may cost.
pub(crate) fn normal() -> Vec<Case> {
    let mut normal = Vec::new();
    for syntax in Syntax::ALL {
        normal.push(Case::alike("normal", syntax, move |size| bodies::normal(syntax, size, true)));
        normal.push(Case::alike("normal, unknown", syntax, move |size| bodies::normal(syntax, size, false)));
    }
    normal
}

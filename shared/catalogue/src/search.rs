//! What people type, matched against what a page is called: whole before beginning, beginning before middle, and
//! misspellings only when nothing else fits.
//!
//! Deliberately absent: stemming, translation and learning. It is a plain scan, the same for everybody every time.

use std::cmp::Reverse;

use strsim::osa_distance;

use crate::Entry;

/// Most results that a search answers.
const MOST: usize = 25;
/// Characters of a query that are looked at, once it is normalised.
const LONGEST: usize = 100;

/// How well an entry fits: the smaller the better.
type Rank = (Fit, Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The query is the text.
    Exact,
    /// The text begins with the query.
    Prefix,
    /// A later word of the text begins with the query.
    WordPrefix,
    /// Each word of the query begins a word of the entry.
    AllWords,
    /// The query is somewhere in a name.
    Substring,
    /// The query is the text with so many slips.
    Slips(usize),
}

/// Where a text comes from. A name says more than an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Name,
    Domain,
    Host,
}

/// All entries of a catalogue, made ready to be compared. Entries are known by their place in it.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    texts: Vec<Text>,
    sources: u8,
}

#[derive(Debug, Clone)]
struct Text {
    kind: Kind,
    /// Lower-case words with one space between them.
    full: String,
    /// Bytes of `full` that say something; a host's `com` says nothing.
    telling: usize,
    /// The telling words without spaces, so that `circleci` is `circle ci`.
    joined: String,
}

struct Query {
    full: String,
    joined: String,
    /// It may be a host name, whose subdomains a listed domain covers.
    host: bool,
}

impl Index {
    pub(crate) fn new<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        Self { rows: entries.map(Row::new).collect() }
    }

    /// Places of the entries that fit, the best first, at most 25.
    pub(crate) fn search(&self, query: &str) -> Vec<usize> {
        let query = Query::new(query);
        if query.full.is_empty() {
            return Vec::new();
        }
        let mut found = self.ranked(|row| row.rank(&query));
        if found.is_empty() {
            found = self.ranked(|row| row.slips(&query));
        }
        found.sort_unstable();
        found.into_iter().take(MOST).map(|(_, _, place)| place).collect()
    }

    fn ranked(&self, rank: impl Fn(&Row) -> Option<Rank>) -> Vec<(Rank, Reverse<u8>, usize)> {
        let rows = self.rows.iter().enumerate();
        rows.filter_map(|(place, row)| Some((rank(row)?, Reverse(row.sources), place))).collect()
    }
}

impl Query {
    fn new(query: &str) -> Self {
        let query = query.trim();
        let address = query.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
        let query = address.unwrap_or(query);
        let host = query.contains('.') && !query.contains(char::is_whitespace);
        let full = if host { normalise(without_lead(&query.to_lowercase())) } else { normalise(query) };
        Self { joined: full.replace(' ', ""), full, host }
    }
}

impl Row {
    fn new(entry: &Entry) -> Self {
        let mut texts = Vec::new();
        let names = [entry.name.as_str(), entry.page.id.as_str()].into_iter();
        for name in names.chain(entry.aliases.iter().map(String::as_str)) {
            let text = Text::name(name);
            if !texts.iter().any(|known: &Text| known.full == text.full) {
                texts.push(text);
            }
        }
        texts.extend(entry.domains.iter().map(|domain| Text::host(Kind::Domain, domain)));
        let (_, host) = entry.page.url.split_once("://").unwrap_or_default();
        texts.push(Text::host(Kind::Host, host.split('/').next().unwrap_or_default()));
        Self { texts, sources: entry.sources }
    }

    fn rank(&self, query: &Query) -> Option<Rank> {
        let best = self.texts.iter().filter_map(|text| Some((text.fit(query)?, text.kind))).min();
        if best.is_none_or(|(fit, _)| fit > Fit::AllWords) && query.full.contains(' ') && self.has_all_words(query) {
            return Some((Fit::AllWords, Kind::Name));
        }
        best
    }

    fn has_all_words(&self, query: &Query) -> bool {
        query.full.split(' ').all(|asked| self.words().any(|word| word.starts_with(asked)))
    }

    /// Slips of the whole query, or of each of its words.
    fn slips(&self, query: &Query) -> Option<Rank> {
        let whole = self.texts.iter().filter_map(|text| slips(&query.joined, &text.joined)).min();
        let by_word = || {
            let words = query.full.split(' ').map(|asked| {
                let slips = |word: &str| if word.starts_with(asked) { Some(0) } else { slips(asked, word) };
                self.words().filter_map(slips).min()
            });
            words.sum::<Option<usize>>()
        };
        whole.or_else(by_word).map(|slips| (Fit::Slips(slips), Kind::Name))
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().flat_map(|text| text.telling().split(' '))
    }
}

impl Text {
    fn name(name: &str) -> Self {
        let full = normalise(name);
        Self { kind: Kind::Name, telling: full.len(), joined: full.replace(' ', ""), full }
    }

    fn host(kind: Kind, host: &str) -> Self {
        // Labels that every vendor's host may have. What stands behind one is a platform's or nobody's name.
        const IDLE: [&str; 8] = ["betteruptime", "co", "com", "instatus", "net", "org", "status", "statuspage"];
        let host = if kind == Kind::Host { without_lead(host) } else { host };
        let name = host.rsplit_once('.').map_or(host, |(name, _)| name);
        let telling: Vec<&str> = name.split('.').take_while(|label| !IDLE.contains(label)).collect();
        let telling = normalise(&telling.join("."));
        Self { kind, full: normalise(host), telling: telling.len(), joined: telling.replace(' ', "") }
    }

    fn telling(&self) -> &str {
        self.full.get(..self.telling).unwrap_or_default()
    }

    fn fit(&self, query: &Query) -> Option<Fit> {
        let asked = query.full.as_str();
        let covers = || self.kind == Kind::Domain && query.host && is_below(asked, &self.full);
        if self.full == asked || (self.kind == Kind::Name && self.joined == query.joined) {
            Some(Fit::Exact)
        } else if self.full.starts_with(asked) || self.joined.starts_with(&query.joined) || covers() {
            Some(Fit::Prefix)
        } else if self.telling().match_indices(' ').any(|(at, _)| self.full[at + 1..].starts_with(asked)) {
            Some(Fit::WordPrefix)
        } else if self.kind == Kind::Name && asked.len() >= 3 && self.full.contains(asked) {
            Some(Fit::Substring)
        } else {
            None
        }
    }
}

/// True when `host` is a subdomain of `domain`, both normalised.
fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with(' '))
}

/// A host without the labels that status pages begin with, as long as a domain is left.
fn without_lead(mut host: &str) -> &str {
    while let Some(("www" | "status" | "statuspage" | "trust" | "uptime", rest)) = host.split_once('.')
        && rest.contains('.')
    {
        host = rest;
    }
    host
}

/// Number of slips that make `meant` of `typed`; `None` when they are too many to be slips. The first letter is hardly
/// ever mistyped, and a short word is too easily another one.
fn slips(typed: &str, meant: &str) -> Option<usize> {
    let length = typed.chars().count();
    let most = match length {
        0..4 => return None,
        4..8 => 1,
        8.. => 2,
    };
    let near = typed.chars().next() == meant.chars().next() && length.abs_diff(meant.chars().count()) <= most;
    near.then(|| osa_distance(typed, meant)).filter(|slips| *slips <= most)
}

/// Lower-case words with one space between them, cut at 100 characters. Apostrophes join, everything else parts.
fn normalise(text: &str) -> String {
    let mut words = String::new();
    let mut length = 0;
    let mut gap = false;
    for c in text.chars().filter(|c| !matches!(c, '\'' | '’')) {
        if length >= LONGEST {
            break;
        }
        if !c.is_alphanumeric() {
            gap = !words.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            words.push(' ');
            length += 1;
        }
        words.extend(c.to_lowercase());
        length += 1;
    }
    words
}

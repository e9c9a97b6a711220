//! All that pages are called, their words in one sorted table, and what people type in the same form.
//!
//! Deliberately absent: ranks. This finds places, `search` says what they are worth.

use std::ops::Range;

use super::Kind;
use crate::Entry;

/// Characters of a query or of a name that are looked at, once it is normalised.
const LONGEST: usize = 100;

/// Words of a query that are looked for one by one.
pub(super) const MOST_WORDS: usize = 8;
/// What people say beside a name.
const ASIDES: [&str; 17] = [
    "api",
    "are",
    "down",
    "incident",
    "incidents",
    "is",
    "issue",
    "issues",
    "not",
    "outage",
    "outages",
    "page",
    "problem",
    "problems",
    "status",
    "the",
    "working",
];

/// The texts of all entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    /// Normalised, each ended by a newline, those of an entry in a row.
    all: String,
    marks: Vec<Mark>,
    /// By place: the first mark.
    entries: Vec<u32>,
    /// The beginnings of words, sorted by what follows in their text.
    words: Vec<Word>,
}

/// One text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// The entry's place.
    pub(super) place: u32,
    pub(super) kind: Kind,
    /// It stands for another text, written in one word.
    pub(super) joined: bool,
    start: u32,
    length: u16,
    /// Bytes that say something; a host's `com` says nothing.
    telling: u16,
}

/// The beginning of a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    mark: u32,
    /// Bytes into the text.
    offset: u16,
}

impl Word {
    pub(super) fn is_first(self) -> bool {
        self.offset == 0
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a text has 100 characters, and a catalogue is far below 4 GB")]
impl Texts {
    /// Adds what an entry is called. Places count up from 0.
    pub(super) fn push(&mut self, entry: &Entry) {
        self.entries.push(self.marks.len() as u32);
        for name in [&*entry.name, entry.page.id.as_str()].into_iter().chain(entry.aliases.iter()) {
            self.name(Kind::Name, name);
        }
        entry.products.iter().for_each(|product| self.name(Kind::Product, product));
        entry.domains.iter().for_each(|domain| self.host(Kind::Domain, domain));
        let (_, host) = entry.page.url.split_once("://").unwrap_or_default();
        self.host(Kind::Host, without_lead(host.split('/').next().unwrap_or_default()));
    }

    /// To be called once, when all is added.
    pub(super) fn sort(&mut self) {
        let mut words = Vec::new();
        for (mark, text) in self.marks.iter().enumerate() {
            let breaks = self.text(*text).match_indices(' ').map(|(at, _)| at + 1);
            let offsets = std::iter::once(0).chain(breaks);
            words.extend(offsets.map(|offset| Word { mark: mark as u32, offset: offset as u16 }));
        }
        words.sort_unstable_by(|one, other| self.rest(*one).cmp(self.rest(*other)));
        words.shrink_to_fit();
        self.words = words;
    }

    fn name(&mut self, kind: Kind, name: &str) {
        let full = normalise(name);
        if self.of_place(self.entries.len() - 1).any(|known| self.text(*known) == full) {
            return;
        }
        self.mark(kind, &full, full.len());
    }

    fn host(&mut self, kind: Kind, host: &str) {
        // Labels that every vendor's host may have. What stands behind one is a platform's or nobody's name.
        const IDLE: [&str; 8] = ["betteruptime", "co", "com", "instatus", "net", "org", "status", "statuspage"];
        let name = host.rsplit_once('.').map_or(host, |(name, _)| name);
        let telling: Vec<&str> = name.split('.').take_while(|label| !IDLE.contains(label)).collect();
        self.mark(kind, &normalise(host), normalise(&telling.join(".")).len());
    }

    fn mark(&mut self, kind: Kind, full: &str, telling: usize) {
        let place = (self.entries.len() - 1) as u32;
        let mut push = |text: &str, telling: usize, joined: bool| {
            let (start, length) = (self.all.len() as u32, text.len() as u16);
            self.marks.push(Mark { place, kind, joined, start, length, telling: telling as u16 });
            self.all.push_str(text);
            self.all.push('\n');
        };
        push(full, telling, false);
        if full[..telling].contains(' ') {
            let joined = full[..telling].replace(' ', "");
            push(&joined, joined.len(), true);
        }
    }

    /// All texts in a row, for whoever looks into the middle of words; [`Texts::at`] tells whose a byte is.
    pub(super) fn all(&self) -> &str {
        &self.all
    }

    /// The text that this byte of all belongs to.
    pub(super) fn at(&self, byte: usize) -> Mark {
        self.marks[self.marks.partition_point(|mark| mark.start as usize <= byte) - 1]
    }

    /// Words whose text goes on with this.
    pub(super) fn beginning_with(&self, asked: &str) -> &[Word] {
        &self.words[self.places_of(asked)]
    }

    /// Words whose text goes on with this and then ends.
    pub(super) fn ending_with(&self, asked: &str) -> impl Iterator<Item = Word> {
        let words = self.beginning_with(asked).iter().copied();
        words.take_while(|word| self.rest(*word).len() == asked.len())
    }

    /// Where in [`Texts::words`] they are whose text goes on with this.
    pub(super) fn places_of(&self, asked: &str) -> Range<usize> {
        let from = self.words.partition_point(|word| self.rest(*word) < asked);
        let many = self.words[from..].partition_point(|word| self.rest(*word).starts_with(asked));
        from..from + many
    }

    /// The text that the word stands in.
    pub(super) fn of(&self, word: Word) -> Mark {
        self.marks[word.mark as usize]
    }

    /// What its text says from the word on.
    pub(super) fn rest(&self, word: Word) -> &str {
        &self.text(self.of(word))[usize::from(word.offset)..]
    }

    /// False for words like a host's `com`.
    pub(super) fn tells(&self, word: Word) -> bool {
        word.offset < self.of(word).telling
    }

    /// Every word, in the order of the alphabet.
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// The word alone.
    pub(super) fn word(&self, word: Word) -> &str {
        self.rest(word).split(' ').next().unwrap_or_default()
    }

    fn of_place(&self, place: usize) -> impl Iterator<Item = &Mark> {
        let from = self.entries[place] as usize;
        let to = self.entries.get(place + 1).map_or(self.marks.len(), |to| *to as usize);
        self.marks[from..to].iter()
    }

    fn text(&self, mark: Mark) -> &str {
        &self.all[mark.start as usize..][..usize::from(mark.length)]
    }
}

/// What somebody typed.
pub(super) struct Query {
    pub(super) full: String,
    /// In one word, so that `circle ci` is `circleci`.
    pub(super) joined: String,
    /// It may be a host name, whose subdomains a listed domain covers.
    pub(super) host: bool,
}

impl Query {
    pub(super) fn new(query: &str) -> Self {
        let query = query.trim();
        let address = query.split_once("://").map_or(query, |(_, rest)| rest);
        let address = address.rsplit_once('@').map_or(address, |(_, host)| host);
        let host = address.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let is_host = host.contains('.') && !query.contains(char::is_whitespace);
        let full = if is_host { normalise(without_lead(&host.to_lowercase())) } else { normalise(query) };
        Self { joined: full.replace(' ', ""), full, host: is_host }
    }

    /// Each of its words once.
    pub(super) fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = Vec::new();
        for word in self.full.split(' ') {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }

    /// The query without what people say beside a name: `is github down`. `None` when that leaves all of it, or nothing.
    pub(super) fn without_asides(&self) -> Option<Self> {
        let left: Vec<&str> = self.full.split(' ').filter(|word| !ASIDES.contains(word)).collect();
        let full = left.join(" ");
        (!self.host && !full.is_empty() && full != self.full).then(|| Self { joined: left.concat(), full, host: false })
    }
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

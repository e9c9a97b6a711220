//! What people type, matched against what a page is called: whole before beginning, beginning before middle, and
//! misspellings only when nothing else fits.
//!
//! Deliberately absent: stemming, translation and learning. The answer is the same for everybody every time.

mod slips;
mod text;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use memchr::memmem;

use crate::{Entry, host::stands_for_all};
use slips::Letters;
use text::{MOST_WORDS, Query, Texts, Word};

/// Most results that a search answers.
pub const MOST_FOUND: usize = 25;
/// Characters of a query that may stand in the middle of a name.
const TELLING: usize = 3;

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
    /// The query is the text with so many slips; of as many, whole texts before words of longer ones.
    Slips(usize, Part),
}

/// How much of a text a misspelled query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Whole,
    Word,
}

/// Where a text comes from. A name says more than an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Name,
    Product,
    Domain,
    Host,
}

/// All entries of a catalogue, made ready to be compared. Entries are known by their place in it.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    texts: Texts,
    letters: Letters,
    /// How well known each entry is.
    sources: Vec<u8>,
}

/// The best rank of each entry so far.
struct Found {
    ranks: Vec<Option<Rank>>,
    places: Vec<usize>,
}

impl Index {
    pub(crate) fn new<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        let (mut texts, mut sources) = (Texts::default(), Vec::new());
        for entry in entries {
            texts.push(entry);
            sources.push(entry.sources);
        }
        texts.sort();
        Self { letters: Letters::new(&texts), texts, sources }
    }

    /// Places of the entries that fit, the best first, at most 25.
    pub(crate) fn search(&self, query: &str) -> Vec<usize> {
        let query = Query::new(query);
        if query.full.is_empty() {
            return Vec::new();
        }
        let mut found = self.fitting(&query);
        let rest = query.without_asides();
        if let Some(rest) = rest.as_ref().filter(|_| found.places.is_empty()) {
            found = self.fitting(rest);
        }
        for query in [Some(&query), rest.as_ref()].into_iter().flatten() {
            if found.places.is_empty() {
                self.near(query, &mut found);
            }
        }
        self.best(&found)
    }

    /// What fits without a slip.
    fn fitting(&self, query: &Query) -> Found {
        let mut found = Found { ranks: vec![None; self.sources.len()], places: Vec::new() };
        self.beginnings(&query.full, query, &mut found);
        if query.joined != query.full {
            self.beginnings(&query.joined, query, &mut found);
            self.all_words(query, &mut found);
        }
        if query.host {
            self.domains_above(&query.full, &mut found);
        }
        if found.places.len() < MOST_FOUND && query.full.chars().count() >= TELLING {
            self.middles(&query.full, &mut found);
        }
        if let [one, other] = query.words()[..]
            && found.places.is_empty()
        {
            self.beginnings(&format!("{other}{one}"), query, &mut found);
        }
        found
    }

    /// What fits with slips.
    fn near(&self, query: &Query, found: &mut Found) {
        self.letters.near(query, &self.texts, self.sources.len(), |word, slips| {
            let text = self.texts.of(word);
            let alone = word.is_first() && self.texts.word(word).len() == self.texts.rest(word).len();
            let part = if alone { Part::Whole } else { Part::Word };
            found.add(text.place, (Fit::Slips(slips, part), text.kind));
        });
    }

    /// The 25 best, ties to the best known, then in the catalogue's order.
    fn best(&self, found: &Found) -> Vec<usize> {
        let mut best = BinaryHeap::with_capacity(MOST_FOUND + 1);
        for &place in &found.places {
            let candidate = (found.ranks[place], Reverse(self.sources[place]), place);
            if best.len() < MOST_FOUND {
                best.push(candidate);
            } else if best.peek().is_some_and(|worst| candidate < *worst) {
                best.pop();
                best.push(candidate);
            }
        }
        best.into_sorted_vec().into_iter().map(|(_, _, place)| place).collect()
    }

    /// Texts that are, or begin with, what was asked, and those of which a telling word does.
    fn beginnings(&self, asked: &str, query: &Query, found: &mut Found) {
        for &word in self.texts.beginning_with(asked) {
            let text = self.texts.of(word);
            // Only a name may be written in one word or in several.
            let as_it_is = asked == query.full && !text.joined;
            let fit = match word.is_first() {
                true if self.is_whole(word, asked) && (as_it_is || text.kind <= Kind::Product) => Fit::Exact,
                true => Fit::Prefix,
                false if as_it_is && self.texts.tells(word) => Fit::WordPrefix,
                false => continue,
            };
            found.add(text.place, (fit, text.kind));
        }
    }

    fn is_whole(&self, word: Word, asked: &str) -> bool {
        word.is_first() && self.texts.rest(word).len() == asked.len()
    }

    /// Entries of which each word of the query begins a telling word.
    fn all_words(&self, query: &Query, found: &mut Found) {
        let words = query.words();
        let mut begun = vec![0_u8; self.sources.len()];
        let all = (1_u16 << words.len().min(MOST_WORDS)) - 1;
        if words.len() > MOST_WORDS || words.iter().any(|asked| self.texts.beginning_with(asked).is_empty()) {
            return;
        }
        for (bit, asked) in words.iter().enumerate() {
            for &word in self.texts.beginning_with(asked).iter().filter(|word| self.texts.tells(**word)) {
                begun[self.texts.of(word).place as usize] |= 1 << bit;
            }
        }
        for place in (0..).zip(begun).filter(|(_, begun)| u16::from(*begun) == all).map(|(place, _)| place) {
            found.add(place, (Fit::AllWords, Kind::Name));
        }
    }

    /// Entries with a domain that the host is below.
    fn domains_above(&self, host: &str, found: &mut Found) {
        for (dot, _) in host.match_indices(' ') {
            let above = &host[dot + 1..];
            if !stands_for_all(&above.replace(' ', ".")) {
                continue;
            }
            for word in self.texts.ending_with(above).filter(|word| word.is_first()) {
                let text = self.texts.of(word);
                if text.kind == Kind::Domain {
                    found.add(text.place, (Fit::Prefix, Kind::Domain));
                }
            }
        }
    }

    /// Entries with the query in the middle of a name.
    fn middles(&self, asked: &str, found: &mut Found) {
        for at in memmem::find_iter(self.texts.all().as_bytes(), asked) {
            let text = self.texts.at(at);
            if text.kind <= Kind::Product && !text.joined {
                found.add(text.place, (Fit::Substring, text.kind));
            }
        }
    }
}

impl Found {
    fn add(&mut self, place: u32, rank: Rank) {
        let place = place as usize;
        match &mut self.ranks[place] {
            Some(best) => *best = rank.min(*best),
            none => {
                *none = Some(rank);
                self.places.push(place);
            }
        }
    }
}

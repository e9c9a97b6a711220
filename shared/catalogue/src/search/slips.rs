//! Words that are nearly what was typed.
//!
//! Deliberately absent: how a keyboard is laid out, and how words sound.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use strsim::osa_distance;

use super::text::{Query, Texts, Word};

/// Which letters each word has, a bit each, in the order of [`Texts::words`]: words that differ in many can't be near,
/// and that is quickly seen.
#[derive(Debug, Clone)]
pub(super) struct Letters(Vec<u32>);

impl Letters {
    pub(super) fn new(texts: &Texts) -> Self {
        Self(texts.words().iter().map(|word| letters(texts.word(*word))).collect())
    }

    /// Hands over every word that is nearly the query, or whose entry has something near, or a beginning, of each word of
    /// the query; with the number of slips.
    pub(super) fn near(&self, query: &Query, texts: &Texts, mut found: impl FnMut(Word, usize)) {
        for (word, slips) in self.like(&query.joined, texts) {
            found(word, slips);
        }
        let words = query.full.split(' ');
        // A misspelled word begins next to nothing.
        let Some(rarest) = words.min_by_key(|asked| (texts.beginning_with(asked).len(), Reverse(asked.len()))) else {
            return;
        };
        if rarest.len() == query.full.len() {
            return;
        }
        let mut seen = BTreeSet::new();
        let candidates = self.like(rarest, texts).map(|(word, _)| word);
        for word in candidates.chain(texts.beginning_with(rarest).iter().copied()) {
            let place = texts.of(word).place;
            if texts.tells(word) && seen.insert(place) {
                let nearest = |asked: &str| texts.words_of(place).filter_map(|word| begun_or_near(asked, word)).min();
                if let Some(slips) = query.full.split(' ').map(nearest).sum() {
                    found(word, slips);
                }
            }
        }
    }

    /// The first letter is hardly ever mistyped, unless it changes places with the second.
    fn like(&self, typed: &str, texts: &Texts) -> impl Iterator<Item = (Word, usize)> {
        let (wanted, most) = (letters(typed), most(typed.chars().count()));
        let begun = typed.chars().zip(typed.chars().skip(1)).next().filter(|_| most > 0);
        let begun = begun.map(|(first, second)| [first.to_string(), format!("{second}{first}")]);
        let places = begun.into_iter().flatten().flat_map(|begun| texts.places_of(&begun));
        // A slip takes a letter away, brings one, or both.
        let near = places.filter(move |at| (self.0[*at] ^ wanted).count_ones() <= 2 * most);
        near.filter_map(move |at| {
            let word = texts.words()[at];
            Some((word, slips(typed, texts.word(word))?)).filter(|_| texts.tells(word))
        })
    }
}

fn letters(word: &str) -> u32 {
    word.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) % 32))
}

/// Slips that may be in a word of so many characters. A short word is too easily another one.
fn most(length: usize) -> u32 {
    match length {
        0..4 => 0,
        4..9 => 1,
        9.. => 2,
    }
}

fn begun_or_near(asked: &str, word: &str) -> Option<usize> {
    if word.starts_with(asked) { Some(0) } else { slips(asked, word) }
}

/// Number of slips that make `meant` of `typed`; `None` when they are too many to be slips.
fn slips(typed: &str, meant: &str) -> Option<usize> {
    let most = most(typed.chars().count()) as usize;
    let near = most > 0 && typed.len().abs_diff(meant.len()) <= 4 * most;
    near.then(|| osa_distance(typed, meant)).filter(|slips| *slips <= most)
}

//! Words that are nearly what was typed.
//!
//! Deliberately absent: how a keyboard is laid out, and how words sound.

use std::cmp::Reverse;

use strsim::osa_distance;

use super::text::{MOST_WORDS, Query, Texts, Word};

/// Which letters each word has, a bit each, in the order of [`Texts::words`]: words that differ in many can't be near,
/// and that is quickly seen.
#[derive(Debug, Clone)]
pub(super) struct Letters(Vec<u32>);

impl Letters {
    pub(super) fn new(texts: &Texts) -> Self {
        Self(texts.words().iter().map(|word| letters(texts.word(*word))).collect())
    }

    /// Hands over every word that is nearly the query, or nearly one of its words where the entry, one of so many, has
    /// something near each of the others too; with the number of slips.
    pub(super) fn near(&self, query: &Query, texts: &Texts, entries: usize, mut found: impl FnMut(Word, usize)) {
        for (word, slips) in self.like(&query.joined, texts) {
            found(word, slips);
        }
        let mut words = query.words();
        if !(2..=MOST_WORDS).contains(&words.len()) {
            return;
        }
        // A misspelled word begins next to nothing: the last one says which entries it is about.
        words.sort_by_key(|asked| (Reverse(texts.beginning_with(asked).len()), asked.len()));
        let last: Vec<_> = words.pop().map(|rarest| self.begun_or_like(rarest, texts).collect()).unwrap_or_default();
        if last.is_empty() {
            return;
        }
        let mut slips_of: Vec<Option<usize>> = vec![Some(0); entries];
        for asked in words {
            let mut nearest: Vec<Option<usize>> = vec![None; entries];
            for (word, slips) in self.begun_or_like(asked, texts) {
                let best = &mut nearest[texts.of(word).place as usize];
                *best = Some(best.map_or(slips, |best| best.min(slips)));
            }
            slips_of = slips_of.into_iter().zip(nearest).map(|(all, one)| Some(all? + one?)).collect();
        }
        for (word, slips) in last {
            if let Some(others) = slips_of[texts.of(word).place as usize] {
                found(word, slips + others);
            }
        }
    }

    fn begun_or_like<'a>(&'a self, asked: &'a str, texts: &'a Texts) -> impl Iterator<Item = (Word, usize)> + use<'a> {
        let begun = texts.beginning_with(asked).iter().filter(|word| texts.tells(**word));
        begun.map(|word| (*word, 0)).chain(self.like(asked, texts))
    }

    /// The first letter is hardly ever mistyped, unless it changes places with the second.
    fn like<'a>(&'a self, typed: &'a str, texts: &'a Texts) -> impl Iterator<Item = (Word, usize)> + use<'a> {
        let (wanted, most) = (letters(typed), most(typed.chars().count()));
        let begun = typed.chars().zip(typed.chars().skip(1)).next().filter(|_| most > 0);
        let begun = begun.map(|(first, second)| [first.to_string(), format!("{second}{first}")]);
        let places = begun.into_iter().flatten().flat_map(|begun| texts.places_of(&begun));
        // A slip takes a letter away, brings one, or both.
        let near = places.filter(move |at| (self.0[*at] ^ wanted).count_ones() <= 2 * most);
        // Equal words stand side by side.
        let mut last = ("", None);
        near.filter_map(move |at| {
            let word = texts.words()[at];
            let text = texts.word(word);
            if text != last.0 {
                last = (text, slips(typed, text));
            }
            Some((word, last.1?)).filter(|_| texts.tells(word))
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

/// Number of slips that make `meant` of `typed`; `None` when they are too many to be slips.
fn slips(typed: &str, meant: &str) -> Option<usize> {
    let most = most(typed.chars().count()) as usize;
    let near = most > 0 && typed.len().abs_diff(meant.len()) <= 4 * most;
    near.then(|| osa_distance(typed, meant)).filter(|slips| *slips <= most)
}

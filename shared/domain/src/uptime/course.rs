//! What something was from second to second, and how courses are counted beside each other.

use chrono::{DateTime, Utc};

use super::{Fared, Tally, Word};

/// Seconds of a day in UTC.
const DAY: i64 = 24 * 60 * 60;

/// A value and each second from which on it is another, oldest first.
pub(super) struct Course<T> {
    before: T,
    turns: Vec<(i64, T)>,
}

impl<T: Copy + Ord> Course<T> {
    /// From steps of when, from what and to what. Without any it is now what it always was.
    pub(super) fn new(mut steps: Vec<(DateTime<Utc>, T, T)>, now: T) -> Self {
        steps.sort_by_key(|(since, from, to)| (*since, *to, *from));
        let before = steps.first().map_or(now, |(_, from, _)| *from);
        Self { before, turns: steps.into_iter().map(|(since, _, to)| (since.timestamp(), to)).collect() }
    }

    fn at(&self, second: i64) -> T {
        let turned = self.turns.partition_point(|(from, _)| *from <= second);
        turned.checked_sub(1).and_then(|last| self.turns.get(last)).map_or(self.before, |(_, value)| *value)
    }

    fn turns(&self) -> impl Iterator<Item = i64> + '_ {
        self.turns.iter().map(|(second, _)| *second)
    }
}

impl Course<bool> {
    /// True in these spans, their ends left out.
    pub(super) fn of_spans(mut spans: Vec<(i64, i64)>) -> Self {
        spans.retain(|(from, to)| from < to);
        spans.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (from, to) in spans {
            match joined.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                _ => joined.push((from, to)),
            }
        }
        Self { before: false, turns: joined.into_iter().flat_map(|(from, to)| [(from, true), (to, false)]).collect() }
    }
}

/// When a page was read at all.
pub(super) struct Sight {
    /// The first second.
    pub(super) first: i64,
    /// The second from which on nothing is known.
    pub(super) until: i64,
    /// Whether it could not be read in between.
    pub(super) unread: Course<bool>,
}

impl Sight {
    fn at(&self, second: i64) -> bool {
        second >= self.first && second < self.until && !self.unread.at(second)
    }
}

/// Counts a window, each of its days by itself.
pub(super) fn count(window: (i64, i64), words: &Course<Word>, sight: &Sight, planned: &Course<bool>) -> Fared {
    let (from, to) = window;
    let inside = |second: &i64| *second > from && *second < to;
    let turns = words.turns().chain(sight.unread.turns()).chain(planned.turns()).chain([sight.first, sight.until]);
    let midnights = (from.div_euclid(DAY) + 1..).map(|day| day * DAY).take_while(|midnight| *midnight < to);
    let mut cuts: Vec<i64> = turns.filter(inside).chain(midnights).collect();
    if from < to {
        cuts.extend([from, to]);
    }
    cuts.sort_unstable();
    cuts.dedup();

    let mut days: Vec<(i64, Tally)> = Vec::new();
    for (second, next) in cuts.iter().zip(cuts.iter().skip(1)) {
        let word = if sight.at(*second) { words.at(*second) } else { Word::Unobserved };
        let mut tally = Tally::default();
        tally.add(word, planned.at(*second), next - second);
        let day = second.div_euclid(DAY);
        match days.last_mut() {
            Some((last, sum)) if *last == day => *sum = [*sum, tally].into_iter().sum(),
            _ => days.push((day, tally)),
        }
    }
    let date = |day: i64| DateTime::from_timestamp(day * DAY, 0).unwrap_or_default().date_naive();
    Fared {
        whole: days.iter().map(|(_, tally)| *tally).sum(),
        days: days.into_iter().map(|(day, tally)| (date(day), tally)).collect(),
    }
}

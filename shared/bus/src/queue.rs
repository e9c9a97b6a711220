//! What the next call carries: entries in their order, and those that were refused once their pause is over.
//!
//! Deliberately absent: I/O and the clock. Time is an argument.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use statusphere_domain::stable_hash;

use crate::Event;

/// Entries of one call, at most.
const ENTRIES: usize = 10;
/// Bytes of one call, at most; the service refuses a call of 256 KB as a whole.
const BYTES: usize = 240_000;
/// Times an entry is sent, at most.
const TRIES: u32 = 6;
/// Longest pause before the second try; trebles with each further one, so that a chance failure costs little and a
/// service that stays overrun gets seconds.
const PAUSE: Duration = Duration::from_millis(20);

/// An event as it is sent.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) event: Event,
    pub(crate) detail: String,
    tries: u32,
}

/// Entries that are still to be delivered.
#[derive(Debug)]
pub(crate) struct Queue {
    ready: VecDeque<Entry>,
    /// Entries that were refused, by the end of their pause and a number that tells those of one moment apart.
    pausing: BTreeMap<(Instant, usize), Vec<Entry>>,
    /// Entries that were refused and sent again, as often as they were.
    pub(crate) again: usize,
    /// Entries that were sent as often as may be.
    pub(crate) undelivered: Vec<Event>,
}

impl Queue {
    pub(crate) fn new(events: Vec<Event>) -> Self {
        let entry = |event: Event| Entry { detail: event.detail().to_string(), event, tries: 0 };
        let ready = events.into_iter().map(entry).collect();
        Self { ready, pausing: BTreeMap::new(), again: 0, undelivered: Vec::new() }
    }

    /// The entries of the next call; empty when there is nothing to send at this moment. One that is too large for any
    /// call goes alone, so that it takes no other with it.
    pub(crate) fn next(&mut self, now: Instant) -> Vec<Entry> {
        while let Some(over) = self.pausing.first_entry().filter(|first| first.key().0 <= now) {
            for entry in over.remove().into_iter().rev() {
                self.ready.push_front(entry);
            }
        }
        let (mut call, mut bytes) = (Vec::new(), 0);
        while call.len() < ENTRIES
            && let Some(entry) = self.ready.front()
        {
            // The detail-type and the source count too.
            bytes += entry.detail.len() + 100;
            if bytes > BYTES && !call.is_empty() {
                break;
            }
            call.extend(self.ready.pop_front().map(|entry| Entry { tries: entry.tries + 1, ..entry }));
        }
        call
    }

    /// When the next pause is over.
    pub(crate) fn pause_ends(&self) -> Option<Instant> {
        self.pausing.first_key_value().map(|((end, _), _)| *end)
    }

    /// Takes back what one call could not deliver. It rides again after a pause, drawn for the call between half and
    /// all of the longest, so that a service that is overrun is left time and not met by all at once.
    pub(crate) fn refused(&mut self, entries: Vec<Entry>, now: Instant) {
        let (mut again, given_up): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.tries < TRIES);
        self.undelivered.extend(given_up.into_iter().map(|entry| entry.event));
        // What was tried most often decides for all.
        again.sort_by_key(|entry| std::cmp::Reverse(entry.tries));
        let Some(first) = again.first() else { return };
        let half = PAUSE * 3_u32.pow(first.tries - 1) / 2;
        let drawn = u32::try_from(stable_hash(&first.detail) % 1000).unwrap_or(0);
        self.again += again.len();
        self.pausing.insert((now + half + half * drawn / 1000, self.again), again);
    }
}

#[cfg(test)]
mod tests {
    use statusphere_domain::PageId;

    use super::*;
    use crate::{Backfill, PageRef};

    /// An event whose detail is a little longer than this.
    fn event(n: usize, length: usize) -> Event {
        let page =
            PageRef { id: PageId::new(format!("page-{n}")).unwrap(), url: "x".repeat(length), hint: None, host: None };
        Event::Backfill(Backfill::new(page, String::new()))
    }

    fn events(numbers: std::ops::Range<usize>) -> Vec<Event> {
        numbers.map(|n| event(n, 10)).collect()
    }

    fn sent(call: Vec<Entry>) -> Vec<Event> {
        call.into_iter().map(|entry| entry.event).collect()
    }

    #[test]
    fn calls_are_full_and_in_order() {
        let (mut queue, now) = (Queue::new(events(0..25)), Instant::now());
        for numbers in [0..10, 10..20, 20..25, 0..0] {
            assert_eq!(sent(queue.next(now)), events(numbers));
        }
    }

    #[test]
    fn a_call_stays_below_its_bytes_and_what_is_too_large_goes_alone() {
        let lengths = [100_000, 100_000, 100_000, 300_000, 10, 10];
        let (mut queue, now) = (Queue::new(lengths.map(|length| event(0, length)).to_vec()), Instant::now());
        let calls: Vec<usize> = std::iter::from_fn(|| Some(queue.next(now).len()).filter(|len| *len > 0)).collect();
        assert_eq!(calls, [2, 1, 1, 2]);
    }

    #[test]
    fn refused_entries_ride_in_a_full_call_once_their_pause_is_over() {
        let (mut queue, now) = (Queue::new(events(0..40)), Instant::now());
        let mut first = queue.next(now);
        queue.refused(first.split_off(7), now);
        let end = queue.pause_ends().unwrap();
        assert!((now + PAUSE / 2..=now + PAUSE).contains(&end));
        assert_eq!(sent(queue.next(now)), events(10..20), "not before");
        assert_eq!(sent(queue.next(end)), [events(7..10), events(20..27)].concat());
        assert_eq!((queue.pause_ends(), queue.again), (None, 3));
    }

    #[test]
    fn pauses_grow_until_an_entry_is_given_up() {
        let (mut queue, mut now) = (Queue::new(events(0..3)), Instant::now());
        for tries in 1..TRIES {
            let call = queue.next(now);
            queue.refused(call, now);
            let pause = queue.pause_ends().unwrap() - now;
            let longest = PAUSE * 3_u32.pow(tries - 1);
            assert!((longest / 2..=longest).contains(&pause), "{pause:?} after {tries}");
            now += pause;
        }
        let call = queue.next(now);
        queue.refused(call, now);
        assert_eq!((queue.undelivered.clone(), queue.pause_ends()), (events(0..3), None));
        assert!(queue.next(now + PAUSE * 100).is_empty());
    }

    #[test]
    fn calls_that_are_refused_at_one_moment_are_all_sent_again() {
        let (mut queue, now) = (Queue::new(events(0..200)), Instant::now());
        let calls: Vec<_> = std::iter::from_fn(|| Some(queue.next(now)).filter(|call| !call.is_empty())).collect();
        for call in calls {
            queue.refused(call, now);
        }
        let again = std::iter::from_fn(|| Some(queue.next(now + PAUSE)).filter(|call| !call.is_empty()));
        assert_eq!(again.map(|call| call.len()).sum::<usize>(), 200);
    }
}

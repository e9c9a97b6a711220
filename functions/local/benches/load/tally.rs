//! What all clients saw together, as figures.
//!
//! Deliberately absent: a verdict.

use crate::client::Log;
use crate::mix::questions;

/// Times are microseconds.
pub(crate) struct Tally {
    /// The times of each question, in its order.
    questions: Vec<(&'static str, Vec<u32>)>,
    all: Vec<u32>,
    bytes: u64,
    unchanged: u64,
    errors: Vec<String>,
}

impl Tally {
    pub(crate) fn of(logs: Vec<Log>) -> Self {
        let mut questions: Vec<_> = questions().map(|question| (question, Vec::new())).collect();
        let (mut all, mut errors) = (Vec::new(), Vec::new());
        let (mut bytes, mut unchanged) = (0, 0);
        for log in logs {
            for (question, micros) in log.answers {
                questions[question].1.push(micros);
                all.push(micros);
            }
            bytes += log.bytes;
            unchanged += log.unchanged;
            errors.extend(log.error);
        }
        for times in questions.iter_mut().map(|(_, times)| times).chain([&mut all]) {
            times.sort_unstable();
        }
        Self { questions, all, bytes, unchanged, errors }
    }

    /// Clients that did not get what they asked for.
    pub(crate) fn errors(&self) -> usize {
        self.errors.len()
    }

    /// A percentile of all times.
    pub(crate) fn overall(&self, percent: usize) -> u32 {
        percentile(&self.all, percent)
    }

    pub(crate) fn print(&self) {
        println!("{:>9} {:>8} {:>8} {:>8} {:>8}", "requests", "p50 us", "p90", "p99", "max");
        let overall = ("all", &self.all);
        for (what, times) in self.questions.iter().map(|(what, times)| (*what, times)).chain([overall]) {
            let [p50, p90, p99, most] = [50, 90, 99, 100].map(|percent| percentile(times, percent));
            println!("{:>9} {p50:>8} {p90:>8} {p99:>8} {most:>8}  {what}", times.len());
        }
        println!("{} bytes of bodies, {} answers unchanged, {} errors", self.bytes, self.unchanged, self.errors());
        for error in self.errors.iter().take(5) {
            println!("  {error}");
        }
    }
}

/// The smallest of these sorted times that so many of a hundred do not exceed; 0 when there is none.
fn percentile(times: &[u32], percent: usize) -> u32 {
    times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}

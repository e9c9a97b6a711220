//! Events waiting for their target: scrapes before histories, in the order they came, except one that is asked for.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::Notify;

/// An event in EventBridge's envelope, and how often it failed.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) envelope: Value,
    pub(crate) failures: u32,
}

impl Delivery {
    pub(crate) fn new(envelope: Value) -> Self {
        Self { envelope, failures: 0 }
    }

    pub(crate) fn kind(&self) -> &str {
        self.envelope["detail-type"].as_str().unwrap_or_default()
    }

    fn pages(&self) -> impl Iterator<Item = &str> {
        let pages = self.envelope["detail"]["pages"].as_array().map_or(&[][..], Vec::as_slice);
        pages.iter().filter_map(|page| page["id"].as_str())
    }

    /// What it asks for, whenever it was asked.
    fn same_as(&self, other: &Self) -> bool {
        let key = |delivery: &Self| match delivery.kind() {
            "ScrapeRequested" => delivery.pages().map(str::to_owned).collect::<Vec<_>>(),
            _ => vec![delivery.envelope["detail"]["id"].to_string()],
        };
        self.kind() == other.kind() && key(self) == key(other)
    }
}

#[derive(Debug, Default)]
struct Waiting {
    scrapes: VecDeque<Delivery>,
    histories: VecDeque<Delivery>,
    scraping: usize,
    backfilling: usize,
}

/// The queue between the bus and the scraper.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    news: Notify,
}

/// Histories read at once, so that scrapes always find a worker.
const BACKFILLS: usize = 4;

impl Queue {
    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an event unless the same thing waits already: a slow network must not pile up work.
    pub(crate) fn push(&self, delivery: Delivery) {
        let mut waiting = self.lock();
        let queue = match delivery.kind() {
            "ScrapeRequested" => &mut waiting.scrapes,
            _ => &mut waiting.histories,
        };
        if !queue.iter().any(|known| known.same_as(&delivery)) {
            queue.push_back(delivery);
        }
        drop(waiting);
        self.news.notify_one();
    }

    /// Puts the scrape of a page first in line, if it waits.
    pub(crate) fn promote(&self, page: &str) {
        let mut waiting = self.lock();
        if let Some(at) = waiting.scrapes.iter().position(|delivery| delivery.pages().any(|id| id == page))
            && let Some(delivery) = waiting.scrapes.remove(at)
        {
            waiting.scrapes.push_front(delivery);
        }
    }

    /// The next event; waits for one.
    pub(crate) async fn next(&self) -> Delivery {
        loop {
            if let Some(delivery) = self.take() {
                // Another worker may be needed for what else is there.
                self.news.notify_one();
                return delivery;
            }
            self.news.notified().await;
        }
    }

    fn take(&self) -> Option<Delivery> {
        let mut waiting = self.lock();
        if let Some(scrape) = waiting.scrapes.pop_front() {
            waiting.scraping += 1;
            return Some(scrape);
        }
        if waiting.backfilling < BACKFILLS
            && let Some(history) = waiting.histories.pop_front()
        {
            waiting.backfilling += 1;
            return Some(history);
        }
        None
    }

    /// Says that an event is dealt with.
    pub(crate) fn done(&self, delivery: &Delivery) {
        let mut waiting = self.lock();
        match delivery.kind() {
            "ScrapeRequested" => waiting.scraping -= 1,
            _ => waiting.backfilling -= 1,
        }
        drop(waiting);
        self.news.notify_one();
    }

    /// True when no history waits or is under way: nothing that the stream asked for would be lost by a crash.
    pub(crate) fn is_quiet(&self) -> bool {
        let waiting = self.lock();
        waiting.histories.is_empty() && waiting.backfilling == 0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scrape(page: &str) -> Delivery {
        Delivery::new(json!({"detail-type": "ScrapeRequested", "detail": {"pages": [{"id": page}]}}))
    }

    fn history(page: &str) -> Delivery {
        Delivery::new(json!({"detail-type": "BackfillRequested", "detail": {"id": format!("{page}/")}}))
    }

    fn next(queue: &Queue) -> Option<String> {
        let delivery = queue.take()?;
        let page = delivery.pages().next().map(str::to_owned);
        page.or_else(|| delivery.envelope["detail"]["id"].as_str().map(str::to_owned))
    }

    #[test]
    fn a_page_that_is_asked_for_comes_first_and_histories_come_last() {
        let queue = Queue::default();
        for delivery in [history("a"), scrape("a"), scrape("b"), scrape("c")] {
            queue.push(delivery);
        }
        queue.promote("c");
        queue.promote("nobody");
        let order: Vec<_> = std::iter::from_fn(|| next(&queue)).collect();
        assert_eq!(order, ["c", "a", "b", "a/"]);
    }

    #[test]
    fn what_waits_already_is_not_added_again() {
        let queue = Queue::default();
        for delivery in [scrape("a"), scrape("a"), history("a"), history("a")] {
            queue.push(delivery);
        }
        assert_eq!(std::iter::from_fn(|| next(&queue)).count(), 2);
    }

    #[test]
    fn histories_leave_workers_for_scrapes_and_count_until_they_are_done() {
        let queue = Queue::default();
        for n in 0..=BACKFILLS {
            queue.push(history(&n.to_string()));
        }
        assert_eq!(std::iter::from_fn(|| next(&queue)).count(), BACKFILLS);
        queue.done(&history("0"));
        assert_eq!(next(&queue), Some(format!("{BACKFILLS}/")));
        assert!(!queue.is_quiet());
        (0..BACKFILLS).for_each(|_| queue.done(&history("")));
        assert!(queue.is_quiet());
    }
}

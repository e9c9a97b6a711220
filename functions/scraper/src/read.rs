//! Carries out a cascade: fetches what it wants until it is over.

use chrono::{DateTime, Utc};
use statusphere_domain::Hint;
use statusphere_providers::{Next, Outcome, Seen, Target, advance};

use crate::Scraper;

impl Scraper {
    /// Reads a page at `url`. Requests go out one after another: they mostly share a host.
    pub(crate) async fn read(&self, url: &str, hint: Option<&Hint>, certain: bool, as_of: DateTime<Utc>) -> Outcome {
        let target = Target::new(url, as_of);
        let mut seen = Seen::default();
        loop {
            match advance(&target, hint, certain, &seen) {
                Next::Done(outcome) => return outcome,
                Next::Fetch(urls) => {
                    for url in urls {
                        let answer = self.fetcher.get(&url).await;
                        seen.insert(url, answer);
                    }
                }
            }
        }
    }
}

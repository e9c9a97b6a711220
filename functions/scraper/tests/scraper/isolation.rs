//! One page of an event harms no other: not when it hangs, not when its task panics.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_domain::FailureKind;
use statusphere_fetch::{Config, Fetcher, Limits};
use statusphere_scraper::{Scraper, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::documents::calm;
use crate::support::{ACME, Bench, GLOBEX, Web, id, now, outcomes, scrape_event};

/// A server that answers every request with this text, or never.
async fn server(answer: Option<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut hanging = Vec::new();
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            match &answer {
                None => hanging.push(connection),
                Some(body) => {
                    let mut request = [0; 4096];
                    let _ = connection.read(&mut request).await;
                    let head =
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length";
                    let _ = connection.write_all(format!("{head}: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
                }
            }
        }
    });
    address
}

#[tokio::test]
async fn bug_13_a_host_that_hangs_holds_up_nobody() {
    let bench = Bench::start().await;
    let (hanging, good) = (server(None).await, server(Some(calm().to_string())).await);
    let limits = Limits { deadline: Duration::from_millis(300), ..Limits::default() };
    let contact = "https://statusphere.example/contact".to_owned();
    let config = Config { contact, limits, allowed_hosts: vec!["127.0.0.1".to_owned()], proxy: None, clock: now };
    let scraper = bench.scraper(Fetcher::web(config).unwrap());
    // The second time, because a page that hung once must be asked again.
    for expected in ["changed", "unchanged"] {
        let answer = scraper.handle(scrape_event(&[("acme", &hanging), ("globex", &good)])).await.unwrap();
        assert_eq!(outcomes(&answer)["globex"], expected);
        assert_eq!(outcomes(&answer)["acme"], "unread");
        let failure = bench.store.state(&id("acme")).await.unwrap().failure.unwrap();
        assert_eq!(failure.kind, FailureKind::TimedOut);
    }
}

thread_local! {
    static BROKEN: Cell<bool> = const { Cell::new(true) };
}

/// A clock that panics the first time, in whichever task asks first.
fn breaks_once() -> DateTime<Utc> {
    assert!(!BROKEN.replace(false), "the clock is broken");
    now()
}

#[tokio::test]
async fn bug_11_a_page_whose_task_panics_ends_alone() {
    let bench = Bench::start().await;
    let fetcher = Web::default().summary(ACME, &calm()).summary(GLOBEX, &calm()).open();
    let settings = Settings { interval: TimeDelta::minutes(5), clock: breaks_once };
    let scraper = Scraper::new(Arc::clone(&bench.store), Arc::new(fetcher), settings);
    let event = scrape_event(&[("acme", ACME), ("globex", GLOBEX)]);
    let answer = scraper.handle(event.clone()).await.unwrap();
    let mut read: Vec<_> = outcomes(&answer).into_values().collect();
    read.sort();
    assert_eq!(read, ["changed", "failed"], "the other one is read");
    // Alone it is an error, so that the event comes again.
    BROKEN.set(true);
    let error = scraper.handle(scrape_event(&[("acme", ACME)])).await.unwrap_err();
    assert!(error.to_string().contains("1 page"), "{error}");
    // The next event finds the same process as good as new.
    let answer = scraper.handle(event).await.unwrap();
    assert_eq!(outcomes(&answer).len(), 2);
    for slug in ["acme", "globex"] {
        assert!(bench.store.state(&id(slug)).await.unwrap().is_indexed(), "{slug}");
    }
}

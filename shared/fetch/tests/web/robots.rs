//! Pages for people are read where robots.txt lets us.

use chrono::TimeDelta;
use statusphere_domain::FetchErrorKind::{Denied, Unreachable};
use statusphere_fetch::{Fetcher, Request};

use crate::server::{Log, Visit, fetcher, pass, serve_all};

const KEEP_OUT: &str =
    "user-agent: *\ndisallow: /private\n\nuser-agent: statusphere\ndisallow: /hidden\nallow: /hidden/status";

/// A host with a robots.txt, given as status line and body; everything else is a page, `/to/<address>` a redirect.
async fn host(robots: (&'static str, String)) -> (String, Log) {
    let log = Log::default();
    let seen = log.clone();
    let address = serve_all(move |mut visit: Visit| {
        seen.note(&visit);
        let (status, file) = robots.clone();
        async move {
            let path = visit.path().to_owned();
            match path.strip_prefix("/to/") {
                Some(to) => visit.answer(&format!("302 Found\r\nlocation: http://{to}"), "").await,
                None if path == "/robots.txt" => visit.answer(status, file).await,
                None => visit.answer("200 OK", "a page").await,
            }
        }
    })
    .await;
    (address, log)
}

async fn read(fetcher: &Fetcher, server: &str, path: &str) -> bool {
    match fetcher.get(&format!("http://{server}{path}")).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!((error.kind, error.retry_after), (Denied, None));
            assert_eq!(error.detail, "robots.txt of 127.0.0.1 asks not to read this page");
            false
        }
    }
}

#[tokio::test]
async fn robots_txt_is_asked_first_and_once_and_obeyed() {
    let (server, log) = host(("200 OK", KEEP_OUT.to_owned())).await;
    let fetcher = fetcher(&[&server]);
    let (one, other) = tokio::join!(read(&fetcher, &server, "/"), read(&fetcher, &server, "/private"));
    assert!(one && other, "the rules for us are not those for everyone");
    let mut asked = log.take();
    asked[1..].sort();
    assert_eq!(asked, ["/robots.txt", "/", "/private"]);
    assert!(!read(&fetcher, &server, "/hidden/x").await);
    assert!(read(&fetcher, &server, "/hidden/status?x=1").await);
    assert_eq!(log.take(), ["/hidden/status?x=1"]);
}

#[tokio::test]
async fn rules_for_everyone_are_for_us_too() {
    let (server, log) = host(("200 OK", "user-agent: *\ndisallow: /".to_owned())).await;
    assert!(!read(&fetcher(&[&server]), &server, "/").await);
    assert_eq!(log.take(), ["/robots.txt"]);
}

#[tokio::test]
async fn documents_for_machines_are_read_without_asking() {
    let (server, log) = host(("200 OK", "user-agent: *\ndisallow: /".to_owned())).await;
    for path in ["/summary.json", "/api/v2/status", "/feed/", "/history.atom"] {
        assert!(read(&fetcher(&[&server]), &server, path).await, "{path}");
        assert_eq!(log.take(), [path]);
    }
}

#[tokio::test]
async fn who_knows_the_rules_of_a_host_need_not_ask_it_but_any_other() {
    let (server, log) = host(("200 OK", "user-agent: *\ndisallow: /".to_owned())).await;
    let (start, passed) = host(("500 Oh", String::new())).await;
    let fetcher = fetcher(&[&server, &start]);
    let get = async |url: &str| fetcher.fetch(Request { url, validator: None, robots_known: true }).await;
    assert!(get(&format!("http://{server}/")).await.is_ok());
    assert_eq!(log.take(), ["/"]);
    let error = get(&format!("http://{start}/to/{server}/page")).await.unwrap_err();
    assert_eq!(error.kind, Denied, "{}", error.detail);
    assert_eq!((passed.take().len(), log.take()), (1, vec!["/robots.txt".to_owned()]));
}

#[tokio::test]
async fn a_host_without_rules_allows_everything() {
    for (robots, requests) in [
        ("404 Not Found", 2),
        ("403 Forbidden", 2),
        ("410 Gone", 2),
        ("204 No Content", 2),
        // Asked six times: five redirects are followed.
        ("302 Found\r\nlocation: /robots.txt", 7),
    ] {
        let (server, log) = host((robots, String::new())).await;
        assert!(read(&fetcher(&[&server]), &server, "/").await, "{robots}");
        let asked = log.take();
        assert_eq!((asked.len(), asked.last().map(String::as_str)), (requests, Some("/")), "{robots}");
    }
}

#[tokio::test]
async fn a_host_in_trouble_allows_nothing_for_now() {
    let (server, log) = host(("503 Unavailable", String::new())).await;
    let fetcher = fetcher(&[&server]);
    for _ in 0..2 {
        let error = fetcher.get(&format!("http://{server}/")).await.unwrap_err();
        assert_eq!((error.kind, error.detail.as_str()), (Unreachable, "HTTP 503"));
    }
    assert_eq!(log.take(), ["/robots.txt", "/robots.txt"], "a failure is not remembered");
    assert_eq!(fetcher.breaker("127.0.0.1").failures, 2);
}

#[tokio::test]
async fn rules_may_be_elsewhere() {
    let (rules, _) = host(("200 OK", "user-agent: *\ndisallow: /".to_owned())).await;
    let (server, log) = host(("301 Moved\r\nlocation: /here/robots", String::new())).await;
    assert!(read(&fetcher(&[&server]), &server, "/").await, "a page of prose has no rules");
    assert_eq!(log.take(), ["/robots.txt", "/here/robots", "/"]);
    let location: &'static str = format!("301 Moved\r\nlocation: http://{rules}/robots.txt").leak();
    let (server, _) = host((location, String::new())).await;
    assert!(!read(&fetcher(&[&server, &rules]), &server, "/").await);
    let (server, _) = host((location, String::new())).await;
    assert!(read(&fetcher(&[&server]), &server, "/").await, "rules where nobody may look are none");
}

#[tokio::test]
async fn a_long_file_is_cut_not_refused() {
    for (padding, passes) in [(511_000, false), (512_000, true)] {
        let (server, _) = host(("200 OK", format!("{}\nuser-agent: *\ndisallow: /", "#".repeat(padding)))).await;
        assert_eq!(read(&fetcher(&[&server]), &server, "/").await, passes, "{padding}");
    }
}

#[tokio::test]
async fn rules_are_believed_for_a_day() {
    let (server, log) = host(("200 OK", String::new())).await;
    let fetcher = fetcher(&[&server]);
    assert!(read(&fetcher, &server, "/").await);
    pass(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert!(read(&fetcher, &server, "/").await);
    pass(TimeDelta::seconds(1));
    assert!(read(&fetcher, &server, "/").await);
    assert_eq!(log.take(), ["/robots.txt", "/", "/", "/robots.txt", "/"]);
}

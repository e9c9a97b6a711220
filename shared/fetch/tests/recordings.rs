//! The fetcher of recordings through its front door, on a small folder of invented pages.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test itself")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use statusphere_domain::FetchErrorKind::{Denied, Gone, NotFound, Throttled, Unreachable, Unusable};
use statusphere_domain::{Breaker, Hint};
use statusphere_fetch::{Answer, Fetcher, RecordedPage, Request};

fn recordings() -> Fetcher {
    Fetcher::recordings(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings")).unwrap()
}

fn pages(fetcher: &Fetcher) -> &[RecordedPage] {
    match fetcher {
        Fetcher::Recordings(recordings) => recordings.pages(),
        Fetcher::Web(_) => panic!("recordings were asked for"),
    }
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn of_two_recordings_of_one_address_the_newest_is_listed() {
    let fetcher = recordings();
    let expected = [
        RecordedPage {
            url: "http://Status.Alpha.example/".to_owned(),
            recorded: NaiveDate::from_ymd_opt(2031, 4, 2).unwrap(),
            hint: None,
            name: "later".to_owned(),
        },
        RecordedPage {
            url: "https://www.beta.example:8443/status/".to_owned(),
            recorded: NaiveDate::from_ymd_opt(2031, 2, 3).unwrap(),
            hint: Some(Hint { provider: "beta".to_owned(), key: Some("b-42".to_owned()) }),
            name: "moved".to_owned(),
        },
    ];
    assert_eq!(pages(&fetcher), expected);
}

#[tokio::test]
async fn the_newest_recording_replaces_the_older_one_in_full() {
    let fetcher = recordings();
    let response = fetcher.get("https://status.alpha.example/summary.json?page=1").await.unwrap();
    assert_eq!((response.status, response.body.as_slice()), (200, b"{\"status\":\"busy in April\"}\n".as_slice()));
    assert_eq!(response.content_type.as_deref(), Some("application/json"));
    assert_eq!(response.url, "https://status.alpha.example/summary.json?page=1");
    let older = fetcher.get("https://status.alpha.example/summary.json").await.unwrap_err();
    assert_eq!(older.kind, NotFound);
}

#[tokio::test]
async fn addresses_match_by_host_path_and_query() {
    let fetcher = recordings();
    for (url, kind) in [
        ("http://STATUS.alpha.EXAMPLE/summary.json?page=1#top", None),
        ("https://status.alpha.example./empty", None),
        ("https://status.alpha.example/summary.json?page=2", Some(NotFound)),
        ("https://status.alpha.example/Empty", Some(NotFound)),
        ("https://status.alpha.example/", Some(NotFound)),
        ("https://www.beta.example:8443/", Some(NotFound)),
        ("https://api.beta.example/status/b-43", Some(NotFound)),
        ("https://www.beta.example/old", Some(Unreachable)),
        ("https://alpha.example/", Some(Unreachable)),
        ("https://127.0.0.1/", Some(Unreachable)),
        ("status.alpha.example", Some(Denied)),
        ("file:///etc/passwd", Some(Denied)),
        ("mailto:status@alpha.example", Some(Denied)),
    ] {
        assert_eq!(fetcher.get(url).await.err().map(|error| error.kind), kind, "{url}");
    }
    assert_eq!(fetcher.get("https://status.alpha.example/none").await.unwrap_err().detail, "HTTP 404");
    assert_eq!(fetcher.get("https://none.example/").await.unwrap_err().detail, "none.example is not recorded");
}

#[tokio::test]
async fn statuses_mean_what_they_mean_on_the_web() {
    let fetcher = recordings();
    let busy = fetcher.get("https://status.alpha.example/busy").await.unwrap_err();
    assert_eq!((busy.kind, busy.retry_after), (Throttled, Some(Duration::from_secs(90))));
    let tomorrow = fetcher.get("https://status.alpha.example/tomorrow").await.unwrap_err();
    assert_eq!((tomorrow.kind, tomorrow.retry_after), (Throttled, Some(Duration::from_mins(1))));
    assert_eq!(fetcher.get("https://status.alpha.example/gone").await.unwrap_err().kind, Gone);
    let empty = fetcher.get("https://status.alpha.example/empty").await.unwrap();
    assert_eq!((empty.content_type, empty.body.len()), (None, 0));
}

#[tokio::test]
async fn redirects_are_followed_within_the_recordings() {
    let fetcher = recordings();
    let response = fetcher.get("https://www.beta.example:8443/old").await.unwrap();
    assert_eq!(response.url, "https://api.beta.example/status/b-42");
    assert_eq!(response.body, b"\xfe\xff\0o\0k\0\n");
    let kind = async |path: &str| fetcher.get(&format!("https://www.beta.example:8443/{path}")).await.unwrap_err().kind;
    assert_eq!(kind("loop").await, Unusable);
    assert_eq!(kind("out").await, Unreachable);
    assert_eq!(kind("file").await, Denied);
}

#[test]
fn a_recorded_page_is_as_of_the_end_of_its_day() {
    let (fetcher, now) = (recordings(), time("2040-01-01T12:00:00Z"));
    for url in ["http://status.alpha.example", "https://STATUS.alpha.example/", "https://status.alpha.example"] {
        assert_eq!(fetcher.as_of(url, now), time("2031-04-02T23:59:59Z"), "{url}");
    }
    assert_eq!(fetcher.as_of("https://www.beta.example:8443/status", now), time("2031-02-03T23:59:59Z"));
    for url in ["https://www.beta.example:8443/", "https://elsewhere.example", "nonsense"] {
        assert_eq!(fetcher.as_of(url, now), now, "{url}");
    }
}

#[tokio::test]
async fn pages_of_one_host_share_it_and_the_newer_answer_stays() {
    let dir = tempfile::tempdir().unwrap();
    for (name, url, recorded, said) in [
        ("a-newer", "https://shared.example/one", "2031-05-02", "newer"),
        ("b-older", "https://shared.example/two", "2031-05-01", "older"),
    ] {
        let folder = dir.path().join("gamma").join(name);
        fs::create_dir_all(&folder).unwrap();
        let routes = format!(
            r#"[{{"path": "/all", "status": 200, "body": "all"}}, {{"path": "/{said}", "status": 200, "body": "all"}}]"#
        );
        let page = format!(r#"{{"url": "{url}", "recorded": "{recorded}", "routes": {routes}}}"#);
        fs::write(folder.join("page.json"), page).unwrap();
        fs::write(folder.join("all"), said).unwrap();
    }
    let fetcher = Fetcher::recordings(dir.path()).unwrap();
    assert_eq!(pages(&fetcher).len(), 2);
    for (path, said) in [("all", "newer"), ("newer", "newer"), ("older", "older")] {
        let response = fetcher.get(&format!("https://shared.example/{path}")).await.unwrap();
        assert_eq!(response.body, said.as_bytes(), "{path}");
    }
}

/// What is said of a folder with one recording whose `page.json` is this.
fn complaint(page: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("delta").join("broken");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("page.json"), page).unwrap();
    let said = Fetcher::recordings(dir.path()).unwrap_err().to_string();
    said.replace(&dir.path().display().to_string(), "dir")
}

#[test]
fn a_broken_recording_is_named_in_one_sentence() {
    for (page, said) in [
        ("{", "dir/delta/broken/page.json is not a recorded page: EOF while parsing"),
        ("{}", "dir/delta/broken/page.json is not a recorded page: missing field `url`"),
        (
            r#"{"url": "https://delta.example", "recorded": "yesterday", "routes": []}"#,
            "dir/delta/broken/page.json is not a recorded page: ",
        ),
        (
            r#"{"url": "delta.example", "recorded": "2031-01-01", "routes": []}"#,
            "dir/delta/broken/page.json is not a recorded page: `delta.example` is no web address",
        ),
        (
            r#"{"url": "https://delta.example", "recorded": "2031-01-01", "routes": [{"path": "http://", "status": 200}]}"#,
            "dir/delta/broken/page.json is not a recorded page: `http://` is no path and no address",
        ),
        (
            r#"{"url": "https://delta.example", "recorded": "2031-01-01", "routes": [{"path": "/", "status": 200, "body": "lost.html"}]}"#,
            "dir/delta/broken/lost.html can't be read: No such file or directory",
        ),
        (
            r#"{"url": "https://delta.example", "recorded": "2031-01-01", "routes": [{"path": "/", "status": 200, "body": "../../../etc/passwd"}]}"#,
            "dir/delta/broken/page.json is not a recorded page: the body `../../../etc/passwd` is not a file beside it",
        ),
    ] {
        let complaint = complaint(page);
        assert!(complaint.starts_with(said), "{complaint}");
        assert!(!complaint.contains('\n'), "{complaint}");
    }
}

#[test]
fn a_folder_without_recordings_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let empty = Fetcher::recordings(dir.path()).unwrap_err().to_string();
    assert!(empty.ends_with(" holds no recorded page: <provider>/<name>/page.json was looked for"), "{empty}");
    let missing = Fetcher::recordings(&dir.path().join("none")).unwrap_err().to_string();
    assert!(missing.contains("none can't be read: "), "{missing}");
}

#[tokio::test]
async fn a_recording_is_never_unchanged_and_its_hosts_never_in_trouble() {
    let fetcher = recordings();
    let url = "https://status.alpha.example/summary.json?page=1";
    let answer = fetcher.fetch(Request { url, validator: Some("\"a\""), robots_known: false }).await.unwrap();
    assert!(matches!(answer, Answer::Document { validator: None, .. }));
    let open = Breaker { failures: 3, open: Some((Throttled, time("2099-01-01T00:00:00Z"))) };
    fetcher.set_breaker("status.alpha.example", open);
    assert_eq!(fetcher.breaker("status.alpha.example"), Breaker::default());
    assert!(fetcher.get(url).await.is_ok());
}

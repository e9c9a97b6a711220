//! `cargo record` on pages that are recordings themselves: what it writes reads as the original does.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where something is not as it must be")]

mod support;

use std::path::Path;

use serde_json::Value;
use statusphere_domain::Hint;
use statusphere_local::{Source, record};

fn page(folder: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join("page.json")).unwrap()).unwrap()
}

#[tokio::test]
async fn a_recording_of_a_recording_is_the_same_page() {
    let now = "2031-05-06T07:08:09Z".parse().unwrap();
    let original = Source::Recordings(support::own_recordings()).fetcher().unwrap();
    let first = tempfile::tempdir().unwrap();
    for name in ["statuspage/trouble", "statuspage/calm", "feed/open"] {
        let known = page(&support::own_recordings().join(name));
        let url = known["url"].as_str().unwrap();
        let made = record(&original, url, None, first.path(), now).await.unwrap();
        let found = page(&made.folder);
        assert_eq!(made.folder.parent().unwrap().file_name(), Path::new(name).parent().unwrap().file_name());
        assert_eq!(found["expect"]["status"], known["expect"]["status"], "{name}: {found:#}");
        assert_eq!(found["recorded"], "2031-05-06");

        let again = Source::Recordings(first.path().to_owned()).fetcher().unwrap();
        let second = tempfile::tempdir().unwrap();
        let copy = record(&again, url, None, second.path(), now).await.unwrap();
        assert_eq!(page(&copy.folder)["expect"], found["expect"], "{name}");
        assert!(record(&original, url, None, first.path(), now).await.is_err(), "nothing is written over");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_recorded_for_review_and_nonsense_is_refused() {
    let now = "2031-05-06T07:08:09Z".parse().unwrap();
    let fetcher = Source::Recordings(support::own_recordings()).fetcher().unwrap();
    let into = tempfile::tempdir().unwrap();
    let made = record(&fetcher, "https://status.nobody.example", None, into.path(), now).await.unwrap();
    assert!(made.folder.ends_with("unread/status.nobody.example-2031-05-06"), "{made:?}");
    assert_eq!(page(&made.folder)["expect"]["notStatus"], "UP");
    let error = record(&fetcher, "https://unheard-of.example", None, into.path(), now).await.unwrap_err();
    assert!(error.to_string().starts_with("nothing to record at https://unheard-of.example"), "{error}");
    let hint = Some(Hint { provider: "statuspge".to_owned(), key: None });
    let error = record(&fetcher, "https://status.nobody.example", hint, into.path(), now).await.unwrap_err();
    assert!(error.to_string().contains("no provider"), "{error}");
    let error = record(&fetcher, "nobody", None, into.path(), now).await.unwrap_err();
    assert!(error.to_string().contains("no web address"), "{error}");
}

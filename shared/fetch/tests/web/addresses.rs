//! Addresses that must never be opened, asked for directly and by redirect.

use statusphere_domain::FetchErrorKind;

use crate::server::{fetcher, serve};
use crate::vectors::{INSIDE, UNFIT};

#[tokio::test]
async fn bug_17_no_inner_address_is_opened() {
    assert!(INSIDE.len() >= 100, "{}", INSIDE.len());
    let fetcher = fetcher(&[]);
    for url in INSIDE.iter().chain(UNFIT) {
        let error = fetcher.get(url).await.unwrap_err();
        assert_eq!(error.kind, FetchErrorKind::Denied, "{url}: {}", error.detail);
    }
    let path_only = fetcher.get("/status").await.unwrap_err();
    assert_eq!(path_only.kind, FetchErrorKind::Denied);
}

#[tokio::test]
async fn bug_17_no_redirect_leads_inside() {
    let server = serve(async |mut visit| {
        let number: usize = visit.path().trim_start_matches('/').parse().unwrap();
        let target = INSIDE.iter().chain(UNFIT).nth(number).unwrap().replace(['\n', '\t'], "");
        visit.answer(&format!("302 Found\r\nlocation: {target}"), "").await;
    })
    .await;
    let fetcher = fetcher(&[&server]);
    for (number, target) in INSIDE.iter().chain(UNFIT).enumerate() {
        // These are read as paths of the server itself once they come after a scheme that is the same.
        if target.starts_with("http:127") || target.starts_with("http:/127") {
            continue;
        }
        let error = fetcher.get(&format!("http://{server}/{number}")).await.unwrap_err();
        assert_eq!(error.kind, FetchErrorKind::Denied, "{target}: {}", error.detail);
        assert!(error.detail.starts_with("redirects to where we do not follow") || error.detail.contains("localhost"));
    }
}

#[tokio::test]
async fn refusals_say_why() {
    let fetcher = fetcher(&[]);
    for (url, why) in [
        ("http://0xa9fea9fe/", "169.254.169.254 is not a public address (link-local)"),
        ("http://[::ffff:10.0.0.1]/", "::ffff:10.0.0.1 is not a public address (IPv4-mapped)"),
        ("http://status.example:8080/", "only ports 80 and 443 are opened, not 8080"),
        ("ftp://status.example/", "only http and https are opened, not ftp"),
        ("http://me@status.example/", "an address with a user name or a password is not opened"),
        ("calm", "not a web address (relative URL without a base)"),
    ] {
        assert_eq!(fetcher.get(url).await.unwrap_err().detail, why);
    }
    let resolved = fetcher.get("http://localhost/").await.unwrap_err().detail;
    assert!(resolved.starts_with("localhost resolves to "), "{resolved}");
    assert!(resolved.ends_with(", which is not a public address (loopback)"), "{resolved}");
}

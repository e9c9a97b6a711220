//! What an owner can set, and what is never taken from the surroundings.

use std::process::Command;
use std::sync::{Arc, Mutex};

use statusphere_domain::FetchErrorKind;
use statusphere_fetch::{ConfigError, Fetcher};

use crate::server::{Visit, config, fetcher, serve};

#[tokio::test]
async fn a_host_is_allowed_with_one_port_or_with_all() {
    let server = serve(async |mut visit: Visit| visit.answer("200 OK", "").await).await;
    let port = server.rsplit(':').next().unwrap();
    let get = async |allowed: &str| fetcher(&[allowed]).get(&format!("http://{server}/")).await.map_err(|e| e.kind);
    for allowed in ["127.0.0.1", &server, "127.1", "0x7f000001"] {
        assert!(get(allowed).await.is_ok(), "{allowed}");
    }
    for allowed in ["127.0.0.1:1", "127.0.0.1:80", "127.0.0.1:443", "127.0.0.2", "localhost", "[::1]", "::1"] {
        assert_eq!(get(allowed).await, Err(FetchErrorKind::Denied), "{allowed}");
    }
    let named = fetcher(&["LocalHost"]).get(&format!("http://localhost.:{port}/")).await;
    assert_eq!(named.unwrap().url, format!("http://localhost:{port}/"));
}

#[tokio::test]
async fn a_proxy_gets_every_request_and_resolves_the_names() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let proxy = serve(move |mut visit: Visit| {
        seen.lock().unwrap().push(visit.head.lines().next().unwrap().to_owned());
        async move {
            let status = if visit.head.starts_with("connect") { "403 Forbidden" } else { "200 OK" };
            visit.answer(status, "by proxy").await;
        }
    })
    .await;
    let fetcher =
        Fetcher::web(statusphere_fetch::Config { proxy: Some(format!("http://{proxy}")), ..config(&[]) }).unwrap();
    assert_eq!(fetcher.get("http://status.example/calm").await.unwrap().body, b"by proxy");
    assert_eq!(fetcher.get("https://status.example/").await.unwrap_err().kind, FetchErrorKind::Unreachable);
    for url in [
        "http://169.254.169.254/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://status.example:8080/",
        "http://me@status.example/",
        "ftp://status.example/",
    ] {
        assert_eq!(fetcher.get(url).await.unwrap_err().kind, FetchErrorKind::Denied, "{url}");
    }
    assert_eq!(
        *asked.lock().unwrap(),
        [
            "get http://status.example/robots.txt http/1.1",
            "get http://status.example/calm http/1.1",
            "connect status.example:443 http/1.1"
        ]
    );
}

#[test]
fn proxies_of_the_environment_are_ignored() {
    let nobody = "http://127.0.0.1:1";
    let fetches = Command::new(std::env::current_exe().unwrap())
        .args(["bodies::a_document_arrives_as_it_is", "--exact"])
        .envs(["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].map(|v| (v, nobody)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&fetches.stdout);
    assert!(fetches.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_wrong_configuration_says_what_is_wrong() {
    for contact in ["", "two words", "line\nbreak", "https://bücher.example"] {
        let error = Fetcher::web(statusphere_fetch::Config { contact: contact.to_owned(), ..config(&[]) }).unwrap_err();
        assert!(matches!(error, ConfigError::Contact(_)), "{contact}");
    }
    for host in
        ["", "http://127.0.0.1", "127.0.0.1/path", "a b", "me@127.0.0.1", "host:port", "host:99999", "host?", "host#"]
    {
        assert!(matches!(Fetcher::web(config(&[host])).unwrap_err(), ConfigError::AllowedHost(_)), "{host}");
    }
    for proxy in ["", "127.0.0.1:3128", "socks5://127.0.0.1:1080", "http://"] {
        let error =
            Fetcher::web(statusphere_fetch::Config { proxy: Some(proxy.to_owned()), ..config(&[]) }).unwrap_err();
        assert!(matches!(error, ConfigError::Proxy(_)), "{proxy}");
    }
    let error = Fetcher::web(config(&["host:port"])).unwrap_err();
    assert_eq!(error.to_string(), "`host:port` is no host: give `host` or `host:port`");
}

#[test]
fn the_usual_limits_are_the_documented_ones() {
    let limits = statusphere_fetch::Limits::default();
    assert_eq!((limits.deadline.as_secs(), limits.max_bytes, limits.max_redirects), (15, 4_194_304, 5));
}

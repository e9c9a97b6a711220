//! Hosts that are not well: each fault does what it says, for its time, at every platform.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use statusphere_internet::{Fault, Internet, Platform, Site, Story, Trouble};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::support::{Answer, FROM, connect, get, send, site, start, time};

/// A site of each platform that has this trouble for an hour from now on.
async fn troubled(trouble: &Trouble) -> (Internet, Vec<Site>) {
    let fault = Fault { from: time(FROM), to: time(FROM + 3_600), trouble: trouble.clone() };
    let mut sites: Vec<_> = Platform::ALL.into_iter().map(site).collect();
    for site in &mut sites {
        site.faults.push(fault.clone());
    }
    let (internet, now) = start(sites.clone()).await;
    now.store(FROM + 3_600, Ordering::Relaxed);
    for site in &sites {
        assert_eq!(get(&internet, &site.url()).await.status, 200, "{trouble:?} goes on after its end");
    }
    now.store(FROM + 3_599, Ordering::Relaxed);
    internet.forget();
    (internet, sites)
}

async fn each(trouble: Trouble, check: impl Fn(&Site, Answer)) {
    let (internet, sites) = troubled(&trouble).await;
    for site in &sites {
        check(site, get(&internet, &format!("{}/", site.url())).await);
    }
}

#[tokio::test]
async fn statuses_come_as_stated() {
    for (trouble, status) in [(Trouble::ServerError, 503), (Trouble::NotFound, 404), (Trouble::Gone, 410)] {
        each(trouble, |_, answer| assert_eq!(answer.status, status)).await;
    }
    each(Trouble::Throttled { retry_after_s: 77 }, |_, answer| {
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("77")));
    })
    .await;
}

#[tokio::test]
async fn redirects_lead_where_they_should() {
    let location = |answer: &Answer| answer.header("location").unwrap().to_owned();
    each(Trouble::RedirectLoop, |site, answer| assert_eq!(location(&answer), format!("{}/", site.url()))).await;
    each(Trouble::TlsError, |site, answer| assert_eq!(location(&answer), format!("https://{}/", site.host))).await;
    each(Trouble::Moved { host: "status.elsewhere.example".to_owned() }, |_, answer| {
        assert_eq!(location(&answer), "http://status.elsewhere.example/");
    })
    .await;
}

#[tokio::test]
async fn bodies_are_broken_as_stated() {
    each(Trouble::Truncated, |_, answer| assert!(answer.body.len() < answer.stated_length())).await;
    each(Trouble::WrongLength, |_, answer| assert!(answer.body.len() > answer.stated_length())).await;
    let (internet, sites) = troubled(&Trouble::WrongCharset).await;
    let cachet = sites.iter().find(|site| site.platform == Platform::Cachet).unwrap();
    let answer = get(&internet, &format!("{}/api/v1/components", cachet.url())).await;
    assert!(answer.header("content-type").unwrap().ends_with("charset=utf-8"));
    assert!(String::from_utf8(answer.body).is_err(), "the story has a name with an umlaut");
}

#[tokio::test]
async fn a_slow_host_is_slow_and_a_hung_one_says_nothing() {
    let wait = Duration::from_millis(80);
    let (internet, sites) = troubled(&Trouble::Slow(wait)).await;
    let started = Instant::now();
    assert_eq!(get(&internet, &sites[0].url()).await.status, 200);
    assert!(started.elapsed() >= wait);

    let (internet, sites) = troubled(&Trouble::Hung).await;
    let url = sites[0].url();
    let (first, second) = (get(&internet, &url), get(&internet, &url));
    assert!(timeout(wait, futures_util::future::join(first, second)).await.is_err());
    let total = internet.total();
    assert_eq!((total.requests, total.failed, total.at_once), (2, 2, 2));
    assert_eq!(internet.requests(&sites[0].host)[0].status, 0);
}

#[tokio::test]
async fn a_reset_is_an_error_of_the_connection() {
    let (internet, sites) = troubled(&Trouble::Reset).await;
    for site in &sites {
        let error = send(&internet, &site.url(), "").await.err().unwrap();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    }
}

#[tokio::test]
async fn a_tunnel_leads_nowhere_and_with_broken_tls_to_no_tls() {
    let tunnel = async |internet: &Internet, host: &str| {
        let mut stream = connect(internet).await;
        stream.write_all(format!("CONNECT {host}:443 HTTP/1.1\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = vec![0; 1024];
        let length = stream.read(&mut answer).await.unwrap();
        let status = String::from_utf8(answer[9..12.min(length)].to_vec()).unwrap();
        if status == "200" {
            stream.write_all(b"\x16\x03\x01").await.unwrap();
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.unwrap();
            assert!(!rest.is_empty() && rest[0] != 0x16 && rest[0] != 0x15);
        }
        status
    };
    let (internet, sites) = troubled(&Trouble::TlsError).await;
    assert_eq!(tunnel(&internet, &sites[0].host).await, "200");
    let (internet, sites) = troubled(&Trouble::ServerError).await;
    assert_eq!(tunnel(&internet, &sites[0].host).await, "502");
    assert_eq!(tunnel(&internet, "nobody.example").await, "502");
}

#[tokio::test]
async fn a_page_that_migrates_tells_its_story_on_another_platform() {
    let mut site = Site::new("vendor", Platform::Cachet, Story::quiet(2));
    let trouble = Trouble::OtherPlatform(Platform::Statuspage);
    site.faults.push(Fault { from: time(FROM + 60), to: time(i64::from(u32::MAX)), trouble });
    let (internet, now) = start(vec![site.clone()]).await;
    let statuses = async || {
        let paths = ["/api/v1/status", "/api/v2/summary.json"].map(|path| format!("{}{path}", site.url()));
        (get(&internet, &paths[0]).await.status, get(&internet, &paths[1]).await.status)
    };
    assert_eq!(statuses().await, (200, 404));
    now.fetch_add(60, Ordering::Relaxed);
    assert_eq!(statuses().await, (404, 200));
    assert_eq!(site.platform(time(FROM + 60)), Platform::Statuspage);
}

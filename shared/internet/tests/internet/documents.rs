//! Hosts that are well: their documents, validators, encodings, and what is written down of the requests.

use std::io::Read as _;
use std::sync::atomic::Ordering;

use flate2::read::GzDecoder;
use statusphere_internet::{Internet, Platform, Site, Story, Validators, population};

use crate::support::{FROM, SEED, TO, get, send, site, start, time};

/// A path of each platform that tells its state.
fn state(platform: Platform) -> &'static str {
    match platform {
        Platform::Statuspage | Platform::IncidentIo => "/api/v2/summary.json",
        Platform::Instatus => "/summary.json",
        Platform::Cachet => "/api/v1/components",
        Platform::BetterStack => "/index.json",
        Platform::StatusCast => "/",
        Platform::Feed => "/feed.xml",
    }
}

#[tokio::test]
async fn each_platform_serves_its_documents_and_the_rules_for_robots() {
    let sites: Vec<_> = Platform::ALL.into_iter().map(site).collect();
    let (internet, _) = start(sites.clone()).await;
    for site in sites {
        for path in [state(site.platform), "/", "/robots.txt"] {
            let answer = get(&internet, &format!("{}{path}", site.url())).await;
            assert_eq!((answer.status, answer.stated_length()), (200, answer.body.len()), "{}{path}", site.url());
        }
        assert_eq!(get(&internet, &format!("{}/nothing-here", site.url())).await.status, 404);
        let robots = get(&internet, &format!("{}/robots.txt", site.url())).await;
        assert_eq!(robots.text(), "User-agent: *\nAllow: /\n");
    }
    assert_eq!(get(&internet, "http://nobody.example/").await.status, 502);
}

#[tokio::test]
async fn pages_share_a_host_by_their_paths() {
    let mut sites = Vec::new();
    for (name, path) in [("the-whole-host", ""), ("one", "/one"), ("one-more", "/one-more")] {
        let mut site = Site::new(name, Platform::Statuspage, Story::quiet(2));
        (site.host, site.path) = ("status.shared.example".to_owned(), path.to_owned());
        sites.push(site);
    }
    let (internet, _) = start(sites.clone()).await;
    for site in sites {
        let answer = get(&internet, &format!("{}/api/v2/summary.json", site.url())).await;
        assert!(answer.text().contains(&format!("\"name\":\"{}\"", site.slug)));
    }
    assert_eq!(get(&internet, "http://status.shared.example/robots.txt").await.status, 200);
    assert_eq!(get(&internet, "http://status.shared.example/two").await.status, 404);
}

/// The answer to a request with the validator of the answer before, a day later.
async fn again(validators: Validators, story: Story, header: &str, mark: &str) -> u16 {
    let mut site = Site::new("vendor", Platform::Statuspage, story);
    site.validators = validators;
    let (internet, now) = start(vec![site.clone()]).await;
    let url = format!("{}/api/v2/summary.json", site.url());
    let first = get(&internet, &url).await;
    let Some(value) = first.header(mark) else { return first.status };
    now.store(TO, Ordering::Relaxed);
    let answer = send(&internet, &url, &format!("{header}: {value}\r\n")).await.unwrap();
    assert!(answer.status == 200 || answer.body.is_empty());
    answer.status
}

#[tokio::test]
async fn a_document_is_unchanged_until_the_story_goes_on() {
    let eventful = || Story::random(SEED, time(FROM), time(TO));
    for (validators, header, mark) in
        [(Validators::ETag, "if-none-match", "etag"), (Validators::LastModified, "if-modified-since", "last-modified")]
    {
        assert_eq!(again(validators, Story::quiet(3), header, mark).await, 304, "{validators:?}");
        assert_eq!(again(validators, eventful(), header, mark).await, 200, "{validators:?}");
    }
    assert_eq!(again(Validators::Nothing, Story::quiet(3), "if-none-match", "etag").await, 200);
}

#[tokio::test]
async fn bodies_are_compressed_for_who_accepts_it() {
    let mut site = site(Platform::Statuspage);
    site.gzip = true;
    let (internet, _) = start(vec![site.clone()]).await;
    let url = format!("{}/api/v2/summary.json", site.url());
    let plain = get(&internet, &url).await;
    let packed = send(&internet, &url, "accept-encoding: gzip, br\r\n").await.unwrap();
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), (None, Some("gzip")));
    let mut unpacked = Vec::new();
    GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
}

#[tokio::test]
async fn every_request_is_written_down() {
    let site = site(Platform::Statuspage);
    let (internet, now) = start(vec![site.clone()]).await;
    let url = format!("{}/api/v2/summary.json", site.url());
    let etag = get(&internet, &url).await.header("etag").unwrap().to_owned();
    send(&internet, &url, &format!("if-none-match: {etag}\r\n")).await.unwrap();
    now.fetch_add(60, Ordering::Relaxed);
    get(&internet, &format!("{}/nothing-here?x=1", site.url())).await;
    let seen: Vec<_> = internet
        .requests(&site.host)
        .into_iter()
        .map(|seen| (seen.at.timestamp() - FROM, seen.path, seen.status, seen.conditional))
        .collect();
    let summary = "/api/v2/summary.json".to_owned();
    assert_eq!(
        seen,
        [(0, summary.clone(), 200, false), (0, summary, 304, true), (60, "/nothing-here?x=1".to_owned(), 404, false)]
    );
    let total = internet.total();
    assert_eq!((total.requests, total.documents, total.unchanged, total.failed, total.at_once), (3, 1, 1, 1, 1));
    internet.forget();
    assert_eq!((internet.requests(&site.host).len(), internet.total().requests), (0, 0));
}

/// The bodies of all sites at one moment.
async fn snapshot(internet: &Internet, sites: &[Site]) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    for some in sites.chunks(100) {
        let urls = some.iter().map(|site| format!("{}{}", site.url(), state(site.platform)));
        let asked: Vec<_> = urls.map(|url| async move { get(internet, &url).await.body }).collect();
        bodies.extend(futures_util::future::join_all(asked).await);
    }
    bodies
}

#[tokio::test]
async fn two_thousand_hosts_answer_and_the_same_seed_gives_the_same_internet() {
    let draw = |seed| {
        let mut sites = population(seed, 2_000, time(FROM), time(TO));
        for site in &mut sites {
            site.faults.clear();
        }
        sites
    };
    assert_eq!(population(SEED, 300, time(FROM), time(TO)), population(SEED, 300, time(FROM), time(TO)));
    assert_ne!(draw(SEED), draw(SEED + 1));
    let (first, second) = (start(draw(SEED)).await, start(draw(SEED)).await);
    for (_, now) in [&first, &second] {
        now.store(TO, Ordering::Relaxed);
    }
    let (one, other) = (snapshot(&first.0, &draw(SEED)).await, snapshot(&second.0, &draw(SEED)).await);
    assert!(one == other, "seed {SEED}");
    let total = first.0.total();
    assert_eq!((total.requests, total.documents, total.at_once), (2_000, 2_000, 1));
}

#[tokio::test]
async fn a_group_is_told_where_the_platform_has_groups() {
    let mut story = Story::quiet(3);
    let members = story.components[1..].iter().map(|(id, _)| id.clone()).collect();
    story.groups = vec![("Europe".to_owned(), members)];
    let site = |platform| Site::new("vendor", platform, story.clone());
    let groups =
        |platform| site(platform).at(time(FROM)).components.into_iter().map(|part| part.group).collect::<Vec<_>>();
    let europe = || Some("Europe".to_owned());
    assert_eq!(groups(Platform::Statuspage), [None, europe(), europe()]);
    assert_eq!(groups(Platform::Cachet), [None, None, None]);
    let (internet, _) = start(vec![site(Platform::Statuspage)]).await;
    let answer = get(&internet, &format!("{}/api/v2/summary.json", site(Platform::Statuspage).url())).await;
    let rows: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
    let rows = rows["components"].as_array().unwrap().iter();
    let rows: Vec<_> = rows.map(|row| (row["group"] == true, row["group_id"].as_str())).collect();
    let of = Some("group-Europe");
    assert_eq!(rows, [(false, None), (true, None), (false, of), (false, of)]);
}

//! Which pages share the host that their documents come from.
#![allow(clippy::unwrap_used, reason = "tests")]

use statusphere_catalogue::Catalogue;

/// The request hosts of pages, given as address, provider and key.
fn hosts(rows: &[(&str, &str, &str)]) -> Vec<String> {
    let lines =
        rows.iter().enumerate().map(|(n, (url, provider, key))| format!("page-{n:02},P,{url},{provider},{key}\n"));
    let csv = format!("slug,name,url,provider,key\n{}", lines.collect::<String>());
    Catalogue::parse(&csv).unwrap().iter().map(|entry| entry.request_host().into_owned()).collect()
}

#[test]
fn most_pages_are_asked_at_the_host_of_their_address() {
    let found = hosts(&[
        ("https://status.acme.example", "", ""),
        ("http://Status.Birch.example/a/b", "statuspage", ""),
        ("https://status.cedar.example:443/x", "", ""),
        ("https://status.dogwood.example./x", "nobody", "status.io/x"),
        ("https://notstatus.io", "", ""),
        ("https://[2001:db8::1]/x", "", ""),
    ]);
    let own = ["status.acme.example", "status.birch.example", "status.cedar.example", "status.dogwood.example"];
    assert_eq!(found, [&own[..], &["notstatus.io", "[2001:db8::1]"]].concat());
}

#[test]
fn pages_of_a_platform_with_one_host_share_that() {
    let found = hosts(&[
        ("https://status.acme.example", "statusio", "5d00c0ffee5d00c0ffee5d01"),
        ("https://birch.status.io", "", ""),
        ("https://velden.freshstatus.io", "", ""),
        ("https://status.cedar.example", "statuspal", "statuspal.eu/cedar"),
        ("https://dogwood.statuspal.eu", "", ""),
        ("https://status.elm.example", "statuspal", "elm"),
        ("https://fir.github.io/uptime", "upptime", ""),
    ]);
    let platforms = ["api.status.io", "api.status.io", "public-api.freshstatus.io", "statuspal.eu", "statuspal.eu"];
    assert_eq!(found, [&platforms[..], &["statuspal.io", "raw.githubusercontent.com"]].concat());
}

#[test]
fn a_key_may_lead_a_page_to_its_platforms_host() {
    let found = hosts(&[
        ("https://status.acme.example", "sorry", "4711"),
        ("https://status.birch.example", "sorry", ""),
        ("https://status.cedar.example", "uptimerobot", "stats.uptimerobot.com/Kf93mZqP1x"),
        ("https://status.dogwood.example", "uptimerobot", "Kf93mZqP1x"),
        ("https://stats.uptimerobot.com/Kf93mZqP2x", "", ""),
    ]);
    let platform = "stats.uptimerobot.com";
    assert_eq!(found, ["api.sorryapp.com", "status.birch.example", platform, "status.dogwood.example", platform]);
}

#[test]
fn a_hint_says_more_than_an_address() {
    assert_eq!(hosts(&[("https://acme.status.io", "statuspage", "")]), ["acme.status.io"]);
}

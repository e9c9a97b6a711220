//! Addresses that must never be opened, asked for directly and by redirect.

use statusphere_domain::FetchErrorKind;

use crate::server::{fetcher, serve};

/// Nothing of this is public, however it is spelt.
const INSIDE: &[&str] = &[
    // This machine, in every spelling that browsers and libraries understand.
    "http://127.0.0.1/",
    "http://127.0.0.1:80/",
    "https://127.0.0.1:443/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7F.0.0.1/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0177.0.0.0x1/",
    "http://127.0.0.1./",
    "http://127.0.0.1../",
    "http://127.1./",
    "http://2130706433.../",
    "http://127.255.255.254/",
    "http://127.8.8.8/",
    "http://%31%32%37.0.0.1/",
    "http://127%2e0%2e0%2e1/",
    "http://127。0。0。1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://１２７.０.０.１/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http:////127.0.0.1/",
    " http://127.0.0.1/ ",
    "ht\ntp://127.0.0.1/",
    "http://127.0.\t0.1/",
    "HTTP://127.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://localhost../",
    "https://localhost/",
    "http://loc%61lhost/",
    "http://ｌocalhost/",
    // Unspecified.
    "http://0/",
    "http://0.0.0.0/",
    "http://0x0/",
    "http://00000000/",
    "http://0.1.2.3/",
    "http://[::]/",
    // Private networks.
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://167772161/",
    "http://012.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://0xac100001/",
    "http://192.168.0.1/",
    "http://192.168.257/",
    "http://3232235521/",
    // Carrier-grade NAT and what clouds hide in it.
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://100.127.255.255/",
    // Link-local: metadata, credentials, the Lambda runtime.
    "http://169.254.169.254/latest/meta-data/iam/",
    "http://169.254.170.2/v2/credentials/",
    "http://169.254.100.1/2018-06-01/runtime/invocation/next",
    "http://169.254.0.1/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0xA9.0xFE.0xA9.0xFE/",
    "http://0251.0376.0251.0376/",
    "http://169.16689662/",
    "http://169.254.43518/",
    "http://168.63.129.16/",
    // Protocol assignments, documentation, benchmarking, relays.
    "http://192.0.0.1/",
    "http://192.0.0.192/",
    "http://192.0.2.1/",
    "http://198.51.100.7/",
    "http://203.0.113.255/",
    "http://198.18.0.1/",
    "http://198.19.255.255/",
    "http://192.88.99.1/",
    // Multicast, reserved, broadcast.
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://4294967295/",
    "http://0xffffffff/",
    // IPv6.
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
    "http://[::0.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[::7f00:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::FFFF:169.254.169.254]/",
    "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[64:ff9b::8.8.8.8]/",
    "http://[64:ff9b:1::10.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[2002:c0a8:1::1]/",
    "http://[2001::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[2001:0:0:0:0:0:80ff:fffe]/",
    "http://[2001:2::1]/",
    "http://[2001:10::1]/",
    "http://[2001:20::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
    "http://[5f00::1]/",
    "http://[fc00::1]/",
    "http://[fd00::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fdff:ffff::1]/",
    "http://[fe80::1]/",
    "http://[febf::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    "http://[4000::1]/",
];

/// The host may be public; the address is not to be opened all the same.
const UNFIT: &[&str] = &[
    "http://status.example:8080/",
    "http://status.example:22/",
    "http://status.example:0/",
    "https://status.example:8443/",
    "http://8.8.8.8:53/",
    "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
    "http://user@status.example/",
    "http://user:password@status.example/",
    "http://:password@status.example/",
    "http://status.example@127.0.0.1/",
    "http://status.example%40127.0.0.1/",
    "http://127.0.0.1#@status.example/",
    "http://127.0.0.1?@status.example/",
    "http://127.0.0.1\\@status.example/",
    "file:///etc/passwd",
    "ftp://status.example/",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stats",
    "data:text/html,calm",
    "javascript:alert(1)",
    "unix:/var/run/docker.sock",
    "ws://status.example/",
    "http://",
    "http://./",
    "http://../",
    "http://[::1",
    "http://[fe80::1%25eth0]/",
    "http://1.2.3.256/",
    "http://0x100000000/",
    "http://status.example:99999/",
    "http://a b/",
];

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

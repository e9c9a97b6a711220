//! Proof that nothing inside a network is ever connected to, by counting connections where every address of the world
//! is this machine: a network namespace whose loopback interface answers for all of them.
//!
//! Deliberately absent: what the refusals say, which the tests of the front door read.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use statusphere_domain::FetchErrorKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::resolver::Names;
use crate::vectors::{INSIDE, UNFIT};
use crate::web::Web;
use crate::{Answer, Config, Limits, Request};

/// The one address of the table that may be opened.
const PUBLIC: &str = "93.184.215.14";
/// Everything that an address of the list names, and some more.
const PORTS: &[u16] = &[22, 53, 80, 443, 6379, 8080, 8443, 9001, 11211];
const STATUSES: &[u16] = &[301, 302, 303, 307, 308];
/// Tells the process inside the namespace that it is.
const MARK: &str = "STATUSPHERE_IN_NAMESPACE";

/// Names that lead inside, all of their addresses or one of them.
const NAMES: &[(&str, &[&str])] = &[
    ("localhost", &["127.0.0.1", "::1"]),
    ("localhost.localdomain", &["127.0.0.1"]),
    ("ip6-localhost", &["::1"]),
    ("app.localhost", &["127.0.0.1"]),
    ("loopback.example", &["127.0.0.2"]),
    ("metadata.example", &["169.254.169.254"]),
    ("metadata6.example", &["fd00:ec2::254"]),
    ("wire.example", &["168.63.129.16"]),
    ("zero.example", &["0.0.0.0"]),
    ("zero6.example", &["::"]),
    ("ten.example", &["10.0.0.1"]),
    ("carrier.example", &["100.64.0.1"]),
    ("broadcast.example", &["255.255.255.255"]),
    ("multicast.example", &["224.0.0.1"]),
    ("mapped.example", &["::ffff:127.0.0.1"]),
    ("compatible.example", &["::127.0.0.1"]),
    ("nat64.example", &["64:ff9b::7f00:1"]),
    ("local-nat64.example", &["64:ff9b:1::7f00:1"]),
    ("6to4.example", &["2002:7f00:1::"]),
    ("teredo.example", &["2001:0:1::1"]),
    ("link.example", &["fe80::1"]),
    ("unique.example", &["fc00::1"]),
    ("mixed.example", &[PUBLIC, "10.0.0.7"]),
    ("mixed-first.example", &["10.0.0.7", PUBLIC]),
    ("mixed6.example", &[PUBLIC, "::1"]),
    ("xn--bcher-kva.example", &["192.168.0.1"]),
];

static LOOK_UPS: AtomicUsize = AtomicUsize::new(0);

fn table(name: &str) -> Vec<IpAddr> {
    let ips = match name {
        "public.example" => &[PUBLIC],
        // Public for whoever checks first, and inside for whoever asks again to connect.
        "rebinding.example" if LOOK_UPS.fetch_add(1, Ordering::SeqCst) == 0 => &[PUBLIC],
        "rebinding.example" => &["127.0.0.1"],
        _ => NAMES.iter().find(|(known, _)| *known == name).map_or(&[] as &[&str], |(_, ips)| *ips),
    };
    ips.iter().map(|ip| ip.parse().unwrap()).collect()
}

/// Where connections were opened to.
#[derive(Clone, Default)]
struct Opened(Arc<Mutex<Vec<SocketAddr>>>);

impl Opened {
    fn take(&self) -> Vec<SocketAddr> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    async fn listen(&self, port: u16) {
        let listener = TcpListener::bind(("::", port)).await.unwrap();
        let opened = self.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                opened.0.lock().unwrap().push(stream.local_addr().unwrap());
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer).await;
            }
        });
    }
}

/// An allowed host that redirects `/<status>/<number>` to that target.
async fn redirector(targets: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap_or(0);
            let path = String::from_utf8_lossy(&head[..read]).split(' ').nth(1).unwrap_or_default().to_owned();
            let mut parts = path.split('/').skip(1);
            let (status, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let target = number.parse::<usize>().ok().and_then(|number| targets.get(number));
            let answer = match target {
                Some(target) => format!("HTTP/1.1 {status} There\r\nlocation:{target}\r\n"),
                None => "HTTP/1.1 404 Not Found\r\n".to_owned(),
            };
            let _ =
                stream.write_all(format!("{answer}content-length: 0\r\nconnection: close\r\n\r\n").as_bytes()).await;
        }
    });
    address
}

fn web(allowed: &[&str]) -> Web {
    let config = Config {
        contact: "https://statusphere.example/about".to_owned(),
        limits: Limits { deadline: Duration::from_secs(5), ..Limits::default() },
        allowed_hosts: allowed.iter().map(ToString::to_string).collect(),
        proxy: None,
        clock: || "2031-05-04T10:00:00Z".parse().unwrap(),
    };
    Web::with_names(config, &Names::Table(table)).unwrap()
}

async fn kind(web: &Web, url: &str) -> Result<(), FetchErrorKind> {
    let answer = web.fetch(Request { url, validator: None, robots_known: true }).await;
    answer.map(|answer| assert!(matches!(answer, Answer::Document { .. }))).map_err(|error| error.kind)
}

/// Every vector, asked for directly and as the target of every kind of redirect; returns how many requests that was.
async fn all_are_refused() -> usize {
    let names = NAMES.iter().flat_map(|(name, _)| [format!("http://{name}/"), format!("https://{name}./x.json")]);
    let vectors: Vec<String> = INSIDE.iter().chain(UNFIT).map(ToString::to_string).chain(names).collect();
    assert!(vectors.len() >= 100);
    let strangers = web(&[]);
    for url in &vectors {
        assert_eq!(kind(&strangers, url).await, Err(FetchErrorKind::Denied), "{url}");
    }
    let mut targets = Vec::new();
    for vector in &vectors {
        let vector = vector.replace(['\n', '\t'], "");
        // After a scheme that is the same these are paths of the host itself.
        if vector.starts_with("http:127") || vector.starts_with("http:/127") {
            continue;
        }
        targets.push(format!(" \t {vector} \t "));
        if let Some((_, rest)) = vector.split_once("://").filter(|(scheme, _)| scheme.eq_ignore_ascii_case("http")) {
            targets.push(format!("//{rest}"));
        }
        targets.push(vector);
    }
    let address = redirector(targets.clone()).await;
    let allowed = web(&[&address]);
    for (number, target) in targets.iter().enumerate() {
        for status in STATUSES {
            let kind = kind(&allowed, &format!("http://{address}/{status}/{number}")).await;
            assert_eq!(kind, Err(FetchErrorKind::Denied), "{status} {target:?}");
        }
    }
    vectors.len() + targets.len() * STATUSES.len()
}

#[tokio::test]
async fn a_name_that_does_not_resolve_counts_against_its_host_and_one_that_leads_inside_does_not() {
    let web = web(&[]);
    for name in ["nothing.example", "ten.example"] {
        for _ in 0..2 {
            assert!(kind(&web, &format!("http://{name}/")).await.is_err());
        }
    }
    assert_eq!((web.hosts.breaker("nothing.example").failures, web.hosts.breaker("ten.example").failures), (2, 0));
}

#[tokio::test]
async fn every_vector_is_refused_also_as_the_target_of_every_kind_of_redirect() {
    assert!(all_are_refused().await >= 1000);
}

#[test]
fn no_connection_is_opened_to_anything_inside() {
    if std::env::var_os(MARK).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(count_connections());
    }
    let here = Command::new("unshare").args(["-rn", "ip", "link", "set", "lo", "up"]).output();
    if !here.is_ok_and(|tried| tried.status.success()) {
        // Past the test harness, which would swallow it: a proof that was not made must be seen.
        let _ = writeln!(std::io::stderr(), "SKIPPED, no network namespace here: connections inside were not counted");
        return;
    }
    let inside = Command::new("unshare")
        .arg("-rn")
        .arg(std::env::current_exe().unwrap())
        .args(["inside::no_connection_is_opened_to_anything_inside", "--exact", "--nocapture"])
        .env(MARK, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&inside.stdout) + String::from_utf8_lossy(&inside.stderr);
    assert!(inside.status.success() && said.contains("1 passed"), "{said}");
}

/// Run where nothing but the loopback interface exists.
async fn count_connections() {
    for command in ["link set lo up", "route add local 0.0.0.0/0 dev lo", "-6 route add local ::/0 dev lo"] {
        assert!(Command::new("ip").args(command.split(' ')).status().unwrap().success(), "{command}");
    }
    let opened = Opened::default();
    for port in PORTS {
        opened.listen(*port).await;
    }
    for inner in ["127.0.0.1:80", "169.254.169.254:80", "10.0.0.7:443", "[fd00:ec2::254]:80", "[64:ff9b::7f00:1]:80"] {
        TcpStream::connect(inner).await.unwrap();
    }
    while opened.0.lock().unwrap().len() < 5 {
        tokio::task::yield_now().await;
    }
    opened.take();

    all_are_refused().await;
    tokio::task::yield_now().await;
    assert_eq!(opened.take(), [], "nothing was opened");

    // What is public is opened, so that the listeners would have seen the others.
    let web = web(&[]);
    assert_eq!(kind(&web, "http://public.example/").await, Ok(()));
    // The name is looked up once for the one connection, and refused when it is looked up again.
    assert_eq!(kind(&web, "http://rebinding.example/").await, Ok(()));
    assert_eq!(LOOK_UPS.load(Ordering::SeqCst), 1);
    assert_eq!(kind(&web, "http://rebinding.example/").await, Err(FetchErrorKind::Denied));
    let to: Vec<_> = opened.take().iter().map(|address| address.ip().to_canonical().to_string()).collect();
    assert_eq!(to, [PUBLIC, PUBLIC]);
}

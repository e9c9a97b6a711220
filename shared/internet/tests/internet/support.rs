//! A clock that tests set, and a client that hides nothing.
//!
//! Deliberately absent: anything that mends an answer.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use statusphere_internet::{Clock, Internet, Platform, Site, Story};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(crate) const SEED: u64 = 20_310_514;
pub(crate) const FROM: i64 = 1_900_000_020;
pub(crate) const TO: i64 = FROM + 2 * 24 * 3600;

pub(crate) fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

pub(crate) fn story() -> Story {
    Story::random(SEED, time(FROM), time(TO))
}

pub(crate) fn site(platform: Platform) -> Site {
    Site::new(platform.provider(), platform, story())
}

/// The internet, and the seconds that its clock shows.
pub(crate) async fn start(sites: Vec<Site>) -> (Internet, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(FROM));
    let shown = Arc::clone(&now);
    let clock: Clock = Arc::new(move || time(shown.load(Ordering::Relaxed)));
    (Internet::start(sites, clock).await.unwrap(), now)
}

/// All that came until the connection ended.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn stated_length(&self) -> usize {
        self.header("content-length").unwrap().parse().unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

pub(crate) async fn connect(internet: &Internet) -> TcpStream {
    TcpStream::connect(internet.proxy().strip_prefix("http://").unwrap()).await.unwrap()
}

/// A GET with these header lines, each with its end.
pub(crate) async fn send(internet: &Internet, url: &str, headers: &str) -> io::Result<Answer> {
    let mut stream = connect(internet).await;
    let request = format!("GET {url} HTTP/1.1\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok(Answer { status, head, body: bytes.split_off(end + 4) })
}

pub(crate) async fn get(internet: &Internet, url: &str) -> Answer {
    send(internet, url, "").await.unwrap()
}

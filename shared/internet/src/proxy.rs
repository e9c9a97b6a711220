//! The listener that plays every host: an HTTP proxy on loopback.
//!
//! Deliberately absent: what is answered. A server library would mend what has to be broken here, so that the bytes are
//! written by hand.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::log::{Log, Seen};
use crate::reply::{Reply, Request, Then, reply, tunnel};
use crate::shelf::Shelf;
use crate::{Clock, Site};

/// Beyond so many connections each is closed after its answer: tests are left few file descriptors.
const KEPT_OPEN: usize = 256;
const LONGEST_HEAD: usize = 16 * 1024;

/// All hosts.
pub(crate) struct Hosts {
    /// Of one host the longest paths first.
    sites: HashMap<String, Vec<Site>>,
    clock: Clock,
    pub log: Log,
    shelf: Shelf,
    open: AtomicUsize,
}

impl Hosts {
    pub(crate) fn new(sites: Vec<Site>, clock: Clock) -> Self {
        let mut by_host: HashMap<String, Vec<Site>> = HashMap::new();
        for site in sites {
            by_host.entry(site.host.clone()).or_default().push(site);
        }
        for sites in by_host.values_mut() {
            sites.sort_by_key(|site| std::cmp::Reverse(site.path.len()));
        }
        Self { sites: by_host, clock, log: Log::default(), shelf: Shelf::default(), open: AtomicUsize::new(0) }
    }

    /// The page that an address belongs to; the host's `robots.txt` belongs to any of its pages.
    fn site(&self, host: &str, path: &str) -> Option<&Site> {
        let sites = self.sites.get(host)?;
        let below = |site: &&Site| {
            path.strip_prefix(&site.path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        };
        sites.iter().find(below).or_else(|| sites.first().filter(|_| path == "/robots.txt"))
    }

    fn answer(&self, now: DateTime<Utc>, method: &str, request: &Request) -> Reply {
        if method == "CONNECT" {
            return tunnel(self.sites.get(&request.host).and_then(|sites| sites.first()), now);
        }
        match self.site(&request.host, &request.path) {
            Some(site) => reply(&self.shelf, site, now, request),
            None if self.sites.contains_key(&request.host) => Reply::plain(404, ""),
            None => Reply::plain(502, ""),
        }
    }
}

/// Serves until it is dropped; then all connections end.
pub(crate) async fn serve(listener: TcpListener, hosts: Arc<Hosts>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        while connections.try_join_next().is_some() {}
        let hosts = Arc::clone(&hosts);
        connections.spawn(async move {
            hosts.open.fetch_add(1, Ordering::Relaxed);
            // A connection that breaks is the client's affair.
            let _ = converse(stream, &hosts).await;
            hosts.open.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

async fn converse(mut stream: TcpStream, hosts: &Hosts) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(1024);
    while let Some((method, request)) = next(&mut stream, &mut buffer).await? {
        let now = (hosts.clock)();
        let mut reply = hosts.answer(now, &method, &request);
        let path = if method == "CONNECT" { method } else { request.path.clone() };
        let seen = Seen { at: now, path, status: reply.status, conditional: request.is_conditional() };
        let in_progress = hosts.log.begin(&request.host, seen);
        if !reply.wait.is_zero() {
            tokio::time::sleep(reply.wait).await;
        }
        let crowded = hosts.open.load(Ordering::Relaxed) > KEPT_OPEN;
        if reply.then == Then::GoOn && (request.is_last || crowded) {
            closing(&mut reply);
        }
        stream.write_all(&reply.bytes).await?;
        match reply.then {
            Then::GoOn => drop(in_progress),
            Then::Close => return stream.shutdown().await,
            Then::Reset => return stream.set_zero_linger(),
            Then::Hang => while stream.read(&mut [0; 512]).await? > 0 {},
            Then::NoTls => {
                let _ = stream.read(&mut [0; 4096]).await?;
                stream.write_all(b"SSH-2.0-this is no TLS\r\n").await?;
                return stream.shutdown().await;
            }
        }
    }
    Ok(())
}

fn closing(reply: &mut Reply) {
    if let Some(end) = reply.bytes.windows(2).position(|pair| pair == b"\r\n") {
        let _ = reply.bytes.splice(end..end, *b"\r\nconnection: close");
        reply.then = Then::Close;
    }
}

/// The next request of a connection; `None` at its end. What is no request ends it as well.
async fn next(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<(String, Request)>> {
    loop {
        if let Some((length, method, request)) = parsed(buffer)? {
            buffer.drain(..length);
            return Ok(Some((method, request)));
        }
        if buffer.len() > LONGEST_HEAD || stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// A whole head at the start of a buffer, and its length.
fn parsed(buffer: &[u8]) -> io::Result<Option<(usize, String, Request)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let status = head.parse(buffer).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    let httparse::Status::Complete(length) = status else { return Ok(None) };
    let header = |name: &str| {
        let found = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.map(|header| String::from_utf8_lossy(header.value).into_owned())
    };
    let method = head.method.unwrap_or_default().to_owned();
    let address = head.path.unwrap_or_default();
    let (authority, path) = match address.strip_prefix("http://") {
        Some(rest) => rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())),
        None => (address, ""),
    };
    let host = authority.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let request = Request {
        host,
        path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
        if_none_match: header("if-none-match"),
        if_modified_since: header("if-modified-since"),
        accepts_gzip: header("accept-encoding").is_some_and(|names| names.contains("gzip")),
        is_last: header("connection").is_some_and(|word| word.eq_ignore_ascii_case("close")),
    };
    Ok(Some((length, method, request)))
}

//! Serves one page at a time on the loopback, has a child read it, and ends the child when it takes too much.
//!
//! Deliberately absent: faults of the network.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::child;
use crate::corpus::{Case, Route};

/// As the scraper's: for everything that one page needs.
const DEADLINE: Duration = Duration::from_secs(50);
/// A child that takes more is ended, for the sake of the machine.
const MEMORY: u64 = 1 << 30;

/// What came of a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ended {
    pub(crate) documents: usize,
    pub(crate) bytes: u64,
    pub(crate) cpu: Duration,
    pub(crate) memory: u64,
    pub(crate) outcome: String,
    /// Why the child did not come to its end.
    pub(crate) why: Option<String>,
}

impl Ended {
    /// Nanoseconds.
    pub(crate) fn cost_per_byte(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e9 / self.bytes.max(1) as f64
    }
}

pub(crate) struct Server {
    port: u16,
    routes: Arc<Mutex<Vec<Route>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let routes = Arc::new(Mutex::new(Vec::new()));
        let served = Arc::clone(&routes);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A child that was ended no longer listens.
                let _ = answer(stream, &served);
            }
        });
        Self { port, routes }
    }

    /// Has a page of this size read.
    pub(crate) fn run(&self, case: &Case, size: usize) -> Ended {
        *self.routes.lock().unwrap() = (case.routes)(size);
        let (provider, key) = case.hint.clone().unwrap_or_default();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([child::ARGUMENT, &self.port.to_string(), &case.url, &provider, &key])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let why = supervise(&mut child);
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        let mut fields = said.trim().splitn(5, ' ');
        let mut number = || fields.next().and_then(|field| field.parse::<u64>().ok());
        let numbers = [number(), number(), number(), number()];
        let [Some(documents), Some(bytes), Some(cpu), Some(memory)] = numbers else {
            return Ended { why: Some(why.unwrap_or_else(|| "BROKE DOWN".to_owned())), ..Ended::default() };
        };
        let outcome = fields.next().unwrap_or_default().to_owned();
        let documents = usize::try_from(documents).unwrap();
        Ended { documents, bytes, cpu: Duration::from_nanos(cpu), memory, outcome, why }
    }
}

/// Waits for the child; says why it had to be ended.
fn supervise(child: &mut Child) -> Option<String> {
    let started = Instant::now();
    let why = loop {
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        if started.elapsed() > DEADLINE {
            break "BEYOND THE DEADLINE";
        }
        // Pages of 4 KiB, the second field.
        let memory = fs::read_to_string(format!("/proc/{}/statm", child.id())).unwrap_or_default();
        let pages = memory.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0);
        if pages * 4096 > MEMORY {
            break "BEYOND 1 GIB";
        }
        thread::sleep(Duration::from_millis(5));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    Some(why.to_owned())
}

fn answer(mut stream: TcpStream, routes: &Mutex<Vec<Route>>) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut chunk = [0; 4096];
    while !head.ends_with(b"\r\n\r\n") {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        head.extend_from_slice(&chunk[..read]);
    }
    let head = String::from_utf8_lossy(&head);
    let asked = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    let route =
        routes.lock().unwrap().iter().find(|route| route.url.as_deref().is_none_or(|url| url == asked)).cloned();
    let (status, kind, body) = match &route {
        Some(route) => ("200 OK", route.kind, &route.body[..]),
        None => ("404 Not Found", "text/plain", &b"nothing here"[..]),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    )?;
    stream.write_all(body)
}

//! A server that is as rude as a test wants it to be, and fetchers that may ask it.

use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use statusphere_fetch::{Config, Fetcher, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request's head and the connection to answer on.
pub(crate) struct Visit {
    /// Request line and headers, lower case.
    pub(crate) head: String,
    stream: TcpStream,
}

impl Visit {
    /// Writes bytes; false when nobody listens any more.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok()
    }

    /// Answers in full: a status with further header lines, and a body.
    pub(crate) async fn answer(&mut self, status_and_headers: &str, body: impl AsRef<[u8]>) {
        let body = body.as_ref();
        let length = body.len();
        self.write(format!("HTTP/1.1 {status_and_headers}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"))
            .await;
        self.write(body).await;
    }

    /// The path and query that were asked for.
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    /// Keeps the connection open and says nothing until the other side gives up.
    pub(crate) async fn hang(mut self) {
        while self.stream.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
    }
}

/// Serves on a random port, each connection in its own task; returns `127.0.0.1:port`. There is no robots.txt.
pub(crate) async fn serve<F, Answered>(answer: F) -> String
where
    F: Fn(Visit) -> Answered + Clone + Send + 'static,
    Answered: Future<Output = ()> + Send + 'static,
{
    serve_all(move |mut visit: Visit| {
        let answer = answer.clone();
        async move {
            match visit.path() {
                "/robots.txt" => visit.answer("404 Not Found", "").await,
                _ => answer(visit).await,
            }
        }
    })
    .await
}

/// Serves robots.txt like everything else.
pub(crate) async fn serve_all<F, Answered>(answer: F) -> String
where
    F: Fn(Visit) -> Answered + Clone + Send + 'static,
    Answered: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => head.push(byte),
                        Err(_) => return,
                    }
                }
                answer(Visit { head: String::from_utf8_lossy(&head).to_ascii_lowercase(), stream }).await;
            });
        }
    });
    address
}

/// The configuration of most tests: these hosts are allowed, and time is short.
pub(crate) fn config(allowed: &[&str]) -> Config {
    Config {
        contact: "https://statusphere.example/about".to_owned(),
        limits: Limits { deadline: Duration::from_secs(5), max_bytes: 100_000, max_redirects: 5 },
        allowed_hosts: allowed.iter().map(ToString::to_string).collect(),
        proxy: None,
        clock: now,
    }
}

/// A fetcher with that configuration.
pub(crate) fn fetcher(allowed: &[&str]) -> Fetcher {
    Fetcher::web(config(allowed)).unwrap()
}

/// A fetcher that gives up soon.
pub(crate) fn impatient(allowed: &[&str]) -> Fetcher {
    let mut config = config(allowed);
    config.limits.deadline = Duration::from_millis(500);
    Fetcher::web(config).unwrap()
}

thread_local! {
    static NOW: Cell<DateTime<Utc>> = Cell::new("2031-05-04T10:00:00Z".parse().unwrap());
}

/// The time of this test.
pub(crate) fn now() -> DateTime<Utc> {
    NOW.get()
}

/// Lets time pass in this test.
pub(crate) fn pass(time: TimeDelta) {
    NOW.set(NOW.get() + time);
}

/// What a host was asked for, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// Writes a visit down.
    pub(crate) fn note(&self, visit: &Visit) {
        self.0.lock().unwrap().push(visit.path().to_owned());
    }

    /// The paths since this was last called.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

//! One client: a connection that is kept, and one question after the other, each as soon as the last is answered.
//!
//! Deliberately absent: going on after a mistake. The first is one too many.

use std::collections::HashMap;
use std::io::Read as _;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use fastrand::Rng;
use flate2::read::GzDecoder;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::de::IgnoredAny;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::mix::Mix;

/// Time after which an answer counts as missing.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Client {
    address: SocketAddr,
    mix: Rc<Mix>,
    rng: Rng,
    /// What paths were tagged with last.
    tags: HashMap<String, HeaderValue>,
    log: Log,
}

/// What a client saw.
#[derive(Default)]
pub(crate) struct Log {
    /// Which question, and the microseconds until its answer was there.
    pub(crate) answers: Vec<(usize, u32)>,
    /// Of bodies, as they were sent.
    pub(crate) bytes: u64,
    /// Answers without a body, since the client has it.
    pub(crate) unchanged: u64,
    /// What went wrong, and with it the client's end.
    pub(crate) error: Option<String>,
}

type Failure = Box<dyn std::error::Error>;

impl Client {
    pub(crate) fn new(address: SocketAddr, mix: Rc<Mix>, seed: u64) -> Self {
        Self { address, mix, rng: Rng::with_seed(seed), tags: HashMap::new(), log: Log::default() }
    }

    pub(crate) async fn ask_until(mut self, end: Instant) -> Log {
        match self.connect().await {
            Err(failure) => self.log.error = Some(format!("no connection: {failure}")),
            Ok(mut connection) => {
                while Instant::now() < end && self.log.error.is_none() {
                    let (question, path) = self.mix.draw(&mut self.rng);
                    let asked = timeout(PATIENCE, self.ask(&mut connection, question, &path)).await;
                    if let Err(failure) = asked.unwrap_or_else(|_| Err("no answer".into())) {
                        self.log.error = Some(format!("{path}: {failure}"));
                    }
                }
            }
        }
        self.log
    }

    async fn connect(&self) -> Result<SendRequest<Empty<Bytes>>, Failure> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::task::spawn_local(connection);
        Ok(sender)
    }

    async fn ask(
        &mut self,
        connection: &mut SendRequest<Empty<Bytes>>,
        question: usize,
        path: &str,
    ) -> Result<(), Failure> {
        let mut request = Request::get(path).header(HOST, "localhost");
        if self.rng.bool() {
            request = request.header(ACCEPT_ENCODING, "gzip");
        }
        let tag = self.tags.get(path).filter(|_| self.rng.bool());
        if let Some(tag) = tag {
            request = request.header(IF_NONE_MATCH, tag);
        }
        let may_be_unchanged = tag.is_some();
        let request = request.body(Empty::new())?;

        let start = Instant::now();
        connection.ready().await?;
        let (head, body) = connection.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        let took = start.elapsed();

        match head.status {
            StatusCode::OK => read(&head.headers, &body)?,
            StatusCode::NOT_MODIFIED if may_be_unchanged && body.is_empty() => self.log.unchanged += 1,
            status => return Err(format!("{status} {}", String::from_utf8_lossy(&body)).into()),
        }
        if let Some(tag) = head.headers.get(ETAG) {
            self.tags.insert(path.to_owned(), tag.clone());
        }
        self.log.bytes += body.len() as u64;
        self.log.answers.push((question, u32::try_from(took.as_micros())?));
        Ok(())
    }
}

/// An answer must be what it says it is, to its end.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<(), Failure> {
    let mut unpacked = Vec::new();
    let body = match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None => body,
        Some(b"gzip") => {
            GzDecoder::new(body).read_to_end(&mut unpacked)?;
            &unpacked
        }
        Some(other) => return Err(format!("nobody asked for {}", String::from_utf8_lossy(other)).into()),
    };
    let kind = headers.get(CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap_or_default());
    let end: &[u8] = match kind.split(';').next() {
        Some("application/json") => return Ok(serde_json::from_slice::<IgnoredAny>(body).map(|_| ())?),
        Some("application/xml") => b"</urlset>",
        Some("text/html") => b"</html>",
        _ => return Err(format!("{} bytes of `{kind}`", body.len()).into()),
    };
    if body.trim_ascii_end().ends_with(end) { Ok(()) } else { Err(format!("{} bytes of `{kind}`", body.len()).into()) }
}

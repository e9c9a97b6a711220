//! Gives a body to the answers that the HTTP library makes by itself to what it cannot parse.
//!
//! API Gateway does the same: a client that speaks nonsense still reads `{"error": ...}`. The library offers no hook for
//! it, so its bare answer is recognised on its way out.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection whose bare 4xx answers get a body.
pub(crate) struct Unparsed {
    connection: TcpStream,
    unsent: Vec<u8>,
}

impl Unparsed {
    pub(crate) fn new(connection: TcpStream) -> Self {
        Self { connection, unsent: Vec::new() }
    }

    fn poll_unsent(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.unsent.is_empty() {
            let sent = ready!(Pin::new(&mut self.connection).poll_write(cx, &self.unsent))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unsent.drain(..sent);
        }
        Poll::Ready(Ok(()))
    }
}

/// The answer with a body, when it is one of the library's own. The functions never answer 4xx without a body.
fn spoken(head: &[u8]) -> Option<Vec<u8>> {
    let head = std::str::from_utf8(head).ok()?;
    let status = head.strip_prefix("HTTP/1.1 4").or_else(|| head.strip_prefix("HTTP/1.0 4"))?;
    if !head.ends_with("\r\n\r\n") || !head.contains("\r\ncontent-length: 0\r\n") {
        return None;
    }
    let why = match status.get(..2)? {
        "14" => "the address is too long",
        "31" => "the headers are too large",
        _ => "the request is not valid HTTP",
    };
    let body = format!(r#"{{"error":"{why}"}}"#);
    let length = format!("\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
    Some(format!("{}{body}", head.replacen("\r\ncontent-length: 0\r\n", &length, 1)).into_bytes())
}

impl AsyncRead for Unparsed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_read(cx, buf)
    }
}

impl AsyncWrite for Unparsed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_unsent(cx))?;
        match spoken(buf) {
            Some(answer) => {
                self.unsent = answer;
                Poll::Ready(Ok(buf.len()))
            }
            None => Pin::new(&mut self.connection).poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_unsent(cx))?;
        Pin::new(&mut self.connection).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_unsent(cx))?;
        Pin::new(&mut self.connection).poll_shutdown(cx)
    }
}

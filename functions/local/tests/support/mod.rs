//! What the tests of the running system share: a stack on a free port and a plain HTTP client.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "not every test uses all; a test ends where something is not as it must be"
)]

pub(crate) mod program;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

/// The recordings of this crate's own tests.
pub(crate) fn own_recordings() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings")
}

/// Sends raw bytes and answers with everything that comes back.
pub(crate) fn raw(address: SocketAddr, request: &[u8]) -> String {
    String::from_utf8_lossy(&raw_bytes(address, request)).into_owned()
}

/// The same, byte for byte.
pub(crate) fn raw_bytes(address: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    connection.write_all(request).unwrap();
    let mut answer = Vec::new();
    // A server that closes with unread bytes resets the connection after its answer.
    let _ = connection.read_to_end(&mut answer);
    answer
}

/// The status and body of a GET below `/api/v1`.
pub(crate) fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let request = format!("GET /api/v1/{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let answer = raw(address, request.as_bytes());
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {path}: `{answer}`"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// The JSON of a GET that must succeed.
pub(crate) fn json(address: SocketAddr, path: &str) -> Value {
    let (status, body) = get(address, path);
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap_or_else(|error| panic!("{path}: {error}: {body}"))
}

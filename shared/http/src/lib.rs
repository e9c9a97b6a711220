//! HTTP behind API Gateway, as the functions that answer requests speak it: the gateway's event becomes a request, an answer
//! becomes what the gateway wants.
//!
//! Deliberately absent: what is asked for and what is answered; routes; JSON.

mod answer;
mod delivery;
mod gateway;
mod query;

use lambda_http::{
    Request,
    http::{HeaderName, header},
};

pub use answer::{Answer, METHODS, MaxAge};
pub use delivery::deliver;
pub use gateway::{Event, LONGEST_QUERY, Reply, RequestId};
pub use query::{NotRead, Query};

/// Where people reach a deployment: what its owner said, else the caller's own words, of which whatever is no host name is not
/// repeated. An address without a slash at its end.
pub fn base(public_url: Option<&str>, request: &Request) -> String {
    if let Some(url) = public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let scheme = match header(HeaderName::from_static("x-forwarded-proto")) {
        Some("http") => "http",
        _ => "https",
    };
    let is_host = |host: &&str| {
        !host.is_empty()
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'-' | b'[' | b']'))
    };
    let host = header(header::HOST).or_else(|| request.uri().host()).filter(is_host).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

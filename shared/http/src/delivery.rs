//! How an answer is brought to whoever asked: compressed, not at all if it is there already, without its body for HEAD, and
//! with the headers that all answers have.
//!
//! Deliberately absent: ranges, since what is long has a cursor; what an answer says and how long it may be kept.

mod coding;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use lambda_http::{
    Body, Request, Response,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{self, HeaderName},
    },
};
use sha2::{Digest as _, Sha256};

use crate::{Answer, RequestId};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What a web page may read besides the few that it always may; `template.yaml` says the same.
const EXPOSED: HeaderValue = HeaderValue::from_static("etag, x-request-id, retry-after");
/// Bytes of a body's hash in its tag.
const HASH: usize = 16;

/// The response to this request.
///
/// HEAD gets the headers of GET, how the body would be compressed among them: RFC 9110 (9.3.2) wants the same ones, and then
/// one way leads to both. `content-length` is the server's, which leaves it out rather than have it wrong.
pub fn deliver(answer: Answer, request: &Request) -> Response<Body> {
    let mut response = respond(answer, request.headers());
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    // Vendors' and callers' words stand in answers: no browser shall take them for a page.
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(id) = request.extensions().get::<RequestId>() {
        headers.insert(X_REQUEST_ID, id.header());
    }
    if request.method() == Method::HEAD {
        *response.body_mut() = Body::Empty;
    }
    response
}

/// The response to a GET with these headers.
fn respond(answer: Answer, asked: &HeaderMap) -> Response<Body> {
    let Answer { status, body, headers } = answer;
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = status;
    for (name, value) in headers {
        response.headers_mut().append(name, value);
    }
    if body.is_empty() {
        return response;
    }
    vary(response.headers_mut());
    if status == StatusCode::OK
        && let Ok(tag) = HeaderValue::try_from(tag(&body))
    {
        let is_known = is_known(asked, &tag);
        response.headers_mut().insert(header::ETAG, tag);
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(header::CONTENT_TYPE);
            return response;
        }
    }
    let coded = coding::choose(asked, body.len()).and_then(|coding| Some((coding, coding.compress(&body)?)));
    *response.body_mut() = match coded {
        Some((coding, compressed)) => {
            response.headers_mut().insert(header::CONTENT_ENCODING, coding.name());
            Body::Binary(compressed)
        }
        None => Body::Text(body),
    };
    response
}

/// One `Vary`, the answer's own words first: the gateway takes each header once. It stands on short bodies too, as the next
/// one from the same address may be long.
fn vary(headers: &mut HeaderMap) {
    let mut all: Vec<&[u8]> = headers.get_all(header::VARY).iter().map(HeaderValue::as_bytes).collect();
    all.push(b"accept-encoding");
    if let Ok(joined) = HeaderValue::from_bytes(&all.join(&b", "[..])) {
        headers.insert(header::VARY, joined);
    }
}

/// Weak, since one text travels as different bytes.
fn tag(body: &str) -> String {
    format!("W/\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(body)[..HASH]))
}

/// Whether the caller has this text already. Our tags have no comma, so a foreign one that has some is taken apart
/// without harm.
fn is_known(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    fn opaque(tag: &[u8]) -> &[u8] {
        tag.strip_prefix(b"W/").unwrap_or(tag)
    }
    asked.get_all(header::IF_NONE_MATCH).iter().map(|value| value.as_bytes().trim_ascii()).any(|value| {
        value == b"*" || value.split(|byte| *byte == b',').any(|one| opaque(one.trim_ascii()) == opaque(tag.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vary_keeps_what_the_answer_says() {
        let headers = [(header::VARY, "accept"), (header::VARY, "host"), (header::CONTENT_TYPE, "text/plain")];
        let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
        let answer = Answer { status: StatusCode::OK, body: "text".to_owned(), headers: headers.to_vec() };
        let response = respond(answer, &HeaderMap::new());
        let vary: Vec<_> = response.headers().get_all(header::VARY).iter().collect();
        assert_eq!(vary, ["accept, host, accept-encoding"]);
    }
}

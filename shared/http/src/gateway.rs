//! API Gateway's event (payload format 2.0) and answer, as far as functions need them.
//!
//! `lambda_http` has its own conversion, but that one panics on a `Host` or a query string that is no part of an
//! address, and a panic is a 5xx. This one has no such input: what is not understood is escaped or left out.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lambda_http::{
    Body, Request, RequestExt as _, Response,
    http::{HeaderName, HeaderValue, Method, Uri},
};
use serde::{Deserialize, Serialize};

/// Bytes of a query string, escaped; a longer one arrives cut just beyond, and is refused. API Gateway allows 10 KB for the
/// whole head of a request.
pub const LONGEST_QUERY: usize = 32_000;
/// Bytes of a request's id, at most. The gateway's own have 16.
const LONGEST_ID: usize = 128;

/// One request as the gateway describes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    #[serde(default)]
    raw_path: String,
    #[serde(default)]
    raw_query_string: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    request_context: Context,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    http: Http,
    #[serde(default)]
    request_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Http {
    method: String,
}

/// What the gateway calls a request, an extension of [`Request`]; the gateway's access log has it too. Never what the
/// caller calls it.
#[derive(Debug, Clone)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// `None` for what can be no header.
    fn new(id: &str) -> Option<Self> {
        let is_one = !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(|byte| byte.is_ascii_graphic());
        if is_one { HeaderValue::try_from(id).ok().map(Self) } else { None }
    }

    /// Visible ASCII.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl From<Event> for Request {
    fn from(event: Event) -> Self {
        let query = escaped(&event.raw_query_string);
        let mut request = Self::new(Body::Empty);
        *request.uri_mut() = Uri::try_from(format!("/?{query}")).unwrap_or_default();
        // A method that is no token is refused like any other that is not known.
        *request.method_mut() =
            Method::from_bytes(event.request_context.http.method.as_bytes()).unwrap_or(Method::TRACE);
        for (name, value) in event.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                request.headers_mut().insert(name, value);
            }
        }
        if let Some(id) = event.request_context.request_id.as_deref().and_then(RequestId::new) {
            request.extensions_mut().insert(id);
        }
        let path = if event.raw_path.is_empty() { "/".to_owned() } else { event.raw_path };
        request.with_raw_http_path(path)
    }
}

/// The query string with everything percent-encoded that may not stand in an address.
fn escaped(query: &str) -> String {
    let mut escaped = String::with_capacity(query.len().min(LONGEST_QUERY));
    for byte in query.bytes() {
        if escaped.len() > LONGEST_QUERY {
            break;
        }
        match byte {
            b'!' | b'$'..=b';' | b'=' | b'?'..=b'~' => escaped.push(char::from(byte)),
            _ => escaped.extend(form_urlencoded::byte_serialize(&[byte])),
        }
    }
    escaped
}

/// One answer as the gateway wants it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    status_code: u16,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    is_base64_encoded: bool,
}

impl From<Response<Body>> for Reply {
    fn from(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let (body, is_base64_encoded) = match body {
            Body::Text(text) => (Some(text), false),
            Body::Binary(bytes) => (Some(BASE64_STANDARD.encode(bytes)), true),
            _ => (None, false),
        };
        Self {
            status_code: parts.status.as_u16(),
            headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body,
            is_base64_encoded,
        }
    }
}

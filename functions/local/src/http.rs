//! The HTTP server: turns requests into API Gateway's JSON (payload 2.0), calls the Lambda entry of `api` or `web` with it, and
//! turns its answer back.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, Uri};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use statusphere_api::Api;
use statusphere_catalogue::Catalogue;
use statusphere_http::Event;
use statusphere_web::Web;
use tokio::net::TcpListener;

use crate::unparsed::Unparsed;

/// A request's body, at most; API Gateway takes 10 MB, no endpoint here takes any.
const LARGEST_BODY: usize = 1024 * 1024;
/// Time a client has to send its headers.
const PATIENCE: Duration = Duration::from_secs(10);

/// The functions that answer requests.
#[derive(Debug)]
pub struct Functions {
    /// Whatever is below `/api/`.
    pub api: Api,
    /// Everything else.
    pub web: Web,
}

/// Told the slug of each page that somebody asks for.
type AskedFor = Box<dyn Fn(&str) + Send + Sync>;

struct Gateway {
    functions: Functions,
    catalogue: Arc<Catalogue>,
    asked_for: AskedFor,
}

/// Answers on this listener from now on, within the runtime that it is called in. `asked_for` is told the slug of each page
/// that somebody asks for, before the answer is made.
pub fn serve(
    listener: TcpListener,
    functions: Functions,
    catalogue: Arc<Catalogue>,
    asked_for: impl Fn(&str) + Send + Sync + 'static,
) {
    let gateway = Arc::new(Gateway { functions, catalogue, asked_for: Box::new(asked_for) });
    tokio::spawn(async move {
        loop {
            let Ok((connection, _)) = listener.accept().await else { continue };
            // The last part of an answer must not wait until the client has confirmed the one before.
            let _ = connection.set_nodelay(true);
            let gateway = Arc::clone(&gateway);
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let gateway = Arc::clone(&gateway);
                    async move { Ok::<_, Infallible>(gateway.answer(request).await) }
                });
                let mut server = hyper::server::conn::http1::Builder::new();
                server.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
                // A connection that breaks is the client's affair.
                let _ = server.serve_connection(TokioIo::new(Unparsed::new(connection)), service).await;
            });
        }
    });
}

impl Gateway {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        self.tell(request.uri());
        match self.invoke(request).await {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "A request could not be carried to its function.");
                plain(502, "the function could not be called")
            }
        }
    }

    /// Says which pages are asked for. The request itself is not held.
    fn tell(&self, address: &Uri) {
        let query = address.query().unwrap_or_default();
        if let Some(slug) = address.path().strip_prefix("/status/").and_then(|rest| rest.split('/').next()) {
            (self.asked_for)(slug);
        }
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let entry = match name.as_ref() {
                "statusPageUrl" => self.catalogue.by_url(&value),
                "statusPageName" => self.catalogue.by_name(&value),
                "page" => self.catalogue.find(&value),
                _ => None,
            };
            if let Some(entry) = entry {
                (self.asked_for)(entry.page.id.as_str());
            }
        }
    }

    async fn invoke(&self, request: Request<Incoming>) -> anyhow::Result<Response<Full<Bytes>>> {
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            return Ok(plain(413, "the body is too large"));
        };
        let body = body.to_bytes();
        let event = json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": parts.uri.path(),
            "rawQueryString": parts.uri.query().unwrap_or_default(),
            "headers": headers(&parts.headers),
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "local",
                "domainName": "localhost",
                "http": {
                    "method": parts.method.as_str(),
                    "path": parts.uri.path(),
                    "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1",
                    "userAgent": parts.headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or_default(),
                },
                "requestId": format!("local-{:016x}", fastrand::u64(..)),
                "routeKey": "$default",
                "stage": "$default",
            },
            "body": (!body.is_empty()).then(|| String::from_utf8_lossy(&body)),
            "isBase64Encoded": false,
        });
        let event: Event = serde_json::from_value(event).context("the request does not fit API Gateway's shape")?;
        // As the routes of template.yaml say: `/api/{proxy+}` takes what has something after the slash.
        let reply = match parts.uri.path().strip_prefix("/api/") {
            Some(rest) if !rest.is_empty() => self.functions.api.invoke(event).await,
            _ => self.functions.web.invoke(event).await,
        };
        response(&serde_json::to_value(reply)?)
    }
}

/// API Gateway joins repeated headers with commas and says how the request came.
fn headers(headers: &HeaderMap) -> Value {
    let mut joined = serde_json::Map::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        joined
            .entry(name.as_str())
            .and_modify(|known| *known = json!(format!("{},{value}", known.as_str().unwrap_or_default())))
            .or_insert_with(|| json!(value));
    }
    joined.insert("x-forwarded-proto".to_owned(), json!("http"));
    Value::Object(joined)
}

fn response(answer: &Value) -> anyhow::Result<Response<Full<Bytes>>> {
    let status = answer["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(502);
    let mut response = Response::builder().status(status);
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        response = response.header(name, value.as_str().unwrap_or_default());
    }
    let text = answer["body"].as_str().unwrap_or_default();
    let body = if answer["isBase64Encoded"] == true { BASE64.decode(text)?.into() } else { text.to_owned().into() };
    Ok(response.body(Full::new(body))?)
}

fn plain(status: u16, error: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(json!({"error": error}).to_string().into()));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::BAD_GATEWAY);
    response.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    response
}

//! The API with a table behind it.

use std::fmt::Write as _;
use std::io::Read as _;
use std::ops::Deref;
use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use serde_json::{Value, json};
use statusphere_api::{Api, Settings};
use statusphere_catalogue::Catalogue;
use statusphere_http as gateway;
pub(crate) use statusphere_testing::{
    Table, at, component, failing, id, incident, later, maintenance, now, read, update,
};

pub(crate) const ACME: &str = "statusPageUrl=https://status.acme.example";

/// Two pages with a story and thirty that only have a name.
pub(crate) fn catalogue() -> Catalogue {
    let mut csv = String::from("slug,name,url,aliases\n");
    csv.push_str("acme,Acme,https://status.acme.example,Roadrunner Supplies\n");
    csv.push_str("zeppelin,zeppelin Mail,https://zeppelin.example/status,\n");
    for n in 10..40 {
        writeln!(csv, "orchard-{n},Orchard {n},https://orchard{n}.example,").unwrap();
    }
    Catalogue::parse(&csv).expect("a good catalogue")
}

/// The API, and the table behind it.
pub(crate) struct Front {
    pub(crate) api: Api,
    pub(crate) table: Table,
}

impl Deref for Front {
    type Target = Table;

    fn deref(&self) -> &Table {
        &self.table
    }
}

impl Front {
    pub(crate) async fn open() -> Self {
        Self::with(catalogue(), None).await
    }

    pub(crate) async fn with(catalogue: Catalogue, public_url: Option<&str>) -> Self {
        let table = Table::open().await;
        let settings = Settings {
            interval: TimeDelta::minutes(5),
            public_url: public_url.map(str::to_owned),
            live_for: TimeDelta::seconds(60),
            cursor_key: "statusphere".to_owned(),
            clock: now,
        };
        Self { api: Api::new(Arc::clone(&table.store), Arc::new(catalogue), settings), table }
    }

    /// `GET /api/v1/<what>`.
    pub(crate) async fn get(&self, what: &str) -> Reply {
        let (path, query) = what.split_once('?').unwrap_or((what, ""));
        self.send(event("GET", &format!("/api/v1/{path}"), query)).await
    }

    /// The way an event takes in the cloud: JSON in, JSON out.
    pub(crate) async fn send(&self, event: Value) -> Reply {
        let path = event["rawPath"].as_str().unwrap_or_default().to_owned();
        let event: gateway::Event = serde_json::from_value(event).expect("an event");
        let response = self.api.handle(event.into()).await.unwrap();
        let reply = Reply::from(gateway::Reply::from(response));
        assert_eq!(reply.headers["access-control-allow-origin"], "*");
        assert_eq!(reply.headers["access-control-expose-headers"], "etag, x-request-id, retry-after");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert!(reply.headers["cache-control"].is_string());
        crate::openapi::check(&path, &reply);
        reply
    }

    /// The plain text of `GET /api/v1/<what>`.
    pub(crate) async fn text(&self, what: &str) -> String {
        let reply = self.ask("GET", what, &[("accept", "text/plain")]).await;
        assert_eq!((reply.status, &reply.headers["content-type"]), (200, &json!("text/plain; charset=utf-8")));
        reply.text
    }

    /// A request below `/api/v1` with these headers beside the usual ones; an empty value takes a header away.
    pub(crate) async fn ask(&self, method: &str, what: &str, headers: &[(&str, &str)]) -> Reply {
        let (path, query) = what.split_once('?').unwrap_or((what, ""));
        let mut event = event(method, &format!("/api/v1/{path}"), query);
        for (name, value) in headers {
            event["headers"][*name] = json!(value);
        }
        event["headers"].as_object_mut().unwrap().retain(|_, value| value != "");
        self.send(event).await
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u64,
    pub(crate) headers: Value,
    /// The body as it is, once it is decompressed.
    pub(crate) text: String,
    /// Bytes of the gateway's JSON.
    pub(crate) in_transit: usize,
}

impl From<gateway::Reply> for Reply {
    fn from(reply: gateway::Reply) -> Self {
        let reply = serde_json::to_value(reply).unwrap();
        let body = reply["body"].as_str().unwrap_or_default();
        let mut text = String::new();
        if reply["isBase64Encoded"] == true {
            let bytes = BASE64_STANDARD.decode(body).expect("base64");
            let read = match reply["headers"]["content-encoding"].as_str() {
                Some("gzip") => flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut text),
                // By others than those who compressed it.
                Some("br") => brotli_decompressor::Decompressor::new(&*bytes, 4096).read_to_string(&mut text),
                other => panic!("{other:?} is no coding of ours"),
            };
            read.expect("what the header says");
        } else {
            assert!(body.is_empty() || reply["headers"].get("content-encoding").is_none());
            text.push_str(body);
        }
        Self {
            status: reply["statusCode"].as_u64().unwrap(),
            headers: reply["headers"].clone(),
            text,
            in_transit: reply.to_string().len(),
        }
    }
}

impl Reply {
    /// The JSON of a good answer.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The text of a refusal with this status.
    pub(crate) fn error(&self, status: u64) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers["cache-control"], "no-store");
        let body: Value = serde_json::from_str(&self.text).expect("JSON");
        assert!(body["code"].is_string() && !body["hint"].as_str().unwrap().is_empty(), "{body}");
        body["error"].as_str().expect("an error text").to_owned()
    }
}

/// A gateway event: a shipped one with another method, path and query.
pub(crate) fn event(method: &str, path: &str, query: &str) -> Value {
    let mut event: Value =
        serde_json::from_str(include_str!("../../../../events/api-current-status.json")).expect("an event");
    event["rawPath"] = json!(path);
    event["rawQueryString"] = json!(query);
    event["requestContext"]["http"]["method"] = json!(method);
    event["requestContext"]["http"]["path"] = json!(path);
    event["queryStringParameters"] = json!({ "statusPageUrl": "joined,by,commas" });
    event
}

//! `DynamoDB` and `EventBridge` behind TLS on loopback: an almost empty table, and a bus that takes everything.
//!
//! Deliberately absent: keeping anything, so that each invocation meets what the one before it met.

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_RSA_SHA256};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The roots that are shipped.
const SHIPPED: &str = include_str!("../../roots/amazon.pem");
/// A file of roots is read twice, once to see whether it is good: three are as much work as the five that are shipped.
const ROOTS: usize = 2;
const STREAM: &str = include_str!("../../../../events/table-stream.json");

pub(crate) struct Aws {
    pub(crate) endpoint: String,
    /// File of the roots to trust.
    pub(crate) roots: PathBuf,
}

impl Aws {
    /// Starts it; it ends with the process.
    pub(crate) async fn start(scratch: &Path) -> Self {
        let key = key();
        let (root, between, leaf) =
            (authority("root"), authority("between"), CertificateParams::new(["localhost".to_owned()]));
        let roots = scratch.join("roots.pem");
        let shipped: String = SHIPPED.split_inclusive("-----END CERTIFICATE-----\n").take(ROOTS).collect();
        fs::write(&roots, format!("{shipped}{}", root.self_signed(&key).unwrap().pem())).unwrap();
        let leaf = leaf.unwrap().signed_by(&key, &Issuer::from_params(&between, &key)).unwrap();
        let between = between.signed_by(&key, &Issuer::from_params(&root, &key)).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone(), between.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config))));
        Self { endpoint, roots }
    }
}

/// A throw-away key, of the kind that AWS has. Ring makes none of these; its own kind takes a client more to verify.
fn key() -> KeyPair {
    let rsa = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    let made = Command::new("openssl").args(rsa).output().ok().filter(|made| made.status.success());
    let Some(made) = made else {
        println!("openssl is not installed: with its own kind of key the cold path has 1.2 million instructions more");
        return KeyPair::generate().unwrap();
    };
    KeyPair::from_pem_and_sign_algo(str::from_utf8(&made.stdout).unwrap(), &PKCS_RSA_SHA256).unwrap()
}

fn authority(name: &str) -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, name);
    authority
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor) {
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await;
            }
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let target = request.headers()["x-amz-target"].to_str().unwrap().to_owned();
    let asked = request.into_body().collect().await.unwrap().to_bytes();
    let (status, body) = match reply(&target, &serde_json::from_slice(&asked).unwrap()) {
        Some(body) => (200, body),
        None => (400, json!({"__type": "UnknownOperationException", "message": target})),
    };
    let response = Response::builder().status(status).header("content-type", "application/x-amz-json-1.0");
    Ok(response.header("x-amzn-requestid", "4KTNWOS8E1UF3J2M").body(Full::from(body.to_string())).unwrap())
}

fn reply(target: &str, asked: &Value) -> Option<Value> {
    let (_, operation) = target.split_once('.')?;
    let capacity = json!({"TableName": "statusphere", "CapacityUnits": 0.5});
    Some(match operation {
        "GetItem" if asked["Key"]["sk"]["S"] == "STATE" => json!({"Item": state(), "ConsumedCapacity": capacity}),
        "GetItem" if asked["Key"]["pk"]["S"] == "DISPATCH" => {
            json!({"Item": slot(asked), "ConsumedCapacity": capacity})
        }
        "GetItem" | "PutItem" | "UpdateItem" => json!({"ConsumedCapacity": capacity}),
        "TransactWriteItems" => json!({"ConsumedCapacity": [capacity]}),
        "BatchGetItem" => {
            json!({"Responses": {"statusphere": states(asked)}, "UnprocessedKeys": {}, "ConsumedCapacity": [capacity]})
        }
        "Query" => json!({"Items": [], "Count": 0, "ScannedCount": 0, "ConsumedCapacity": capacity}),
        "PutEvents" => {
            let taken = asked["Entries"].as_array()?.iter().map(|_| json!({"EventId": "11710aed"}));
            json!({"FailedEntryCount": 0, "Entries": taken.collect::<Vec<_>>()})
        }
        _ => return None,
    })
}

/// The minute before the sample tick's is done.
fn slot(asked: &Value) -> Value {
    let mut item = asked["Key"].clone();
    item["v"] = json!({"N": "1"});
    item["slot"] = json!({"N": "1767225840"});
    item
}

/// Of what is asked for, the states.
fn states(asked: &Value) -> Vec<Value> {
    let keys = asked["RequestItems"]["statusphere"]["Keys"].as_array().into_iter().flatten();
    let state = |key: &Value| {
        let mut item = state();
        item["pk"] = key["pk"].clone();
        item
    };
    keys.filter(|key| key["sk"]["S"] == "STATE").map(state).collect()
}

/// What the table holds of every page: the state that the stream's sample shows.
fn state() -> Value {
    let stream: Value = serde_json::from_str(STREAM).unwrap();
    let mut images = stream["Records"].as_array().unwrap().iter().map(|record| &record["dynamodb"]["NewImage"]);
    images.find(|image| image["sk"]["S"] == "STATE").unwrap().clone()
}

//! Fetches from the web: limits, redirects by hand, one client for strangers' addresses and one for allowed ones.
//!
//! Deliberately absent: the rules for addresses (`address`, `guard`, `resolver`) and the meaning of statuses (`answer`).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Client, Proxy, redirect};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use statusphere_domain::{FetchError, FetchErrorKind, Response};
use tokio::time::{Instant, timeout};

use crate::address::{self, Address, AllowedHost};
use crate::answer::{self, Answer};
use crate::hosts::Hosts;
use crate::resolver::Resolver;
use crate::transport;

/// What one request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For everything together: names, connections, redirects, the body. Waiting for another request to the same host
    /// does not count.
    pub deadline: Duration,
    /// Of the decompressed body.
    pub max_bytes: usize,
    /// Followed in a row.
    pub max_redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(15), max_bytes: 4 * 1024 * 1024, max_redirects: 5 }
    }
}

/// How to fetch from the web. Nothing is taken from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the owner of a page finds out who asks: the User-Agent is `Statusphere/<version> (+<contact>)`.
    pub contact: String,
    /// What one request may cost.
    pub limits: Limits,
    /// For tests and for self-hosters: `host` (any port) or `host:port`, which may be inside a network and on any port.
    pub allowed_hosts: Vec<String>,
    /// The address of an HTTP proxy. It resolves the names instead of us, so it must refuse inner ones itself.
    pub proxy: Option<String>,
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Empty, or not fit for a header.
    #[error("`{0}` is no contact address: give one web or mail address in plain letters")]
    Contact(String),
    /// Neither of the two forms.
    #[error("`{0}` is no host: give `host` or `host:port`")]
    AllowedHost(String),
    /// Not an address of a proxy.
    #[error("`{0}` is no address of an HTTP proxy: give `http://host:port`")]
    Proxy(String),
    /// TLS or the client can't be set up.
    #[error("the HTTP client can't be set up: {0}")]
    Client(String),
}

/// The web, behind its guards.
#[derive(Debug)]
pub struct Web {
    strangers: Client,
    /// For allowed hosts alone; its connections are never used for another host.
    allowed: Client,
    allowed_hosts: Vec<AllowedHost>,
    limits: Limits,
    hosts: Hosts,
}

/// What came of one request.
enum Hop {
    Document(Response),
    Redirect(String),
}

impl Web {
    pub(crate) fn new(config: Config) -> Result<Self, ConfigError> {
        let agent = user_agent(&config.contact)?;
        let allowed_hosts = config
            .allowed_hosts
            .into_iter()
            .map(|text| AllowedHost::parse(&text).ok_or(ConfigError::AllowedHost(text)))
            .collect::<Result<Vec<_>, _>>()?;
        let proxy = config.proxy.as_deref().map(proxy).transpose()?;
        let tls = tls()?;
        // Behind a proxy only the proxy's own name is resolved here, and it is likely to be an inner one.
        let names = if proxy.is_some() { Resolver::Anything } else { Resolver::PublicOnly };
        Ok(Self {
            strangers: client(agent.clone(), tls.clone(), proxy.clone(), names)?,
            allowed: client(agent, tls, proxy, Resolver::Anything)?,
            allowed_hosts,
            limits: config.limits,
            hosts: Hosts::default(),
        })
    }

    pub(crate) async fn get(&self, url: &str) -> Result<Response, FetchError> {
        let mut address = address::open(url, &self.allowed_hosts)?;
        let mut left = self.limits.deadline;
        for _ in 0..=self.limits.max_redirects {
            // Given back before the next hop's is taken, or two pages that redirect to each other would wait for ever.
            let turn = self.hosts.turn(&address.host).await;
            let started = Instant::now();
            let hop = timeout(left, self.hop(&address)).await;
            let hop = hop.map_err(|_| transport::timed_out(self.limits.deadline))??;
            left = left.saturating_sub(started.elapsed());
            drop(turn);
            match hop {
                Hop::Document(response) => return Ok(response),
                Hop::Redirect(location) => address = address::follow(&address.url, &location, &self.allowed_hosts)?,
            }
        }
        Err(answer::too_many_redirects(self.limits.max_redirects))
    }

    async fn hop(&self, address: &Address) -> Result<Hop, FetchError> {
        let client = if address.allowed { &self.allowed } else { &self.strangers };
        let request = client.get(address.url.clone()).send().await;
        let response = request.map_err(|error| transport::broken(&error))?;
        let (location, retry_after) = (header(&response, LOCATION), header(&response, RETRY_AFTER));
        #[expect(
            clippy::disallowed_methods,
            reason = "Retry-After may be a date, which only the moment of its arrival explains"
        )]
        let now = SystemTime::now();
        match answer::judge(response.status().as_u16(), location.as_deref(), retry_after.as_deref(), now)? {
            Answer::Redirect(location) => Ok(Hop::Redirect(location.to_owned())),
            Answer::Document => self.document(address, response).await.map(Hop::Document),
        }
    }

    async fn document(&self, address: &Address, mut response: reqwest::Response) -> Result<Response, FetchError> {
        // The client takes the header away from what it decompresses.
        if let Some(encoding) =
            header(&response, CONTENT_ENCODING).filter(|name| !name.eq_ignore_ascii_case("identity"))
        {
            let detail = format!("the body is encoded as {encoding:.40}");
            return Err(FetchError { kind: FetchErrorKind::Unusable, detail, retry_after: None });
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| transport::broken(&error))? {
            if body.len() + chunk.len() > self.limits.max_bytes {
                return Err(transport::too_large(self.limits.max_bytes));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            url: address.url.to_string(),
            status: response.status().as_u16(),
            content_type: header(&response, CONTENT_TYPE),
            body,
        })
    }
}

fn header(response: &reqwest::Response, name: HeaderName) -> Option<String> {
    response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn user_agent(contact: &str) -> Result<HeaderValue, ConfigError> {
    let fit = !contact.is_empty() && contact.bytes().all(|byte| byte.is_ascii_graphic());
    let value = format!("Statusphere/{} (+{contact})", env!("CARGO_PKG_VERSION"));
    HeaderValue::try_from(value).ok().filter(|_| fit).ok_or_else(|| ConfigError::Contact(contact.to_owned()))
}

fn proxy(url: &str) -> Result<Proxy, ConfigError> {
    let good = url.starts_with("http://") || url.starts_with("https://");
    Proxy::all(url).ok().filter(|_| good).ok_or_else(|| ConfigError::Proxy(url.to_owned()))
}

/// Roots are compiled in: the platform's would have to be read from disk at every cold start.
fn tls() -> Result<ClientConfig, ConfigError> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let mut tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::Client(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

fn client(agent: HeaderValue, tls: ClientConfig, proxy: Option<Proxy>, names: Resolver) -> Result<Client, ConfigError> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that builds the client, with its guards")]
    let mut builder = Client::builder()
        .user_agent(agent)
        .tls_backend_preconfigured(tls)
        .dns_resolver(names)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(Duration::from_secs(30));
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy);
    }
    builder.build().map_err(|error| ConfigError::Client(error.to_string()))
}

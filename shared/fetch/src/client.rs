//! Sets up the HTTP clients: who we say we are, TLS, names behind their guard, no redirects, no proxy but the one named.
//!
//! Deliberately absent: requests. Deadlines and caps are `web`'s.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::{Client, Proxy, redirect};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use crate::config::ConfigError;
use crate::resolver::{Names, Resolver};

/// One client for strangers' addresses and one for allowed ones, which never share a connection.
pub(crate) fn pair(contact: &str, proxy: Option<&str>, names: &Names) -> Result<(Client, Client), ConfigError> {
    let agent = user_agent(contact)?;
    let proxy = proxy.map(self::proxy).transpose()?;
    let tls = tls()?;
    let anything = Resolver { public_only: false, names: names.clone() };
    // Behind a proxy only the proxy's own name is resolved here, and it is likely to be an inner one.
    let strangers = Resolver { public_only: proxy.is_none(), names: names.clone() };
    Ok((client(agent.clone(), tls.clone(), proxy.clone(), strangers)?, client(agent, tls, proxy, anything)?))
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

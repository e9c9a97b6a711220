//! Access to AWS: credentials, trust, patience, and one HTTP client for all services.
//!
//! Deliberately absent: profiles, the metadata service, any chain to walk. A function finds all that in its environment.

use std::path::PathBuf;
use std::time::Duration;

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::{SdkConfig, region::Region};

use crate::{optional, required, roots};

/// How long a call of AWS is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection and its TLS handshake.
    pub connect: Duration,
    /// For one try, the connection included.
    pub attempt: Duration,
    /// For all tries of a call, and the pauses between them.
    pub operation: Duration,
}

impl Default for Patience {
    /// AWS answers within milliseconds. A call gives up before the shortest time that a function has, which is 10 s.
    fn default() -> Self {
        let [connect, attempt, operation] = [3, 4, 9].map(Duration::from_secs);
        Self { connect, attempt, operation }
    }
}

/// How AWS is reached.
#[derive(Debug, Clone)]
pub struct Access {
    /// The region, say `eu-central-1`.
    pub region: String,
    /// What requests are signed with.
    pub credentials: Credentials,
    /// Where all services are, instead of the region's own addresses.
    pub endpoint: Option<String>,
    /// A PEM file of the only roots to trust, instead of Amazon's.
    pub roots: Option<PathBuf>,
    /// How long a call is waited for; without it, as the SDK does: a server that never answers is waited for without end.
    pub patience: Option<Patience>,
}

impl Access {
    /// Reads a function's environment.
    pub fn from_environment() -> anyhow::Result<Self> {
        Ok(Self {
            region: required("AWS_REGION")?,
            credentials: Credentials::new(
                required("AWS_ACCESS_KEY_ID")?,
                required("AWS_SECRET_ACCESS_KEY")?,
                optional("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ),
            endpoint: optional("AWS_ENDPOINT_URL"),
            roots: optional("AWS_CA_BUNDLE").map(PathBuf::from),
            patience: Some(Patience::default()),
        })
    }

    /// What clients of services are made of. Nothing is sent; an error is one of the certificates.
    pub fn open(self) -> anyhow::Result<SdkConfig> {
        let tls = match &self.endpoint {
            Some(endpoint) if endpoint.starts_with("http://") => None,
            _ => Some(tls::TlsContext::builder().with_trust_store(roots::trusted(self.roots.as_deref())?).build()?),
        };
        Ok(self.config(tls))
    }

    fn config(self, tls: Option<tls::TlsContext>) -> SdkConfig {
        let sleep = SharedAsyncSleep::new(TokioSleep::new());
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region))
            .credentials_provider(SharedCredentialsProvider::new(self.credentials))
            .http_client(http_client(tls, self.patience, sleep.clone()))
            .sleep_impl(sleep);
        config.set_endpoint_url(self.endpoint);
        config.set_timeout_config(self.patience.map(|patience| {
            let timeouts = TimeoutConfig::builder().connect_timeout(patience.connect);
            timeouts.operation_attempt_timeout(patience.attempt).operation_timeout(patience.operation).build()
        }));
        config.build()
    }
}

/// AWS access from the function's own environment.
pub fn aws() -> anyhow::Result<SdkConfig> {
    Access::from_environment()?.open()
}

/// Access to emulators on this machine over plain HTTP, with credentials that no one checks. A test's own time, which
/// may stand still or leap, does not end a call.
pub fn emulator(endpoint: &str) -> SdkConfig {
    let access = Access {
        region: "local".to_owned(),
        credentials: Credentials::new("local", "local", None, None, "emulator"),
        endpoint: Some(endpoint.to_owned()),
        roots: None,
        patience: None,
    };
    access.config(None)
}

/// One connector, made once. The SDK's own builder would make one for each client and one more for its first call, and
/// read the roots each time.
fn http_client(tls: Option<tls::TlsContext>, patience: Option<Patience>, sleep: SharedAsyncSleep) -> SharedHttpClient {
    let mut settings = HttpConnectorSettings::builder();
    settings.set_connect_timeout(patience.map(|patience| patience.connect));
    let builder = Connector::builder().connector_settings(settings.build()).sleep_impl(sleep);
    let connector = SharedHttpConnector::new(match tls {
        None => builder.build_http(),
        Some(context) => {
            let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
            builder.tls_provider(ring).tls_context(context).build()
        }
    });
    http_client_fn(move |_, _| connector.clone())
}

//! A test internet: thousands of status pages on loopback, each on some platform, with a story over time and faults on
//! demand. A fetcher that is given [`Internet::proxy`] as its HTTP proxy meets them at `http://` addresses.
//!
//! Deliberately absent: TLS, names, and the clock, which is the test's own. Only tests and benchmarks use this crate.

mod log;
mod platforms;
mod proxy;
mod random;
mod reply;
mod shelf;
mod site;
mod story;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use log::{Counts, Seen};
pub use platforms::Platform;
pub use random::population;
pub use site::{Fault, Site, Trouble, Validators};
pub use story::{Incident, Maintenance, Story, Truth, Update};

/// Asked for every request: tests move time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// All hosts, until it is dropped.
pub struct Internet {
    address: SocketAddr,
    hosts: Arc<proxy::Hosts>,
    server: JoinHandle<()>,
}

impl Internet {
    /// Serves these sites on a free port of 127.0.0.1, within the runtime that it is called in.
    pub async fn start(sites: Vec<Site>, clock: Clock) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let hosts = Arc::new(proxy::Hosts::new(sites, clock));
        let server = tokio::spawn(proxy::serve(listener, Arc::clone(&hosts)));
        Ok(Self { address, hosts, server })
    }

    /// The proxy's address: `http://127.0.0.1:port`.
    pub fn proxy(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What a host was asked, in order.
    pub fn requests(&self, host: &str) -> Vec<Seen> {
        self.hosts.log.requests(host)
    }

    /// What all hosts were asked.
    pub fn total(&self) -> Counts {
        self.hosts.log.total()
    }

    /// Starts counting anew.
    pub fn forget(&self) {
        self.hosts.log.forget();
    }
}

impl Drop for Internet {
    fn drop(&mut self) {
        self.server.abort();
    }
}

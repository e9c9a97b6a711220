//! Fetches from the web: limits, turns, breakers, conditions, redirects by hand.
//!
//! Deliberately absent: the rules for addresses (`address`, `guard`, `resolver`), the meaning of statuses (`answer`) and of
//! robots.txt (`robots`).

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Client;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use statusphere_domain::{FetchError, FetchErrorKind, Response};
use tokio::time::{Instant, timeout};

use crate::address::{self, Address, AllowedHost};
use crate::answer::{self, Verdict};
use crate::config::{Config, ConfigError, Limits};
use crate::hosts::Hosts;
use crate::resolver::Names;
use crate::robots::{self, Robots};
use crate::rules::Rules;
use crate::{Answer, Request, client, transport, validator};

/// What is read of a robots.txt, and how often it may redirect (RFC 9309, sections 2.3.1.2 and 2.5).
const ROBOTS: (Cap, usize) = (Cap { bytes: 500 * 1024, cut: true }, 5);

/// The web, behind its guards.
#[derive(Debug)]
pub struct Web {
    strangers: Client,
    /// For allowed hosts alone; its connections are never used for another host.
    allowed: Client,
    allowed_hosts: Vec<AllowedHost>,
    limits: Limits,
    clock: fn() -> DateTime<Utc>,
    pub(crate) hosts: Hosts,
    robots: Robots,
}

type Condition = (HeaderName, HeaderValue);

/// How much of a decompressed body is taken.
#[derive(Clone, Copy)]
struct Cap {
    bytes: usize,
    /// A longer one is cut there; else it is refused.
    cut: bool,
}

/// What came of asking one address.
enum Hop {
    Document(Response, Option<String>),
    Unchanged,
    Redirect(String),
    /// The name leads inside: nobody was asked, and nothing was learned of the host.
    Refused(FetchError),
}

impl Web {
    pub(crate) fn new(config: Config) -> Result<Self, ConfigError> {
        Self::with_names(config, &Names::System)
    }

    pub(crate) fn with_names(config: Config, names: &Names) -> Result<Self, ConfigError> {
        let (strangers, allowed) = client::pair(&config.contact, config.proxy.as_deref(), names)?;
        let allowed_hosts = config
            .allowed_hosts
            .into_iter()
            .map(|text| AllowedHost::parse(&text).ok_or(ConfigError::AllowedHost(text)))
            .collect::<Result<_, _>>()?;
        let (limits, clock) = (config.limits, config.clock);
        Ok(Self {
            strangers,
            allowed,
            allowed_hosts,
            limits,
            clock,
            hosts: Hosts::default(),
            robots: Robots::default(),
        })
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    pub(crate) async fn fetch(&self, request: Request<'_>) -> Result<Answer, FetchError> {
        let mut address = address::open(request.url, &self.allowed_hosts)?;
        let known = request.robots_known.then(|| robots::site(&address.url).to_owned());
        let cap = Cap { bytes: self.limits.max_bytes, cut: false };
        let mut condition = request.validator.and_then(validator::condition);
        let mut left = self.limits.deadline;
        for redirects in 0..=self.limits.max_redirects {
            if robots::is_for_people(&address.url) && known.as_deref() != Some(robots::site(&address.url)) {
                let ask = self.robots_txt(&address, &mut left);
                self.robots.check(&address.url, self.now(), ask).await?;
            }
            // A condition concerns the address that was asked for: where it leads to may be another document by now.
            match self.hop(&address, condition.take(), cap, &mut left).await? {
                Hop::Document(response, validator) => {
                    return Ok(Answer::Document { response, validator: validator.filter(|_| redirects == 0) });
                }
                Hop::Unchanged => return Ok(Answer::Unchanged),
                Hop::Redirect(location) => address = address::follow(&address.url, &location, &self.allowed_hosts)?,
                Hop::Refused(error) => return Err(error),
            }
        }
        Err(answer::too_many_redirects(self.limits.max_redirects))
    }

    /// A host that answers and has no rules allows everything; one that does not answer allows nothing for now.
    async fn robots_txt(&self, page: &Address, left: &mut Duration) -> Result<Rules, FetchError> {
        let (cap, max_redirects) = ROBOTS;
        let mut address = address::follow(&page.url, "/robots.txt", &self.allowed_hosts)?;
        for _ in 0..=max_redirects {
            let location = match self.hop(&address, None, cap, left).await {
                Ok(Hop::Document(response, _)) => return Ok(Rules::read(&response.body)),
                Ok(Hop::Redirect(location)) => location,
                Ok(Hop::Refused(error)) => return Err(error),
                Err(error) if !error.kind.host_is_up() => return Err(error),
                Ok(Hop::Unchanged) | Err(_) => break,
            };
            match address::follow(&address.url, &location, &self.allowed_hosts) {
                Ok(next) => address = next,
                Err(_) => break,
            }
        }
        Ok(Rules::default())
    }

    /// Asks one address when it is our turn and its host's breaker is closed, and tells the breaker what came of it.
    async fn hop(
        &self,
        address: &Address,
        condition: Option<Condition>,
        cap: Cap,
        left: &mut Duration,
    ) -> Result<Hop, FetchError> {
        let host = address.host.as_str();
        // Given back before the next hop's is taken, or two pages that redirect to each other would wait for ever.
        let _turn = self.hosts.turn(host, self.now()).await;
        if let Some(refused) = self.hosts.breaker(host).refuses(host, self.now()) {
            return Err(refused);
        }
        let (share, started) = (*left, Instant::now());
        let timed_out = || Err(transport::timed_out(self.limits.deadline));
        let hop = timeout(share, self.ask(address, condition, cap)).await.unwrap_or_else(|_| timed_out());
        *left = share.saturating_sub(started.elapsed());
        match &hop {
            Ok(Hop::Refused(_)) => {}
            Err(error) if !error.kind.host_is_up() => {
                // Nobody may spend our time and have another host, where it redirects to, blamed for the lack of it.
                let rushed = error.kind == FetchErrorKind::TimedOut && share < self.limits.deadline / 2;
                if !rushed {
                    self.hosts.failed(host, error, self.now());
                }
            }
            _ => self.hosts.succeeded(host, self.now()),
        }
        hop
    }

    async fn ask(&self, address: &Address, condition: Option<Condition>, cap: Cap) -> Result<Hop, FetchError> {
        let client = if address.allowed { &self.allowed } else { &self.strangers };
        let mut request = client.get(address.url.clone());
        let conditional = condition.is_some();
        if let Some((name, value)) = condition {
            request = request.header(name, value);
        }
        let response = match request.send().await.map_err(|error| transport::broken(&error)) {
            Ok(response) => response,
            Err(error) if error.kind == FetchErrorKind::Denied => return Ok(Hop::Refused(error)),
            Err(error) => return Err(error),
        };
        let status = response.status().as_u16();
        if status == 304 && conditional {
            return Ok(Hop::Unchanged);
        }
        let (location, retry_after) = (header(&response, LOCATION), header(&response, RETRY_AFTER));
        match answer::judge(status, location.as_deref(), retry_after.as_deref(), self.now())? {
            Verdict::Redirect(location) => Ok(Hop::Redirect(location.to_owned())),
            Verdict::Document => {
                let validator = validator::of(response.headers());
                document(address, response, cap).await.map(|document| Hop::Document(document, validator))
            }
        }
    }
}

async fn document(address: &Address, mut response: reqwest::Response, cap: Cap) -> Result<Response, FetchError> {
    // The client takes the header away from what it decompresses.
    if let Some(encoding) = header(&response, CONTENT_ENCODING).filter(|name| !name.eq_ignore_ascii_case("identity")) {
        let detail = format!("the body is encoded as {encoding:.40}");
        return Err(FetchError { kind: FetchErrorKind::Unusable, detail, retry_after: None });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| transport::broken(&error))? {
        let room = cap.bytes - body.len();
        if chunk.len() > room && !cap.cut {
            return Err(transport::too_large(cap.bytes));
        }
        let taken = chunk.len().min(room);
        // Doubled as usual, but never beyond the cap. A claimed length is not believed.
        if body.capacity() - body.len() < taken {
            body.reserve_exact(body.len().clamp(taken, room));
        }
        body.extend_from_slice(&chunk[..taken]);
        if taken < chunk.len() {
            break;
        }
    }
    Ok(Response {
        url: address.url.to_string(),
        status: response.status().as_u16(),
        content_type: header(&response, CONTENT_TYPE),
        body,
    })
}

fn header(response: &reqwest::Response, name: HeaderName) -> Option<String> {
    response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

//! Every read endpoint of `/api/v1`: one dispatch over one handler file per endpoint.
//!
//! Deliberately absent: writing, authentication and throttling (the gateway's). The JSON of the public API lives in
//! `wire` alone; the contract is `docs/api.md`, what differs from the original is `docs/compatibility.md`.

mod answer;
mod delivery;
pub mod gateway;
mod handlers;
mod live;
mod own;
mod query;
mod wire;

use std::{convert::Infallible, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use lambda_http::{
    Body, Request, RequestExt as _, Response,
    http::{Method, StatusCode},
};
use statusphere_catalogue::Catalogue;
use statusphere_domain::PageState;
use statusphere_store::Store;
use tracing::Instrument as _;

use crate::{
    answer::{Answer, Problem},
    delivery::deliver,
    gateway::{Event, Reply, RequestId},
    handlers::{
        components, current_status, incidents, maintenances, sitemap, status_page, status_pages, status_pages_count,
        status_pages_search,
    },
    live::LiveSnapshot,
    own::OwnCatalogue,
    query::Query,
};

/// What a deployment decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How often a page is read; decides when a page counts as stale.
    pub interval: TimeDelta,
    /// Where people reach this deployment; links are made from the request's own host when it is not set.
    pub public_url: Option<String>,
    /// How long the live state of all pages is good before it is read again.
    pub live_for: TimeDelta,
    /// The present, compared with our own times only, never with a vendor's.
    pub clock: fn() -> DateTime<Utc>,
}

/// The read API. One per process.
#[derive(Debug, Clone)]
pub struct Api {
    store: Arc<Store>,
    /// The catalogue of the request at hand.
    catalogue: Arc<Catalogue>,
    own: Arc<OwnCatalogue>,
    live: Arc<LiveSnapshot>,
    settings: Settings,
}

#[derive(Debug, Clone, Copy)]
enum Endpoint {
    Components,
    CurrentStatus,
    Incidents,
    Maintenances,
    Sitemap,
    StatusPage,
    StatusPages,
    StatusPagesCount,
    StatusPagesSearch,
}

const ENDPOINTS: [(&str, Endpoint); 9] = [
    ("/api/v1/components", Endpoint::Components),
    ("/api/v1/currentStatus", Endpoint::CurrentStatus),
    ("/api/v1/incidents", Endpoint::Incidents),
    ("/api/v1/maintenances", Endpoint::Maintenances),
    ("/api/v1/sitemap.xml", Endpoint::Sitemap),
    ("/api/v1/statusPage", Endpoint::StatusPage),
    ("/api/v1/statusPages", Endpoint::StatusPages),
    ("/api/v1/statusPages/count", Endpoint::StatusPagesCount),
    ("/api/v1/statusPages/search", Endpoint::StatusPagesSearch),
];

/// The path of every endpoint; each has its own route in `template.yaml`.
pub fn routes() -> impl Iterator<Item = &'static str> {
    ENDPOINTS.iter().map(|(path, _)| *path)
}

impl Api {
    /// Nothing is read yet.
    pub fn new(store: Arc<Store>, catalogue: Arc<Catalogue>, settings: Settings) -> Self {
        let own = Arc::new(OwnCatalogue::new(Arc::clone(&store), Arc::clone(&catalogue)));
        let live = Arc::new(LiveSnapshot::new(Arc::clone(&store), settings.live_for));
        Self { store, catalogue, own, live, settings }
    }

    /// Reads the live state of all pages and the list of own ones, so that the first request need not. A failure is logged
    /// and made up for later.
    pub async fn warm(&self) {
        self.own.catalogue(self.now()).await;
        self.live.states(self.now()).await;
    }

    /// The Lambda entry: one request of the gateway and its answer.
    pub async fn invoke(&self, event: Event) -> Reply {
        let Ok(response) = self.handle(event.into()).await;
        response.into()
    }

    /// Answers one request; whatever is wrong with it is said in the answer.
    pub async fn handle(&self, request: Request) -> Result<Response<Body>, Infallible> {
        let id = request.extensions().get::<RequestId>().map(RequestId::as_str);
        // Whatever is logged on the way is found by the id that the caller was given. An error's span is on at every level.
        let span = tracing::error_span!("request", request.id = id);
        let answer = self.dispatch(&request).instrument(span).await.unwrap_or_else(Answer::from);
        Ok(deliver(answer, &request))
    }

    async fn dispatch(&self, request: &Request) -> Result<Answer, Problem> {
        let path = match request.raw_http_path() {
            "" => request.uri().path(),
            path => path,
        };
        let path = path.strip_suffix('/').unwrap_or(path);
        let Some((_, endpoint)) = ENDPOINTS.iter().find(|(known, _)| *known == path) else {
            return Err(Problem::new(StatusCode::NOT_FOUND, "404 page not found"));
        };
        match *request.method() {
            Method::GET | Method::HEAD => {}
            Method::OPTIONS => return Ok(Answer::preflight()),
            _ => return Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are allowed")),
        }
        let query = Query::new(request.uri().query().unwrap_or_default());
        let api = &Self { catalogue: self.own.catalogue(self.now()).await, ..self.clone() };
        match endpoint {
            Endpoint::Components => components::handle(api, &query).await,
            Endpoint::CurrentStatus => current_status::handle(api, &query).await,
            Endpoint::Incidents => incidents::handle(api, &query).await,
            Endpoint::Maintenances => maintenances::handle(api, &query).await,
            Endpoint::Sitemap => Ok(sitemap::handle(api, request)),
            Endpoint::StatusPage => status_page::handle(api, &query).await,
            Endpoint::StatusPages => status_pages::handle(api, &query).await,
            Endpoint::StatusPagesCount => status_pages_count::handle(api),
            Endpoint::StatusPagesSearch => status_pages_search::handle(api, &query).await,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        (self.settings.clock)()
    }

    /// What may be said of a page's state at this moment, as the API writes it.
    fn assess(&self, state: &PageState) -> wire::State {
        wire::State::new(state, state.freshness(self.now(), self.settings.interval))
    }
}

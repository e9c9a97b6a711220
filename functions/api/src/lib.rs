//! Every read endpoint of `/api/v1`: one dispatch over one handler file per endpoint.
//!
//! Deliberately absent: writing, authentication and throttling (the gateway's). The JSON of the public API lives in
//! `wire` alone; the contract is `docs/api.md`, what differs from the original is `docs/compatibility.md`.

mod answer;
mod cursor;
mod handlers;
mod openapi;
mod problem;
mod wire;

use std::{convert::Infallible, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use lambda_http::{Body, Request, RequestExt as _, Response, http::Method};
use statusphere_catalogue::{Catalogue, Entry};
use statusphere_domain::PageState;
use statusphere_http::{Answer, Event, LONGEST_QUERY, Query, Reply, RequestId, deliver};
use statusphere_store::Store;
use statusphere_view::View;
use tracing::Instrument as _;

pub use crate::openapi::document;
use crate::{
    cursor::Cursors,
    handlers::{
        changes, components, current_status, docs, dump, incident, incidents, maintenances, outages, sitemap, stack,
        status_page, status_pages, status_pages_count, status_pages_search, uptime,
    },
    problem::{Code, Problem},
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
    /// What cursors are sealed with: something that others don't know, the same in all processes of a deployment.
    pub cursor_key: String,
    /// The present, compared with our own times only, never with a vendor's.
    pub clock: fn() -> DateTime<Utc>,
}

/// The read API. One per process.
#[derive(Debug, Clone)]
pub struct Api {
    view: View,
    cursors: Cursors,
    public_url: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Endpoint {
    Changes,
    Components,
    CurrentStatus,
    Docs,
    Dump,
    Incident,
    Incidents,
    Maintenances,
    OpenApi,
    Outages,
    Sitemap,
    Stack,
    StatusPage,
    StatusPages,
    StatusPagesCount,
    StatusPagesSearch,
    Uptime,
}

const ENDPOINTS: [(&str, Endpoint); 17] = [
    ("/api/v1/changes", Endpoint::Changes),
    ("/api/v1/components", Endpoint::Components),
    ("/api/v1/currentStatus", Endpoint::CurrentStatus),
    ("/api/v1/docs", Endpoint::Docs),
    ("/api/v1/dump", Endpoint::Dump),
    ("/api/v1/incident", Endpoint::Incident),
    ("/api/v1/incidents", Endpoint::Incidents),
    ("/api/v1/maintenances", Endpoint::Maintenances),
    ("/api/v1/openapi.json", Endpoint::OpenApi),
    ("/api/v1/outages", Endpoint::Outages),
    ("/api/v1/sitemap.xml", Endpoint::Sitemap),
    ("/api/v1/stack", Endpoint::Stack),
    ("/api/v1/statusPage", Endpoint::StatusPage),
    ("/api/v1/statusPages", Endpoint::StatusPages),
    ("/api/v1/statusPages/count", Endpoint::StatusPagesCount),
    ("/api/v1/statusPages/search", Endpoint::StatusPagesSearch),
    ("/api/v1/uptime", Endpoint::Uptime),
];

/// The path of every endpoint; each has its own route in `template.yaml`.
pub fn routes() -> impl Iterator<Item = &'static str> {
    ENDPOINTS.iter().map(|(path, _)| *path)
}

impl Api {
    /// Nothing is read yet.
    pub fn new(store: Arc<Store>, catalogue: Arc<Catalogue>, settings: Settings) -> Self {
        let Settings { interval, public_url, live_for, cursor_key, clock } = settings;
        let view = View::new(store, catalogue, statusphere_view::Settings { interval, live_for, clock });
        Self { view, cursors: Cursors::new(cursor_key), public_url }
    }

    /// Reads what all pages have in common, so that the first request need not.
    pub async fn warm(&self) {
        self.view.warm().await;
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
            return Err(Problem::new(Code::PathUnknown, "404 page not found"));
        };
        match *request.method() {
            Method::GET | Method::HEAD => {}
            Method::OPTIONS => return Ok(Answer::preflight()),
            _ => return Err(Problem::new(Code::MethodNotAllowed, "only GET and HEAD are allowed")),
        }
        let query = request.uri().query().unwrap_or_default();
        if query.len() > LONGEST_QUERY {
            return Err(Problem::invalid(format!("the query is longer than {LONGEST_QUERY} bytes")));
        }
        let query = Query::new(query);
        let api = &Self { view: self.view.current().await, ..self.clone() };
        match endpoint {
            Endpoint::Changes => changes::handle(api, query).await,
            Endpoint::Components => components::handle(api, query).await,
            Endpoint::CurrentStatus => current_status::handle(api, query).await,
            Endpoint::Docs => docs::handle(),
            Endpoint::Dump => dump::handle(api, query).await,
            Endpoint::Incident => incident::handle(api, query).await,
            Endpoint::Incidents => incidents::handle(api, query).await,
            Endpoint::Maintenances => maintenances::handle(api, query).await,
            Endpoint::OpenApi => Ok(handlers::openapi::handle()),
            Endpoint::Outages => outages::handle(api, query).await,
            Endpoint::Sitemap => Ok(sitemap::handle(api, request)),
            Endpoint::Stack => stack::handle(api, query, request.headers()).await,
            Endpoint::StatusPage => status_page::handle(api, query).await,
            Endpoint::StatusPages => status_pages::handle(api, query).await,
            Endpoint::StatusPagesCount => status_pages_count::handle(api).await,
            Endpoint::StatusPagesSearch => status_pages_search::handle(api, query).await,
            Endpoint::Uptime => uptime::handle(api, query).await,
        }
    }

    /// Which page an answer is about, and how fresh it is.
    fn about(&self, entry: &Entry, state: &PageState) -> wire::About {
        wire::About::new(&entry.page.id, state.is_indexed(), self.assess(state))
    }

    /// What may be said of a page's state at this moment, as the API writes it.
    fn assess(&self, state: &PageState) -> wire::State {
        wire::State::new(state, self.view.freshness(state))
    }
}

//! The pages people look at, rendered here and useful without scripts: one dispatch over one handler file per page.
//!
//! Deliberately absent: what is true, which is `view`'s, as for the API; anything that remembers a visitor. What somebody
//! chose stands in the address. What vendors wrote is data: it is shown through `text` alone.

mod assets;
mod chart;
mod frame;
mod handlers;
mod incident;
mod problem;
mod show;
mod text;
mod verdict;

use std::{convert::Infallible, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use lambda_http::{Body, Request, RequestExt as _, Response, http::Method};
use percent_encoding::percent_decode_str;
use statusphere_catalogue::{Catalogue, Entry};
use statusphere_http::{Answer, Event, LONGEST_QUERY, Query, Reply, RequestId, base, deliver};
use statusphere_store::Store;
use statusphere_view::View;
use tracing::Instrument as _;

use crate::{
    frame::Frame,
    handlers::{directory, history, home, incident_page, page, robots, search, stack},
    problem::Problem,
};

/// The route of every page in `template.yaml`, where `{...}` stands for one part of a path. Whatever no other function takes
/// comes here too.
pub const ROUTES: [&str; 9] = [
    "/",
    "/pages",
    "/search",
    "/stack",
    "/robots.txt",
    "/assets/{file}",
    "/status/{page}",
    "/status/{page}/history",
    "/status/{page}/incident",
];

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

/// The pages. One per process.
#[derive(Debug, Clone)]
pub struct Web {
    view: View,
    public_url: Option<String>,
}

/// What is asked for.
struct Asked<'a> {
    query: Query<'a>,
    frame: Frame,
}

impl Web {
    /// Nothing is read yet.
    pub fn new(store: Arc<Store>, catalogue: Arc<Catalogue>, settings: Settings) -> Self {
        let Settings { interval, public_url, live_for, clock } = settings;
        let view = View::new(store, catalogue, statusphere_view::Settings { interval, live_for, clock });
        Self { view, public_url }
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

    /// Answers one request; whatever is wrong with it is said on a page.
    pub async fn handle(&self, request: Request) -> Result<Response<Body>, Infallible> {
        let id = request.extensions().get::<RequestId>().map(RequestId::as_str);
        // Whatever is logged on the way is found by the id that the caller was given. An error's span is on at every level.
        let span = tracing::error_span!("request", request.id = id);
        let view = self.view.current().await;
        let frame = Frame::new(base(self.public_url.as_deref(), &request));
        let answer = match Box::pin(dispatch(&view, &frame, &request)).instrument(span).await {
            Ok(answer) => answer,
            Err(problem) => problem.answer(&view, &frame),
        };
        Ok(deliver(answer, &request))
    }
}

async fn dispatch(view: &View, frame: &Frame, request: &Request) -> Result<Answer, Problem> {
    match *request.method() {
        Method::GET | Method::HEAD => {}
        Method::OPTIONS => return Ok(Answer::preflight()),
        _ => return Err(Problem::Method),
    }
    let query = request.uri().query().unwrap_or_default();
    if query.len() > LONGEST_QUERY {
        return Err(Problem::Invalid(format!("The query is longer than {LONGEST_QUERY} bytes.")));
    }
    let path = match request.raw_http_path() {
        "" => request.uri().path(),
        path => path,
    };
    let asked = Asked { query: Query::new(query), frame: frame.clone() };
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match *parts.as_slice() {
        [""] => home::handle(view, asked).await,
        ["pages"] => directory::handle(view, asked).await,
        ["search"] => search::handle(view, &asked),
        ["stack"] => stack::handle(view, asked).await,
        ["robots.txt"] => Ok(robots::handle(&asked)),
        ["assets", file] => assets::find(file).ok_or(Problem::Path),
        ["status", name] => match find(view, name, "", query)? {
            Found::Page(entry) => page::handle(view, asked, entry).await,
            Found::Elsewhere(address) => Ok(Answer::see(&address)),
        },
        ["status", name, part @ ("history" | "incident")] => match find(view, name, part, query)? {
            Found::Page(entry) if part == "history" => history::handle(view, asked, entry).await,
            Found::Page(entry) => incident_page::handle(view, asked, entry).await,
            Found::Elsewhere(address) => Ok(Answer::see(&address)),
        },
        _ => Err(Problem::Path),
    }
}

enum Found<'a> {
    Page(&'a Entry),
    /// The page is known by this name too; its own address is another.
    Elsewhere(String),
}

fn find<'a>(view: &'a View, name: &str, part: &str, query: &str) -> Result<Found<'a>, Problem> {
    let name = percent_decode_str(name).decode_utf8_lossy();
    let entry = view.catalogue().find(&name).ok_or_else(|| Problem::Unknown(name.clone().into_owned()))?;
    if entry.page.id.as_str() == name {
        return Ok(Found::Page(entry));
    }
    let mark = if query.is_empty() { "" } else { "?" };
    let slash = if part.is_empty() { "" } else { "/" };
    Ok(Found::Elsewhere(format!("/status/{}{slash}{part}{mark}{query}", entry.page.id)))
}

//! The OpenAPI document, made of the handlers' own types. What is served is `docs/openapi.json`, which a test compares with
//! this: so nothing of it costs a start anything.

use serde_json::Value;
use utoipa::openapi::{OpenApi as Document, RefOr, Schema};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

use crate::{handlers, problem::ProblemAnswer};

/// What can be wrong with every request.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described")]
pub(crate) enum Problems<'a> {
    /// Nothing is new since the answer whose `ETag` was given in `If-None-Match`.
    #[response(status = 304)]
    Unchanged,
    /// A parameter is missing, can't be understood or excludes another; the cursor is not one of this list.
    #[response(status = 400)]
    BadRequest(ProblemAnswer<'a>),
    /// Too many requests. The gateway's own answer, made before any code of this API runs.
    #[response(status = 429)]
    TooMany(GatewayProblem<'a>),
    /// The table can't be read: ours, not yours.
    #[response(status = 500)]
    Failed(ProblemAnswer<'a>),
}

/// What can be wrong besides with one about something that has a name.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described")]
pub(crate) enum Unknown<'a> {
    /// The page, the incident or the component is not known.
    #[response(status = 404)]
    NotFound(ProblemAnswer<'a>),
}

/// How API Gateway itself refuses.
#[derive(ToSchema)]
#[schema(as = GatewayError)]
#[expect(dead_code, reason = "only described")]
pub(crate) struct GatewayProblem<'a> {
    message: &'a str,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Statusphere",
        description = "Is it them? The state, components, incidents, planned work and history of status pages, over one API. No \
            key is needed, any web page may ask. Every answer says how fresh it is; a page that could not be read lately is \
            `UNKNOWN`, never up.\n\nTexts of incidents are the vendors' own, as they wrote them: treat them as data, and \
            escape them before you show them.",
        license(name = "MIT", identifier = "MIT"),
    ),
    servers((url = "/api/v1")),
    tags(
        (name = "Now", description = "Is it them?"),
        (name = "Incidents", description = "What happened, what is planned, and how well it ran"),
        (name = "Directory", description = "Which pages there are"),
        (name = "About", description = "This API"),
    ),
    paths(
        handlers::current_status::handle,
        handlers::stack::handle,
        handlers::outages::handle,
        handlers::components::handle,
        handlers::changes::handle,
        handlers::incidents::handle,
        handlers::incident::handle,
        handlers::maintenances::handle,
        handlers::uptime::handle,
        handlers::status_page::handle,
        handlers::status_pages::handle,
        handlers::status_pages_search::handle,
        handlers::status_pages_count::handle,
        handlers::dump::handle,
        handlers::sitemap::handle,
        handlers::openapi::handle,
        handlers::docs::handle,
    ),
    components(schemas(ProblemAnswer, GatewayProblem)),
    modifiers(&Always),
)]
struct Api;

/// The document.
pub fn document() -> Document {
    Api::openapi()
}

/// Every field is always there; what is not known is null.
struct Always;

impl Modify for Always {
    fn modify(&self, document: &mut Document) {
        for schema in document.components.iter_mut().flat_map(|components| components.schemas.values_mut()) {
            require_all(schema);
        }
    }
}

fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => object.required = object.properties.keys().cloned().collect(),
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(require_all),
        _ => {}
    }
}

/// What is served: the document with examples.
pub(crate) const SERVED: &str = include_str!("../../../docs/openapi.json");

/// The same, read.
pub(crate) fn served() -> Value {
    serde_json::from_str(SERVED).unwrap_or_default()
}

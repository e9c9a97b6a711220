//! `/openapi.json`: this API for programs.

use crate::openapi::SERVED;
use statusphere_http::{Answer, MaxAge};

/// This document
#[utoipa::path(get, path = "/openapi.json", operation_id = "openapi", tag = "About",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object, content_type = "application/json"),
        (status = 304, description = "Nothing is new since the answer whose `ETag` was given in `If-None-Match`.")))]
pub(crate) fn handle() -> Answer {
    Answer::new("application/json; charset=utf-8", SERVED.to_owned(), MaxAge::Release).unindexed()
}

//! `/stack`: one verdict for the services that somebody depends on, as JSON or as plain text.

use lambda_http::http::HeaderMap;
use serde::Deserialize;
use statusphere_http::{Answer, MaxAge, Query};
use statusphere_view::{MOST_OF_STACK, listed};
use utoipa::IntoParams;

use crate::{
    Api,
    answer::{json, prefers_text, varying_by_accept},
    openapi::Problems,
    problem::Problem,
    wire::StackAnswer,
};

const TEXT: &str = "text/plain; charset=utf-8";

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Stack {
    /// What the stack is made of, separated by commas: each whatever a page is known by; 100 at most.
    #[param(example = "github,aws,cloudflare", pattern = r"[^,\s]", max_length = 2048, required = true)]
    pages: Option<String>,
    /// The components that matter, separated by commas, 100 at most: `page:component`, the component by its name, its id, its
    /// group or its region, in any case. Without `page:` it chooses on every page that has it. Pages of which nothing is
    /// chosen count as a whole. Where a name has a comma, take the id.
    #[param(example = "github:Actions,us-east-1", max_length = 2048)]
    components: Option<String>,
}

/// One verdict for a stack
///
/// Is it them, any of them? With reasons, for what was chosen and (`unfiltered`) for the whole of these pages: a choice hides
/// nothing. A name that is not known, a component that is not there and a page that can't be relied on make the verdict
/// `UNKNOWN`, never `UP`. With `Accept: text/plain` the first line is the verdict, the reasons follow, a line each.
#[utoipa::path(get, path = "/stack", operation_id = "stack", tag = "Now", params(Stack),
    responses((status = 200, description = "The verdict.",
        content((StackAnswer = "application/json"), (String = "text/plain"))), Problems))]
pub(crate) async fn handle(api: &Api, query: Query<'_>, headers: &HeaderMap) -> Result<Answer, Problem> {
    let stack: Stack = query.read()?;
    let names = list("pages", stack.pages.as_deref())?;
    if names.is_empty() {
        return Err(Problem::missing("pages").hint("List what you depend on: pages=github,aws,cloudflare."));
    }
    let words = list("components", stack.components.as_deref())?;
    let judged = api.view.stack(&names, &words).await.map_err(|error| Problem::table("status pages", &error))?;
    let answer = StackAnswer::new(&judged, |state| api.assess(state));
    if prefers_text(headers) {
        return Ok(varying_by_accept(Answer::new(TEXT, answer.text(), MaxAge::Page).unindexed()));
    }
    Ok(varying_by_accept(json(&answer, MaxAge::Page)?))
}

fn list<'a>(name: &str, text: Option<&'a str>) -> Result<Vec<&'a str>, Problem> {
    let too_many = || Problem::invalid(format!("{name} has more than {MOST_OF_STACK}"));
    listed(text).ok_or_else(|| too_many().hint("Ask for them in several stacks."))
}

//! What stands around every page: its address, its head and the policy that a browser holds it to.

use askama::Template;
use lambda_http::http::{
    HeaderValue, StatusCode,
    header::{CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY},
};
use statusphere_http::{Answer, MaxAge};

use crate::assets::{ICON, SCRIPT, STYLE};
use crate::problem::Problem;

const HTML: &str = "text/html; charset=utf-8";
/// Nothing from elsewhere, nothing inline, in no frame.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'",
);
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// What the head of a page needs besides what it is about.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// Where this deployment is reached, without a slash at the end.
    pub(crate) base: String,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
    pub(crate) icon: &'static str,
}

impl Frame {
    pub(crate) fn new(base: String) -> Self {
        Self { base, style: &STYLE.path, script: &SCRIPT.path, icon: &ICON.path }
    }
}

/// A page with status 200.
pub(crate) fn html(page: &impl Template, max_age: MaxAge) -> Result<Answer, Problem> {
    let page = page.render().map_err(|error| Problem::unrendered(&error))?;
    Ok(guarded(Answer::new(HTML, page, max_age)))
}

/// A page that says what is wrong.
pub(crate) fn refusal(page: &impl Template, status: StatusCode) -> Answer {
    let page = page.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a page can't be rendered");
        "Something went wrong here.".to_owned()
    });
    guarded(Answer::refusal(status, HTML, page))
}

fn guarded(answer: Answer) -> Answer {
    answer
        .with(CONTENT_SECURITY_POLICY, POLICY)
        .with(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"))
        .with(OPENER_POLICY, HeaderValue::from_static("same-origin"))
}

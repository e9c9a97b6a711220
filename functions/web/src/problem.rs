//! What is wrong with a request, as a page for people.

use askama::Template;
use lambda_http::http::{StatusCode, header::ALLOW};
use statusphere_catalogue::Entry;
use statusphere_domain::PageId;
use statusphere_http::{Answer, METHODS, NotRead};
use statusphere_store::StoreError;
use statusphere_view::View;

use crate::frame::{Frame, refusal};

/// Why there is no page to show.
#[derive(Debug)]
pub(crate) enum Problem {
    /// Nobody is known by this name.
    Unknown(String),
    /// The page of this name has no such incident.
    Incident { name: String, slug: String },
    /// There is nothing at this path.
    Path,
    /// A parameter can't be understood, in a sentence.
    Invalid(String),
    /// Only GET and HEAD are allowed.
    Method,
    /// Ours: said in the log.
    Ours,
}

#[derive(Template)]
#[template(path = "unknown.html")]
struct UnknownPage<'a> {
    frame: &'a Frame,
    asked: &'a str,
    similar: Vec<&'a Entry>,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    frame: &'a Frame,
    title: &'a str,
    text: &'a str,
}

impl Problem {
    /// The table failed: logged here, once.
    pub(crate) fn store(what: &str, page: &PageId, error: &StoreError) -> Self {
        tracing::error!(page.id = %page, error = %error, "failed to get {what} from database");
        Self::Ours
    }

    pub(crate) fn unrendered(error: &askama::Error) -> Self {
        tracing::error!(%error, "a page can't be rendered");
        Self::Ours
    }

    pub(crate) fn answer(self, view: &View, frame: &Frame) -> Answer {
        let page = |status, title: &str, text: &str| refusal(&ProblemPage { frame, title, text }, status);
        match self {
            Self::Unknown(asked) => {
                let asked: String = asked.chars().take(100).collect();
                let similar = view.similar(&asked);
                refusal(&UnknownPage { frame, asked: &asked, similar }, StatusCode::NOT_FOUND)
            }
            Self::Incident { name, slug } => {
                let text = format!("{name} has no incident or planned work of this id. See /status/{slug}/history.");
                page(StatusCode::NOT_FOUND, "This incident is not known", &text)
            }
            Self::Path => page(StatusCode::NOT_FOUND, "There is nothing here", "No page has this address."),
            Self::Invalid(text) => page(StatusCode::BAD_REQUEST, "This address can't be understood", &text),
            Self::Method => {
                page(StatusCode::METHOD_NOT_ALLOWED, "Only to be read", "Ask with GET or HEAD.").with(ALLOW, METHODS)
            }
            Self::Ours => page(
                StatusCode::INTERNAL_SERVER_ERROR,
                "It's us, not them",
                "What we know could not be read just now. Try again in some seconds; the vendor's own status page has the answer meanwhile.",
            ),
        }
    }
}

impl From<NotRead> for Problem {
    fn from(NotRead(why): NotRead) -> Self {
        Self::Invalid(format!("This can't be read: {why}."))
    }
}

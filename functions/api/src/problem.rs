//! Why a request has no answer, in words for programs (`code`) and for people (`error`, `hint`).

use std::borrow::Cow;

use lambda_http::http::StatusCode;
use serde::Serialize;
use statusphere_domain::PageId;
use statusphere_http::NotRead;
use statusphere_store::StoreError;
use utoipa::ToSchema;

/// What kind of problem it is, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Code {
    /// A parameter that has to be there is missing or empty.
    ParameterMissing,
    /// A parameter can't be understood.
    ParameterInvalid,
    /// Two parameters that mean the same thing were given.
    ParametersExclusive,
    /// The cursor was not given out for this list.
    CursorInvalid,
    /// No page of that name or address is listed.
    PageUnknown,
    /// The page has no such incident or maintenance.
    IncidentUnknown,
    /// The page has no such component.
    ComponentUnknown,
    /// There is no endpoint at this path.
    PathUnknown,
    /// Only GET, HEAD and OPTIONS are allowed.
    MethodNotAllowed,
    /// The table could not be read: ours, not yours.
    StorageFailed,
    /// Something else of ours.
    Internal,
}

impl Code {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::ParameterMissing | Self::ParameterInvalid | Self::ParametersExclusive | Self::CursorInvalid => {
                StatusCode::BAD_REQUEST
            }
            Self::PageUnknown | Self::IncidentUnknown | Self::ComponentUnknown | Self::PathUnknown => {
                StatusCode::NOT_FOUND
            }
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::StorageFailed | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What to do when nothing better is known.
    fn hint(self) -> &'static str {
        match self {
            Self::ParameterMissing => "Add the parameter; /api/v1/docs lists those of each endpoint.",
            Self::ParameterInvalid => "/api/v1/docs says what each parameter may be.",
            Self::ParametersExclusive => "Leave one of them out.",
            Self::CursorInvalid => {
                "Give back `cursor` of the last answer as it is, with the same other parameters; or begin without one."
            }
            Self::PageUnknown => "Look for it with /api/v1/statusPages/search?query=...",
            Self::IncidentUnknown => "/api/v1/incidents lists those of the page.",
            Self::ComponentUnknown => "Without `component` the answer has all of the page, with their ids and names.",
            Self::PathUnknown => "/api/v1/docs lists every endpoint.",
            Self::MethodNotAllowed => "Ask with GET.",
            Self::StorageFailed | Self::Internal => {
                "Try again in some seconds. If it stays, tell the owner the x-request-id of this answer."
            }
        }
    }
}

/// Why a request has no answer.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    text: Cow<'static, str>,
    hint: Cow<'static, str>,
}

/// How every problem is written. The original's errors have `error` alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ProblemAnswer<'a> {
    /// What is wrong, for people. The original's words where it had some.
    error: &'a str,
    /// What is wrong, for programs.
    code: Code,
    /// What to do.
    hint: &'a str,
}

impl Problem {
    /// A problem of this kind in these words.
    pub(crate) fn new(code: Code, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, text: text.into(), hint: code.hint().into() }
    }

    /// The same with better advice.
    pub(crate) fn hint(self, hint: impl Into<Cow<'static, str>>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// A parameter that can't be understood.
    pub(crate) fn invalid(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::ParameterInvalid, text)
    }

    /// A parameter that is not there.
    pub(crate) fn missing(name: &str) -> Self {
        Self::new(Code::ParameterMissing, format!("{name} is required"))
    }

    /// A component that is none of the page's, by any name.
    pub(crate) fn component() -> Self {
        Self::new(Code::ComponentUnknown, "component not known on this status page")
    }

    /// The table failed, which the caller could not help: logged here, once. `what` was wanted.
    pub(crate) fn store(what: &str, page: &PageId, error: &StoreError) -> Self {
        tracing::error!(page.id = %page, error = %error, "failed to get {what} from database");
        Self::new(Code::StorageFailed, format!("failed to get {what} from database"))
    }

    /// The same where no single page was wanted.
    pub(crate) fn table(what: &str, error: &StoreError) -> Self {
        tracing::error!(error = %error, "failed to get {what} from database");
        Self::new(Code::StorageFailed, format!("failed to get {what} from database"))
    }

    pub(crate) fn unwritable(error: &serde_json::Error) -> Self {
        tracing::error!(error = %error, "failed to write an answer");
        Self::new(Code::Internal, "failed to write the answer")
    }

    /// The answer's body.
    pub(crate) fn to_json(&self) -> String {
        let answer = ProblemAnswer { error: &self.text, code: self.code, hint: &self.hint };
        serde_json::to_string(&answer).unwrap_or_default()
    }
}

impl From<NotRead> for Problem {
    fn from(NotRead(why): NotRead) -> Self {
        Self::invalid(why)
    }
}

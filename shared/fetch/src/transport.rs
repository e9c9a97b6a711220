//! Puts what the HTTP client says of a broken request into a kind and a few words for people.
//!
//! Deliberately absent: answers with a status, which `answer` judges.

use std::error::Error;
use std::io;
use std::iter::successors;
use std::time::Duration;

use statusphere_domain::{FetchError, FetchErrorKind};

use crate::resolver::NameError;

/// A certificate may list a hundred names; nobody reads them.
const LONGEST_DETAIL: usize = 160;

/// The failure of a request that never got its whole answer.
pub(crate) fn broken(error: &reqwest::Error) -> FetchError {
    let causes = || successors(Some(error as &(dyn Error + 'static)), |error| cause(*error));
    let (kind, detail) = if let Some(error) = causes().find_map(<dyn Error>::downcast_ref::<NameError>) {
        let kind = match error {
            NameError::Unresolved(_) => FetchErrorKind::Unreachable,
            NameError::NotPublic { .. } => FetchErrorKind::Denied,
        };
        (kind, error.to_string())
    } else if error.is_decode() && !causes().any(<dyn Error>::is::<hyper::Error>) {
        (FetchErrorKind::Unusable, "the body does not decompress".to_owned())
    } else {
        let tls =
            || causes().find_map(<dyn Error>::downcast_ref::<rustls::Error>).map(|tls| format!("TLS failed: {tls}"));
        let socket = || causes().filter_map(<dyn Error>::downcast_ref::<io::Error>).last().map(socket);
        let protocol = || causes().find_map(<dyn Error>::downcast_ref::<hyper::Error>).map(protocol);
        let why = tls().or_else(socket).or_else(protocol);
        (FetchErrorKind::Unreachable, why.unwrap_or_else(|| "no connection".to_owned()))
    };
    FetchError { kind, detail: detail.chars().take(LONGEST_DETAIL).collect(), retry_after: None }
}

/// What an error stems from. An I/O error hides what it wraps from `source`.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// The failure of a request that took too long.
pub(crate) fn timed_out(deadline: Duration) -> FetchError {
    let detail = format!("no whole answer within {:.1} s", deadline.as_secs_f32());
    FetchError { kind: FetchErrorKind::TimedOut, detail, retry_after: None }
}

/// The failure of a body beyond the cap.
pub(crate) fn too_large(max_bytes: usize) -> FetchError {
    let detail = format!("the body is larger than {max_bytes} bytes");
    FetchError { kind: FetchErrorKind::Unusable, detail, retry_after: None }
}

fn socket(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the answer broke off".to_owned(),
        // Chunks that are none.
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => "the answer is not HTTP".to_owned(),
        kind => kind.to_string(),
    }
}

fn protocol(error: &hyper::Error) -> String {
    let detail = if error.is_incomplete_message() {
        "the answer broke off"
    } else if error.is_parse() {
        "the answer is not HTTP"
    } else {
        "the connection broke"
    };
    detail.to_owned()
}

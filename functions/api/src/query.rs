//! The one reader of query strings: of the raw one, because API Gateway joins repeated parameters with commas.

use std::borrow::Cow;

use crate::answer::Problem;

/// Bytes of one parameter, decoded, at most.
const LONGEST: usize = 2_048;

/// A raw query string. The first of a repeated parameter counts; what is no UTF-8 is replaced.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    /// Wraps what stands after the `?`.
    pub(crate) fn new(raw: &'a str) -> Self {
        Self(raw)
    }

    /// A parameter; `None` when it is missing or empty.
    pub(crate) fn get(&self, name: &str) -> Result<Option<Cow<'a, str>>, Problem> {
        let value = form_urlencoded::parse(self.0.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value);
        match value {
            Some(value) if value.len() > LONGEST => {
                Err(Problem::bad_request(format!("{name} is longer than {LONGEST} bytes")))
            }
            value => Ok(value.filter(|value| !value.is_empty())),
        }
    }

    /// A parameter that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<Cow<'a, str>, Problem> {
        self.get(name)?.ok_or_else(|| Problem::bad_request(format!("{name} is required")))
    }
}

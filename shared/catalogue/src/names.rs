//! A list of names as the file has it: in one text, parted by `;`.
//!
//! Deliberately absent: a string of its own for each. A function that starts reads thousands of lists and needs few.

use std::borrow::Cow;

/// Names in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(Cow<'static, str>);

impl Names {
    pub(crate) fn of(text: Cow<'static, str>) -> Self {
        Self(text)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Each name, without the spaces around it.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(';').map(str::trim_ascii).filter(|name| !name.is_empty())
    }
}

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<T: IntoIterator<Item = &'a str>>(names: T) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        Self(Cow::Owned(names.join(";")))
    }
}

//! A status page as the catalogue lists it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Immutable name of a page: a slug of `a-z`, `0-9`, `.` and single `-`, at most 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PageId(String);

/// The text is no slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPageId(String);

impl fmt::Display for InvalidPageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no slug: use a-z, 0-9, `.` and single `-` between them, at most 64", self.0)
    }
}

impl std::error::Error for InvalidPageId {}

impl PageId {
    /// Checks and wraps a slug.
    pub fn new(slug: impl Into<String>) -> Result<Self, InvalidPageId> {
        let slug = slug.into();
        let good = !slug.is_empty()
            && slug.len() <= 64
            && slug.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))
            && !matches!(slug.as_bytes(), [b'-' | b'.', ..] | [.., b'-' | b'.'])
            && !slug.as_bytes().windows(2).any(|pair| pair == b"--");
        if good { Ok(Self(slug)) } else { Err(InvalidPageId(slug)) }
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PageId {
    type Error = InvalidPageId;
    fn try_from(slug: String) -> Result<Self, InvalidPageId> {
        Self::new(slug)
    }
}

impl From<PageId> for String {
    fn from(id: PageId) -> Self {
        id.0
    }
}

/// Which provider reads a page, with the key that its platform needs (a status.io page id, say).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// A provider's name.
    pub provider: String,
    /// The platform's own key for the page, where an address is not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// One status page to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The slug.
    pub id: PageId,
    /// The address people open, without a trailing slash.
    pub url: String,
    /// What the catalogue knows of the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
}

/// A hash of a name that is the same on every machine and in every release (FNV-1a, mixed), to spread pages evenly.
pub fn stable_hash(name: &str) -> u64 {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash ^ (hash >> 32)
}

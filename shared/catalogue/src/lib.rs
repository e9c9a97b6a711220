//! The list of status pages: the one that is compiled in, or a user's own; lookups in it, and search.
//!
//! Deliberately absent: I/O, and how a page fares. A catalogue says which pages there are and never changes; what was
//! read of them is the store's.

mod address;
mod file;
mod host;
mod lookup;
mod names;
mod search;

pub use file::LineError;
pub use lookup::Catalogue;
pub use names::Names;
pub use search::MOST_FOUND;

use std::borrow::Cow;

use statusphere_domain::Page;

/// What a page's vendor is for, in one word; an entry has one of these or none.
pub const CATEGORIES: [&str; 24] = [
    "ai",
    "analytics",
    "ci-cd",
    "cloud",
    "commerce",
    "communication",
    "crypto",
    "database",
    "developer-tools",
    "education",
    "email",
    "finance",
    "health",
    "hosting",
    "hr",
    "it-management",
    "marketing",
    "media",
    "monitoring",
    "network",
    "payments",
    "productivity",
    "security",
    "support",
];

/// One status page with the names that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Slug, address and provider hint.
    pub page: Page,
    /// Display name.
    pub name: Cow<'static, str>,
    /// Address of the vendor's own site.
    pub home: Option<Cow<'static, str>>,
    /// One of [`CATEGORIES`].
    pub category: Option<Cow<'static, str>>,
    /// The vendor's own domains, lower-case. A domain stands for its subdomains too, unless another entry has those.
    pub domains: Names,
    /// Other names of the same thing.
    pub aliases: Names,
    /// Names of what the vendor sells that the page is about, where people know them better than the vendor.
    pub products: Names,
    /// How many public lists know the page: a measure of how well known it is.
    pub sources: u8,
}

impl Entry {
    /// Takes over what the entry that it replaces has and it has not; the other's slug and name become aliases.
    fn inherit(&mut self, other: &Self) {
        let former = [other.page.id.as_str(), &other.name].into_iter();
        let former = former.filter(|name| *name != self.page.id.as_str() && *name != self.name);
        let aliases = self.aliases.iter().chain(former);
        self.aliases =
            if self.aliases.is_empty() { aliases.chain(other.aliases.iter()).collect() } else { aliases.collect() };
        for (own, others) in [(&mut self.domains, &other.domains), (&mut self.products, &other.products)] {
            if own.is_empty() {
                *own = others.clone();
            }
        }
        self.home = self.home.take().or_else(|| other.home.clone());
        self.category = self.category.take().or_else(|| other.category.clone());
    }

    /// The host that the page's documents come from, in lower case and without its port. Pages that share one are
    /// fetched one after another.
    pub fn request_host(&self) -> Cow<'_, str> {
        host::request_host(&self.page)
    }
}

//! The catalogue in memory: well-formed, in order, and found in one step by slug, name, address or whatever it is known by.
//!
//! Deliberately absent: guessing. A lookup finds exactly what was asked for; [`Catalogue::search`] is for people.

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, HashSet, hash_map},
    sync::OnceLock,
};

use rustc_hash::{FxBuildHasher, FxHashMap};
use statusphere_domain::PageId;

use crate::{CATEGORIES, Entry, LineError, Names, address, file::Rows, host::stands_for_all, search::Index};

/// An immutable list of pages, in the order of `/statusPages`. What is shipped is read, and what lookups and searches need
/// is built, by the first that needs it: most starts of a function never see one of each.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Each is there, or in its row.
    entries: Vec<OnceLock<Option<Entry>>>,
    rows: Option<Rows>,
    /// Positions in `entries`, by lower-cased name, ties by slug.
    order: OnceLock<Vec<usize>>,
    ids: OnceLock<FxHashMap<String, usize>>,
    names: OnceLock<FxHashMap<String, usize>>,
    addresses: OnceLock<Addresses>,
    /// By everything that an entry is known by, in lower case; domains with a dot before them.
    known: OnceLock<FxHashMap<String, usize>>,
    index: OnceLock<Index>,
}

/// Positions by the key of an address.
type Addresses = FxHashMap<Cow<'static, str>, usize>;

impl Catalogue {
    /// A catalogue of these entries, in any order. The error is a sentence that names the entry.
    pub fn from_entries(entries: Vec<Entry>) -> Result<Self, String> {
        let mut builder = Builder::default();
        for entry in entries {
            let id = entry.page.id.clone();
            builder.push(entry).map_err(|why| format!("page `{id}`: {why}"))?;
        }
        Ok(builder.finish())
    }

    /// A catalogue of rows that are known to be good.
    pub(crate) fn of_rows(rows: Rows) -> Self {
        Self {
            entries: std::iter::repeat_with(OnceLock::new).take(rows.len()).collect(),
            rows: Some(rows),
            ..Self::default()
        }
    }

    /// This catalogue with the pages of a file of somebody's own, which come first among equals and take the place of those
    /// that have their slug or their address. What the file does not say of these stays.
    pub fn with(&self, csv: &str) -> Result<Self, LineError> {
        let own = match csv.trim_start_matches('\u{feff}').trim() {
            "" => Self::default(),
            _ => Self::parse(csv)?,
        };
        let replaced = |entry: &Entry| own.by_id(&entry.page.id).or_else(|| own.by_url(&entry.page.url));
        let mut entries: BTreeMap<&PageId, Entry> =
            own.all().map(|(_, entry)| (&entry.page.id, Entry { sources: u8::MAX, ..entry.clone() })).collect();
        for (_, entry) in self.all() {
            match replaced(entry).and_then(|own| entries.get_mut(&own.page.id)) {
                Some(own) => own.inherit(entry),
                None => _ = entries.insert(&entry.page.id, entry.clone()),
            }
        }
        let mut builder = Builder::with_capacity(entries.len());
        for entry in entries.into_values() {
            builder.push(entry).map_err(|why| LineError { line: 1, why })?;
        }
        Ok(builder.finish())
    }

    fn at(&self, at: usize) -> Option<&Entry> {
        let read = || self.rows.as_ref().and_then(|rows| rows.entry(at));
        self.entries.get(at)?.get_or_init(read).as_ref()
    }

    /// All entries with their positions, in the file's order.
    fn all(&self) -> impl Iterator<Item = (usize, &Entry)> {
        (0..self.entries.len()).filter_map(|at| Some((at, self.at(at)?)))
    }

    /// Makes lookups by address ready, so that the first one need not.
    pub fn warm(&self) {
        self.addresses();
    }

    /// Number of pages.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when there is no page.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All pages by lower-cased name, ties by slug.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.order().iter().filter_map(|&at| self.at(at))
    }

    /// All pages, the best known first, ties by slug.
    pub fn by_rank(&self) -> impl Iterator<Item = &Entry> {
        self.ranked().into_iter().map(|(_, entry)| entry)
    }

    fn ranked(&self) -> Vec<(usize, &Entry)> {
        let mut entries: Vec<_> = self.all().collect();
        // The shipped ones are in order already, and ranks alone are quickly compared.
        entries.sort_by(|(_, one), (_, other)| one.page.id.cmp(&other.page.id));
        entries.sort_by_key(|(_, entry)| Reverse(entry.sources));
        entries
    }

    /// The page with this slug.
    pub fn by_id(&self, id: &PageId) -> Option<&Entry> {
        self.by_slug(id.as_str())
    }

    fn by_slug(&self, slug: &str) -> Option<&Entry> {
        let at = match &self.rows {
            Some(rows) => rows.position(slug),
            None => self.ids().get(slug).copied(),
        };
        self.at(at?)
    }

    /// The page with exactly this name in any case; the best known when several share it.
    pub fn by_name(&self, name: &str) -> Option<&Entry> {
        self.names().get(&name.to_lowercase()).and_then(|&at| self.at(at))
    }

    /// The page with this address: http or https, host in any case, with or without a trailing slash, a default port,
    /// a fragment or spaces around it.
    pub fn by_url(&self, url: &str) -> Option<&Entry> {
        self.addresses().get(&*address::key(url)?).and_then(|&at| self.at(at))
    }

    /// The page that `text` stands for: its slug, its name, an alias or product in any case, its address or one below it,
    /// or a host of its vendor. The first of these that fits, and the best known page when several do; no near misses.
    pub fn find(&self, text: &str) -> Option<&Entry> {
        let text = text.trim();
        let (name, address) = (text.to_lowercase(), text.split_once("://").map_or(text, |(_, rest)| rest));
        let host = address.split(['/', '?', '#', ':']).next().unwrap_or_default().to_lowercase();
        let above = std::iter::successors(Some(&*host), |host| host.split_once('.').map(|(_, above)| above));
        let above = above.filter(|above| !above.is_empty() && (*above == host || stands_for_all(above)));
        let exact = |key: &str| self.known().get(key).and_then(|&at| self.at(at));
        // Slugs and addresses are what programs send, and the first of them must not wait for all names to be read.
        self.by_slug(&name)
            .or_else(|| self.by_url(text))
            .or_else(|| exact(&name))
            .or_else(|| self.by_url(&format!("https://{address}")))
            .or_else(|| self.by_url(&format!("https://{host}")))
            .or_else(|| above.map(|above| format!(".{above}")).find_map(|domain| exact(&domain)))
    }

    /// The pages that `query` may mean by name, slug, alias, domain or address: at most 25, the best match first, then
    /// the best known. Nothing rather than noise.
    pub fn search(&self, query: &str) -> Vec<&Entry> {
        if query.contains("://")
            && let Some(entry) = self.by_url(query)
        {
            return vec![entry];
        }
        let index = self.index.get_or_init(|| Index::new(self.iter()));
        let found = index.search(query).into_iter();
        found.filter_map(|place| self.at(*self.order().get(place)?)).collect()
    }

    fn order(&self) -> &[usize] {
        self.order.get_or_init(|| {
            let mut named: Vec<_> =
                self.all().map(|(at, entry)| (entry.name.to_lowercase(), &entry.page.id, at)).collect();
            named.sort_unstable();
            named.into_iter().map(|(_, _, at)| at).collect()
        })
    }

    fn ids(&self) -> &FxHashMap<String, usize> {
        self.ids.get_or_init(|| self.all().map(|(at, entry)| (entry.page.id.to_string(), at)).collect())
    }

    fn names(&self) -> &FxHashMap<String, usize> {
        self.names.get_or_init(|| self.first_of(&[|entry| vec![entry.name.to_lowercase()]]))
    }

    fn known(&self) -> &FxHashMap<String, usize> {
        self.known.get_or_init(|| {
            self.first_of(&[
                |entry| vec![entry.name.to_lowercase()],
                |entry| entry.aliases.iter().map(str::to_lowercase).collect(),
                |entry| entry.products.iter().map(str::to_lowercase).collect(),
                |entry| entry.domains.iter().map(|domain| format!(".{domain}")).collect(),
            ])
        })
    }

    /// Positions by what entries are called; of several of one name, the best known of the first kind.
    fn first_of(&self, kinds: &[fn(&Entry) -> Vec<String>]) -> FxHashMap<String, usize> {
        let (ranked, mut names) = (self.ranked(), FxHashMap::default());
        for kind in kinds {
            for (at, entry) in &ranked {
                for name in kind(entry) {
                    names.entry(name).or_insert(*at);
                }
            }
        }
        names
    }

    fn addresses(&self) -> &Addresses {
        self.addresses.get_or_init(|| {
            let mut addresses = FxHashMap::with_capacity_and_hasher(self.entries.len(), FxBuildHasher);
            let urls = self.rows.iter().flat_map(Rows::urls);
            addresses.extend(urls.zip(0..).filter_map(|(url, at)| Some((address::key(url)?, at))));
            addresses
        })
    }
}

/// Names in one list of an entry, and bytes of each: more is a mistake, and would take every search its time.
const MOST_NAMES: usize = 200;
const LONGEST_NAME: usize = 200;

/// Collects entries and refuses what would make the catalogue ambiguous or unreadable.
#[derive(Default)]
pub(crate) struct Builder {
    entries: Vec<Entry>,
    ids: HashSet<PageId>,
    addresses: Addresses,
}

impl Builder {
    /// A builder with room for so many entries.
    pub(crate) fn with_capacity(entries: usize) -> Self {
        Self { entries: Vec::with_capacity(entries), ..Self::default() }
    }

    /// Adds an entry, or says in a sentence why it can't be.
    pub(crate) fn push(&mut self, entry: Entry) -> Result<(), String> {
        if entry.name.trim().is_empty() {
            return Err("the name is empty".to_owned());
        }
        check_names(&entry)?;
        if let Some(hint) = &entry.page.hint
            && (hint.provider.is_empty()
                || !hint.provider.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        {
            return Err(format!("the provider `{}` is not one lower-case word", hint.provider));
        }
        if let Some(domain) = entry.domains.iter().find(|domain| !is_domain(domain)) {
            return Err(format!("the domain `{domain}` is not a lower-case host name"));
        }
        if let Some(category) = entry.category.as_deref().filter(|category| !CATEGORIES.contains(category)) {
            return Err(format!("the category `{category}` is not one of {}", CATEGORIES.join(", ")));
        }
        if let Some(home) = &entry.home {
            address::check(home).map_err(|why| format!("the home page is no address: {why}"))?;
        }
        let key = address::check(&entry.page.url)?;

        let at = self.entries.len();
        match self.addresses.entry(Cow::Owned(key)) {
            hash_map::Entry::Occupied(taken) => {
                let owner = self.entries.get(*taken.get()).map_or("another page", |entry| entry.page.id.as_str());
                return Err(format!("the address `{}` is already that of `{owner}`", entry.page.url));
            }
            hash_map::Entry::Vacant(free) => free.insert(at),
        };
        if !self.ids.insert(entry.page.id.clone()) {
            return Err(format!("the slug `{}` is already taken", entry.page.id));
        }
        self.entries.push(entry);
        Ok(())
    }

    /// The catalogue of all that was added.
    pub(crate) fn finish(self) -> Catalogue {
        let entries = self.entries.into_iter().map(|entry| OnceLock::from(Some(entry))).collect();
        Catalogue { addresses: self.addresses.into(), entries, ..Catalogue::default() }
    }
}

fn check_names(entry: &Entry) -> Result<(), String> {
    let lists = [&entry.domains, &entry.aliases, &entry.products];
    if lists.iter().any(|names| names.iter().count() > MOST_NAMES) {
        return Err(format!("there are more than {MOST_NAMES} domains, aliases or products"));
    }
    let mut names = lists.into_iter().flat_map(Names::iter).chain([&*entry.name]);
    match names.find(|name| name.len() > LONGEST_NAME) {
        Some(_) => Err(format!("a name is longer than {LONGEST_NAME} bytes")),
        None => Ok(()),
    }
}

fn is_domain(domain: &str) -> bool {
    domain
        .split('.')
        .all(|label| !label.is_empty() && label.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_')))
}

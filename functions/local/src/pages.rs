//! The catalogue that this run uses: the shipped one or the pages of a folder of recordings, and a file of
//! own ones.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use statusphere_catalogue::{Catalogue, Entry, Names};
use statusphere_domain::{Page, PageId};
use statusphere_fetch::{RecordedPage, Recordings};

/// A catalogue with the pages of a file in the shipped one's format, which take the place of those with their slug or
/// address.
pub(crate) fn with_file(catalogue: &Catalogue, file: &Path) -> anyhow::Result<Catalogue> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("the pages file {} can't be read", file.display()))?;
    catalogue.with(&text).map_err(|error| anyhow!("the pages file {}, {error}", file.display()))
}

/// The recorded pages. Names and slugs come from the shipped catalogue by address, else from the host.
pub(crate) fn from_recordings(recordings: &Recordings) -> anyhow::Result<Catalogue> {
    let shipped = Catalogue::shipped();
    let mut slugs = BTreeSet::new();
    let mut entries = Vec::new();
    for recorded in recordings.pages() {
        let entry = match shipped.by_url(&recorded.url) {
            Some(known) => Entry { page: page(known.page.id.clone(), recorded), ..known.clone() },
            None => by_host(recorded)?,
        };
        let entry = Entry { page: Page { id: unique(&entry.page.id, &mut slugs)?, ..entry.page }, ..entry };
        entries.push(entry);
    }
    Catalogue::from_entries(entries).map_err(|why| anyhow!("the recordings make no catalogue: {why}"))
}

fn page(id: PageId, recorded: &RecordedPage) -> Page {
    Page { id, url: recorded.url.clone(), hint: recorded.hint.clone() }
}

fn by_host(recorded: &RecordedPage) -> anyhow::Result<Entry> {
    let address = recorded.url.split_once("://").map_or(recorded.url.as_str(), |(_, rest)| rest);
    let host = address.split(['/', '?', ':']).next().unwrap_or(address).to_lowercase();
    let slug: String = host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
    let slug = slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let id = PageId::new(slug).with_context(|| format!("the recorded address {} has no host", recorded.url))?;
    Ok(Entry {
        page: page(id, recorded),
        name: host.into(),
        home: None,
        category: None,
        domains: Names::default(),
        aliases: Names::default(),
        products: Names::default(),
        sources: 0,
    })
}

fn unique(id: &PageId, taken: &mut BTreeSet<PageId>) -> anyhow::Result<PageId> {
    let mut candidate = id.clone();
    for n in 2.. {
        if taken.insert(candidate.clone()) {
            break;
        }
        candidate = PageId::new(format!("{id}-{n}"))?;
    }
    Ok(candidate)
}

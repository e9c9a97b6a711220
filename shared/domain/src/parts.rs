//! The components of a page, found by what people and incidents call them.
//!
//! Deliberately absent: likeness. A word is a name, an id, a group or a region, in any case, or it is nothing.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::{Component, Region, region, region::asked_region};

/// Components with an index of what they are called. Names are folded and regions read once, however often one looks.
#[derive(Debug)]
pub struct Parts<'a> {
    all: &'a [Component],
    called: BTreeMap<String, Vec<usize>>,
    regions: OnceCell<Vec<Option<Region>>>,
}

/// In any case, and whatever spaces stand around it.
fn fold(word: &str) -> String {
    word.trim().to_lowercase()
}

impl<'a> Parts<'a> {
    /// Of all the components of a page.
    pub fn new(all: &'a [Component]) -> Self {
        let mut called: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, component) in all.iter().enumerate() {
            let words: BTreeSet<String> = [Some(&component.name), Some(&component.id), component.group.as_ref()]
                .into_iter()
                .flatten()
                .map(|word| fold(word))
                .collect();
            for word in words {
                called.entry(word).or_default().push(at);
            }
        }
        Self { all, called, regions: OnceCell::new() }
    }

    /// All of them, in the vendor's order.
    pub fn all(&self) -> &'a [Component] {
        self.all
    }

    /// Positions of those that have this name or id, or stand in the group of this name.
    pub fn called(&self, word: &str) -> &[usize] {
        self.called.get(&fold(word)).map_or(&[], Vec::as_slice)
    }

    /// Positions of those that a word chooses: that are called so; and, where it is a region in which some are, all that may
    /// touch those who use it, which includes what does not say where it is.
    pub fn chosen(&self, word: &str) -> BTreeSet<usize> {
        let mut chosen: BTreeSet<usize> = self.called(word).iter().copied().collect();
        if let Some(used) = asked_region(word) {
            let near = |region: &Option<Region>| region.as_ref().map(|region| region.concerns(&used));
            if self.regions().iter().any(|region| near(region) == Some(true)) {
                let regions = self.regions().iter().enumerate();
                chosen.extend(regions.filter(|(_, region)| near(region) != Some(false)).map(|(at, _)| at));
            }
        }
        chosen
    }

    /// The region of each, in order.
    pub fn regions(&self) -> &[Option<Region>] {
        self.regions.get_or_init(|| self.all.iter().map(|part| region(&part.name, part.group.as_deref())).collect())
    }
}

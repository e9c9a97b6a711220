//! Where a component runs or is used, read from the name and the group that its vendor gives it.
//!
//! Deliberately absent: guesses. A cloud's code counts wherever it stands; a place only where nothing else shares its
//! part of the text ("API (Frankfurt)", never "Paris metro app"). Towns do not become codes: clouds share most of them.

mod code;
mod facts;
mod place;
mod words;

use code::codes;
use place::places;

/// A part of the world, as wide as vendors divide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// All of Africa.
    Africa,
    /// Asia without the Middle East.
    Asia,
    /// Europe with the United Kingdom.
    Europe,
    /// Everywhere at once, in the vendor's words.
    Global,
    /// South and Central America, Mexico and the Caribbean.
    LatinAmerica,
    /// From Israel to the Gulf.
    MiddleEast,
    /// The United States, Canada and Mexico.
    NorthAmerica,
    /// Australia, New Zealand and the islands.
    Oceania,
}

impl Area {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Africa => "africa",
            Self::Asia => "asia",
            Self::Europe => "europe",
            Self::Global => "global",
            Self::LatinAmerica => "latin_america",
            Self::MiddleEast => "middle_east",
            Self::NorthAmerica => "north_america",
            Self::Oceania => "oceania",
        }
    }
}

/// What a vendor says of where a component is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// A cloud's own code in lower case: `us-east-1`, `europe-west4`, `westeurope`, `fra1`. `None` where the vendor
    /// gives none or several.
    pub code: Option<String>,
    /// In order and each once, never empty: "EMEA" is three of them, Mexico two.
    pub areas: Vec<Area>,
}

impl Region {
    /// True when one who uses `used` may be touched by what happens here. Two codes must be the same; otherwise a
    /// common area is enough, and what is global concerns everyone.
    pub fn concerns(&self, used: &Self) -> bool {
        if let (Some(here), Some(used)) = (&self.code, &used.code) {
            return here == used;
        }
        let is_global = self.areas.iter().chain(&used.areas).any(|area| *area == Area::Global);
        is_global || self.areas.iter().any(|area| used.areas.contains(area))
    }
}

/// One place that a text names.
#[derive(Debug)]
struct Found {
    code: Option<String>,
    areas: facts::Areas,
}

/// The region of the component `name`, which stands under `group`. The name goes before the group, unless the group
/// only says it closer: "Frankfurt" under "eu-central-1". Reads what people ask for, too: a code, the word of an
/// [`Area`], a town.
pub fn region(name: &str, group: Option<&str>) -> Option<Region> {
    let is_azure = [Some(name), group].into_iter().flatten().any(mentions_azure);
    let of_group = || group.and_then(|group| read(group, is_azure));
    let Some(own) = read(name, is_azure) else { return of_group() };
    let is_open = own.code.is_none();
    let closer = of_group().filter(|group| is_open && group.areas.iter().all(|area| own.areas.contains(area)));
    Some(closer.unwrap_or(own))
}

/// The region that somebody asks for: the whole word is one. What may stand beside it in a vendor's label ("Dashboard EU")
/// may not here, or a slip of the pen would choose a continent.
pub fn asked_region(word: &str) -> Option<Region> {
    // Only capitals end a label.
    let word = word.trim().to_lowercase();
    region(&word, None).filter(|region| region.code.as_ref().is_none_or(|code| *code == word))
}

/// Azure's names of regions are plain geography ("Southeast Asia"), so that they are its codes only where it is named.
fn mentions_azure(text: &str) -> bool {
    text.as_bytes().windows(5).any(|word| word.eq_ignore_ascii_case(b"azure"))
}

/// A code says it best: what stands beside it ("EMEA (eu-west-1)") is not read.
fn read(text: &str, is_azure: bool) -> Option<Region> {
    let mut found = codes(text);
    if found.is_empty() {
        found = places(text, is_azure);
    }
    if found.iter().any(|one| one.code.is_some()) {
        found.retain(|one| one.code.is_some());
    }
    let mut areas: Vec<_> = found.iter().flat_map(|one| one.areas).copied().collect();
    areas.sort_unstable();
    areas.dedup();
    found.dedup_by(|one, other| one.code == other.code);
    let code = if found.len() == 1 { found.pop()?.code } else { None };
    (!areas.is_empty()).then_some(Region { code, areas })
}

//! The facts of `region`: places by name and codes that follow no rule, each with the areas it lies in.
//!
//! Deliberately absent: countries that are better known as something else (Jordan, Turkey, Chad). Where such a place
//! matters, it stands in a group.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Area;
use super::place::Kind;

pub(super) type Areas = &'static [Area];

pub(super) const AFRICA: Areas = &[Area::Africa];
pub(super) const AMERICAS: Areas = &[Area::LatinAmerica, Area::NorthAmerica];
pub(super) const ASIA: Areas = &[Area::Asia];
pub(super) const ASIA_PACIFIC: Areas = &[Area::Asia, Area::Oceania];
pub(super) const EUROPE: Areas = &[Area::Europe];
pub(super) const LATIN_AMERICA: Areas = &[Area::LatinAmerica];
pub(super) const MIDDLE_EAST: Areas = &[Area::MiddleEast];
pub(super) const NORTH_AMERICA: Areas = &[Area::NorthAmerica];
pub(super) const OCEANIA: Areas = &[Area::Oceania];
const EMEA: Areas = &[Area::Africa, Area::Europe, Area::MiddleEast];
const EURASIA: Areas = &[Area::Asia, Area::Europe];
const GLOBAL: Areas = &[Area::Global];
const MENA: Areas = &[Area::Africa, Area::MiddleEast];

type Table = &'static [(Kind, Areas, &'static [&'static str])];

/// Places in lower case, words apart by one space.
#[rustfmt::skip]
const PLACES: Table = &[
    (Kind::Area, GLOBAL, &["global", "worldwide", "all regions"]),
    (Kind::Area, AFRICA, &["africa"]),
    (Kind::Area, ASIA, &["asia"]),
    (Kind::Area, ASIA_PACIFIC, &["asia pacific", "apac", "apj", "japac"]),
    (Kind::Area, EUROPE, &["europe", "eu", "european union", "eea", "uk", "u.k", "united kingdom", "great britain"]),
    (Kind::Area, EUROPE, &["nordics", "dach", "benelux", "scandinavia", "western europe", "eastern europe"]),
    (Kind::Area, EUROPE, &["northern europe"]),
    (Kind::Area, EMEA, &["emea"]),
    (Kind::Area, MENA, &["mena"]),
    (Kind::Area, MIDDLE_EAST, &["middle east"]),
    (Kind::Area, AMERICAS, &["americas", "amer"]),
    (Kind::Area, LATIN_AMERICA, &["latin america", "latam", "south america", "central america", "caribbean"]),
    (Kind::Area, NORTH_AMERICA, &["north america", "us", "u.s", "usa", "united states", "united states of america"]),
    (Kind::Area, NORTH_AMERICA, &["govcloud"]),
    (Kind::Area, OCEANIA, &["oceania", "anz"]),
    (Kind::Start, AFRICA, &["af"]),
    (Kind::Start, ASIA_PACIFIC, &["ap"]),
    (Kind::Start, LATIN_AMERICA, &["sa"]),
    (Kind::Start, MIDDLE_EAST, &["me"]),
    (Kind::Start, NORTH_AMERICA, &["ca", "na"]),
    (Kind::Start, OCEANIA, &["au"]),
    (Kind::Country, AFRICA, &["south africa", "nigeria", "kenya", "ghana", "morocco", "tunisia", "algeria", "senegal"]),
    (Kind::Country, AFRICA, &["ethiopia", "tanzania", "uganda", "rwanda", "angola", "mozambique", "zambia"]),
    (Kind::Country, AFRICA, &["zimbabwe", "botswana", "namibia", "mauritius", "madagascar", "cameroon", "ivory coast"]),
    (Kind::Country, MENA, &["egypt"]),
    (Kind::Country, ASIA, &["japan", "china", "mainland china", "hong kong", "taiwan", "macau", "south korea"]),
    (Kind::Country, ASIA, &["korea", "india", "singapore", "indonesia", "malaysia", "thailand", "vietnam"]),
    (Kind::Country, ASIA, &["philippines", "pakistan", "bangladesh", "sri lanka", "nepal", "cambodia", "laos"]),
    (Kind::Country, ASIA, &["myanmar", "mongolia", "brunei", "maldives", "bhutan", "uzbekistan", "kyrgyzstan"]),
    (Kind::Country, EURASIA, &["russia", "kazakhstan"]),
    (Kind::Country, EUROPE, &["germany", "deutschland", "france", "netherlands", "the netherlands", "ireland"]),
    (Kind::Country, EUROPE, &["italy", "spain", "portugal", "belgium", "luxembourg", "austria", "switzerland"]),
    (Kind::Country, EUROPE, &["poland", "sweden", "norway", "denmark", "finland", "iceland", "estonia", "latvia"]),
    (Kind::Country, EUROPE, &["lithuania", "ukraine", "czech republic", "czechia", "slovakia", "slovenia", "hungary"]),
    (Kind::Country, EUROPE, &["romania", "bulgaria", "greece", "croatia", "serbia", "albania", "north macedonia"]),
    (Kind::Country, EUROPE, &["moldova", "malta", "belarus", "england", "scotland"]),
    (Kind::Country, MIDDLE_EAST, &["israel", "united arab emirates", "uae", "saudi arabia", "qatar", "bahrain"]),
    (Kind::Country, MIDDLE_EAST, &["kuwait", "oman", "iraq", "lebanon"]),
    (Kind::Country, LATIN_AMERICA, &["brazil", "brasil", "argentina", "chile", "colombia", "peru", "uruguay"]),
    (Kind::Country, LATIN_AMERICA, &["paraguay", "ecuador", "bolivia", "venezuela", "costa rica", "guatemala"]),
    (Kind::Country, LATIN_AMERICA, &["honduras", "guyana", "dominican republic", "puerto rico", "barbados"]),
    (Kind::Country, LATIN_AMERICA, &["suriname"]),
    (Kind::Country, AMERICAS, &["mexico", "méxico", "jamaica"]),
    (Kind::Country, NORTH_AMERICA, &["canada"]),
    (Kind::Country, OCEANIA, &["australia", "new zealand", "guam", "fiji", "new caledonia", "french polynesia"]),
    (Kind::Town, AFRICA, &["johannesburg", "cape town", "lagos", "nairobi"]),
    (Kind::Town, ASIA, &["tokyo", "osaka", "seoul", "taipei", "shanghai", "beijing", "shenzhen", "mumbai"]),
    (Kind::Town, ASIA, &["hyderabad", "chennai", "bangalore", "bengaluru", "delhi", "new delhi", "pune", "noida"]),
    (Kind::Town, ASIA, &["jakarta", "kuala lumpur", "bangkok", "hanoi", "ho chi minh city"]),
    (Kind::Town, EUROPE, &["frankfurt", "berlin", "munich", "düsseldorf", "dusseldorf", "hamburg", "nuremberg"]),
    (Kind::Town, EUROPE, &["nürnberg", "falkenstein", "amsterdam", "rotterdam", "eemshaven", "london", "manchester"]),
    (Kind::Town, EUROPE, &["dublin", "paris", "marseille", "gravelines", "roubaix", "strasbourg", "zurich", "zürich"]),
    (Kind::Town, EUROPE, &["vienna", "brussels", "luxembourg city", "madrid", "barcelona", "lisbon", "milan", "turin"]),
    (Kind::Town, EUROPE, &["stockholm", "copenhagen", "helsinki", "hamina", "warsaw", "prague", "budapest"]),
    (Kind::Town, EUROPE, &["bucharest", "kyiv", "vilnius", "tallinn", "slough"]),
    (Kind::Town, MIDDLE_EAST, &["tel aviv", "dubai", "abu dhabi", "fujairah", "riyadh", "jeddah", "dammam", "doha"]),
    (Kind::Town, LATIN_AMERICA, &["são paulo", "sao paulo", "rio de janeiro", "buenos aires", "bogotá", "bogota"]),
    (Kind::Town, AMERICAS, &["querétaro", "queretaro", "mexico city"]),
    (Kind::Town, NORTH_AMERICA, &["new york", "new york city", "nyc", "new jersey", "newark", "secaucus", "ashburn"]),
    (Kind::Town, NORTH_AMERICA, &["northern virginia", "north virginia", "n virginia", "washington dc"]),
    (Kind::Town, NORTH_AMERICA, &["washington d.c", "chicago", "dallas", "atlanta", "miami", "boston", "seattle"]),
    (Kind::Town, NORTH_AMERICA, &["denver", "salt lake city", "las vegas", "los angeles", "san francisco", "san jose"]),
    (Kind::Town, NORTH_AMERICA, &["santa clara", "silicon valley", "fremont", "portland", "hillsboro", "ohio"]),
    (Kind::Town, NORTH_AMERICA, &["oregon", "iowa", "texas", "california", "n california", "northern california"]),
    (Kind::Town, NORTH_AMERICA, &["north carolina", "south carolina", "toronto", "montreal", "montréal", "vancouver"]),
    (Kind::Town, NORTH_AMERICA, &["calgary", "beauharnois", "quebec"]),
    (Kind::Town, OCEANIA, &["sydney", "melbourne", "perth", "brisbane", "canberra", "auckland"]),
    (Kind::Weak, AFRICA, &["african"]),
    (Kind::Weak, ASIA, &["asian", "chinese", "indian", "japanese", "manila"]),
    (Kind::Weak, EUROPE, &["european", "british", "dutch", "french", "german", "irish", "swiss", "geneva", "oslo"]),
    (Kind::Weak, EUROPE, &["rome"]),
    (Kind::Weak, NORTH_AMERICA, &["american", "canadian", "virginia", "georgia", "illinois", "washington", "nevada"]),
    (Kind::Weak, NORTH_AMERICA, &["arizona", "utah", "phoenix", "austin", "columbus", "charlotte", "houston"]),
    (Kind::Weak, OCEANIA, &["australian"]),
    (Kind::Weak, LATIN_AMERICA, &["santiago", "lima"]),
];

/// Azure's codes, and those of smaller clouds that are one word to us.
#[rustfmt::skip]
const CODES: &[(Areas, &[&str])] = &[
    (AFRICA, &["southafricanorth", "southafricawest"]),
    (ASIA, &["eastasia", "southeastasia", "japaneast", "japanwest", "koreacentral", "koreasouth", "centralindia"]),
    (ASIA, &["southindia", "westindia", "jioindiawest", "jioindiacentral", "indonesiacentral", "malaysiawest"]),
    (ASIA, &["chinaeast", "chinaeast2", "chinaeast3", "chinanorth", "chinanorth2", "chinanorth3"]),
    (EUROPE, &["northeurope", "westeurope", "uksouth", "ukwest", "francecentral", "francesouth", "germanynorth"]),
    (EUROPE, &["germanywestcentral", "switzerlandnorth", "switzerlandwest", "norwayeast", "norwaywest"]),
    (EUROPE, &["swedencentral", "swedensouth", "polandcentral", "italynorth", "spaincentral", "austriaeast"]),
    (EUROPE, &["belgiumcentral", "denmarkeast", "finlandcentral", "greececentral"]),
    (MIDDLE_EAST, &["uaenorth", "uaecentral", "qatarcentral", "israelcentral", "saudiarabiaeast"]),
    (LATIN_AMERICA, &["brazilsouth", "brazilsoutheast", "chilecentral"]),
    (AMERICAS, &["mexicocentral"]),
    (NORTH_AMERICA, &["eastus", "eastus2", "eastus3", "westus", "westus2", "westus3", "centralus", "northcentralus"]),
    (NORTH_AMERICA, &["southcentralus", "westcentralus", "canadacentral", "canadaeast", "usgovvirginia"]),
    (NORTH_AMERICA, &["usgovarizona", "usgovtexas", "usdodeast", "usdodcentral"]),
    (OCEANIA, &["australiaeast", "australiasoutheast", "australiacentral", "australiacentral2", "newzealandnorth"]),
    // Oracle Cloud.
    (AFRICA, &["af-johannesburg-1"]),
    (ASIA, &["ap-tokyo-1", "ap-osaka-1", "ap-seoul-1", "ap-chuncheon-1", "ap-mumbai-1", "ap-hyderabad-1"]),
    (ASIA, &["ap-singapore-1", "ap-singapore-2", "ap-batam-1"]),
    (EUROPE, &["eu-frankfurt-1", "eu-amsterdam-1", "eu-zurich-1", "eu-madrid-1", "eu-madrid-2", "eu-madrid-3"]),
    (EUROPE, &["eu-turin-1", "eu-paris-1", "eu-marseille-1", "eu-stockholm-1", "eu-jovanovac-1", "uk-london-1"]),
    (EUROPE, &["eu-milan-1", "uk-cardiff-1", "eu-frankfurt-2"]),
    (MIDDLE_EAST, &["me-dubai-1", "me-abudhabi-1", "me-jeddah-1", "me-riyadh-1", "il-jerusalem-1"]),
    (LATIN_AMERICA, &["sa-saopaulo-1", "sa-vinhedo-1", "sa-santiago-1", "sa-valparaiso-1", "sa-bogota-1"]),
    (AMERICAS, &["mx-queretaro-1", "mx-monterrey-1"]),
    (NORTH_AMERICA, &["us-ashburn-1", "us-phoenix-1", "us-chicago-1", "us-sanjose-1", "ca-toronto-1", "ca-montreal-1"]),
    (OCEANIA, &["ap-sydney-1", "ap-melbourne-1"]),
    // AWS in Europe of its own, IBM, Alibaba, Scaleway.
    (ASIA, &["jp-tok", "jp-osa", "in-che", "cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-shenzhen"]),
    (EUROPE, &["eusc-de-east-1", "eu-de", "eu-gb", "eu-es", "fr-par", "fr-par-1", "fr-par-2", "fr-par-3", "nl-ams"]),
    (EUROPE, &["nl-ams-1", "nl-ams-2", "nl-ams-3", "pl-waw", "pl-waw-1", "pl-waw-2", "pl-waw-3", "it-mil"]),
    (LATIN_AMERICA, &["br-sao"]),
    (NORTH_AMERICA, &["ca-tor", "ca-mon"]),
    (OCEANIA, &["au-syd"]),
];

/// Airports and towns that smaller clouds number: `fra1`, `nyc3`.
const AIRPORTS: &[(Areas, &[&str])] = &[
    (AFRICA, &["cpt", "jnb"]),
    (ASIA, &["sgp", "sin", "blr", "bom", "hnd", "nrt", "kix", "icn", "hkg"]),
    (EUROPE, &["ams", "arn", "cdg", "dub", "fra", "fsn", "gra", "hel", "lhr", "lon", "mad", "nbg", "rbx", "sbg"]),
    (EUROPE, &["waw"]),
    (MIDDLE_EAST, &["dxb"]),
    (LATIN_AMERICA, &["gru"]),
    (NORTH_AMERICA, &["atl", "bhs", "cle", "dfw", "ewr", "iad", "lax", "nyc", "ord", "pdx", "sfo", "tor", "yul"]),
    (OCEANIA, &["mel", "syd"]),
];

/// Countries and the states of North America as an address ends with them.
#[rustfmt::skip]
const SIGNS: &[(Areas, &[&str])] = &[
    (AFRICA, &["ZA"]),
    (ASIA, &["HK", "IN", "JP", "KR", "SG"]),
    (EUROPE, &["AT", "BE", "CH", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IT", "NL", "NO", "PL", "SE", "UK"]),
    (LATIN_AMERICA, &["BR"]),
    (MIDDLE_EAST, &["AE", "IL"]),
    (NORTH_AMERICA, &[
        "US", "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS",
        "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY",
        "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
        "AB", "BC", "MB", "NB", "NL", "NS", "ON", "QC", "SK",
    ]),
    (OCEANIA, &["AU", "NZ"]),
];

/// The place of that name, in lower case.
pub(super) fn place(name: &str) -> Option<(Kind, Areas)> {
    static BY_NAME: LazyLock<HashMap<&str, (Kind, Areas)>> = LazyLock::new(|| {
        let places = PLACES.iter().flat_map(|(kind, areas, names)| names.iter().map(|name| (*name, (*kind, *areas))));
        places.collect()
    });
    BY_NAME.get(name).copied()
}

/// A code that follows no rule, as it stands in the table, and where that region is.
pub(super) fn code(code: &str) -> Option<(&'static str, Areas)> {
    static BY_CODE: LazyLock<Index> = LazyLock::new(|| index(CODES));
    BY_CODE.get_key_value(code).map(|(code, areas)| (*code, *areas))
}

/// Where an airport or a town in three letters is.
pub(super) fn airport(letters: &str) -> Option<Areas> {
    static BY_LETTERS: LazyLock<Index> = LazyLock::new(|| index(AIRPORTS));
    BY_LETTERS.get(letters).copied()
}

/// True when the two letters may follow a town there.
pub(super) fn is_sign(letters: &str, areas: Areas) -> bool {
    SIGNS.iter().any(|(there, signs)| *there == areas && signs.contains(&letters))
}

type Index = HashMap<&'static str, Areas>;

fn index(rows: &[(Areas, &'static [&'static str])]) -> Index {
    rows.iter().flat_map(|(areas, words)| words.iter().map(|word| (*word, *areas))).collect()
}

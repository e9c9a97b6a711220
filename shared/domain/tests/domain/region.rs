//! What vendors' names say of regions, and what they do not.

use proptest::prelude::*;
use statusphere_domain::{Area, Region, region};

/// The region in one line: `us-east-1 north_america`, `africa+europe`, `-`.
fn told(name: &str, group: Option<&str>) -> String {
    let Some(Region { code, areas }) = region(name, group) else { return "-".to_owned() };
    let areas = areas.into_iter().map(Area::as_str).collect::<Vec<_>>().join("+");
    code.map_or(areas.clone(), |code| format!("{code} {areas}"))
}

#[test]
fn a_name_tells_its_region() {
    let names = [
        // Codes, wherever they stand.
        ("Queues (us-east-1)", "us-east-1 north_america"),
        ("ACME queue-eu-west-3", "eu-west-3 europe"),
        ("EMEA (EU-CENTRAL-1)", "eu-central-1 europe"),
        ("prod_ap_southeast_2_blue", "ap-southeast-2 oceania"),
        ("Parcels ap-southeast-1", "ap-southeast-1 asia"),
        ("Parcels ap-southeast-12", "ap-southeast-12 asia+oceania"),
        ("us-gov-west-1", "us-gov-west-1 north_america"),
        ("mx-central-1", "mx-central-1 latin_america+north_america"),
        ("eusc-de-east-1", "eusc-de-east-1 europe"),
        ("https://queue.sa-east-1.acme.example", "sa-east-1 latin_america"),
        ("us-west-2b", "us-west-2 north_america"),
        ("Workers us-central1-a", "us-central1 north_america"),
        ("Iowa (us-central1)", "us-central1 north_america"),
        ("eu-west1", "europe"),
        ("us-east-1 (AWS us-east-1)", "us-east-1 north_america"),
        ("europe-west-4", "europe-west4 europe"),
        ("australia-southeast1", "australia-southeast1 oceania"),
        ("me-west1", "me-west1 middle_east"),
        ("northamerica-northeast2", "northamerica-northeast2 north_america"),
        ("Queues westeurope", "westeurope europe"),
        ("queue-eastus2", "eastus2 north_america"),
        ("Azure West Europe (Netherlands)", "westeurope europe"),
        ("East US 2 on Azure", "-"),
        ("Azure: East US 2", "eastus2 north_america"),
        ("eu-frankfurt-1", "eu-frankfurt-1 europe"),
        ("fr-par-2", "fr-par-2 europe"),
        ("Machines FRA1", "fra1 europe"),
        ("nyc3", "nyc3 north_america"),
        ("Zones us-east-1 and us-west-2", "north_america"),
        ("us-east-1 / eu-west-1", "europe+north_america"),
        // Areas.
        ("Europe", "europe"),
        ("Queues (EU)", "europe"),
        ("EU – Parcel scanner", "europe"),
        ("[US] Parcel scanner", "north_america"),
        ("Parcels / U.S.", "north_america"),
        ("US East", "north_america"),
        ("us-east", "north_america"),
        ("US-West 2 Cluster", "north_america"),
        ("ap-south", "asia+oceania"),
        ("West Europe", "europe"),
        ("South Africa North", "africa"),
        ("NA14", "north_america"),
        ("Matches - NA", "north_america"),
        ("EU Datacenter 2", "europe"),
        ("European data center", "europe"),
        ("US API", "north_america"),
        ("Parcel scanner EU", "europe"),
        ("Parcel scanner US1", "north_america"),
        ("Parcels: South America", "latin_america"),
        ("LATAM", "latin_america"),
        ("Latin America & the Caribbean", "latin_america"),
        ("US & Canada", "north_america"),
        ("EU/US", "europe+north_america"),
        ("US, EU and APAC", "asia+europe+north_america+oceania"),
        ("EMEA", "africa+europe+middle_east"),
        ("Middle East and Africa", "africa+middle_east"),
        ("Worldwide", "global"),
        ("Global region", "global"),
        ("🇪🇺 Europe", "europe"),
        // Countries and towns.
        ("Frankfurt", "europe"),
        ("Queues - Frankfurt", "europe"),
        ("Frankfurt, Germany - (FRA)", "europe"),
        ("Anywhere, Germany", "europe"),
        ("Ashburn, VA", "north_america"),
        ("Phoenix, AZ, USA", "north_america"),
        ("Phoenix, AZ", "north_america"),
        ("Atlanta, Georgia", "north_america"),
        ("Leeds, DE", "-"),
        ("Berlin, DE", "europe"),
        ("Newark, DE", "north_america"),
        ("US Virginia", "north_america"),
        ("AWS Virginia", "north_america"),
        ("Parcels (N. Virginia)", "north_america"),
        ("EU-Frankfurt", "europe"),
        ("Asia Pacific (Sydney)", "oceania"),
        ("Asia Pacific & Japan", "asia+oceania"),
        ("São Paulo", "latin_america"),
        ("Zürich 1", "europe"),
        ("Hong Kong", "asia"),
        ("Mexico", "latin_america+north_america"),
    ];
    let as_told = names.map(|(name, _)| (name, told(name, None)));
    assert_eq!(as_told, names.map(|(name, expected)| (name, expected.to_owned())));
    assert_eq!(as_told, names.map(|(name, _)| (name, told("Parcels", Some(name)))), "as a group");
}

#[test]
fn a_name_that_only_sounds_like_a_region_has_none() {
    let names = [
        "",
        "-",
        "Parcels",
        "Virginia",
        "Virginia Parcels",
        "Paris metro app",
        "Global Accelerator",
        "Global Services",
        "US Dollar payments",
        "US Bank",
        "Canada Post",
        "Georgia",
        "Jordan",
        "Turkey",
        "Phoenix",
        "Phoenix servers",
        "The Phoenix",
        "Austin API",
        "London Gateway",
        "Singapore Airlines",
        "China Eastern",
        "Bank of America",
        "Air France",
        "Dublin Core",
        "EU VAT numbers",
        "EU261 claims",
        "Contact US",
        "contact-us",
        "Payments (Non-US)",
        "Toys R US",
        "Everyone outside the EU",
        "Ship from AU to EU",
        "R&D",
        "CI/CD",
        "N/A",
        "Login (n/a)",
        "East",
        "South Park",
        "West Coast",
        "Region 1",
        "Zone A",
        "DC1",
        "Pod 14",
        "web-01",
        "Certificates (CA)",
        "Payables (AP)",
        "AP2",
        "Software in Java",
        "London, ON",
        "Paris, TX",
        "Melbourne, FL",
        "Phoenix, JS",
        "SMS & US Dollar",
        "UK&I",
        "us-parcel-1",
        "eu-scanner-22",
        "east-1",
        "route53",
        "US-EU",
        "Parcels & US",
        "Matches - na",
        "EU261",
        "Frankfurt 2024",
        "us-east-2024",
        "International",
        "Rest of World",
        "German, French",
    ];
    for name in names {
        assert_eq!(told(name, None), "-", "{name}");
        assert_eq!(told("Parcels", Some(name)), "-", "{name} as a group");
    }
}

#[test]
fn the_name_goes_before_the_group_unless_the_group_says_it_closer() {
    assert_eq!(told("Europe", Some("us-east-1")), "europe");
    assert_eq!(told("us-west-2", Some("us-east-1")), "us-west-2 north_america");
    assert_eq!(told("Global", Some("Europe")), "global");
    assert_eq!(told("Frankfurt", Some("eu-central-1")), "eu-central-1 europe");
    assert_eq!(told("Moscow, Russia", Some("Europe")), "europe");
    assert_eq!(told("Tbilisi, Georgia - (TBS)", Some("Europe")), "europe");
    assert_eq!(told("West Europe", Some("Machines on Azure")), "westeurope europe");
    assert_eq!(told("Southeast Asia", Some("Matches")), "asia");
}

#[test]
fn a_region_concerns_those_who_use_it() {
    let concerns = |here: &str, used: &str| region(here, None).unwrap().concerns(&region(used, None).unwrap());
    for used in ["us-east-1", "US East", "United States", "north_america", "Virginia, USA", "Americas", "global"] {
        assert!(concerns("us-east-1", used), "{used}");
        assert!(concerns(used, "us-east-1"), "{used}");
    }
    for other in ["us-east-2", "us-east1", "eu-west-1", "Europe", "EMEA", "Sydney"] {
        assert!(!concerns("us-east-1", other), "{other}");
        assert!(!concerns(other, "us-east-1"), "{other}");
    }
}

#[test]
fn the_word_of_an_area_is_read_as_that_area() {
    use Area::{Africa, Asia, Europe, Global, LatinAmerica, MiddleEast, NorthAmerica, Oceania};
    let all = [Africa, Asia, Europe, Global, LatinAmerica, MiddleEast, NorthAmerica, Oceania];
    assert!(all.is_sorted_by_key(|area| area.as_str()), "areas stand in the order of their words");
    for area in all {
        assert_eq!(region(area.as_str(), None), Some(Region { code: None, areas: vec![area] }));
    }
}

/// Texts in which regions are likely.
fn likely() -> impl Strategy<Value = String> {
    let words = vec![
        "us",
        "EU",
        "ap",
        "NA",
        "East",
        "west",
        "southeast",
        "1",
        "2a",
        "west4",
        "gov",
        "Azure",
        "Europe",
        "Germany",
        "Sydney",
        "Virginia",
        "São",
        "Paulo",
        "APAC",
        "Global",
        "region",
        "data",
        "API",
        "us-east-1",
        "westus2",
        "fra1",
        "and",
        "TX",
        "é",
        "İ",
        "x",
    ];
    let signs = vec![" ", "-", "_", " - ", ", ", " (", ")", "/", " & ", ": ", ".", "、", "—", ""];
    let parts = (prop::sample::select(words), prop::sample::select(signs));
    prop::collection::vec(parts, 0..8)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, sign)| [word, sign]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_tells_a_whole_region_or_none(
        name in prop_oneof![".*", likely()], group in prop::option::of(prop_oneof![".*", likely()]),
    ) {
        if let Some(told) = region(&name, group.as_deref()) {
            prop_assert!(!told.areas.is_empty());
            prop_assert!(told.areas.is_sorted_by(|one, next| one < next), "{:?}", told);
            prop_assert!(told.concerns(&told));
            if let Some(code) = &told.code {
                prop_assert!(code.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')), "{}", code);
                prop_assert_eq!(region(code, None), Some(told.clone()), "{}", code);
            }
        }
    }
}

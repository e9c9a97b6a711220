//! Search: what people type, and what they should get.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

use std::fmt::Write;

use statusphere_catalogue::Catalogue;

fn search<'a>(catalogue: &'a Catalogue, query: &str) -> Vec<&'a str> {
    catalogue.search(query).into_iter().map(|entry| &*entry.name).collect()
}

/// A catalogue with one line per page: slug, name, host, domains, aliases, number of lists.
fn catalogue(pages: &[(&str, &str, &str, &str, &str, usize)]) -> Catalogue {
    let mut file = "slug,name,url,domains,aliases,sources\n".to_owned();
    for (slug, name, host, domains, aliases, lists) in pages {
        let sources = vec!["list"; *lists].join(";");
        writeln!(file, "{slug},{name},https://{host},{domains},{aliases},{sources}").unwrap();
    }
    Catalogue::parse(&file).unwrap()
}

/// What people type and the slug of what they mean, empty where nothing is to be found.
const QUERIES: &str = include_str!("../queries.csv");

#[test]
fn the_first_result_is_what_was_meant_and_nothing_is_found_rather_than_noise() {
    let (shipped, again) = (Catalogue::shipped(), Catalogue::shipped());
    let mut wrong = Vec::new();
    for line in QUERIES.lines().skip(1) {
        let (query, meant) = line.split_once(',').unwrap();
        let found = shipped.search(query);
        let first = found.first().map_or("", |entry| entry.page.id.as_str());
        if first != meant {
            wrong.push(format!("{query}: {first:?} instead of {meant:?}"));
        }
        assert!(found.len() <= 25 && found == again.search(query), "{query}: another answer the second time");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_shipped_page_is_first_for_its_own_name_and_slug() {
    let shipped = Catalogue::shipped();
    for entry in shipped.iter() {
        for query in [&*entry.name, entry.page.id.as_str(), entry.page.url.as_str()] {
            assert_eq!(shipped.search(query).first(), Some(&entry), "{query}");
        }
    }
}

#[test]
fn a_better_match_comes_before_a_better_known_page() {
    let pages = catalogue(&[
        ("subacme", "Subacme", "a.example", "", "", 9),
        ("the-acme", "The Acme", "b.example", "", "", 8),
        ("acmeware", "Acmeware", "c.example", "", "", 7),
        ("acme", "Acme", "d.example", "", "", 1),
        ("other", "Other", "e.example", "acme.example", "", 9),
    ]);
    assert_eq!(search(&pages, "acme"), ["Acme", "Acmeware", "Other", "The Acme", "Subacme"]);
    assert_eq!(search(&pages, "acme the"), ["The Acme"]);
    assert_eq!(search(&pages, "api.acme.example"), ["Other"]);
    assert_eq!(search(&pages, "notacme.example"), [""; 0]);
}

#[test]
fn ties_go_to_the_best_known_then_by_name_then_by_slug() {
    let pages = catalogue(&[
        ("kiwi-c", "Kiwi Two", "a.example", "", "", 1),
        ("kiwi-b", "Kiwi One", "b.example", "", "", 1),
        ("kiwi-a", "Kiwi Two", "c.example", "", "", 1),
        ("kiwi-z", "Kiwi Zoo", "d.example", "", "", 2),
    ]);
    let slugs = |query| pages.search(query).iter().map(|entry| entry.page.id.to_string()).collect::<Vec<_>>();
    assert_eq!(slugs("kiwi"), ["kiwi-z", "kiwi-b", "kiwi-a", "kiwi-c"]);
    assert_eq!(slugs("kiwi"), slugs("KIWI "));
}

#[test]
fn misspellings_are_near_misses_of_words_long_enough() {
    let pages = catalogue(&[
        ("lantern", "Lantern", "a.example", "", "", 1),
        ("oak", "Oak", "b.example", "", "", 1),
        ("thunderstorm", "Thunderstorm", "c.example", "", "", 1),
        ("paper-boats", "Paper Boats", "d.example", "", "Origami", 1),
    ]);
    for (query, name) in [
        ("lantren", "Lantern"),
        ("lanternn", "Lantern"),
        ("thudnerstrom", "Thunderstorm"),
        ("orgiami", "Paper Boats"),
        ("papr boats", "Paper Boats"),
    ] {
        assert_eq!(search(&pages, query), [name], "{query}");
    }
    for query in ["lamtrrn", "oka", "bantern", "thxxxerstorm", "papr planes"] {
        assert_eq!(search(&pages, query), [""; 0], "{query}");
    }
}

#[test]
fn a_name_in_any_script_is_found() {
    let pages = catalogue(&[("snow", "雪の状態", "a.example", "", "ÜBERBLICK", 1)]);
    assert_eq!(search(&pages, "雪"), ["雪の状態"]);
    assert_eq!(search(&pages, "überblick"), ["雪の状態"]);
}

#[test]
fn at_most_25_are_answered() {
    assert_eq!(Catalogue::shipped().search("a").len(), 25);
}

#[test]
fn odd_queries_are_harmless() {
    let shipped = Catalogue::shipped();
    let long = [
        "a".repeat(10_000),
        "a ".repeat(5_000),
        "github ".repeat(1_500),
        "/".repeat(10_000),
        "https://".repeat(1_250),
        ".".repeat(10_000),
        "a.".repeat(5_000),
        "www.".repeat(2_500),
        "İ".repeat(5_000),
        "e\u{301}".repeat(3_000),
    ];
    for query in &long {
        assert!(shipped.search(query).len() <= 25);
    }
    for query in ["", " ", "\u{0}", "'", "://", ".", "..", "https://", "-", "\u{202e}", "\u{fffd}", "👩‍🚀"] {
        assert_eq!(search(&shipped, query), [""; 0], "{query}");
    }
}

//! Lookups by slug, name and address, and the two orders.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

use statusphere_catalogue::{Catalogue, Entry, Names};
use statusphere_domain::{Page, PageId};

fn entry(slug: &str, name: &str, url: &str, sources: u8) -> Entry {
    Entry {
        page: Page { id: PageId::new(slug).unwrap(), url: url.to_owned(), hint: None },
        name: name.to_owned().into(),
        home: None,
        category: None,
        domains: Names::default(),
        aliases: Names::default(),
        products: Names::default(),
        sources,
    }
}

fn slugs<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<&'a str> {
    entries.map(|entry| entry.page.id.as_str()).collect()
}

fn sample() -> Catalogue {
    Catalogue::from_entries(vec![
        entry("zeta", "zeta", "https://zeta.example", 1),
        entry("beta-2", "Beta", "https://two.beta.example", 3),
        entry("beta-1", "beta", "https://one.beta.example", 2),
        entry("alpha", "Alpha", "http://alpha.example/status", 3),
    ])
    .unwrap()
}

#[test]
fn pages_come_by_name_and_by_rank() {
    let catalogue = sample();
    assert_eq!(slugs(catalogue.iter()), ["alpha", "beta-1", "beta-2", "zeta"]);
    assert_eq!(slugs(catalogue.by_rank()), ["alpha", "beta-2", "beta-1", "zeta"]);
    assert_eq!((catalogue.len(), catalogue.is_empty()), (4, false));
}

#[test]
fn shipped_pages_are_sorted_by_lower_cased_name() {
    let catalogue = Catalogue::shipped();
    let names: Vec<String> = catalogue.iter().map(|entry| entry.name.to_lowercase()).collect();
    assert!(names.is_sorted());
    let sources: Vec<u8> = catalogue.by_rank().map(|entry| entry.sources).collect();
    assert!(sources.is_sorted_by(|a, b| a >= b));
    assert_eq!((names.len(), sources.len()), (catalogue.len(), catalogue.len()));
}

#[test]
fn every_shipped_page_is_found_by_slug_name_and_address() {
    let catalogue = Catalogue::shipped();
    for entry in catalogue.iter() {
        let url = &entry.page.url;
        let host_and_path = url.split_once("://").unwrap().1;
        assert_eq!(catalogue.by_id(&entry.page.id), Some(entry));
        assert_eq!(catalogue.by_name(&entry.name.to_uppercase()), Some(entry));
        for spelling in [url.clone(), format!("http://{host_and_path}/"), format!("HTTPS://{host_and_path}//")] {
            assert_eq!(catalogue.by_url(&spelling), Some(entry), "{spelling}");
        }
    }
}

#[test]
fn names_are_exact_and_a_shared_one_goes_to_the_best_known() {
    let catalogue = sample();
    assert_eq!(catalogue.by_name("BETA").unwrap().page.id.as_str(), "beta-2");
    for name in ["bet", "beta ", "alpha status", ""] {
        assert_eq!(catalogue.by_name(name), None, "{name}");
    }
}

#[test]
fn an_address_is_found_in_any_spelling() {
    let catalogue = sample();
    for url in [
        "http://alpha.example/status",
        "https://alpha.example/status/",
        "https://ALPHA.Example:443/status",
        "http://alpha.example:80/status",
        " https://alpha.example/status\n",
        "https://alpha.example/status#now",
    ] {
        assert_eq!(catalogue.by_url(url).map(|entry| &*entry.name), Some("Alpha"), "{url}");
    }
}

#[test]
fn another_address_is_not_found_and_junk_is_harmless() {
    let catalogue = sample();
    let long = format!("https://alpha.example/{}", "a".repeat(20_000));
    let dots = format!("https://{}", "a.".repeat(900));
    for url in [
        "https://alpha.example",
        "https://alpha.example/Status",
        "https://alpha.example/status/x",
        "https://alpha.example/status?a=b",
        "https://alpha.example:8443/status",
        "https://user@alpha.example/status",
        "https://www.alpha.example/status",
        "ftp://alpha.example/status",
        "alpha.example/status",
        "",
        "https://",
        "https:///",
        "http://[::1",
        "https://\u{0}",
        "https://xn--\u{202e}",
        "https://пример.example",
        "http\u{301}s://",
        "日本語://日本",
        &long,
        &dots,
    ] {
        assert_eq!(catalogue.by_url(url), None, "{url}");
    }
}

#[test]
fn a_catalogue_of_entries_obeys_the_same_rules() {
    let twice = vec![entry("a", "A", "https://a.example", 1), entry("b", "B", "http://a.example", 1)];
    let error = Catalogue::from_entries(twice).unwrap_err();
    assert_eq!(error, "page `b`: the address `http://a.example` is already that of `a`");
    let slash = vec![entry("a", "A", "https://a.example/", 1)];
    assert!(Catalogue::from_entries(slash).unwrap_err().ends_with("ends with a slash"));
    assert!(Catalogue::from_entries(Vec::new()).unwrap().is_empty());
}

#[test]
fn a_page_is_found_by_everything_it_is_known_by() {
    let known = |aliases: &[&str], products: &[&str], domains: &[&str], entry: Entry| Entry {
        aliases: aliases.iter().copied().collect(),
        products: products.iter().copied().collect(),
        domains: domains.iter().copied().collect(),
        ..entry
    };
    let catalogue = Catalogue::from_entries(vec![
        known(
            &["AC", "Beta"],
            &["Anvils"],
            &["acme.example"],
            entry("acme", "Acme Ltd", "https://acmestatus.example", 1),
        ),
        known(&[], &["AC"], &["api.acme.example"], entry("beta", "Beta", "https://beta.example/status", 9)),
        known(&[], &["Shared"], &[], entry("one", "One", "https://one.example/Status", 2)),
        known(&[], &["Shared"], &[], entry("two", "Two", "https://two.example", 3)),
    ])
    .unwrap();
    for (text, slug) in [
        ("acme", Some("acme")),
        (" ACME ltd ", Some("acme")),
        ("ac", Some("acme")),
        ("beta", Some("beta")),
        ("anvils", Some("acme")),
        ("shared", Some("two")),
        ("https://acmestatus.example/", Some("acme")),
        ("acmestatus.example", Some("acme")),
        ("http://acmestatus.example/incidents/1?a=b#c", Some("acme")),
        ("beta.example/status", Some("beta")),
        ("beta.example", None),
        ("ONE.example/Status", Some("one")),
        ("https://one.example/Status/", Some("one")),
        ("acme.example", Some("acme")),
        ("https://www.acme.example/pricing", Some("acme")),
        ("eu.api.acme.example:443", Some("beta")),
        ("notacme.example", None),
        ("example", None),
        ("anvil", None),
        ("acm", None),
        ("", None),
        (".", None),
        ("://", None),
    ] {
        assert_eq!(catalogue.find(text).map(|entry| entry.page.id.as_str()), slug, "{text}");
    }
}

#[test]
fn own_pages_take_the_place_of_those_with_their_slug_or_their_address() {
    let own = "\u{feff}slug,name,url\nalpha,Our Alpha,https://other.example\nmine,Mine,HTTP://one.beta.example\nnew,New,https://n.example\n";
    let catalogue = sample().with(own).unwrap();
    assert_eq!(slugs(catalogue.iter()), ["beta-2", "mine", "new", "alpha", "zeta"]);
    assert_eq!(catalogue.by_url("http://alpha.example/status"), None);
    assert_eq!(catalogue.find("https://one.beta.example").unwrap().name, "Mine");
    assert_eq!(sample().with("\u{feff} \n").unwrap().len(), 4);
    let error = sample().with("slug,name,url\nnew,New,https://n.example\nnew,Other,https://o.example\n").unwrap_err();
    assert_eq!(error.to_string(), "line 3: the slug `new` is already taken");
    let shipped = Catalogue::shipped().with("slug,name,url\ngithub,Our GitHub,https://github.corp.example\n").unwrap();
    assert_eq!((shipped.len(), &*shipped.find("github").unwrap().name), (Catalogue::shipped().len(), "Our GitHub"));
}

#[test]
fn what_is_said_of_a_platform_says_nothing_of_its_customers() {
    let shipped = Catalogue::shipped();
    for host in
        ["acme.statuspage.io", "acme.instatus.com", "acme.betteruptime.com", "acme.status.io", "acme.incident.io"]
    {
        assert_eq!(shipped.find(host), None, "{host}");
        assert_eq!(shipped.find(&format!("https://{host}/incidents/1")), None, "{host}");
    }
    assert!(shipped.find("statuspage.io").is_some());
}

#[test]
fn an_entry_has_no_more_names_than_a_person_gives_it() {
    let many = (0..201).map(|n| format!("a{n}")).collect::<Vec<_>>().join(";");
    let long = "x".repeat(201);
    for (columns, cell) in [("aliases", &many), ("products", &many), ("aliases", &long)] {
        let csv = format!("slug,name,url,{columns}\nacme,Acme,https://acme.example,{cell}\n");
        assert_eq!(Catalogue::parse(&csv).unwrap_err().line, 2, "{columns}");
    }
}

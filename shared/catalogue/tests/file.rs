//! The file format: what a good file gives, and what is said of a bad one.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

use statusphere_catalogue::{Catalogue, LineError};
use statusphere_domain::PageId;

const HEADER: &str = "slug,name,url,home,category,provider,key,domains,aliases,products,sources\n";
const SHIPPED: &str = include_str!("../pages.csv");

#[test]
fn the_shipped_file_is_good() {
    let catalogue = Catalogue::parse(SHIPPED).map_err(|error| error.to_string()).expect("a well-formed file");
    assert!(catalogue.len() >= 1_200, "{} pages are left", catalogue.len());
    let shipped = Catalogue::shipped();
    assert_eq!(shipped.len(), catalogue.len());
    assert!(shipped.iter().eq(catalogue.iter()), "what is shipped is read without a check, and no differently");
}

#[test]
fn a_line_becomes_an_entry() {
    let line = "acme,\"Acme, Inc.\",https://status.acme.example,https://www.acme.example,cloud,statusio,\
                0123456789abcdef01234567,acme.example;acme-api.example,Acme;Acme Cloud,Anvils;Skates,stts;opml\n";
    let catalogue = Catalogue::parse(&format!("{HEADER}{line}")).unwrap();
    let entry = catalogue.by_id(&PageId::new("acme").unwrap()).unwrap();
    assert_eq!(entry.name, "Acme, Inc.");
    assert_eq!(entry.page.url, "https://status.acme.example");
    assert_eq!((entry.home.as_deref(), entry.category.as_deref()), (Some("https://www.acme.example"), Some("cloud")));
    let hint = entry.page.hint.as_ref().unwrap();
    assert_eq!((hint.provider.as_str(), hint.key.as_deref()), ("statusio", Some("0123456789abcdef01234567")));
    assert!(entry.domains.iter().eq(["acme.example", "acme-api.example"]));
    assert!(entry.aliases.iter().eq(["Acme", "Acme Cloud"]));
    assert!(entry.products.iter().eq(["Anvils", "Skates"]));
    assert_eq!(entry.sources, 2);
}

#[test]
fn three_columns_in_any_order_are_enough() {
    for file in [
        "url,slug,name\nhttps://status.acme.example,acme,Acme\n",
        "\u{feff}url,slug,name\r\n\r\nhttps://status.acme.example,acme,Acme",
        " url , slug , name \n https://status.acme.example , acme , Acme \n",
    ] {
        let catalogue = Catalogue::parse(file).unwrap();
        let entry = catalogue.by_name("acme").unwrap();
        assert_eq!((entry.page.url.as_str(), &entry.page.hint), ("https://status.acme.example", &None));
        assert!([&entry.domains, &entry.aliases, &entry.products].iter().all(|names| names.iter().next().is_none()));
        assert_eq!((&entry.home, &entry.category, entry.sources), (&None, &None, 0));
    }
    assert!(Catalogue::parse(HEADER).unwrap().is_empty());
}

#[test]
fn addresses_of_a_test_or_a_home_network_are_addresses() {
    for url in
        ["http://127.0.0.1:9000/p123", "http://[::1]:9000", "http://localhost:3001/status/a", "https://A.example"]
    {
        let catalogue = Catalogue::parse(&format!("slug,name,url\nacme,Acme,{url}\n")).unwrap();
        assert_eq!(catalogue.by_url(url).unwrap().page.url, url);
    }
}

#[test]
fn a_mistake_is_named_with_its_line() {
    let good = "acme,Acme,https://status.acme.example,,,,,,,,\n";
    let line = |fields: &str| format!("{HEADER}{good}{fields}\n");
    let table = [
        (line("beta,Beta,ftp://beta.example,,,,,,,,"), 3, "the address `ftp://beta.example` is not http or https"),
        (line("beta,Beta,,,,,,,,,"), 3, "the address `` is not http or https"),
        (line("beta,Beta,https://,,,,,,,,"), 3, "the address `https://` has no host"),
        (line("beta,Beta,https:///b.example,,,,,,,,"), 3, "the address `https:///b.example` has no host"),
        (line("beta,Beta,https://b.example/,,,,,,,,"), 3, "the address `https://b.example/` ends with a slash"),
        (line("beta,Beta,https://b.example//,,,,,,,,"), 3, "the address `https://b.example//` ends with a slash"),
        (line("beta,Beta,https://b.example#x,,,,,,,,"), 3, "the address `https://b.example#x` has a fragment"),
        (line("beta,Beta,https://b.example?x,,,,,,,,"), 3, "the address `https://b.example?x` has a query"),
        (line("beta,Beta,https://b.example/a b,,,,,,,,"), 3, "the address `https://b.example/a b` has a space in it"),
        (line("beta,Beta,https://u:p@b.example,,,,,,,,"), 3, "carries a user name or password"),
        (line("beta,Beta,https://b.example:99999,,,,,,,,"), 3, "can't be read: invalid port number"),
        (line("beta,Beta,http://STATUS.acme.example,,,,,,,,"), 3, "is already that of `acme`"),
        (line("acme,Beta,https://b.example,,,,,,,,"), 3, "the slug `acme` is already taken"),
        (line("Beta,Beta,https://b.example,,,,,,,,"), 3, "`Beta` is no slug"),
        (line("beta, ,https://b.example,,,,,,,,"), 3, "the name is empty"),
        (
            line("beta,Beta,https://b.example,,,Status Page,,,,,"),
            3,
            "the provider `Status Page` is not one lower-case word",
        ),
        (line("beta,Beta,https://b.example,,,,k1,,,,"), 3, "the key `k1` has no provider"),
        (line("beta,Beta,https://b.example,,,,,https://b.example,,,"), 3, "is not a lower-case host name"),
        (line("beta,Beta,https://b.example,,,,,*.b.example,,,"), 3, "is not a lower-case host name"),
        (line("beta,Beta,https://b.example,beta.example,,,,,,,"), 3, "the home page is no address"),
        (
            line("beta,Beta,https://b.example,,Cloud,,,,,,"),
            3,
            "the category `Cloud` is not one of ai, analytics, ci-cd",
        ),
        (line("grafana,Beta,https://b.example,,,,,,,,"), 3, "the slug `grafana` was that of a page that is gone"),
        (line("beta,Beta"), 3, "there are 2 columns where the header has 11"),
        (format!("{HEADER}{good}\n\nbeta,,https://b.example,,,,,,,,\n"), 5, "the name is empty"),
        (format!("{HEADER}{good}").replace('\n', "\r\n") + "\r\nbeta,Beta,x,,,,,,,,\r\n", 4, "is not http or https"),
        (format!("{HEADER}{good}\nbeta,Beta\n"), 4, "there are 2 columns"),
        (line("\"beta\nbeta\",Beta,https://b.example,,,,,,,,"), 3, "is no slug"),
        (String::new(), 1, "the column `slug` is missing"),
        ("slug,name\na,A\n".to_owned(), 1, "the column `url` is missing"),
        ("slug,name,url,domian\n".to_owned(), 1, "the column `domian` is not one of slug, name, url, home"),
        ("slug,name,url,name\n".to_owned(), 1, "the column `name` is there twice"),
    ];
    for (file, line, why) in table {
        let error = Catalogue::parse(&file).expect_err(why);
        assert_eq!(error.line, line, "{error}");
        assert!(error.why.contains(why), "{error}");
    }
}

#[test]
fn an_error_reads_as_a_sentence() {
    let error = Catalogue::parse("slug,name,url\nacme,Acme,x\n").unwrap_err();
    assert_eq!(error, LineError { line: 2, why: "the address `x` is not http or https".to_owned() });
    assert_eq!(error.to_string(), "line 2: the address `x` is not http or https");
}

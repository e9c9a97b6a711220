//! How pages are brought: policy, caching, methods, and files that browsers keep.

use statusphere_domain::Indicator;

use crate::support::{Front, read};

#[tokio::test]
async fn every_page_has_a_policy_that_lets_nothing_in() {
    let mut front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    for address in ["/", "/pages", "/stack", "/status/acme", "/status/acme/history", "/status/nobody", "/nothing"] {
        let reply = front.get(address).await;
        let policy = reply.headers["content-security-policy"].as_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self';"), "{address}: {policy}");
        assert!(!reply.text.contains("style=\"") && !reply.text.contains("<style"), "{address}");
        for (tag, attribute) in [("script", "src"), ("link[rel=stylesheet]", "href"), ("link[rel=icon]", "href")] {
            let page = crate::support::Page(scraper::Html::parse_document(&reply.text));
            let files = page.attributes(tag, attribute);
            assert_eq!(files.len(), page.all(tag).len(), "{address}: every {tag} names a file");
            assert!(files.iter().all(|file| file.starts_with("/assets/")), "{files:?}");
        }
    }
    front.table.end();
    let reply = front.get("/status/acme").await;
    assert_eq!((reply.status, reply.headers["cache-control"].as_str()), (500, Some("no-store")));
    assert!(reply.text.contains("It&#39;s us, not them"), "{}", reply.text);
}

#[tokio::test]
async fn a_page_that_did_not_change_is_not_sent_again() {
    let front = Front::open().await;
    front.put_state("acme", &read(Indicator::None)).await;
    let reply = front.get("/status/acme").await;
    assert_eq!(reply.headers["cache-control"], "public, max-age=30, stale-while-revalidate=30");
    let tag = reply.headers["etag"].as_str().unwrap();
    let again = front.ask("GET", "/status/acme", &[("if-none-match", tag)]).await;
    assert_eq!((again.status, again.bytes), (304, 0));
    let head = front.ask("HEAD", "/status/acme", &[]).await;
    assert_eq!((head.status, head.bytes, &head.headers["etag"]), (200, 0, &reply.headers["etag"]));
}

#[tokio::test]
async fn files_are_kept_for_a_year_at_an_address_that_changes_with_them() {
    let front = Front::open().await;
    let home = front.page("/").await;
    let files = [
        ("script", "src", "text/javascript"),
        ("link[rel=stylesheet]", "href", "text/css"),
        ("link[rel=icon]", "href", "image/svg+xml"),
    ];
    for (tag, attribute, kind) in files {
        let reply = front.get(&home.attributes(tag, attribute)[0]).await;
        assert_eq!(
            (reply.status, reply.headers["cache-control"].as_str()),
            (200, Some("public, max-age=31536000, immutable"))
        );
        assert!(reply.headers["content-type"].as_str().unwrap().starts_with(kind));
    }
    let other = front.get("/assets/AAAAAAAAAAAA.css").await;
    assert_eq!((other.status, other.headers["cache-control"].as_str().unwrap().contains("immutable")), (200, false));
    for none in ["/assets/", "/assets/style.css", "/assets/s", "/assets/../lib.rs"] {
        assert_eq!(front.get(none).await.status, 404, "{none}");
    }
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let front = Front::open().await;
    for method in ["POST", "PUT", "DELETE", "nonsense"] {
        let reply = front.ask(method, "/", &[]).await;
        assert_eq!((reply.status, reply.headers["allow"].as_str()), (405, Some("GET, HEAD, OPTIONS")), "{method}");
    }
    assert_eq!(front.ask("OPTIONS", "/", &[]).await.status, 204);
}

#[tokio::test]
async fn search_engines_find_the_pages_and_are_kept_from_the_rest() {
    let front = Front::open().await;
    let robots = front.get("/robots.txt").await.text;
    assert!(robots.contains("Sitemap: https://statusphere.example/api/v1/sitemap.xml\n"), "{robots}");
    let page = front.page("/status/acme").await;
    assert_eq!(page.attributes("link[rel=canonical]", "href"), ["https://statusphere.example/status/acme"]);
    assert_eq!(front.get("/status/acme").await.headers.get("x-robots-tag"), None);
    assert_eq!(front.get("/status/nobody").await.headers["x-robots-tag"], "noindex");
}

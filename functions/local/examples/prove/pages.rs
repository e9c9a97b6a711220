//! What people see, compared with what is true.
//!
//! Deliberately absent: how it looks, which needs a browser, and patience: whoever compares asks again.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use statusphere_domain::Indicator;
use statusphere_internet::{Site, Truth};

use crate::aws::{Answer, Aws};
use crate::world::World;

/// So many differences are enough for one look.
const ENOUGH: usize = 12;
/// Rows of the home page, at most.
const ROWS: usize = 60;

/// What the pages owe to anyone, whatever was read.
pub(crate) async fn manners(aws: &Aws, pages: usize) -> anyhow::Result<()> {
    let home = seen(aws, "/").await?;
    ensure!(home.contains("<h1>Is it them?</h1>") && home.contains("Nothing is known yet."), "home is {home}");
    let files: BTreeSet<&str> = home.split('"').filter(|text| text.starts_with("/assets/")).collect();
    ensure!(files.len() == 3, "home needs {files:?}");
    for file in files {
        let answer = aws.ask("GET", file).await?;
        let kept = answer.headers.get("cache-control").is_some_and(|value| value.as_bytes().ends_with(b"immutable"));
        ensure!(answer.status == 200 && kept && !answer.text.is_empty(), "{file} answers {}", answer.status);
    }
    let directory = seen(aws, "/pages").await?;
    ensure!(directory.contains(&format!("{pages} pages")), "the directory is {directory}");
    let unread = seen(aws, "/status/github").await?;
    ensure!(unread.contains("<strong>Not known yet.</strong>"), "a page that nobody read yet is {unread}");
    for (method, path, status, text) in [
        ("GET", "/status/no-such-page", 404, "<h1>Not found here</h1>"),
        ("GET", "/nothing", 404, "<h1>There is nothing here</h1>"),
        ("GET", "/api", 404, "<h1>There is nothing here</h1>"),
        ("GET", "/status/github/incident?id=none", 404, "<h1>This incident is not known</h1>"),
        ("POST", "/", 405, "<h1>Only to be read</h1>"),
    ] {
        let answer = aws.ask(method, path).await?;
        let right = answer.status == status && is_page(&answer) && answer.text.contains(text);
        ensure!(right, "{method} {path} answers {}: {}", answer.status, answer.text);
    }
    let head = aws.ask("HEAD", "/status/github").await?;
    ensure!(
        head.status == 200 && is_page(&head) && head.text.is_empty(),
        "HEAD answers {}: {}",
        head.status,
        head.text
    );
    let robots = aws.ask("GET", "/robots.txt").await?;
    ensure!(robots.status == 200 && robots.text.contains("\nSitemap: "), "robots.txt is {}", robots.text);
    let found = aws.ask("GET", "/search?q=github").await?;
    let leads = found.headers.get("location").is_some_and(|place| place == "/status/github");
    ensure!(found.status == 303 && leads, "a search answers {} {:?}", found.status, found.headers);
    Ok(())
}

/// Where a page is wrong. That it is not shown is wrong as well.
pub(crate) async fn differences(aws: &Aws, world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, site) in world.sites.iter().enumerate() {
        // A history is long: it is looked at on one page of each platform.
        let whole = number < statusphere_internet::Platform::ALL.len();
        if let Err(error) = page(aws, world, site, whole).await {
            wrong.push(format!("/status/{} ({:?}): {error:#}", site.slug, site.platform));
        }
        if wrong.len() >= ENOUGH {
            return wrong;
        }
    }
    if let Err(error) = everywhere(aws, world).await {
        wrong.push(format!("{error:#}"));
    }
    wrong
}

/// A page's answer, badge and incidents; its history and an incident's own page as well if the whole is wanted.
async fn page(aws: &Aws, world: &World, site: &Site, whole: bool) -> anyhow::Result<()> {
    let (slug, truth) = (&site.slug, site.at(world.now()));
    let entry = world.catalogue.find(slug).context("not in the catalogue")?;
    let html = seen(aws, &format!("/status/{slug}")).await?;
    let title = between(&html, "<h1>", "</h1>")?;
    ensure!(unescaped(title) == format!("Is {} down?", entry.name), "the title is {title}");
    let answer = between(&html, "<p class=\"answer ", "</p>")?;
    let (says, badge) = right(&truth);
    ensure!(
        answer.contains(&format!("<strong>{says}</strong>")) && answer.contains(&format!("\">{badge}</span>")),
        "the answer is {answer}, true is {says} {badge}"
    );
    for incident in truth.open() {
        let address = format!("/status/{slug}/incident?id={}", incident.id);
        ensure!(html.contains(&format!("\"{address}\"")), "the open incident {} is not there", incident.id);
        if whole {
            let html = seen(aws, &address).await?;
            let updates = html.matches("<div class=\"vendor\"").count();
            let told = unescaped(&html).contains(&incident.title) && updates == incident.updates.len();
            ensure!(told, "{address} has {updates} updates of {}: {html}", incident.updates.len());
        }
    }
    if whole {
        let html = seen(aws, &format!("/status/{slug}/history")).await?;
        let charts = html.matches("<div class=\"days\">").count();
        ensure!(charts == 1 + truth.components.len(), "{charts} charts for {} components", truth.components.len());
        let known = world.known(site);
        let missing: Vec<_> = known.iter().filter(|id| !html.contains(&format!("/incident?id={id}\""))).collect();
        ensure!(missing.is_empty() || html.contains("rel=\"next\""), "its history lacks {missing:?}");
    }
    Ok(())
}

/// What is broken now, and a verdict for several pages.
async fn everywhere(aws: &Aws, world: &World) -> anyhow::Result<()> {
    let is_broken = |site: &&Site| site.at(world.now()).indicator >= Indicator::Minor;
    let broken: BTreeSet<&str> = world.sites.iter().filter(is_broken).map(|site| site.slug.as_str()).collect();
    let home = seen(aws, "/").await?;
    let section = between(&home, "<section aria-labelledby=\"broken\">", "</section>")?;
    let rows = section.split("<a class=\"name\" href=\"/status/").skip(1).filter_map(|row| row.split('"').next());
    let rows: BTreeSet<&str> = rows.collect();
    ensure!(
        rows.is_subset(&broken) && rows.len() == broken.len().min(ROWS),
        "home shows {rows:?}, broken are {broken:?}"
    );
    for sites in world.sites.chunks(10) {
        let pages: Vec<&str> = sites.iter().map(|site| site.slug.as_str()).collect();
        let says = if pages.iter().any(|slug| broken.contains(slug)) { "Degraded." } else { "Up." };
        let address = format!("/stack?pages={}", pages.join(","));
        let html = seen(aws, &address).await?;
        let answer = between(&html, "<p class=\"answer ", "</p>")?;
        ensure!(answer.contains(&format!("<strong>{says}</strong>")), "{address} says {answer}, true is {says}");
    }
    Ok(())
}

/// The word that answers whether it is down, and the badge beside it.
fn right(truth: &Truth) -> (&'static str, &'static str) {
    match (truth.indicator, truth.open().next().is_some()) {
        (Indicator::None, false) => ("No.", "All well"),
        (Indicator::None, true) => ("Partly.", "Incident open"),
        (Indicator::Maintenance, false) => ("No.", "Planned work"),
        (Indicator::Maintenance, true) => ("Partly.", "Planned work"),
        (Indicator::Minor, _) => ("Partly.", "Minor trouble"),
        (Indicator::Major, _) => ("Yes, in part.", "Major trouble"),
        (Indicator::Critical, _) => ("Yes.", "Critical"),
    }
}

/// A page that must be there.
async fn seen(aws: &Aws, path: &str) -> anyhow::Result<String> {
    let answer = aws.ask("GET", path).await?;
    ensure!(answer.status == 200 && is_page(&answer), "GET {path} answers {}: {}", answer.status, answer.text);
    Ok(answer.text)
}

fn is_page(answer: &Answer) -> bool {
    answer.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn between<'a>(html: &'a str, from: &str, to: &str) -> anyhow::Result<&'a str> {
    let found = html.split_once(from).and_then(|(_, rest)| rest.split_once(to));
    found.map(|(text, _)| text).with_context(|| format!("no {from} in {html}"))
}

fn unescaped(html: &str) -> String {
    html.replace("&#39;", "'").replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

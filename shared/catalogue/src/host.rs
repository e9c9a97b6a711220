//! The host that a page's documents come from: that of its address, unless its platform serves all its pages from one.
//!
//! Deliberately absent: what only a scrape finds out. A page whose platform nobody knows counts to its own host. What is
//! said here of platforms is what `docs/providers.md` says under "Requests"; a test compares it with their fixtures.

use std::borrow::Cow;

use statusphere_domain::Page;

use crate::address;

/// The provider of pages below a domain, where the catalogue has no hint.
const DOMAINS: [(&str, &str); 7] = [
    ("freshstatus.io", "freshstatus"),
    ("hostedstatus.com", "statusio"),
    ("status.io", "statusio"),
    ("status.salesforce.com", "salesforce"),
    ("statuspal.eu", "statuspal"),
    ("statuspal.io", "statuspal"),
    ("trust.salesforce.com", "salesforce"),
];

/// Domains of platforms where every host below is a customer's: what is said of the platform says nothing of that.
const CUSTOMERS: [&str; 17] = [
    "betteruptime.com",
    "checkly-dashboards.com",
    "checklyhq.com",
    "freshstatus.io",
    "hostedstatus.com",
    "hund.io",
    "incident.io",
    "instatus.com",
    "pingdom.com",
    "site24x7.com",
    "sorryapp.com",
    "status.io",
    "statuscast.com",
    "statuspage.io",
    "statuspal.eu",
    "statuspal.io",
    "uptimerobot.com",
];

/// True when a domain stands for the hosts below it too.
pub(crate) fn stands_for_all(domain: &str) -> bool {
    !CUSTOMERS.contains(&domain)
}

/// The host that is asked for a page again and again, in lower case and without its port.
pub(crate) fn request_host(page: &Page) -> Cow<'_, str> {
    let own = address::host(&page.url).unwrap_or_default();
    let hint = page.hint.as_ref();
    let by_domain = || DOMAINS.iter().find(|(domain, _)| is_below(&own, domain)).map(|(_, provider)| *provider);
    let provider = hint.map(|hint| hint.provider.as_str()).or_else(by_domain);
    let key = hint.and_then(|hint| hint.key.as_deref());
    provider.and_then(|provider| platforms_host(provider, key, &own)).map_or(own, Cow::Borrowed)
}

/// The one host of a platform; `None` when each of its pages has its own.
fn platforms_host(provider: &str, key: Option<&str>, own: &str) -> Option<&'static str> {
    let key_names =
        |host: &str| key.is_some_and(|key| key.strip_prefix(host).is_some_and(|rest| rest.starts_with('/')));
    Some(match provider {
        "azure" => "rssfeed.azure.status.microsoft",
        "freshstatus" => "public-api.freshstatus.io",
        "microsoft365" => "status.cloud.microsoft",
        "salesforce" => "api.status.salesforce.com",
        // Its pages have the same documents on their own hosts, and only a key of the platform's leads elsewhere.
        "sorry" if key.is_some_and(|key| !key.contains('/')) => "api.sorryapp.com",
        "statusio" => "api.status.io",
        "statuspal" if key_names("statuspal.eu") || is_below(own, "statuspal.eu") => "statuspal.eu",
        "statuspal" => "statuspal.io",
        "upptime" => "raw.githubusercontent.com",
        "uptimerobot" if key_names("stats.uptimerobot.com") => "stats.uptimerobot.com",
        _ => return None,
    })
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

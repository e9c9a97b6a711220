//! Which web addresses may be opened at all, before any name is resolved.
//!
//! Deliberately absent: resolution. What a name resolves to is checked in `resolver`, at the one place that connects.

use std::net::IpAddr;

use statusphere_domain::{FetchError, FetchErrorKind};
use url::{Host, ParseError, Url};

use crate::guard;

/// Bytes; longer ones come from nobody who means well.
const LONGEST: usize = 4096;

/// An address that may be opened.
#[derive(Debug)]
pub(crate) struct Address {
    /// Without user, password, fragment, or the dot that may end a host.
    pub(crate) url: Url,
    /// Lower-case host without port: one request at a time goes there.
    pub(crate) host: String,
    /// True when the configuration names it: it may resolve to anything.
    pub(crate) allowed: bool,
}

/// A host that the configuration names, where rules for strangers' addresses do not hold.
#[derive(Debug, PartialEq)]
pub(crate) struct AllowedHost {
    host: Host<String>,
    /// `None` is any port.
    port: Option<u16>,
}

impl AllowedHost {
    /// Reads `host` or `host:port`; `None` when it is anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = match text.parse() {
            Ok(IpAddr::V6(ip)) => format!("[{ip}]"),
            _ => text.to_owned(),
        };
        if text.contains(['/', '\\', '@', '?', '#']) {
            return None;
        }
        // An address drops its scheme's usual port, so that only one of the two tells a named port from none.
        let http = Url::parse(&format!("http://{text}")).and_then(normalised).ok()?;
        let https = Url::parse(&format!("https://{text}")).ok()?;
        Some(Self { host: http.host()?.to_owned(), port: http.port().or(https.port()) })
    }
}

fn denied(detail: String) -> FetchError {
    FetchError { kind: FetchErrorKind::Denied, detail, retry_after: None }
}

/// Parses and checks an address.
pub(crate) fn open(url: &str, allowed: &[AllowedHost]) -> Result<Address, FetchError> {
    check(Url::parse(url), allowed)
}

/// Checks where a redirect leads, by the same rules.
pub(crate) fn follow(from: &Url, location: &str, allowed: &[AllowedHost]) -> Result<Address, FetchError> {
    check(from.join(location), allowed).map_err(|error| FetchError {
        detail: format!("redirects to where we do not follow: {}", error.detail),
        ..error
    })
}

fn check(url: Result<Url, ParseError>, allowed: &[AllowedHost]) -> Result<Address, FetchError> {
    let url = url.and_then(normalised).map_err(|error| denied(format!("not a web address ({error})")))?;
    if url.as_str().len() > LONGEST {
        return Err(denied(format!("an address longer than {LONGEST} bytes is not opened")));
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Err(denied(format!("only http and https are opened, not {}", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(denied("an address with a user name or a password is not opened".to_owned()));
    }
    let (Some(host), Some(port)) = (url.host().map(|host| host.to_owned()), url.port_or_known_default()) else {
        return Err(denied("the address has no host".to_owned()));
    };
    let name = host.to_string();
    if allowed.iter().any(|entry| entry.host == host && entry.port.is_none_or(|named| named == port)) {
        return Ok(Address { url, host: name, allowed: true });
    }
    if !matches!(port, 80 | 443) {
        return Err(denied(format!("only ports 80 and 443 are opened, not {port}")));
    }
    // Read from the text, as the client does when it decides that there is nothing to resolve.
    let literal = name.trim_matches(['[', ']']).parse::<IpAddr>().ok();
    if let Some((ip, what)) = literal.and_then(|ip| guard::not_public(ip).map(|what| (ip, what))) {
        return Err(denied(format!("{ip} is not a public address ({what})")));
    }
    Ok(Address { url, host: name, allowed: false })
}

/// Takes away what is never sent, and the dots that may end a host: without them a name may turn out to be a literal
/// address, and both spellings are one host.
fn normalised(mut url: Url) -> Result<Url, ParseError> {
    url.set_fragment(None);
    if let Some(host) = url.host_str().filter(|host| host.ends_with('.')) {
        let host = host.trim_end_matches('.').to_owned();
        url.set_host(Some(&host))?;
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_are_opened_as_one_spelling() {
        for (url, opened, host) in [
            ("https://status.example", "https://status.example/", "status.example"),
            ("HTTPS://Status.Example:443/A?b=C#d", "https://status.example/A?b=C", "status.example"),
            ("http://status.example.:80/", "http://status.example/", "status.example"),
            ("http://status.example:443/", "http://status.example:443/", "status.example"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
            ("http://1.1/", "http://1.0.0.1/", "1.0.0.1"),
            ("http://8.8.8.8.", "http://8.8.8.8/", "8.8.8.8"),
            ("http://134744072/", "http://8.8.8.8/", "8.8.8.8"),
            ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/", "[2606:4700::1111]"),
        ] {
            let address = open(url, &[]).unwrap();
            assert_eq!((address.url.as_str(), address.host.as_str()), (opened, host), "{url}");
            assert!(!address.allowed);
        }
    }
}

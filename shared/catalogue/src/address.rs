//! Addresses of pages: whether one is well-formed, and when two spellings mean the same page.
//!
//! Deliberately absent: whether an address may be fetched. That is decided where it is resolved.

use std::borrow::Cow;

use url::Url;

/// Longer than any address in use; bounds what a caller can make us parse.
const LONGEST: usize = 2048;

/// The spelling under which equal addresses are found: host, port and path without the scheme, a default port, a
/// fragment or trailing slashes. `None` when the text is no http or https address.
pub(crate) fn key(address: &str) -> Option<Cow<'_, str>> {
    if address.len() > LONGEST {
        return None;
    }
    let address = address.trim();
    let parsed = || of(&Url::parse(address).ok().filter(|_| is_web(address))?);
    plain(address).map(Cow::Borrowed).or_else(|| parsed().map(Cow::Owned))
}

/// The host of an address, in lower case, without its port and the dots that may end it.
pub(crate) fn host(address: &str) -> Option<Cow<'_, str>> {
    if let Some(key) = plain(address) {
        return key.split('/').next().map(Cow::Borrowed);
    }
    Url::parse(address).ok()?.host_str().map(|host| host.trim_end_matches('.').to_owned().into())
}

/// Checks an address of a catalogue and answers its key, or says in a sentence what is wrong with it.
pub(crate) fn check(address: &str) -> Result<String, String> {
    let wrong = |why: &str| Err(format!("the address `{address}` {why}"));
    if !is_web(address) {
        return wrong("is not http or https");
    }
    if address.len() > LONGEST {
        return Err(format!("an address is longer than {LONGEST} bytes"));
    }
    let (_, rest) = address.split_once("://").unwrap_or_default();
    if rest.is_empty() || rest.starts_with('/') {
        return wrong("has no host");
    }
    if rest.ends_with('/') {
        return wrong("ends with a slash");
    }
    if let Some(key) = plain(address) {
        return Ok(key.to_owned());
    }
    let url = Url::parse(address).map_err(|error| format!("the address `{address}` can't be read: {error}"))?;
    if address.contains(char::is_whitespace) {
        return wrong("has a space in it");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("carries a user name or password");
    }
    if url.fragment().is_some() {
        return wrong("has a fragment");
    }
    // Providers append paths to the address.
    if url.query().is_some() {
        return wrong("has a query");
    }
    of(&url).ok_or_else(|| format!("the address `{address}` has no host"))
}

fn is_web(address: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .any(|scheme| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

fn of(url: &Url) -> Option<String> {
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let mut key = url.host_str()?.to_owned();
    if let Some(port) = url.port() {
        key.push(':');
        key.push_str(&port.to_string());
    }
    key.push_str(url.path().trim_end_matches('/'));
    if let Some(query) = url.query() {
        key.push('?');
        key.push_str(query);
    }
    Some(key)
}

/// The key of an address that is already spelled the way a parser would spell it. Nearly all are, and the whole
/// catalogue is keyed whenever a function starts.
fn plain(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let rest = rest.trim_end_matches('/');
    let (host, path) = rest.split_at(rest.bytes().position(|b| b == b'/').unwrap_or(rest.len()));
    // A host that ends in a number is an IP address, and `xn--` is checked: both are left to the parser.
    let (_, last) = host.rsplit_once('.')?;
    let good_host = last.starts_with(|c: char| c.is_ascii_lowercase())
        && !host.starts_with(['.', '-'])
        && !(host.as_bytes().contains(&b'x') && host.contains("xn--"))
        && host.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'));
    let good_path = path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_'));
    (good_host && good_path).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_cut_agrees_with_the_parser() {
        let addresses = [
            "https://status.acme.example",
            "http://status.acme.example/",
            "https://a--b.example/one//two/",
            "https://a..example",
            "https://status.acme.example/en-us/Status_1",
        ];
        for address in addresses {
            let parsed = of(&Url::parse(address).unwrap());
            assert!(plain(address).is_some(), "{address}");
            assert_eq!(plain(address), parsed.as_deref(), "{address}");
        }
    }

    #[test]
    fn what_a_parser_would_respell_is_left_to_it() {
        let addresses = [
            "https://127.0.0.1",
            "https://0x7f.1",
            "https://[::1]",
            "https://localhost",
            "https://xn--bcher-kva.example",
            "https://Acme.example",
            "https://acme.example:443",
            "https://acme.example/a/../b",
            "https://acme.example/%7e",
            "https://acme.example/?a",
            "https://u@acme.example",
        ];
        for address in addresses {
            assert_eq!(plain(address), None, "{address}");
        }
    }
}

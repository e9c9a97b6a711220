//! Reads a robots.txt and says whether it lets us read an address (RFC 9309).
//!
//! Our own, since these bytes are a stranger's: reading is linear in the file and matching in file plus address, and
//! neither can panic. Deliberately absent: `Sitemap`, `Crawl-delay` and what else RFC 9309 does not know.

use std::fmt::Write;

/// What robots.txt calls us.
const TOKEN: &str = "statusphere";

/// The rules that are for us, one per line: `+` or `-`, then what an address must begin with. None allow everything.
#[derive(Debug, Default)]
pub(crate) struct Rules(String);

impl Rules {
    /// Reads a file, whatever it is; lines that mean nothing are passed over.
    pub(crate) fn read(file: &[u8]) -> Self {
        let text = String::from_utf8_lossy(file);
        let (mut ours, mut everyones) = (None, String::new());
        // For whom the rules are that come next, and whether some have come already: then a new name starts a new group.
        let (mut for_us, mut for_all, mut begun) = (false, false, true);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':').map(|(key, value)| (key.trim(), value.trim())) else {
                continue;
            };
            if key.eq_ignore_ascii_case("user-agent") {
                if begun {
                    (for_us, for_all, begun) = (false, false, false);
                }
                if is_us(value) {
                    for_us = true;
                    ours.get_or_insert_default();
                }
                for_all |= value.split_whitespace().next() == Some("*");
                continue;
            }
            let sign = match key {
                _ if key.eq_ignore_ascii_case("allow") => '+',
                _ if key.eq_ignore_ascii_case("disallow") => '-',
                _ => continue,
            };
            begun = true;
            if value.starts_with(['/', '*']) {
                let groups = [ours.as_mut().filter(|_| for_us), Some(&mut everyones).filter(|_| for_all)];
                for group in groups.into_iter().flatten() {
                    group.push(sign);
                    normalise(value.strip_suffix('$').unwrap_or(value), group);
                    group.push_str(if value.ends_with('$') { "$\n" } else { "\n" });
                }
            }
        }
        let mut rules = ours.unwrap_or(everyones);
        rules.shrink_to_fit();
        Self(rules)
    }

    /// Whether an address may be read, given from its path to the end of its query. The longest rule decides; of two
    /// equally long ones, the kinder.
    pub(crate) fn allow(&self, address: &str) -> bool {
        let mut normalised = String::with_capacity(address.len());
        normalise(address, &mut normalised);
        let normalised = normalised.replace('*', "%2A");
        let rules = self.0.lines().filter_map(|rule| rule.split_at_checked(1));
        let matching = rules.filter(|(_, pattern)| matches(&normalised, pattern));
        matching.map(|(sign, pattern)| (pattern.len(), sign == "+")).max().is_none_or(|(_, allowed)| allowed)
    }

    /// Bytes of memory.
    pub(crate) fn size(&self) -> usize {
        self.0.capacity()
    }
}

/// The name ends at the first letter that no name has: a version may follow.
fn is_us(agent: &str) -> bool {
    let end = agent.find(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_')).unwrap_or(agent.len());
    agent[..end].eq_ignore_ascii_case(TOKEN)
}

/// Writes an address or a pattern in the one spelling in which both are compared (section 2.2.2).
fn normalise(text: &str, out: &mut String) {
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        let escaped = hex(after).filter(|_| *byte == b'%');
        rest = if escaped.is_some() { &after[2..] } else { after };
        match escaped {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(char::from(byte)),
            None if byte.is_ascii_graphic() && !b"%$".contains(byte) => out.push(char::from(*byte)),
            _ => {
                // Writing to a string can't fail.
                let _ = write!(out, "%{:02X}", escaped.unwrap_or(*byte));
            }
        }
    }
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digits = digits.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

/// `*` stands for anything, `$` at the end for the end. Each piece may be taken where it comes first: what follows then
/// has the most to be found in.
fn matches(address: &str, pattern: &str) -> bool {
    let (pattern, to_the_end) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| address.strip_prefix(first)) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() || !to_the_end };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    if to_the_end { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(file: &str, address: &str) -> bool {
        Rules::read(file.as_bytes()).allow(address)
    }

    #[test]
    fn the_longest_rule_decides_and_of_two_equal_ones_the_kinder() {
        let file = "User-agent: *\nDisallow: /\nAllow: /status\nDisallow: /status/old\nAllow: /a\nDisallow: /a";
        for (address, expected) in [
            ("/", false),
            ("/x", false),
            ("/status", true),
            ("/status/new", true),
            ("/status/old", false),
            ("/a", true),
        ] {
            assert_eq!(allowed(file, address), expected, "{address}");
        }
    }

    #[test]
    fn rules_for_us_replace_those_for_everyone() {
        for (file, expected) in [
            ("user-agent: *\ndisallow: /", false),
            ("user-agent: *\ndisallow: /\nuser-agent: Statusphere\ndisallow:", true),
            ("user-agent: *\ndisallow: /\nuser-agent: STATUSPHERE/2.0 (x)\nallow: /", true),
            ("user-agent: statusphere\ndisallow: /\nuser-agent: *\nallow: /", false),
            ("user-agent: other\nuser-agent: statusphere\ndisallow: /", false),
            ("user-agent: statusphere\nuser-agent: other\n\n\ndisallow: /", false),
            ("user-agent: other\ndisallow: /x\nuser-agent: statusphere\ndisallow: /y", true),
            (
                "user-agent: statusphere\nallow: /z\nuser-agent: x\nallow: /\nuser-agent: statusphere\ndisallow: /",
                false,
            ),
            ("user-agent: statusphere\nsitemap: /s\nuser-agent: other\ndisallow: /", false),
            ("user-agent: statuspheres\ndisallow: /", true),
            ("user-agent: status\ndisallow: /", true),
            ("user-agent: * (all)\ndisallow: /", false),
            ("disallow: /", true),
            ("user-agent *\ndisallow /", true),
            ("\u{feff}User-Agent : * # all\r\nDISALLOW\t:\t/ # nothing\r\n", false),
            ("user-agent: *\rdisallow: /", false),
            ("user-agent: *\ndisallow: status", true),
            ("<!doctype html><title>user-agent: *</title>", true),
            ("", true),
        ] {
            assert_eq!(allowed(file, "/status"), expected, "{file}");
        }
    }

    #[test]
    fn patterns_match_as_the_standard_says() {
        for (pattern, address, expected) in [
            ("/", "/", true),
            ("/fish", "/fish.html", true),
            ("/fish", "/Fish", false),
            ("/fish*", "/fish/1", true),
            ("/*.php", "/a.php?x", true),
            ("/*.php", "/a.ph", false),
            ("/*.php$", "/a.php", true),
            ("/*.php$", "/a.php.php", true),
            ("/*.php$", "/a.php?x", false),
            ("/fish*.php", "/fish/a.php?b", true),
            ("/fish*.php", "/a/fish.php", false),
            ("/a*b*c", "/a-c-b", false),
            ("/a*b*c", "/a-b-b-c", true),
            ("/a*b*c$", "/a-b-c-c", true),
            ("/a*ab$", "/aab", true),
            ("/a*ab$", "/ab", false),
            ("*/x", "/a/x", true),
            ("/**", "/", true),
            ("/*", "/", true),
            ("/$", "/", true),
            ("/$", "/a", false),
            ("/*$", "/anything", true),
            ("/a$b", "/a$b", true),
            ("/?id=*&x", "/?id=7&x=1", true),
            ("/\u{fc}", "/%c3%bc", true),
            ("/%7ejoe", "/~joe", true),
            ("/a%2fb", "/a%2Fb", true),
            ("/a%2fb", "/a/b", false),
            ("/100%", "/100%", true),
            ("/%2a", "/*", true),
            ("/%2a", "/a", false),
            ("/%24", "/$", true),
            ("/a%2A$", "/a*", true),
        ] {
            assert_eq!(
                !allowed(&format!("user-agent: *\ndisallow: {pattern}"), address),
                expected,
                "{pattern} {address}"
            );
        }
    }

    #[test]
    fn nothing_in_a_file_makes_us_panic_or_wait() {
        let stars = "*a".repeat(100_000);
        let alike = format!("/{}", "a".repeat(8000));
        let umlauts = "\u{fc}".repeat(100_000);
        for line in [stars.as_str(), &umlauts, &"%".repeat(200_000), &"*".repeat(200_000), &"$".repeat(200_000)] {
            Rules::read(format!("user-agent: *\ndisallow: /{line}b\nallow:{line}").as_bytes()).allow(&alike);
        }
        let many = "allow: /*aaaaaaaaaaab\n".repeat(5000);
        assert!(allowed(&format!("user-agent: *\n{many}"), &alike));
        assert!(Rules::read(&[0xff; 1000]).allow("/"));
    }
}

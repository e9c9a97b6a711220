//! Tells in one pass whether JSON would take far more memory as values than as text.
//!
//! Deliberately absent: the grammar. Most separators in texts are counted as well: the pass may count more than there
//! is, never less.

/// What is smaller is not weighed: it bears its values whatever they are.
const UNWEIGHED: usize = 64 << 10;
/// Memory of the values beside their texts, at most. A page with a thousand components has a quarter of it.
const MAX_WEIGHT: usize = 8 << 20;
/// An object with a field has room for eleven.
const OBJECT: usize = 768;
/// A value with its place in a list that grows, or with its key.
const VALUE: usize = 96;
/// Names are copied to all that refer to them; this is more than any platform allows.
const MAX_NAME: usize = 1024;

/// True when the values of a JSON text have the size that those of status pages have.
pub(crate) fn is_bearable(json: &str) -> bool {
    if json.len() <= UNWEIGHED {
        return true;
    }
    let mut weight = 0;
    for three in json.as_bytes().windows(3) {
        weight += match three {
            [b'{', b'}', _] => VALUE,
            [b'{', ..] => OBJECT,
            // No value begins with these letters: a comma of prose.
            [b',', b' ', b'a'..=b'e' | b'g'..=b'm' | b'o'..=b's' | b'u'..=b'z'] => 0,
            [b',' | b'[', ..] => VALUE,
            _ => 0,
        };
    }
    weight <= MAX_WEIGHT && ["ame\"", "itle\""].iter().all(|key| json.split(key).skip(1).all(is_short))
}

/// True unless a long text follows a key.
fn is_short(after: &str) -> bool {
    let Some(text) =
        after.trim_ascii_start().strip_prefix(':').and_then(|value| value.trim_ascii_start().strip_prefix('"'))
    else {
        return true;
    };
    text.len() <= MAX_NAME || text.as_bytes()[..MAX_NAME].contains(&b'"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_status_page_holds_is_bearable() {
        let row = "{\"id\": \"a\", \"name\": \"API\", \"status\": \"operational\", \"updates\": [], \"group\": null},";
        assert!(is_bearable(&row.repeat(2000)));
        assert!(is_bearable(&format!("{{\"body\": \"{}\"}}", "Slow, as it is. ".repeat(200_000))));
    }

    #[test]
    fn what_grows_in_memory_is_not() {
        for hostile in ["{\"\":0},", "[[],", "0,", "{},"] {
            assert!(!is_bearable(&hostile.repeat((1 << 20) / hostile.len())), "{hostile}");
        }
        assert!(!is_bearable(&format!("{{\"name\" : \"{}\"}}", "a".repeat(UNWEIGHED))));
    }
}

//! The data that a page embeds: Nuxt's flat list, in which values refer to each other by their place.
//!
//! Deliberately absent: dates, sets and other types of the format beyond wrappers around another value.

use serde_json::{Deserializer, Value};

use crate::html;

const SCRIPT: &str = "id=\"__NUXT_DATA__\"";
/// Values looked at, at most; a real page needs some thousands. References may make the whole endlessly large, so an
/// object and a long text count for several.
const BUDGET: usize = 100_000;
const OBJECT: usize = 8;
const TEXT: usize = 64;
const MAX_DEPTH: usize = 16;

/// The entry of the page's data whose name begins so, its references followed. `None` when there is none, or it cannot be
/// had as a whole.
pub(super) fn entry(markup: &str, prefix: &str) -> Option<Value> {
    let (_, json) = markup.split_once(SCRIPT)?.1.split_once('>')?;
    if !html::is_bearable(json) {
        return None;
    }
    let values = Deserializer::from_str(json).into_iter::<Vec<Value>>().next()?.ok()?;
    let entries = values.iter().filter_map(Value::as_object).flatten();
    let (_, reference) = entries.into_iter().find(|(name, place)| name.starts_with(prefix) && place.is_u64())?;
    let mut budget = BUDGET;
    follow(&values, reference, MAX_DEPTH, &mut budget)
}

/// What a reference leads to; negative ones stand for undefined and the like.
fn follow(values: &[Value], reference: &Value, depth: usize, budget: &mut usize) -> Option<Value> {
    *budget = budget.checked_sub(1)?;
    let depth = depth.checked_sub(1)?;
    let place = reference.as_u64().and_then(|place| usize::try_from(place).ok());
    match place.and_then(|place| values.get(place)).unwrap_or(&Value::Null) {
        Value::Array(wrapper) if wrapper.first().is_some_and(Value::is_string) => {
            follow(values, wrapper.get(1)?, depth, budget)
        }
        Value::Array(elements) => elements.iter().map(|element| follow(values, element, depth, budget)).collect(),
        Value::Object(fields) => {
            *budget = budget.checked_sub(OBJECT + fields.keys().map(String::len).sum::<usize>() / TEXT)?;
            let fields = fields.iter().map(|(name, value)| Some((name.clone(), follow(values, value, depth, budget)?)));
            fields.collect::<Option<_>>().map(Value::Object)
        }
        plain => {
            *budget = budget.checked_sub(plain.as_str().map_or(0, str::len) / TEXT)?;
            Some(plain.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use serde_json::json;

    use super::*;

    fn page(values: &Value) -> String {
        format!("<script type=\"application/json\" {SCRIPT}>{values}</script></html>")
    }

    #[test]
    fn references_are_followed() {
        let html = page(&json!([["Reactive", 1], { "a-x": 2, "b-x": 5 }, { "list": 3 }, [4, -1], "text", ["Ref", 4]]));
        assert_eq!(entry(&html, "a-"), Some(json!({ "list": ["text", null] })));
        assert_eq!(entry(&html, "b-"), Some(json!("text")));
        assert_eq!(entry(&html, "c-"), None);
        assert_eq!(entry(html.split_once("text").unwrap().0, "a-"), None);
    }

    #[test]
    fn hostile_data_costs_no_more_than_its_budget() {
        let started = Instant::now();
        assert_eq!(entry(&page(&json!([{ "a-": 1 }, [1, 1, 1, 1]])), "a-"), None);
        let wide: Vec<Value> = (0..20).map(|place| json!(vec![place + 2; 50])).collect();
        let values = json!([{ "a-": 1 }]).as_array().unwrap().iter().cloned().chain(wide).collect();
        assert_eq!(entry(&page(&Value::Array(values)), "a-"), None);
        assert!(started.elapsed().as_secs() < 5, "took {:?}", started.elapsed());
    }
}

//! Event patterns, of rules and of stream filters, as far as the template uses them.
//!
//! Deliberately absent: every other word of the language. One that is not known here is an error.

use serde_json::Value;

/// True when an event matches.
pub(crate) fn matches(pattern: &Value, event: &Value) -> Result<bool, String> {
    match pattern {
        Value::Object(fields) => {
            let mut all = true;
            for (name, pattern) in fields {
                if name.starts_with('$') {
                    return Err(format!("a pattern says {name}, which nobody here understands"));
                }
                all &= matches(pattern, &event[name.as_str()])?;
            }
            Ok(all)
        }
        Value::Array(choices) => {
            let mut any = false;
            for choice in choices {
                any |= fits(choice, event)?;
            }
            Ok(any)
        }
        other => Err(format!("{other} is no pattern: a list is")),
    }
}

fn fits(choice: &Value, value: &Value) -> Result<bool, String> {
    let Value::Object(test) = choice else { return Ok(!value.is_null() && choice == value) };
    let mut tests = test.iter();
    let (Some((word, wanted)), None) = (tests.next(), tests.next()) else {
        return Err(format!("{choice} is not one test"));
    };
    match (word.as_str(), wanted) {
        ("prefix", Value::String(prefix)) => Ok(value.as_str().is_some_and(|text| text.starts_with(prefix))),
        ("anything-but", Value::Array(others)) => Ok(!value.is_null() && !others.contains(value)),
        ("anything-but", Value::String(other)) => Ok(!value.is_null() && value != other),
        ("exists", Value::Bool(there)) => Ok(value.is_null() != *there),
        _ => Err(format!("a pattern says {choice}, which nobody here understands")),
    }
}

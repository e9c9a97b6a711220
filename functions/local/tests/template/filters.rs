//! What a rule or a filter lets through is what the function behind it acts upon.

use serde_json::{Value, json};

use crate::patterns::matches;
use crate::source::Template;
use crate::story::Lived;

pub(crate) fn problems(template: &Template, lived: &Lived) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut rules, mut streams) = (0, 0);
    for function in template.functions() {
        for (id, event) in function.events() {
            let (id, about) = (format!("{} of {}", id, function.id), &event["Properties"]);
            match (function.name, event["Type"].as_str().unwrap()) {
                ("scraper", "EventBridgeRule") => {
                    rules += 1;
                    wrong.extend(rule(&id, &about["Pattern"], lived));
                }
                ("publisher", "DynamoDB") => {
                    streams += 1;
                    wrong.extend(stream(&id, &about["FilterCriteria"]["Filters"], lived));
                }
                (_, "EventBridgeRule" | "DynamoDB") => wrong.push(format!("nobody knows what {id} is for")),
                _ => {}
            }
        }
    }
    if (rules, streams) != (1, 1) {
        wrong.push(format!("{rules} rules and {streams} streams, instead of one each"));
    }
    wrong
}

fn rule(id: &str, pattern: &Value, lived: &Lived) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, (event, taken)) in &lived.events {
        let mut stranger = event.clone();
        stranger["source"] = json!("somebody.else");
        match (matches(pattern, event), matches(pattern, &stranger)) {
            (Err(why), _) | (_, Err(why)) => wrong.push(why),
            (Ok(passes), _) if passes != *taken => {
                wrong.push(format!("{id} lets {name} through: {passes}; the scraper takes it: {taken}"));
            }
            (_, Ok(true)) => wrong.push(format!("{id} takes {name} from anyone")),
            _ => {}
        }
    }
    wrong
}

fn stream(id: &str, filters: &Value, lived: &Lived) -> Vec<String> {
    let Some(filters) = filters.as_array() else { return vec![format!("{id} filters nothing")] };
    let patterns = filters.iter().map(|filter| serde_json::from_str(filter["Pattern"].as_str().unwrap()).unwrap());
    let patterns: Vec<Value> = patterns.collect();
    let mut wrong = Vec::new();
    for (kind, (records, acts)) in &lived.kinds {
        for record in records {
            let passes: Result<Vec<bool>, String> = patterns.iter().map(|pattern| matches(pattern, record)).collect();
            match passes {
                Err(why) => wrong.push(why),
                Ok(passes) if passes.contains(&true) != *acts => {
                    wrong.push(format!("{id} lets {kind} through: {}; the publisher acts upon it: {acts}", !acts));
                }
                Ok(_) => {}
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

//! Keeps `template.yaml` and the code together: each is read from its source, and what one has the other must have.
//!
//! Deliberately absent: what cfn-lint knows (types of resources, their properties), and AWS itself.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod environment;
mod filters;
mod losses;
mod metrics;
mod parameters;
mod patterns;
mod permissions;
mod routes;
mod rules;
mod samples;
#[path = "../simulation/mod.rs"]
mod simulation;
mod source;
mod story;
mod table;
mod wiring;

use crate::source::Template;
use crate::story::Lived;

/// Everything that is wrong with a template, one sentence each.
fn problems(template: &Template, lived: &Lived) -> Vec<String> {
    let mut wrong = parameters::problems(template);
    wrong.extend(routes::problems(template));
    wrong.extend(environment::problems(template));
    wrong.extend(permissions::problems(template, lived));
    wrong.extend(filters::problems(template, lived));
    wrong.extend(table::problems(template, lived));
    wrong.extend(wiring::problems(template));
    wrong.extend(metrics::problems(template));
    wrong
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[tokio::test]
async fn the_template_and_the_code_agree() {
    none(&problems(&Template::read(), story::lived().await));
}

#[tokio::test]
async fn whatever_the_template_loses_or_gains_is_noticed() {
    let (template, lived) = (Template::read(), story::lived().await);
    let before = problems(&template, lived);
    let unnoticed = losses::all(&template).into_iter().filter(|(_, other)| {
        let now = problems(other, lived);
        now.iter().all(|problem| before.contains(problem))
    });
    none(&unnoticed.map(|(what, _)| format!("nobody notices {what}")).collect::<Vec<_>>());
}

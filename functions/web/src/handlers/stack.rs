//! `/stack`: one verdict for the services that somebody chose. The choice is the address and nothing else.

use std::collections::BTreeSet;

use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use statusphere_domain::{Component, ComponentStatus, Indicator, Parts, UpDown, Verdict};
use statusphere_http::{Answer, MaxAge};
use statusphere_view::{Judged, MOST_OF_STACK, Part, Stack, View, listed};

use crate::{
    Asked,
    frame::{Frame, html},
    problem::Problem,
    show::{self, Look},
    text::line,
};

/// Bytes of the components in an address.
const LONGEST: usize = 2_000;
/// Components of a page to choose from, at most.
const CHOICES: usize = 300;

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    pages: Option<String>,
    components: Option<String>,
    /// A page to add.
    add: Option<String>,
    /// The page to choose components of.
    choose: Option<String>,
    /// The page of which components were chosen, each a `c`.
    of: Option<String>,
}

#[derive(Template)]
#[template(path = "stack.html")]
struct StackPage {
    frame: Frame,
    pages: String,
    components: String,
    verdict: Option<Whole>,
    rows: Vec<Row>,
}

struct Whole {
    look: Look,
    sentence: &'static str,
    /// What was not chosen and is broken nevertheless.
    hidden: Vec<String>,
    /// The page that was read longest ago, and when.
    oldest: Option<(DateTime<Utc>, String)>,
    api: String,
}

struct Row {
    /// `None` for a page that is not known.
    slug: Option<String>,
    name: String,
    look: Look,
    reasons: Vec<String>,
    /// Chosen components that are not operational.
    parts: Vec<(String, Look)>,
    /// Chosen components that are.
    well: Vec<String>,
    without: String,
    choose: String,
    choosing: bool,
    choices: Vec<Choice>,
}

struct Choice {
    value: String,
    name: String,
    chosen: bool,
}

/// Pages and components, as the address has them.
struct Choices<'a> {
    pages: Vec<&'a str>,
    components: Vec<&'a str>,
}

pub(crate) async fn handle(view: &View, asked: Asked<'_>) -> Result<Answer, Problem> {
    let wanted: Wanted = asked.query.read()?;
    let mut choices = Choices {
        pages: list("pages", wanted.pages.as_deref())?,
        components: list("components", wanted.components.as_deref())?,
    };
    if let Some(add) = wanted.add.as_deref().map(str::trim).filter(|add| !add.is_empty()) {
        // By its slug, so that the address stays readable; what is not known is shown as such.
        choices.pages.push(view.catalogue().find(add).map_or(add, |entry| entry.page.id.as_str()));
        return Ok(Answer::see(&choices.address()));
    }
    if let Some(of) = wanted.of.as_deref() {
        let picked = asked.query.all("c").filter(|id| !id.contains(',')).map(|id| format!("{of}:{id}"));
        let picked: Vec<String> = picked.collect();
        choices.components.retain(|known| !is_of(view, known, of));
        choices.components.extend(picked.iter().map(String::as_str));
        if choices.components.len() > MOST_OF_STACK || choices.components.join(",").len() > LONGEST {
            let text = "These are more components than an address can hold. Go back and choose fewer, or none, which means all.";
            return Err(Problem::Invalid(text.to_owned()));
        }
        return Ok(Answer::see(&choices.address()));
    }
    let stack = view.stack(&choices.pages, &choices.components).await.map_err(|error| {
        tracing::error!(%error, "failed to get status pages from database");
        Problem::Ours
    })?;
    let chosen_of = wanted.choose.as_deref().and_then(|name| view.catalogue().find(name));
    let mut rows: Vec<Row> = stack.pages.iter().map(|page| row(view, page, &choices)).collect();
    if let Some(entry) = chosen_of
        && let Some(row) = rows.iter_mut().find(|row| row.slug.as_deref() == Some(entry.page.id.as_str()))
    {
        let current = view.store().current(&entry.page.id).await;
        let current = current.map_err(|error| Problem::store("components", &entry.page.id, &error))?;
        row.choices = boxes(view, entry.page.id.as_str(), current.components.as_deref().unwrap_or_default(), &choices);
        row.choosing = true;
    }
    let page = StackPage {
        verdict: (!rows.is_empty()).then(|| Whole::new(&stack, &choices)),
        rows,
        pages: choices.pages.join(","),
        components: choices.components.join(","),
        frame: asked.frame,
    };
    html(&page, MaxAge::Page)
}

fn list<'a>(name: &str, text: Option<&'a str>) -> Result<Vec<&'a str>, Problem> {
    listed(text).ok_or_else(|| Problem::Invalid(format!("A stack has at most {MOST_OF_STACK} {name}.")))
}

/// Whether a chosen component is said to be of this page.
fn is_of(view: &View, component: &str, page: &str) -> bool {
    let of = component.split_once(':').and_then(|(page, _)| view.catalogue().find(page.trim()));
    of.is_some_and(|entry| entry.page.id.as_str() == page)
}

impl Choices<'_> {
    fn address(&self) -> String {
        format!("/stack?{}", self.query())
    }

    /// Commas stay as they are, so that people can read it.
    fn query(&self) -> String {
        let joined = |parts: &[&str]| {
            let escaped = |part: &&str| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>();
            parts.iter().map(escaped).collect::<Vec<_>>().join(",")
        };
        let components = if self.components.is_empty() { "" } else { "&components=" };
        format!("pages={}{components}{}", joined(&self.pages), joined(&self.components))
    }
}

impl Whole {
    fn new(stack: &Stack<'_>, choices: &Choices<'_>) -> Self {
        let sentence = match stack.chosen.status {
            UpDown::Up => "Everything here is well, by the vendors' own words.",
            UpDown::Degraded => "Something here is broken.",
            UpDown::Unknown => "Nothing here is known to be broken, and not everything is known.",
        };
        let hidden = stack.whole.reasons.iter().filter(|reason| !stack.chosen.reasons.contains(reason));
        Self {
            look: look(&stack.chosen),
            sentence,
            hidden: hidden.map(|reason| line(reason)).collect(),
            oldest: stack.oldest().map(|(at, entry)| (at, entry.name.to_string())),
            api: format!("/api/v1/stack?{}", choices.query()),
        }
    }
}

fn look(verdict: &Verdict) -> Look {
    let word = Look::from(verdict.status);
    match (verdict.status, verdict.indicator) {
        (UpDown::Degraded, Some(indicator)) if indicator >= Indicator::Minor => {
            Look { class: Look::from(indicator).class, ..word }
        }
        _ => word,
    }
}

fn row(view: &View, page: &Judged<'_>, choices: &Choices<'_>) -> Row {
    let slug = page.entry.map(|entry| entry.page.id.to_string());
    let without = Choices {
        pages: choices.pages.iter().copied().filter(|asked| *asked != page.asked).collect(),
        components: match &slug {
            Some(slug) => choices.components.iter().copied().filter(|one| !is_of(view, one, slug)).collect(),
            None => choices.components.clone(),
        },
    };
    let is_well = |part: &&Part| part.component.status == ComponentStatus::Operational;
    let (well, parts): (Vec<&Part>, Vec<&Part>) = page.components.iter().flatten().partition(is_well);
    let name = page.entry.map_or_else(|| line(page.asked), |entry| entry.name.to_string());
    // The row has the name already.
    let reason = |reason: &String| match reason.strip_prefix(&*name).and_then(|rest| rest.strip_prefix(": ")) {
        Some(rest) => rest.to_owned(),
        None => reason.clone(),
    };
    Row {
        look: look(&page.chosen),
        reasons: page.chosen.reasons.iter().map(|told| line(&reason(told))).collect(),
        parts: parts.iter().map(|part| (called(&part.component), part.component.status.into())).collect(),
        well: well.iter().map(|part| called(&part.component)).collect(),
        name,
        without: without.address(),
        choose: format!("{}&choose={}#choose", choices.address(), slug.as_deref().unwrap_or_default()),
        choosing: false,
        choices: Vec::new(),
        slug,
    }
}

/// With its group: several groups may have a component of the same name.
fn called(component: &Component) -> String {
    match &component.group {
        Some(group) => format!("{}: {}", line(group), line(&component.name)),
        None => line(&component.name),
    }
}

/// A box for each component that can be named in an address.
fn boxes(view: &View, slug: &str, components: &[Component], choices: &Choices<'_>) -> Vec<Choice> {
    let parts = Parts::new(components);
    let words = choices.components.iter().filter(|word| is_of(view, word, slug));
    let words = words.filter_map(|word| Some(word.split_once(':')?.1.trim()));
    let chosen: BTreeSet<usize> = words.flat_map(|word| parts.chosen(word)).collect();
    let named = components.iter().enumerate().filter(|(_, component)| !component.id.contains(',')).take(CHOICES);
    named
        .map(|(at, component)| Choice {
            value: component.id.clone(),
            name: called(component),
            chosen: chosen.contains(&at),
        })
        .collect()
}

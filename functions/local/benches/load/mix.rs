//! What is asked for: questions of people and programs, about the pages that the program knows.
//!
//! Deliberately absent: mistakes. Every question here has an answer.

use std::net::SocketAddr;

use fastrand::Rng;
use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use crate::support::json;

/// How often each is asked beside the others. `{page}` is what a page is called, `{url}` its address, `{word}` what people
/// type to find it. A further endpoint is a further line.
const QUESTIONS: [(u32, &str); 21] = [
    (30, "currentStatus?page={page}"),
    (10, "currentStatus?statusPageUrl={url}"),
    (10, "statusPage?page={page}"),
    (14, "incidents?page={page}&limit=20"),
    (2, "incidents?page={page}&impact=major,critical"),
    (8, "components?page={page}"),
    (3, "maintenances?page={page}"),
    (14, "statusPages/search?query={word}"),
    (5, "statusPages/count"),
    (3, "statusPages"),
    (6, "outages"),
    (6, "stack?pages={page},{word}"),
    (3, "stack?pages={page}&components=api,europe"),
    (4, "changes?since=2026-01-01"),
    (4, "uptime?page={page}&days=30"),
    (1, "uptime?page={page}&days=365"),
    (2, "components?page={page}&region=europe"),
    (1, "dump"),
    (1, "openapi.json"),
    (1, "docs"),
    (1, "sitemap.xml"),
];

/// The questions, with everything to fill in.
pub(crate) struct Mix {
    /// What stands for each name, one list for each page.
    pages: Vec<[(&'static str, String); 3]>,
    weights: u32,
}

impl Mix {
    /// Asks the program for its pages.
    pub(crate) fn of(address: SocketAddr) -> Self {
        let list = json(address, "statusPages");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pages = list["statusPages"].as_array().unwrap().iter().map(|page| {
            let (name, url) = (text(&page["name"]), text(&page["url"]));
            let word = name.split(' ').next().unwrap_or_default().to_lowercase();
            [("{page}", name), ("{url}", url), ("{word}", word)]
                .map(|(what, value)| (what, byte_serialize(value.as_bytes()).collect()))
        });
        Self { pages: pages.collect(), weights: QUESTIONS.iter().map(|(weight, _)| weight).sum() }
    }

    /// One question: which it is, and the path to ask for.
    pub(crate) fn draw(&self, rng: &mut Rng) -> (usize, String) {
        let mut left = rng.u32(..self.weights);
        let question = QUESTIONS.iter().position(|(weight, _)| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        let question = question.unwrap_or_default();
        let page = &self.pages[rng.usize(..self.pages.len())];
        let path = page.iter().fold(QUESTIONS[question].1.to_owned(), |path, (what, value)| path.replace(what, value));
        (question, format!("/api/v1/{path}"))
    }
}

/// The questions, as they are written here.
pub(crate) fn questions() -> impl Iterator<Item = &'static str> {
    QUESTIONS.iter().map(|(_, question)| *question)
}

//! `/statusPages/count`: how many pages are listed, from memory.

use crate::{
    Api,
    answer::{Answer, MaxAge, Problem},
    wire::CountAnswer,
};

pub(crate) fn handle(api: &Api) -> Result<Answer, Problem> {
    Answer::json(&CountAnswer { status_page_count: api.catalogue.len() }, MaxAge::List)
}

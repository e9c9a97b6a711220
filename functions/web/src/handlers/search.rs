//! `/search?q=`: straight to the page that is called so, else to the directory with what is like it.

use serde::Deserialize;
use statusphere_http::Answer;
use statusphere_view::View;

use crate::{Asked, problem::Problem};

#[derive(Debug, Deserialize)]
struct Words {
    q: Option<String>,
}

pub(crate) fn handle(view: &View, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let words = asked.query.read::<Words>()?.q.unwrap_or_default();
    if let Some(entry) = view.catalogue().find(&words) {
        return Ok(Answer::see(&format!("/status/{}", entry.page.id)));
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", words.trim()).finish();
    Ok(Answer::see(&format!("/pages?{query}")))
}

//! The id of the page's account, in the data that the page embeds.
//!
//! Deliberately absent: whose account it is. Ids that contradict each other are no id.

use serde_json::Value;

use crate::front::{Front, front};
use crate::{Seen, Step, Target, field, flight};

const HOSTS: [&str; 1] = ["freshstatus.io"];
/// Names that the id goes by in addresses and in data.
const NAMES: [&str; 2] = ["account_id=", "\"account_id\":"];

pub(super) fn is_id(key: &str) -> bool {
    (1..=12).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// The account's id; the step that says what else is the case.
pub(super) fn in_front(target: &Target<'_>, seen: &Seen) -> Result<String, Step> {
    let on_host = target.is_on(&HOSTS);
    let markup = match front(target, seen) {
        Front::Unseen(url) => return Err(Step::Want(vec![url])),
        Front::Missing(why) => return Err(Step::NotMine(why)),
        Front::Html(markup, _) => markup,
    };
    let is_mine = markup.contains("\"accountDetails\":") && markup.contains("freshstatus.io");
    if !on_host && !is_mine {
        return Err(Step::NotMine("its markup embeds no account of the platform".to_owned()));
    }
    let details = flight::values(&markup, "accountDetails", '{');
    if details.iter().any(is_error) {
        return Err(Step::Malformed("the platform knows no account at this address".to_owned()));
    }
    let mut ids: Vec<String> = details.iter().filter_map(|details| field::id(&details["id"])).collect();
    for name in NAMES {
        ids.extend(markup.split(name).skip(1).filter_map(leading_number));
    }
    ids.retain(|id| is_id(id));
    ids.sort();
    ids.dedup();
    match <[String; 1]>::try_from(ids) {
        Ok([id]) => Ok(id),
        Err(ids) if ids.is_empty() => Err(Step::Malformed("the page does not tell its account's id".to_owned())),
        Err(_) => Err(Step::Malformed("the page names more than one account".to_owned())),
    }
}

/// What the platform embeds in the place of the details of an account that it does not know.
fn is_error(details: &Value) -> bool {
    details["isError"] == true || field::number(&details["statusCode"]).is_some_and(|code| code >= 400)
}

fn leading_number(text: &str) -> Option<String> {
    let text = text.trim_start_matches([' ', '"']);
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end).filter(|digits| !digits.is_empty()).map(str::to_owned)
}

//! One file for each page, and what several of them read of an address.

pub(crate) mod directory;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod incident_page;
pub(crate) mod page;
pub(crate) mod robots;
pub(crate) mod search;
pub(crate) mod stack;

use crate::problem::Problem;

/// Which part of a long list is asked for, from 1, the first when nothing is said.
fn part(text: Option<&str>) -> Result<usize, Problem> {
    let part = text.map_or(Some(1), |text| text.parse().ok()).filter(|part| (1..=10_000).contains(part));
    part.ok_or_else(|| Problem::Invalid("The part is a number from 1.".to_owned()))
}

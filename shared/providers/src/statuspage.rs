//! stub
use crate::{Provider, Seen, Step, Target};
pub(crate) const PROVIDER: Provider = Provider { name: "statuspage", step, backfill: None };
fn step(_target: &Target<'_>, _seen: &Seen) -> Step {
    Step::NotMine("not built".to_owned())
}

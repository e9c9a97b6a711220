//! Pure values and rules of the product: pages, readings, incidents, health, what changed between two readings, uptime.
//!
//! Deliberately absent: I/O, the clock (time is an argument) and every wire format. The JSON of the public API lives in
//! the `api` function, item layouts in `store`, vendor formats in `providers`.

mod acknowledgement;
mod diff;
mod health;
mod pace;
mod page;
mod parts;
mod reading;
mod region;
mod settle;
mod since;
mod state;
mod uptime;
mod verdict;
mod web;

pub use acknowledgement::{Acknowledgement, acknowledgement};
pub use diff::{Changes, Known, Transition, diff, merge};
pub use health::{ComponentStatus, IncidentStatus, Indicator, MaintenanceStatus};
pub use pace::{Breaker, Lane, after_failure};
pub use page::{Hint, InvalidPageId, Page, PageId, stable_hash};
pub use parts::Parts;
pub use reading::{Component, Detail, Incident, Item, ItemKey, Maintenance, Reading, Update};
pub use region::{Area, Region, asked_region, region};
pub use settle::{Step, settle};
pub use since::since;
pub use state::{Document, Failure, FailureKind, Freshness, PageState, UpDown, reason};
pub use uptime::{ComponentUptime, Fared, Past, Tally, Uptime, Word, uptime};
pub use verdict::{Evidence, Verdict, severity};
pub use web::{FetchError, FetchErrorKind, Response};

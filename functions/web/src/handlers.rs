//! One file for each page.

pub(crate) mod directory;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod incident_page;
pub(crate) mod page;
pub(crate) mod robots;
pub(crate) mod search;
pub(crate) mod stack;

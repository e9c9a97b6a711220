//! The whole system in one process: the Lambda entries of every function, over an embedded DynamoDB engine, a bus, a
//! timer and an HTTP server of this machine.
//!
//! Deliberately absent: product logic. What happens here is what AWS does around the functions: requests become API
//! Gateway's JSON and events become EventBridge's, and the entries are called with them.

mod bus;
mod engine;
mod http;
mod pages;
mod progress;
mod queue;
mod record;
mod schedule;
mod stack;
mod stream;
mod unparsed;

pub use engine::Data;
pub use http::{Functions, serve};
pub use progress::{Progress, Round};
pub use record::{Recording, record};
pub use stack::{Options, Source, Stack};

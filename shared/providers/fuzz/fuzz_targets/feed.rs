//! Answers of type `application/rss+xml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| statusphere_providers_fuzz::cascade("application/rss+xml", input));

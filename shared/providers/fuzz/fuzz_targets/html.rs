//! Answers of type `text/html`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| statusphere_providers_fuzz::cascade("text/html", input));

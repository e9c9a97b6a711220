//! Answers of type `application/json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| statusphere_providers_fuzz::cascade("application/json", input));

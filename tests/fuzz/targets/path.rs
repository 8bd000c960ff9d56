//! See `subjects.rs`.
#![no_main]

#[path = "../timed.rs"]
mod timed;

libfuzzer_sys::fuzz_target!(|data: &[u8]| timed::one("path", data));

//! Random bytes against everything that reads what others wrote, thrown by dice whose seed is printed. `tests/fuzz` tries
//! the same with `cargo fuzz`, led by what is covered.
//!
//! `RANDOM_INPUTS=1000000` throws more often, `RANDOM_SEED=…` repeats.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;

#[path = "../../fuzz/subjects.rs"]
mod subjects;

/// Pieces that mean something to somebody.
const WORDS: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    ",",
    ";",
    "\t",
    "\"",
    "\"\"",
    "'",
    "=",
    "{",
    "}",
    "[",
    "]",
    ":",
    "#",
    ".",
    "..",
    "/",
    "%",
    "%2F",
    "\\",
    "?",
    "&",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "é",
    "漢",
    "a",
    "1",
    "0",
    "-1",
    "1e999",
    "18446744073709551616",
    "Id,Name\n",
    "sep=;\n",
    "provider = \"highlevel\"\n",
    "[contact]\nid = \"Id\"\n",
    "[fields]\n",
    "[custom_fields]\n",
    "[tags]\nadd = [",
    "email = { column = \"E\", format = \"%d/%m\", empty = \"clear\" }\n",
    "template = \"{A} {B}\"",
    "rate = \"5/1s\"\n",
    "retry-after: ",
    "ratelimit: \"d\";r=0;t=",
    "date: ",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "x-ratelimit-remaining: 0\n",
    "x-ratelimit-max: ",
    "x-ratelimit-interval-milliseconds: ",
    "x-ratelimit-daily-remaining: 0\n",
    "\n\n",
    "{\"error\":",
    "{\"payload\":{\"id\":1}}",
    "{\"message\":[\"",
    "null",
    "true",
    "\"succeded\":false",
    "{id}",
    "{account.x}",
];

fn thrown(dice: &mut Rng) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..dice.usize(..24) {
        match dice.u8(..10) {
            0 => bytes.push(dice.u8(..)),
            1 => bytes.extend(std::iter::repeat_n(dice.u8(..), dice.usize(..200))),
            _ => bytes.extend_from_slice(WORDS[dice.usize(..WORDS.len())].as_bytes()),
        }
    }
    bytes
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn throw(name: &str, times: u64) {
    let seed = number("RANDOM_SEED").unwrap_or_else(|| fastrand::u64(..));
    let mut dice = Rng::with_seed(seed);
    for at in 0..number("RANDOM_INPUTS").unwrap_or(times) {
        let bytes = thrown(&mut dice);
        let fine = catch_unwind(AssertUnwindSafe(|| subjects::one(name, &bytes))).is_ok();
        let shown = String::from_utf8_lossy(&bytes);
        assert!(fine, "{name}: RANDOM_SEED={seed}, number {at}: {shown:?}");
    }
}

#[test]
fn random_files_are_read_whole_or_refused() {
    throw("reader", 3_000);
}

#[test]
fn random_mappings_have_their_mistakes_told() {
    throw("mapping", 300);
}

#[test]
fn random_limits_have_sane_numbers() {
    throw("limits", 5_000);
}

#[test]
fn random_answers_are_no_false_yes() {
    throw("reply", 5_000);
}

#[test]
fn random_ids_are_one_segment() {
    throw("path", 5_000);
}

#[test]
fn random_texts_are_harmless_where_they_are_shown() {
    throw("redaction", 5_000);
}

//! What is true of every run, however it ended: the reports are whole, add up and are private, and no secret got out.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::done::Done;
use super::harness::TOKEN;

/// Holds a run that has ended against what is true of all.
pub(crate) fn hold(done: &Done) {
    no_secret(done);
    no_panic(done);
    let Some(directory) = done.directory().filter(|path| path.is_dir()) else {
        return;
    };
    // A run that was killed cannot tidy up.
    if done.code.is_some() {
        nothing_half_written(&directory);
    }
    if done.report("results.csv").is_some() {
        for file in files(&directory) {
            assert_eq!(mode(&file), 0o600, "{} is private", file.display());
        }
        adds_up(done);
    }
}

/// Holds a run that was killed against what is true even then.
pub(crate) fn hold_torn(done: &Done) {
    no_secret(done);
    no_panic(done);
}

fn no_panic(done: &Done) {
    assert_ne!(done.code, Some(101), "a panic is a bug: {done}");
    assert!(!done.stderr.contains("panicked"), "{done}");
}

fn no_secret(done: &Done) {
    let mut texts = vec![
        (
            "standard output".to_owned(),
            done.stdout.clone().into_bytes(),
        ),
        (
            "standard error".to_owned(),
            done.stderr.clone().into_bytes(),
        ),
    ];
    for file in files(done.place()) {
        texts.push((file.display().to_string(), fs::read(&file).expect("a file")));
    }
    for (place, bytes) in texts {
        // What a test itself put there is no leak.
        if place.ends_with("secret.txt") {
            continue;
        }
        for form in forms() {
            let found = memchr::memmem::find(&bytes, form.as_bytes());
            assert_eq!(found, None, "`{form}` stands in {place}");
        }
    }
}

/// The credential as it is, as an address holds it and in base64, alone and behind a user's name.
fn forms() -> Vec<String> {
    let percent = utf8_percent_encode(TOKEN, NON_ALPHANUMERIC).to_string();
    vec![
        TOKEN.to_owned(),
        percent.to_lowercase(),
        percent,
        url::form_urlencoded::byte_serialize(TOKEN.as_bytes()).collect(),
        STANDARD.encode(TOKEN),
        STANDARD_NO_PAD.encode(TOKEN),
        URL_SAFE.encode(TOKEN),
        STANDARD.encode(format!("user:{TOKEN}")),
    ]
}

fn nothing_half_written(directory: &Path) {
    for file in files(directory) {
        let name = file
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(!name.ends_with(".part"), "{name} was left behind");
    }
}

fn adds_up(done: &Done) {
    let summary = done.summary();
    let results = done.results();
    let outcomes = summary["outcomes"].as_object().expect("outcomes");
    let sum: u64 = outcomes
        .values()
        .map(|count| count.as_u64().expect("a count"))
        .sum();
    let rows = summary["rows"].as_u64().expect("rows");
    assert_eq!(sum, rows, "outcomes add up to rows: {done}");
    assert_eq!(results.len() as u64, rows, "every row has its line: {done}");
    for (outcome, count) in outcomes {
        let seen = results
            .iter()
            .filter(|line| line.outcome == *outcome)
            .count() as u64;
        assert_eq!(Some(seen), count.as_u64(), "{outcome}: {done}");
    }
    let numbers: Vec<u64> = results.iter().map(|line| line.row).collect();
    let expected: Vec<u64> = (1..=rows).collect();
    assert_eq!(
        numbers, expected,
        "each row once, in the input's order: {done}"
    );
    let lines: Vec<u64> = results.iter().map(|line| line.line).collect();
    if let Some(starts) = input_lines(done) {
        assert_eq!(
            lines,
            starts[..lines.len()],
            "lines are those of the file: {done}"
        );
    }
    assert_eq!(summary["exit"].as_i64(), done.code.map(i64::from), "{done}");
    let attempts: u64 = results.iter().map(|line| line.attempts).sum();
    let requests = summary["requests"].as_u64().expect("requests");
    match may_ask(done) {
        // The account was asked what it has before the first row.
        true => assert!(requests >= attempts, "attempts are requests: {done}"),
        false => assert_eq!(requests, attempts, "requests are attempts: {done}"),
    }
    let for_a_person = results
        .iter()
        .filter(|line| ["invalid", "failed", "unknown"].contains(&line.outcome.as_str()));
    match done.report("errors.csv") {
        None => assert_eq!(for_a_person.count(), 0, "no errors.csv: {done}"),
        Some(_) => assert!(for_a_person.count() > 0, "errors.csv has a reason: {done}"),
    }
}

/// Whether the mapping has names that only the account knows, or people that are found in a whole list.
fn may_ask(done: &Done) -> bool {
    let at = done.args().iter().position(|arg| *arg == "-m");
    let name = at.and_then(|at| done.args().get(at + 1));
    let text = name.and_then(|name| fs::read_to_string(done.place().join(name)).ok());
    let words = ["[custom_fields]", "[tags]", "match"];
    text.is_some_and(|text| words.iter().any(|word| text.contains(word)))
}

/// The lines on which the records of the input start, found without the program's own reader.
fn input_lines(done: &Done) -> Option<Vec<u64>> {
    let name = done.args().get(1).filter(|name| *name != "-")?;
    let bytes = fs::read(done.place().join(name)).ok()?;
    let (mut quoted, mut line, mut empty, mut starts) = (false, 1, true, Vec::new());
    for byte in bytes {
        if byte == b'\n' {
            line += 1;
            empty |= !quoted;
        } else if byte != b'\r' && empty {
            starts.push(line);
            empty = false;
        }
        quoted ^= byte == b'"';
    }
    let names = usize::from(done.args().iter().all(|arg| arg != "--no-header"));
    let header = names + usize::from(fs::read(done.place().join(name)).ok()?.starts_with(b"sep="));
    starts.drain(..header);
    Some(starts)
}

/// All files below a directory.
pub(crate) fn files(directory: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let entry = entry.expect("an entry");
        let kind = entry.file_type().expect("a type");
        if kind.is_dir() {
            all.extend(files(&entry.path()));
        } else if kind.is_file() {
            all.push(entry.path());
        }
    }
    all
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

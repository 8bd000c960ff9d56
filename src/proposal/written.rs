//! How things are written into the proposal: TOML text and keys, comments, samples of cells.
//!
//! Nothing that stands in a file may break out of its quotes or its comment.

use std::fmt::Write as _;

use toml_writer::{ToTomlKey as _, ToTomlValue as _, TomlKeyBuilder, TomlStringBuilder};

use crate::mapping::refusal::is_unseen;

/// How many characters of a cell are shown.
const SHOWN: usize = 30;

/// Text on one line, in double quotes.
pub(super) fn text(text: &str) -> String {
    TomlStringBuilder::new(text).as_basic().to_toml_value()
}

/// A key, in quotes where it needs them.
pub(super) fn key(name: &str) -> String {
    TomlKeyBuilder::new(name).as_default().to_toml_key()
}

/// A field's name whose dots reach into objects.
pub(super) fn dotted(name: &str) -> String {
    let parts: Vec<String> = name.split('.').map(key).collect();
    parts.join(".")
}

/// A list of texts.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(text).collect();
    format!("[{}]", texts.join(", "))
}

/// A table on one line.
pub(super) fn table(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// Text as a comment can hold it: on one line, nothing invisible left as it is.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut out, c);
    }
    out
}

/// A cell or a header for people: in backticks, cut to 30 characters.
pub(super) fn sample(cell: &str) -> String {
    let mut out = String::from("`");
    for (count, c) in cell.trim().chars().enumerate() {
        if count == SHOWN {
            out.push('…');
            break;
        }
        push(&mut out, c);
    }
    out.push('`');
    out
}

fn push(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if c.is_control() || is_unseen(c) || matches!(c, '\u{2028}' | '\u{2029}') => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// `1 of 2 rows is …`, `2 of 2 rows are …`: a count among others with its verb for one and for many.
pub(super) fn of(count: usize, all: usize, one: &str, verbs: [&str; 2]) -> String {
    let verb = verbs[usize::from(count != 1)];
    format!("{count} of {} {verb}", several(all, one))
}

/// `1 row`, `2 rows`.
pub(super) fn several(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    }
}

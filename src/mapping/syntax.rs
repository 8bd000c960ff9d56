//! TOML's own complaints about a mapping, in words for people; and how much of the line around them may be shown.
//!
//! A text that is no TOML does not say for sure what stands where, so whatever could be a credential is hidden.

use std::ops::Range;

use toml::de::Error;

use super::notes::Notes;

/// Nobody reads more of these at once.
const MOST: usize = 100;

/// How far a text can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// It is TOML.
    Whole,
    /// Some of it was left out; the rest stands where it seems to stand.
    Gaps,
    /// Something was not closed, or not read to its end: what follows may belong anywhere.
    Lost,
}

/// Notes what is wrong with the text.
pub(super) fn note(errors: &[Error], notes: &mut Notes<'_>) -> Shape {
    let text = notes.file.text.as_str();
    let mut shape = Shape::Whole;
    for error in errors.iter().take(MOST) {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().trim();
        let lost = message.starts_with("unclosed") || message.contains("recur");
        shape = match (lost, shape) {
            (true, _) | (_, Shape::Lost) => Shape::Lost,
            _ => Shape::Gaps,
        };
        let (what, help) = told(message, text.get(span.clone()).unwrap_or_default());
        notes.wrong("toml", span.clone(), what);
        notes.help(help);
        if let Some(place) = private(text, span.start) {
            notes.hide(place);
        }
    }
    shape
}

/// What TOML's reader says, and the way out.
fn told(message: &str, at: &str) -> (String, String) {
    let begins = |words: &[&str]| words.iter().any(|word| message.starts_with(word));
    let nothing = begins(&["missing value"])
        || (begins(&["string values must be quoted"]) && at.trim().is_empty());
    let (what, help) = if begins(&["duplicate key"]) {
        (
            format!("`{at}` stands here for the second time"),
            "keep one of the two",
        )
    } else if nothing {
        (
            "nothing stands after the `=`".into(),
            "write the column's header there, in quotes",
        )
    } else if begins(&["string values must be quoted"]) {
        (
            "this text has no quotes".into(),
            "write it in quotes, as in `\"First Name\"`",
        )
    } else if message.contains("string, expected")
        || begins(&["invalid basic string", "invalid literal string"])
    {
        (
            "this text is not closed, or holds a character that cannot stand in it".into(),
            "end it with the quote with which it begins; in `\"…\"` a backslash is written `\\\\`",
        )
    } else if begins(&["missing escaped value"]) {
        (
            "a backslash means something in `\"…\"`".into(),
            "write `\\\\`, or put the text in `'…'`",
        )
    } else if begins(&["key with no value", "missing assignment"]) {
        (
            "a key stands here without `=` and a value".into(),
            "write it like `email = \"E-mail\"`",
        )
    } else if begins(&["unclosed"]) {
        let bracket = if message.contains('}') { "}" } else { "]" };
        (
            format!("a bracket is never closed: `{bracket}` is missing"),
            "what stands below it can only be read when it is closed",
        )
    } else if begins(&["missing comma"]) {
        ("a comma is missing".into(), "")
    } else if message.contains("recur") {
        (
            "this reaches too many levels deep".into(),
            "a field reaches a few levels into an object, never so many",
        )
    } else if begins(&["cannot extend value"]) {
        (
            format!("`{at}` is set as a whole above, so nothing can be set inside it"),
            "keep one of the two",
        )
    } else {
        (
            format!("this is no valid TOML: {}", message.replace('\n', "; ")),
            "",
        )
    };
    (what, help.to_owned())
}

/// What must not be shown of the line at a place: a value under `[account]` may be a credential.
fn private(text: &str, at: usize) -> Option<Range<usize>> {
    let at = text.floor_char_boundary(at);
    let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let table = text[..begin]
        .lines()
        .rev()
        .find(|line| line.trim_start().starts_with('['));
    let line = &text[begin..end];
    let (key, value) = match line.find('=') {
        Some(sign) => {
            let blanks = line[sign + 1..].len() - line[sign + 1..].trim_start().len();
            (&line[..sign], begin + sign + 1 + blanks)
        }
        None => ("", begin),
    };
    let inside = table.is_some_and(|table| table.trim_start().starts_with("[account"));
    (inside || key.contains("account")).then_some(value..end)
}

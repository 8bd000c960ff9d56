//! The marks by which spreadsheets and exports for them say that a cell is text: `'0123`, `="0123"`, `=\"0123\"`.
//!
//! In a spreadsheet nobody sees them; in a file they are part of the cell. They are taken away where the mapping asks for
//! it and nowhere else: an apostrophe can be a person's own, as in `'t Hooft`.

use std::borrow::Cow;

use crate::mapping::refusal::{Refusal, SPREADSHEET_DAMAGE, shown};

/// The word by which a mapping asks for it.
pub(super) const WORD: &str = "text-marker";

/// The text behind a mark; nothing where there is no mark.
#[must_use]
pub fn unmarked(cell: &str) -> Option<Cow<'_, str>> {
    let text = cell.trim();
    if let Some(rest) = text.strip_prefix('\'') {
        // With one at its end, too, these are quotes.
        return (!rest.is_empty() && !rest.ends_with('\'')).then_some(Cow::Borrowed(rest));
    }
    let rest = text.strip_prefix('=')?;
    for (open, close) in [("\\\"", "\\\""), ("\"", "\"")] {
        let inner = rest
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner {
            return Some(match inner.contains("\"\"") {
                true => Cow::Owned(inner.replace("\"\"", "\"")),
                false => Cow::Borrowed(inner),
            });
        }
    }
    None
}

/// The same, but only where the mark cannot be a person's own: not before a letter, as in `'t Hooft`.
#[must_use]
pub fn surely_unmarked(cell: &str) -> Option<Cow<'_, str>> {
    let own = cell
        .trim()
        .strip_prefix('\'')
        .and_then(|rest| rest.chars().next());
    unmarked(cell).filter(|_| !own.is_some_and(char::is_alphabetic))
}

/// Refuses a mark before a value that is to be more than text.
///
/// # Errors
///
/// `spreadsheet-damage`.
pub(super) fn check_unmarked(text: &str) -> Result<(), Refusal> {
    match text.starts_with(['\'', '=']) && unmarked(text).is_some() {
        false => Ok(()),
        true => Err(Refusal::new(SPREADSHEET_DAMAGE, told(text))),
    }
}

/// What is said about a cell with a mark.
pub(super) fn told(text: &str) -> String {
    format!(
        "{} has a spreadsheet's mark for text around it; take it away with `clean = [\"{WORD}\"]` in the mapping",
        shown(text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_taken_away_whole_and_nothing_else() {
        for (cell, text) in [
            ("'0123", Some("0123")),
            ("=\"0123\"", Some("0123")),
            (" =\"0123\" ", Some("0123")),
            ("=\\\"0123\\\"", Some("0123")),
            ("=\"say \"\"hi\"\"\"", Some("say \"hi\"")),
            ("=\"\"", Some("")),
            ("'=1+1", Some("=1+1")),
            ("'t Hooft", Some("t Hooft")),
            ("'quoted'", None),
            ("'", None),
            ("=1+1", None),
            ("=\"a\"&\"b", None),
            ("0123", None),
            ("", None),
        ] {
            assert_eq!(unmarked(cell).as_deref(), text, "{cell}");
        }
        assert_eq!(surely_unmarked("'t Hooft"), None);
        assert_eq!(surely_unmarked("'0123").as_deref(), Some("0123"));
    }
}

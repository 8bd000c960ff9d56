//! The table of a field that says what the texts of its cells mean.

use std::collections::HashMap;

use crate::mapping::clean::is_blank;
use crate::mapping::marker::check_unmarked;
use crate::mapping::refusal::{Refusal, check_error_word, shown, words};

/// A table from a cell's text to the text that is meant.
///
/// It names every text that may stand in the cell, unless all that it says is which ones are nothing, such as `n/a`.
#[derive(Debug, Clone, Default)]
pub struct Lookup {
    meanings: HashMap<String, String>,
    first: Vec<String>,
    /// Whether some text means something.
    closed: bool,
}

impl Lookup {
    /// A table; blanks around its keys do not count, and the first of two equal keys stands.
    pub fn new<K: AsRef<str>, V: Into<String>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut table = Self::default();
        for (key, meaning) in entries {
            let key = key.as_ref().trim();
            if table.meanings.contains_key(key) {
                continue;
            }
            if table.first.len() < 5 {
                table.first.push(key.to_owned());
            }
            let meaning = meaning.into();
            table.closed |= !is_blank(&meaning);
            table.meanings.insert(key.to_owned(), meaning);
        }
        table
    }

    /// Whether the table says what a text means.
    pub(super) fn lists(&self, text: &str) -> bool {
        self.meanings.contains_key(text.trim())
    }

    /// Whether only what the table names may stand in the cell.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether it is the table's to say whether a text may stand in the cell.
    pub(super) fn decides(&self, text: &str) -> bool {
        self.closed || self.lists(text)
    }

    /// What a text means; nothing where it stands for itself.
    pub(super) fn find(&self, text: &str) -> Result<Option<&str>, Refusal> {
        let text = text.trim();
        match self.meanings.get(text) {
            Some(meaning) => return Ok(Some(meaning)),
            None if !self.closed => return Ok(None),
            None => {}
        }
        check_error_word(text)?;
        check_unmarked(text)?;
        let more = self.meanings.len().saturating_sub(self.first.len());
        let mut known = words(&self.first);
        if more > 0 {
            known.push_str(&format!(" and {more} more"));
        }
        Err(Refusal::new(
            "not-in-lookup",
            format!(
                "{} is not in the field's `lookup`, which has {known}; add it there",
                shown(text)
            ),
        ))
    }
}

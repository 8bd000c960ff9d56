//! The table of a field that says what the texts of its cells mean.

use std::collections::HashMap;

use crate::mapping::marker::check_unmarked;
use crate::mapping::refusal::{Refusal, check_error_word, shown, words};

/// A table from a cell's text to the text that is meant.
#[derive(Debug, Clone, Default)]
pub struct Lookup {
    meanings: HashMap<String, String>,
    first: Vec<String>,
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
            table.meanings.insert(key.to_owned(), meaning.into());
        }
        table
    }

    /// Whether the table says what a text means.
    pub(super) fn lists(&self, text: &str) -> bool {
        self.meanings.contains_key(text.trim())
    }

    /// What a text means.
    pub(super) fn find(&self, text: &str) -> Result<&str, Refusal> {
        let text = text.trim();
        if let Some(meaning) = self.meanings.get(text) {
            return Ok(meaning);
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

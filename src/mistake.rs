//! A mistake in a file that somebody wrote: what is wrong, where, and what to do.
//!
//! Mistakes are collected, all of them, before anything is sent; the report room shows them. This room only holds
//! them: it reads no file and prints nothing.

use std::ops::Range;
use std::sync::Arc;

/// A file as it was written, kept so that a mistake can show its place.
#[derive(Debug, PartialEq, Eq)]
pub struct Written {
    /// The path as the user gave it.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// One thing wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// A stable short word, such as `unknown-field`.
    pub code: &'static str,
    /// The file it stands in.
    pub file: Arc<Written>,
    /// The bytes it is about; an empty range at 0 is about the file as a whole.
    pub span: Range<usize>,
    /// What is wrong: a lower-case fragment, the thing in backticks.
    pub what: String,
    /// What to do about it; empty where `what` says all.
    pub help: String,
    /// Bytes that are, or may be, a secret: no mistake in the same file shows them.
    pub hides: Vec<Range<usize>>,
}

impl Mistake {
    /// A mistake at a place in a file.
    #[must_use]
    pub fn new(
        code: &'static str,
        file: &Arc<Written>,
        span: Range<usize>,
        what: impl Into<String>,
    ) -> Self {
        Self {
            code,
            file: Arc::clone(file),
            span,
            what: what.into(),
            help: String::new(),
            hides: Vec::new(),
        }
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Keeps a place of the file from being shown.
    #[must_use]
    pub fn hiding(mut self, secret: Range<usize>) -> Self {
        self.hides.push(secret);
        self
    }
}

/// The name among `names` that `given` was most likely meant to be, if any is near enough.
#[must_use]
pub fn nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody meant a name by a text of this length, and likeness takes its time.
    if given.len() > 200 {
        return None;
    }
    let folded = fold(given);
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&folded, &fold(name)), name))
        // 0.8 lets `Fist name` find `First Name` and keeps `City` from finding `Country`.
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name)
}

/// Case, blanks and separators do not make two names different to a person.
fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

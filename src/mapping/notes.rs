//! A pad for the mistakes that are found in one file, so that reading can go on after each of them.

use std::ops::Range;
use std::sync::Arc;

use crate::mistake::{Mistake, Written};

/// The mistakes found so far in one file.
#[derive(Debug)]
pub(super) struct Notes<'a> {
    pub(super) file: &'a Arc<Written>,
    pub(super) mistakes: Vec<Mistake>,
}

impl<'a> Notes<'a> {
    /// An empty pad for a file.
    pub(super) fn on(file: &'a Arc<Written>) -> Self {
        Self {
            file,
            mistakes: Vec::new(),
        }
    }

    /// Notes a mistake.
    pub(super) fn wrong(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        what: impl Into<String>,
    ) {
        self.mistakes
            .push(Mistake::new(code, self.file, span, what));
    }

    /// Adds the way out to the last mistake.
    pub(super) fn help(&mut self, help: impl Into<String>) {
        if let Some(last) = self.mistakes.last_mut() {
            last.help = help.into();
        }
    }

    /// Keeps a place from being shown beside any mistake.
    pub(super) fn hide(&mut self, place: Range<usize>) {
        if let Some(last) = self.mistakes.last_mut() {
            last.hides.push(place);
        }
    }
}

/// `a`, `b` and `c`, in backticks.
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

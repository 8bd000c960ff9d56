//! Tries a line of the proposal on the cells it is for: the line is read, checked and applied as a run would do it.
//!
//! What is written into the proposal was therefore understood before a person sees it.

use std::sync::Arc;

use crate::mapping::check::check;
use crate::mapping::coerce::coerce;
use crate::mapping::reading::read;
use crate::mistake::Written;
use crate::provider::api::Api;

/// How cells fared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trial {
    /// Cells that were tried.
    pub(super) tried: usize,
    /// Those that would make their row invalid.
    pub(super) refused: usize,
    /// What the first of them was refused for.
    pub(super) first: String,
}

impl Trial {
    /// Whether the line does more harm than good.
    pub(super) fn fails(&self) -> bool {
        self.refused * 2 > self.tried
    }
}

/// Why a run would refuse a whole proposal as it is, in the words that the run would use.
pub(super) fn refused(api: &Api, text: &str) -> Vec<String> {
    let file = Arc::new(Written {
        name: String::new(),
        text: text.to_owned(),
    });
    let (written, mut mistakes) = read(&file);
    mistakes.extend(check(&written, &file, api, None).err().unwrap_or_default());
    mistakes.into_iter().map(|mistake| mistake.what).collect()
}

/// Tries a line that stands below `[fields]`, or in another table; nothing comes back where the line itself is wrong.
pub(super) fn trial(api: &Api, table: &str, line: &str, cells: &[(&str, usize)]) -> Option<Trial> {
    let file = Arc::new(Written {
        name: String::new(),
        text: format!("provider = \"-\"\n[contact]\nid = \"-\"\n[{table}]\n{line}\n"),
    });
    let (written, mistakes) = read(&file);
    let checked = check(&written, &file, api, None)
        .ok()
        .filter(|_| mistakes.is_empty())?;
    let mut trial = Trial::default();
    // Tags that do not travel with the fields are no step of their own, and take any text.
    let Some(step) = checked.mapping.steps.first() else {
        return Some(trial);
    };
    for (cell, times) in cells {
        trial.tried += times;
        if let Err(refusal) = coerce(cell, &step.rule) {
            trial.refused += times;
            if trial.first.is_empty() {
                trial.first = refusal.message;
            }
        }
    }
    Some(trial)
}

//! Counts: how many rows met each fate, and the problems among them grouped by code and column.
//!
//! Whatever is shown or written about "how many" comes from here, so that two places never disagree.

use crate::contact::{Fate, Outcome};
use crate::report::harmless;

/// The most kinds of problem that are told apart.
const KINDS: usize = 24;
/// So many lines are named for each.
const LINES: usize = 3;

/// How many rows met each fate, and why some need a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    counts: [u64; Fate::ALL.len()],
    problems: Vec<Problem>,
    other_problems: u64,
    passing: u64,
}

/// One kind of problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its code, or the fate's word where there is none.
    pub code: String,
    /// The column or field it is about; empty where there is none.
    pub field: String,
    /// The rows that have it.
    pub rows: u64,
    /// The lines of the first few of them.
    pub lines: Vec<u64>,
    /// What was said about the first of them, harmless to show.
    pub message: String,
}

impl Tally {
    /// Counts one row.
    pub fn hear(&mut self, outcome: &Outcome) {
        let verdict = &outcome.verdict;
        self.counts[place(verdict.fate)] += 1;
        if !verdict.fate.needs_a_person() {
            return;
        }
        self.passing += u64::from(verdict.is_passing());
        let code = match &*verdict.code {
            "" => verdict.fate.word(),
            code => code,
        };
        let known = |known: &&mut Problem| known.code == code && known.field == verdict.field;
        if let Some(problem) = self.problems.iter_mut().find(known) {
            problem.rows += 1;
            if problem.lines.len() < LINES {
                problem.lines.push(outcome.line);
            }
        } else if self.problems.len() < KINDS {
            self.problems.push(Problem {
                code: code.to_owned(),
                field: verdict.field.clone(),
                rows: 1,
                lines: vec![outcome.line],
                message: harmless::line(&verdict.message).into_owned(),
            });
        } else {
            self.other_problems += 1;
        }
    }

    /// How many rows met a fate.
    #[must_use]
    pub fn count(&self, fate: Fate) -> u64 {
        self.counts[place(fate)]
    }

    /// All rows heard of: the counts add up to it by nature.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The rows that a person has to look at.
    #[must_use]
    pub fn for_a_person(&self) -> u64 {
        Fate::ALL
            .into_iter()
            .filter(|fate| fate.needs_a_person())
            .map(|fate| self.count(fate))
            .sum()
    }

    /// Those of them in which there is nothing to mend: the trouble was on the way.
    #[must_use]
    pub fn passing(&self) -> u64 {
        self.passing
    }

    /// The first few kinds of problem, in the order in which they were met.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The rows whose problem is of none of those kinds.
    #[must_use]
    pub fn other_problems(&self) -> u64 {
        self.other_problems
    }
}

fn place(fate: Fate) -> usize {
    // `Fate::ALL` holds every fate, so the search always succeeds.
    Fate::ALL.iter().position(|one| *one == fate).unwrap_or(0)
}

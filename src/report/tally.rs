//! Counts: how many rows met each fate, and the problems among them grouped by code and column.
//!
//! Whatever is shown or written about "how many" comes from here, so that two places never disagree.

use crate::contact::{Fate, Outcome};
use crate::report::harmless;

/// The most kinds of problem that are told apart: more than a mapping's columns can have, for a dry run tells them all.
const KINDS: usize = 500;
/// So many lines are named for each.
const LINES: usize = 3;

/// How many rows met each fate, and why some need a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    counts: [u64; Fate::ALL.len()],
    problems: Vec<Problem>,
    other_problems: u64,
    passing: u64,
    remarks: Vec<Problem>,
}

/// One kind of problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its code, or the fate's word where there is none.
    pub code: String,
    /// The column or field it is about; empty where there is none.
    pub field: String,
    /// The rows that have it, perhaps among other problems.
    pub rows: u64,
    /// Those of them in which it is the first problem: summed over all kinds, each row counts once.
    pub leads: u64,
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
        let (field, message) = (&verdict.field, &verdict.message);
        match note(&mut self.problems, outcome.line, code, field, message) {
            Some(problem) => problem.leads += 1,
            None => self.other_problems += 1,
        }
        for (at, also) in verdict.also.iter().enumerate() {
            let alike = |code: &str, field: &str| also.code == code && also.field == field;
            let before = &verdict.also[..at];
            // A row has a kind of problem once, also where two tags of one cell have it.
            if !alike(code, field) && !before.iter().any(|own| alike(own.code, &own.field)) {
                let (field, message) = (&also.field, &also.message);
                note(&mut self.problems, outcome.line, also.code, field, message);
            }
        }
    }

    /// Takes note of something odd in a column of a row that was sent nevertheless.
    pub fn remark(&mut self, line: u64, code: &str, column: &str, message: &str) {
        note(&mut self.remarks, line, code, column, message);
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

    /// What is odd about rows that were sent nevertheless, in the order in which it was met.
    #[must_use]
    pub fn remarks(&self) -> &[Problem] {
        &self.remarks
    }

    /// The rows whose problem is of none of those kinds.
    #[must_use]
    pub fn other_problems(&self) -> u64 {
        self.other_problems
    }
}

/// Counts a row among the kinds of problem, and gives its kind; nothing where there are too many kinds.
fn note<'a>(
    kinds: &'a mut Vec<Problem>,
    line: u64,
    code: &str,
    field: &str,
    message: &str,
) -> Option<&'a mut Problem> {
    let known = |known: &Problem| known.code == code && known.field == field;
    let at = kinds.iter().position(known).unwrap_or(kinds.len());
    if at == KINDS {
        return None;
    }
    if at == kinds.len() {
        kinds.push(Problem {
            code: code.to_owned(),
            field: field.to_owned(),
            rows: 0,
            leads: 0,
            lines: Vec::new(),
            message: harmless::line(message).into_owned(),
        });
    }
    let problem = &mut kinds[at];
    problem.rows += 1;
    if problem.lines.len() < LINES {
        problem.lines.push(line);
    }
    Some(problem)
}

fn place(fate: Fate) -> usize {
    // `Fate::ALL` holds every fate, so the search always succeeds.
    Fate::ALL.iter().position(|one| *one == fate).unwrap_or(0)
}

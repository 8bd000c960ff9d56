//! Which cells of a record are the user's own.
//!
//! `errors.csv` has the input's columns and then ours, the ones that start with `sync_`. When it is fed back they are
//! left out here, so that every own cell stands where it stood in the first input, and a row that was refused and not
//! mended is refused again for the same reason.

use std::ops::Range;

use crate::contact::{Fate, Flaw, Held, Row, Span};

use super::damaged::{cell_spans, in_double_quotes};
use super::dialect::Marks;
use super::shown::UNCOUNTED;

/// The columns of `errors.csv` that are ours.
const OURS: [&str; 6] = [
    "sync_row",
    "sync_line",
    OUTCOME,
    CODE,
    FIELD,
    "sync_message",
];
const OUTCOME: &str = "sync_outcome";
const CODE: &str = "sync_code";
const FIELD: &str = "sync_field";

/// Whether these are the columns of a report of ours: all six stand among them.
pub(super) fn is_report<'a>(names: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut seen = [false; OURS.len()];
    for name in names {
        if let Some(at) = OURS.iter().position(|our| our.as_bytes() == name) {
            seen[at] = true;
        }
    }
    seen == [true; OURS.len()]
}

/// The code under which a row is reported that lacks a mapped column.
const TOO_SHORT: &str = "too-short";
/// The code under which a row is reported that has a cell a spreadsheet has damaged.
const DAMAGED: &str = "spreadsheet-damage";

/// The header, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// The user's own, in order.
    own: Vec<String>,
    /// Where ours stand among all, ascending.
    ours: Vec<usize>,
    /// How many there are in all, without the unnamed ones behind ours.
    all: usize,
    outcome: Option<usize>,
    code: Option<usize>,
    field: Option<usize>,
}

impl Columns {
    /// The columns of a header.
    pub(super) fn of<'a>(header: impl Iterator<Item = &'a str>) -> Self {
        let mut columns = Self {
            own: Vec::new(),
            ours: Vec::new(),
            all: 0,
            outcome: None,
            code: None,
            field: None,
        };
        for (at, name) in header.enumerate() {
            match OURS.contains(&name) {
                false => columns.own.push(name.to_owned()),
                true => columns.ours.push(at),
            }
            match name {
                OUTCOME => columns.outcome = Some(at),
                CODE => columns.code = Some(at),
                FIELD => columns.field = Some(at),
                _ => {}
            }
        }
        // A spreadsheet that saves our report makes all rows as wide as the longest: what it adds has no name.
        let behind = columns.ours.last().map_or(0, |last| last + 1);
        let unnamed = |names: &[String]| names.iter().all(|name| name.trim().is_empty());
        let before = behind - columns.ours.len();
        if behind > 0 && unnamed(&columns.own[before..]) {
            columns.own.truncate(before);
        }
        columns.all = columns.own.len() + columns.ours.len();
        columns
    }

    /// The columns of a file without a header: `#1`, `#2` and so on.
    pub(super) fn numbered(count: usize) -> Self {
        let names: Vec<String> = (1..=count).map(|number| format!("#{number}")).collect();
        Self::of(names.iter().map(String::as_str))
    }

    /// The names of the user's own columns.
    pub(super) fn own(&self) -> &[String] {
        &self.own
    }

    /// How many cells a record has under a named column at most.
    pub(super) fn all(&self) -> usize {
        self.all
    }

    /// Fills a row with the own cells of a record of `count` cells.
    pub(super) fn fill<'a>(&self, row: &mut Row, count: usize, cell: impl Fn(usize) -> &'a str) {
        let count = self.without_padding(count, &cell);
        if self.ours.is_empty() {
            (0..count).for_each(|at| row.push(cell(at)));
        } else {
            let own = (0..count).filter(|at| !self.is_ours(*at, count));
            own.for_each(|at| row.push(cell(at)));
            row.was_sent = self.outcome.is_some_and(|outcome| {
                let sent = [Fate::Failed, Fate::Unknown].map(Fate::word);
                outcome < count && sent.contains(&cell(outcome))
            });
            self.mark_errors(row, count, &cell);
            self.shorten(row, count, cell);
        }
        self.check_length(row);
    }

    /// Fills a row with a record, given as a text and where in it its cells stand; false, and nothing is done, where some of
    /// its cells may be ours.
    pub(super) fn fill_whole(&self, row: &mut Row, text: &str, spans: &[Span]) -> bool {
        if !self.ours.is_empty() {
            return false;
        }
        row.fill(text, spans);
        self.check_length(row);
        true
    }

    fn check_length(&self, row: &mut Row) {
        if row.len() > self.own.len() {
            row.flaw = Some(Flaw::TooLong {
                cells: row.len(),
                columns: self.own.len(),
            });
        }
    }

    /// The flaw of a record of `count` cells, written so, with text after the closing quote of one; in own columns only.
    pub(super) fn flaw<'a>(
        &self,
        (written, damaged): (&[u8], usize),
        count: usize,
        cell: impl Fn(usize) -> &'a str,
        by: Marks,
    ) -> Flaw {
        let count = self.without_padding(count, cell);
        let ours_before = (0..damaged).filter(|at| self.is_ours(*at, count));
        let column = damaged - ours_before.count();
        if self.ours.is_empty() && by.quote == Some(b'"') {
            let raw = String::from_utf8_lossy(written).into_owned();
            return Flaw::TextAfterQuote { column, raw };
        }
        let spans = cell_spans(written, by).into_iter().take(count).enumerate();
        let own: Vec<Range<usize>> = spans
            .filter(|(at, _)| !self.is_ours(*at, count))
            .map(|(_, span)| span)
            .collect();
        let raw = in_double_quotes(written, &own, by);
        let raw = String::from_utf8_lossy(&raw).into_owned();
        Flaw::TextAfterQuote { column, raw }
    }

    /// Whether all of ours stand among them.
    pub(super) fn are_a_reports(&self) -> bool {
        self.ours.len() == OURS.len()
    }

    /// The cells of a record of `count`, without the empty ones behind ours that a spreadsheet added.
    fn without_padding<'a>(&self, count: usize, cell: impl Fn(usize) -> &'a str) -> usize {
        match self.ours.is_empty() {
            true => count,
            false => (self.all..count)
                .rev()
                .find(|at| !blank(cell(*at)))
                .map_or(count.min(self.all), |last| last + 1),
        }
    }

    /// Whether a cell of a record of `count` cells stands in one of our columns. Where ours are the last columns they
    /// are the last cells too, so that a record with too many cells keeps the own cells it had.
    fn is_ours(&self, at: usize, count: usize) -> bool {
        let last = self
            .ours
            .first()
            .is_some_and(|first| *first == self.own.len());
        match last && count > self.all {
            true => at >= count - self.ours.len(),
            false => self.ours.binary_search(&at).is_ok(),
        }
    }

    /// Where a cell of a record of `count` cells stands among the own ones; nothing for one of ours.
    pub(super) fn own_place(&self, at: usize, count: usize) -> Option<usize> {
        let ours_before = (0..at)
            .filter(|before| self.is_ours(*before, count))
            .count();
        (!self.is_ours(at, count)).then(|| at - ours_before)
    }

    /// Marks the cells of a row that was reported as damaged which may be a workbook's errors: the report has only their
    /// words, and a word that was refused must not pass as text when nobody has mended it.
    fn mark_errors<'a>(&self, row: &mut Row, count: usize, cell: impl Fn(usize) -> &'a str) {
        let code = self.code.filter(|code| *code < count);
        if code.is_none_or(|code| cell(code) != DAMAGED) {
            return;
        }
        let words = row.cells().enumerate();
        let errors = words.filter_map(|(at, word)| match word {
            UNCOUNTED => Some((at, Held::Uncounted)),
            _ => word.starts_with('#').then_some((at, Held::Error)),
        });
        for (at, held) in errors.collect::<Vec<_>>() {
            row.held.note(at, held);
        }
    }

    /// Makes a row short again that was reported as too short and filled up with empty cells in the report.
    fn shorten<'a>(&self, row: &mut Row, count: usize, cell: impl Fn(usize) -> &'a str) {
        let (Some(code), Some(field)) = (self.code, self.field) else {
            return;
        };
        if count != self.all || cell(code) != TOO_SHORT {
            return;
        }
        let field = cell(field);
        // A name that a spreadsheet would take for a formula stands behind an apostrophe in the report.
        let missing = self.own.iter().position(|name| {
            name == field || field.strip_prefix('\'').is_some_and(|field| name == field)
        });
        match missing {
            Some(missing) => {
                if row.cells().skip(missing).all(blank) {
                    row.truncate(missing);
                }
            }
            // The report escapes what could do harm, and the mapping may spell the column in its own way.
            None => {
                let cells: Vec<&str> = row.cells().collect();
                let filled = cells.iter().rposition(|cell| !blank(cell));
                row.truncate(filled.map_or(0, |last| last + 1));
            }
        }
    }
}

fn blank(cell: &str) -> bool {
    cell.chars().all(char::is_whitespace)
}

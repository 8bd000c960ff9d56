//! What a spreadsheet holds in a cell whose text is only how it shows it.
//!
//! A cell of a text file is its text and nothing else. A cell of a workbook is a day, a number or a truth, and its text
//! is one way to write it: whoever needs the value itself must not read it by the way in which people write theirs.

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// A day; the text is `2024-11-25`.
    Day,
    /// A day and a time; the text is `2024-11-25T13:45:00`.
    Moment,
    /// A time of day or a stretch of time; the text is `09:30`, or `36:00:05`.
    Time,
    /// Yes or no; the text is `TRUE` or `FALSE`.
    Truth,
    /// A number; the text is its digits.
    Number,
    /// A number whose format only writes it more prettily, as `1,234.00`: its plain digits.
    Pretty(String),
    /// A number whose format says more than its digits do, as `007`, `$12` or `1 1/2`: its plain digits.
    Worded(String),
    /// A number that is shown as a share, as `15%`.
    Share,
    /// An error that the spreadsheet came to; the text is its word.
    Error,
    /// A formula whose result is not in the file.
    Uncounted,
}

/// What the cells of a row hold, where they are more than text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldCells(Vec<(usize, Held)>);

impl HeldCells {
    /// Forgets everything and keeps its memory.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes note of a cell, by its column from 0.
    pub fn note(&mut self, column: usize, held: Held) {
        self.0.push((column, held));
    }

    /// What the cell of a column holds; nothing where it is text.
    #[must_use]
    pub fn of(&self, column: usize) -> Option<&Held> {
        let found = self.0.iter().find(|(own, _)| *own == column);
        found.map(|(_, held)| held)
    }
}

//! The strict watch over text as it goes by: where records start and end, how many cells they have, and what is wrong.
//!
//! It follows quotes exactly as the CSV reader does but takes no cell apart, so that one pass over a large file is cheap
//! and its memory does not grow. Between two bytes that can change something it only searches; it never looks at one byte
//! after another where a search will do.

use std::collections::VecDeque;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::Unreadable;
use super::dialect::Marks;
use super::lines::Lines;

/// The longest record that is read, in bytes, quotes and inner line breaks counted.
pub const RECORD_LIMIT: u64 = 1024 * 1024;

const LF: u8 = b'\n';
const CR: u8 = b'\r';

/// What was noticed about one record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The physical line on which it starts.
    pub(super) line: u64,
    /// How many cells it has.
    pub(super) cells: usize,
    /// Whether one of them is in quotes.
    pub(super) quoted: bool,
    /// The first cell, from 0, that went on after its closing quote.
    pub(super) damage: Option<usize>,
    /// What it was written as.
    pub(super) written: Written,
}

/// Where a record stands as it was written, without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// In the stretch in which it ends.
    Here(Range<usize>),
    /// In several stretches, out of which it was put together.
    Across(Vec<u8>),
}

impl Written {
    /// Its bytes, by the stretch in which it ends.
    pub(super) fn bytes<'a>(&'a self, stretch: &'a [u8]) -> &'a [u8] {
        match self {
            Self::Here(range) => &stretch[range.clone()],
            Self::Across(bytes) => bytes,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first byte of a record.
    Between,
    /// Before the first byte of a cell.
    CellStart,
    /// In a cell without quotes, or after the quoted part of one.
    Plain,
    /// Inside quotes.
    Quoted,
    /// After a quote inside quotes: it closed the cell, or it is the first half of a doubled one.
    Closing,
    /// In a line that is no data.
    Comment,
}

/// The state of the watch between two stretches of text.
#[derive(Debug)]
pub(super) struct Watch {
    by: Marks,
    place: Place,
    lines: Lines,
    /// Where the current stretch starts, counted from the first byte watched.
    base: u64,
    record_start: u64,
    record_line: u64,
    cells: usize,
    quoted: bool,
    damaged: Option<usize>,
    quote_line: u64,
    marks: VecDeque<Mark>,
    /// The current record's bytes from earlier stretches.
    kept: Vec<u8>,
}

impl Watch {
    /// A watch over text whose first line has this number.
    pub(super) fn new(by: Marks, first_line: u64) -> Self {
        Self {
            by,
            place: Place::Between,
            lines: Lines::starting(first_line),
            base: 0,
            record_start: 0,
            record_line: first_line,
            cells: 0,
            quoted: false,
            damaged: None,
            quote_line: first_line,
            marks: VecDeque::new(),
            kept: Vec::new(),
        }
    }

    /// The line reached.
    pub(super) fn line(&self) -> u64 {
        self.lines.line
    }

    /// The cells so far of a record that has not ended yet; 0 where none has begun.
    pub(super) fn open_cells(&self) -> usize {
        match self.place {
            Place::Between | Place::Comment => 0,
            _ => self.cells,
        }
    }

    /// The mark of the next record that has ended; to be taken before the next stretch is watched.
    pub(super) fn next_mark(&mut self) -> Option<Mark> {
        self.marks.pop_front()
    }

    /// Watches the next stretch.
    pub(super) fn feed(&mut self, stretch: &[u8]) -> Result<(), Unreadable> {
        match memchr(0, stretch) {
            None => self.scan(stretch),
            Some(at) => {
                self.scan(&stretch[..at])?;
                Err(Unreadable::Nul {
                    line: self.line(),
                    likely: None,
                })
            }
        }
    }

    /// The text has ended.
    pub(super) fn finish(&mut self) -> Result<(), Unreadable> {
        match self.place {
            Place::Between | Place::Comment => Ok(()),
            Place::Quoted => Err(Unreadable::UnclosedQuote {
                line: self.quote_line,
            }),
            Place::CellStart | Place::Plain | Place::Closing => self.end_record(&[], 0),
        }
    }

    fn scan(&mut self, stretch: &[u8]) -> Result<(), Unreadable> {
        let mut at = 0;
        while let Some(byte) = stretch.get(at).copied() {
            match self.place {
                Place::Between if byte == LF || byte == CR => {
                    self.lines.end(byte, self.base + at as u64);
                    at += 1;
                }
                Place::Between if self.by.comment == Some(byte) => self.place = Place::Comment,
                Place::Comment => match memchr2(LF, CR, &stretch[at..]) {
                    None => at = stretch.len(),
                    Some(found) => {
                        at += found;
                        self.place = Place::Between;
                    }
                },
                Place::Between => {
                    self.record_start = self.base + at as u64;
                    self.record_line = self.lines.line;
                    self.cells = 1;
                    self.quoted = false;
                    self.place = Place::CellStart;
                }
                Place::CellStart if self.by.quote == Some(byte) => {
                    self.open_quote();
                    at += 1;
                }
                Place::CellStart => self.place = Place::Plain,
                Place::Plain => at = self.plain(stretch, at)?,
                Place::Quoted => at = self.quoted(stretch, at),
                Place::Closing => {
                    match byte {
                        byte if self.by.quote == Some(byte) => self.place = Place::Quoted,
                        byte if byte == self.by.delimiter => {
                            self.cells += 1;
                            self.place = Place::CellStart;
                        }
                        LF | CR => {
                            self.end_record(stretch, at)?;
                            continue;
                        }
                        _ => {
                            self.damaged.get_or_insert(self.cells - 1);
                            self.place = Place::Plain;
                            continue;
                        }
                    }
                    at += 1;
                }
            }
        }
        self.end_stretch(stretch)
    }

    /// Goes on in text without quotes, up to the quote that opens a cell, the end of the record or of the stretch.
    fn plain(&mut self, stretch: &[u8], from: usize) -> Result<usize, Unreadable> {
        let rest = &stretch[from..];
        let found = memchr3(self.by.quote.unwrap_or(LF), LF, CR, rest);
        let run = &rest[..found.unwrap_or(rest.len())];
        self.cells += memchr_iter(self.by.delimiter, run).count();
        let at_cell_start = run.last() == Some(&self.by.delimiter);
        let at = from + run.len();
        match rest.get(run.len()) {
            None => {
                if at_cell_start {
                    self.place = Place::CellStart;
                }
                Ok(at)
            }
            Some(byte) if self.by.quote == Some(*byte) => {
                // In the middle of a cell a quote is text: 5" pipe.
                if at_cell_start {
                    self.open_quote();
                }
                Ok(at + 1)
            }
            Some(_) => {
                self.end_record(stretch, at)?;
                Ok(at)
            }
        }
    }

    /// Goes on inside quotes, up to the next quote, line break or the end of the stretch.
    fn quoted(&mut self, stretch: &[u8], from: usize) -> usize {
        let quote = self.by.quote.unwrap_or(LF);
        let Some(found) = memchr3(quote, LF, CR, &stretch[from..]) else {
            return stretch.len();
        };
        let at = from + found;
        match stretch[at] {
            byte if byte == quote => self.place = Place::Closing,
            byte => self.lines.end(byte, self.base + at as u64),
        }
        at + 1
    }

    fn open_quote(&mut self) {
        self.place = Place::Quoted;
        self.quoted = true;
        self.quote_line = self.lines.line;
    }

    fn end_record(&mut self, stretch: &[u8], at: usize) -> Result<(), Unreadable> {
        self.check_size(at)?;
        let here = self.start_in_stretch()..at;
        let written = match self.kept.is_empty() {
            true => Written::Here(here),
            false => {
                self.kept.extend_from_slice(&stretch[here]);
                Written::Across(std::mem::take(&mut self.kept))
            }
        };
        self.marks.push_back(Mark {
            line: self.record_line,
            cells: self.cells,
            quoted: self.quoted,
            damage: self.damaged.take(),
            written,
        });
        self.place = Place::Between;
        Ok(())
    }

    fn end_stretch(&mut self, stretch: &[u8]) -> Result<(), Unreadable> {
        if !matches!(self.place, Place::Between | Place::Comment) {
            self.check_size(stretch.len())?;
            let start = self.start_in_stretch();
            self.kept.extend_from_slice(&stretch[start..]);
        }
        self.base += stretch.len() as u64;
        Ok(())
    }

    fn start_in_stretch(&self) -> usize {
        usize::try_from(self.record_start.saturating_sub(self.base)).unwrap_or(0)
    }

    fn check_size(&self, at: usize) -> Result<(), Unreadable> {
        match self.base + at as u64 - self.record_start > RECORD_LIMIT {
            false => Ok(()),
            true => Err(Unreadable::RecordTooLong {
                line: self.record_line,
                quote: (self.place == Place::Quoted).then_some(self.quote_line),
            }),
        }
    }
}

//! The strict watch over text as it goes by: where records start and end, where their cells stand, and what is wrong.
//!
//! It follows quotes exactly as the CSV reader does. It stops only at bytes that can change something, so that one pass over
//! a large file is cheap, and its memory does not grow with the file.

use std::collections::VecDeque;
use std::ops::Range;

use memchr::memchr;

use super::Unreadable;
use super::dialect::Marks;
use super::lines::Lines;
use super::places::Sought;
use crate::contact::Span;

/// The longest record that is read, in bytes, quotes and inner line breaks counted.
pub const RECORD_LIMIT: u64 = 1024 * 1024;

const LF: u8 = b'\n';
const CR: u8 = b'\r';

/// What was noticed about one record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The physical line on which it starts.
    pub(super) line: u64,
    /// Which of the cells found are its own.
    pub(super) cells: Range<usize>,
    /// Whether two quotes stand for one in some of them.
    pub(super) doubled: bool,
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
    /// Before the first byte of a record or of another line.
    Between,
    /// In a cell: before its first byte, in it without quotes, or after the quoted part of one.
    Cell,
    /// Inside quotes.
    Quoted,
    /// Behind a quote inside quotes: it closed the cell, or it is the first half of a doubled one.
    Closing,
    /// In a line that is no data.
    Comment,
}

/// The state of the watch between two stretches of text.
#[derive(Debug)]
pub(super) struct Watch {
    by: Marks,
    sought: Sought<4>,
    place: Place,
    lines: Lines,
    /// Where the current stretch starts, counted from the first byte watched.
    base: u64,
    /// Where the current record starts, or the next line, counted from the first byte watched.
    start: u64,
    /// What is added, wrapping, to a place in the stretch to have it counted from the record's first byte.
    shift: usize,
    /// Where the current cell starts, counted from the record's first byte.
    from: usize,
    /// Where the last quote inside quotes stands, counted from the record's first byte.
    closing: usize,
    record_line: u64,
    doubled: bool,
    damaged: Option<usize>,
    quote_line: u64,
    marks: VecDeque<Mark>,
    /// The cells of the records that ended in this stretch and of the current one.
    cells: Vec<Span>,
    /// Where those of the current one begin.
    own: usize,
    /// The current record's bytes from earlier stretches.
    kept: Vec<u8>,
}

impl Watch {
    /// A watch over text whose first line has this number.
    pub(super) fn new(by: Marks, first_line: u64) -> Self {
        Self {
            by,
            sought: Sought::new([by.delimiter, by.quote.unwrap_or(LF), LF, CR]),
            place: Place::Between,
            lines: Lines::starting(first_line),
            base: 0,
            start: 0,
            shift: 0,
            from: 0,
            closing: 0,
            record_line: first_line,
            doubled: false,
            damaged: None,
            quote_line: first_line,
            marks: VecDeque::new(),
            cells: Vec::new(),
            own: 0,
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
            _ => self.ended_cells() + 1,
        }
    }

    /// The mark of the next record that has ended; to be taken before the next stretch is watched.
    pub(super) fn next_mark(&mut self) -> Option<Mark> {
        self.marks.pop_front()
    }

    /// Where a record's cells stand in what it was written as: without the quotes around them, if nothing comes behind those,
    /// and with two quotes where they stand for one. To be asked before the next stretch is watched.
    pub(super) fn cells(&self, mark: &Mark) -> &[Span] {
        &self.cells[mark.cells.clone()]
    }

    /// Watches the next stretch.
    pub(super) fn feed(&mut self, stretch: &[u8]) -> Result<(), Unreadable> {
        self.cells.drain(..self.own);
        self.own = 0;
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
            Place::Cell | Place::Closing => self.end_record(&[], 0),
        }
    }

    fn scan(&mut self, stretch: &[u8]) -> Result<(), Unreadable> {
        for at in self.sought.places(stretch) {
            // Nearly every one is this.
            if self.place == Place::Cell && stretch[at] == self.by.delimiter {
                self.end_cell(self.in_record(at));
                continue;
            }
            self.pass(stretch, at);
            self.meet(stretch, at)?;
        }
        self.pass(stretch, stretch.len());
        self.end_stretch(stretch)
    }

    /// Goes over bytes that mean nothing by themselves, up to a place in the stretch: a record begins with them, or a cell
    /// goes on with them after its quotes.
    #[inline]
    fn pass(&mut self, stretch: &[u8], to: usize) {
        match self.place {
            Place::Between if self.start < self.base + to as u64 => self.begin(stretch),
            Place::Closing if self.closing + 1 < self.in_record(to) => {
                let cell = self.ended_cells();
                self.damaged.get_or_insert(cell);
                self.place = Place::Cell;
            }
            _ => {}
        }
    }

    /// Stops at a byte that may mean something.
    #[inline]
    fn meet(&mut self, stretch: &[u8], at: usize) -> Result<(), Unreadable> {
        let byte = stretch[at];
        if byte == LF || byte == CR {
            match self.place {
                Place::Cell | Place::Closing => self.end_record(stretch, at)?,
                Place::Between | Place::Quoted | Place::Comment => {}
            }
            let here = self.base + at as u64;
            if self.place != Place::Quoted {
                self.place = Place::Between;
                self.start = here + 1;
            }
            self.lines.end(byte, here);
            return Ok(());
        }
        if self.place == Place::Between {
            self.begin(stretch);
        }
        let here = self.in_record(at);
        let is_quote = self.by.quote == Some(byte);
        match self.place {
            Place::Cell if !is_quote => self.end_cell(here),
            Place::Cell if here == self.from => {
                self.place = Place::Quoted;
                self.quote_line = self.lines.line;
            }
            Place::Quoted if is_quote => {
                self.place = Place::Closing;
                self.closing = here;
            }
            Place::Closing if is_quote => {
                self.place = Place::Quoted;
                self.doubled = true;
            }
            Place::Closing => self.end_cell(here),
            // A quote in a cell that did not begin with one, a delimiter in quotes, either in a comment: all text.
            Place::Between | Place::Cell | Place::Quoted | Place::Comment => {}
        }
        Ok(())
    }

    fn begin(&mut self, stretch: &[u8]) {
        let at = self.start_in_stretch();
        if self.by.comment == Some(stretch[at]) {
            self.place = Place::Comment;
            return;
        }
        self.place = Place::Cell;
        self.shift = 0_usize.wrapping_sub(at);
        self.from = 0;
        self.record_line = self.lines.line;
    }

    fn ended_cells(&self) -> usize {
        self.cells.len() - self.own
    }

    #[inline]
    fn end_cell(&mut self, end: usize) {
        let cell = match self.place {
            Place::Closing => self.from + 1..self.closing,
            _ => self.from..end,
        };
        self.cells.push(Span::of(cell));
        self.place = Place::Cell;
        self.from = end + 1;
    }

    fn end_record(&mut self, stretch: &[u8], at: usize) -> Result<(), Unreadable> {
        self.check_size(at)?;
        self.end_cell(self.in_record(at));
        let here = self.start_in_stretch()..at;
        let written = match self.kept.is_empty() {
            true => Written::Here(here),
            false => {
                self.kept.extend_from_slice(&stretch[here]);
                Written::Across(std::mem::take(&mut self.kept))
            }
        };
        let cells = self.own..self.cells.len();
        self.own = cells.end;
        self.marks.push_back(Mark {
            line: self.record_line,
            cells,
            doubled: std::mem::take(&mut self.doubled),
            damage: self.damaged.take(),
            written,
        });
        self.place = Place::Between;
        Ok(())
    }

    fn end_stretch(&mut self, stretch: &[u8]) -> Result<(), Unreadable> {
        if !matches!(self.place, Place::Between | Place::Comment) {
            self.check_size(stretch.len())?;
            self.kept
                .extend_from_slice(&stretch[self.start_in_stretch()..]);
        }
        self.base += stretch.len() as u64;
        self.shift = usize::try_from(self.base - self.start).unwrap_or(usize::MAX);
        Ok(())
    }

    /// Where the record starts in the stretch; 0 where that is before it.
    fn start_in_stretch(&self) -> usize {
        usize::try_from(self.start.saturating_sub(self.base)).unwrap_or(0)
    }

    /// A place in the stretch, counted from the record's first byte.
    fn in_record(&self, at: usize) -> usize {
        at.wrapping_add(self.shift)
    }

    fn check_size(&self, at: usize) -> Result<(), Unreadable> {
        match self.base + at as u64 - self.start > RECORD_LIMIT {
            false => Ok(()),
            true => Err(Unreadable::RecordTooLong {
                line: self.record_line,
                quote: (self.place == Place::Quoted).then_some(self.quote_line),
            }),
        }
    }
}

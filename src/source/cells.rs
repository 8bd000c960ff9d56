//! The cells of a record that do not stand in it as they are: those in which two quotes stand for one, of which a copy with
//! one of them is made, and those of a record with a cell that goes on after its quotes, which the CSV reader takes apart.

use std::io::{self, Read};

use csv::ByteRecord;
use memchr::memchr;

use super::dialect::Marks;
use super::watch::Mark;
use crate::contact::Span;

/// The cells of one record, where they stand in another text than that of the record.
#[derive(Debug)]
pub(super) struct Cells {
    quote: u8,
    of: Of,
    spans: Vec<Span>,
    /// One after the other, where two quotes stood for one.
    undoubled: Vec<u8>,
    odd: Odd,
}

/// In which text they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Record,
    Copy,
    CsvReader,
}

impl Cells {
    /// None yet, in a text with these marks.
    pub(super) fn by(marks: Marks) -> Self {
        Self {
            quote: quote(marks),
            of: Of::Record,
            spans: Vec::new(),
            undoubled: Vec::new(),
            odd: Odd::by(marks),
        }
    }

    /// Takes a record, given what was noticed of it and where its cells stand in it; false where the CSV reader sees another
    /// number of them, or another end.
    pub(super) fn take(&mut self, written: &[u8], mark: &Mark, noticed: &[Span]) -> bool {
        if mark.damage.is_some() {
            self.of = Of::CsvReader;
            return self.odd.read(written, &mut self.spans) && self.spans.len() == noticed.len();
        }
        self.of = Of::Record;
        if mark.doubled {
            self.of = Of::Copy;
            self.undouble(written, noticed);
        }
        true
    }

    /// The text in which they stand, and where; nothing where that is the record.
    pub(super) fn elsewhere(&self) -> Option<(&[u8], &[Span])> {
        match self.of {
            Of::Record => None,
            Of::Copy => Some((&self.undoubled, &self.spans)),
            Of::CsvReader => Some((self.odd.record.as_slice(), &self.spans)),
        }
    }

    /// Puts the cells of a record one after the other, with one quote for two in those that are in quotes.
    fn undouble(&mut self, written: &[u8], noticed: &[Span]) {
        let (spans, text) = (&mut self.spans, &mut self.undoubled);
        spans.clear();
        text.clear();
        for range in noticed.iter().map(|span| span.range()) {
            let before = range.start.checked_sub(1);
            let in_quotes = before.is_some_and(|before| written[before] == self.quote);
            let start = text.len();
            let mut rest = &written[range];
            while let Some(at) = memchr(self.quote, rest).filter(|_| in_quotes) {
                let (first, after) = rest.split_at(at + 1);
                text.extend_from_slice(first);
                rest = after.get(1..).unwrap_or_default();
            }
            text.extend_from_slice(rest);
            spans.push(Span::of(start..text.len()));
        }
    }
}

fn quote(marks: Marks) -> u8 {
    // Where nothing quotes, none is looked for.
    marks.quote.unwrap_or(b'"')
}

/// The CSV reader, which is given one record at a time.
#[derive(Debug)]
struct Odd {
    csv: csv::Reader<Given>,
    record: ByteRecord,
    /// So many bytes it was given.
    given: u64,
}

impl Odd {
    fn by(marks: Marks) -> Self {
        let csv = csv::ReaderBuilder::new()
            .delimiter(marks.delimiter)
            .quote(quote(marks))
            .quoting(marks.quote.is_some())
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(COPIED)
            .from_reader(Given::default());
        let mut odd = Self {
            csv,
            record: ByteRecord::new(),
            given: 0,
        };
        // It takes a byte order mark off the first text that it sees, which is that of no record.
        odd.read(b"-", &mut Vec::new());
        odd
    }

    /// Takes a record apart; false where it sees another end than the one that it has.
    fn read(&mut self, written: &[u8], spans: &mut Vec<Span>) -> bool {
        spans.clear();
        let given = self.csv.get_mut();
        given.bytes.clear();
        given.bytes.extend_from_slice(written);
        given.bytes.push(b'\n');
        given.taken = 0;
        self.given += written.len() as u64 + 1;
        let read = self.csv.read_byte_record(&mut self.record);
        let cells = (0..self.record.len()).filter_map(|at| self.record.range(at));
        spans.extend(cells.map(Span::of));
        matches!(read, Ok(true)) && self.csv.position().byte() == self.given
    }
}

/// What a record is copied through.
const COPIED: usize = 4 * 1024;

/// The bytes that the CSV reader is given.
#[derive(Debug, Default)]
struct Given {
    bytes: Vec<u8>,
    taken: usize,
}

impl Read for Given {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = (&self.bytes[self.taken..]).read(out)?;
        self.taken += count;
        Ok(count)
    }
}

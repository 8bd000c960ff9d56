//! The cells of one record.
//!
//! Nearly every one is found in the record as it was written, or, where two quotes stand for one, in a copy with one of them.
//! A record with a cell that goes on after its quotes is taken apart by the CSV reader.

use std::io::{self, Read};
use std::ops::Range;

use csv::ByteRecord;
use memchr::{memchr, memchr_iter, memchr2_iter};

use super::dialect::Marks;
use crate::contact::Span;

/// Where the cells of a record stand, and in which text.
#[derive(Debug)]
pub(super) struct Cells {
    by: Marks,
    spans: Vec<Span>,
    found: Found,
    /// The text of a record's cells, one after the other, where two quotes stood for one.
    undoubled: Vec<u8>,
    odd: Odd,
}

/// In which text they were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// The record as it was written.
    Written,
    /// The same, where two quotes stand for one.
    Doubled,
    /// What the CSV reader has made of it.
    Odd,
}

impl Cells {
    /// None yet, in a text with these marks.
    pub(super) fn by(marks: Marks) -> Self {
        Self {
            by: marks,
            spans: Vec::new(),
            found: Found::Written,
            undoubled: Vec::new(),
            odd: Odd::by(marks),
        }
    }

    /// Finds those of a record, of which none is in quotes or some are; false where the CSV reader sees it end elsewhere.
    pub(super) fn find(&mut self, written: &[u8], some_in_quotes: bool) -> bool {
        let delimiter = self.by.delimiter;
        self.spans.clear();
        let Some(quote) = self.by.quote.filter(|_| some_in_quotes) else {
            self.found = Found::Written;
            plain(written, delimiter, &mut self.spans);
            return true;
        };
        self.found = quoted(written, delimiter, quote, &mut self.spans);
        match self.found {
            Found::Written => true,
            Found::Doubled => {
                undouble(written, quote, &mut self.spans, &mut self.undoubled);
                true
            }
            Found::Odd => {
                self.spans.clear();
                self.odd.read(written, &mut self.spans)
            }
        }
    }

    /// Where they stand.
    pub(super) fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// In which text, by the record as it was written.
    pub(super) fn text<'a>(&'a self, written: &'a [u8]) -> &'a [u8] {
        match self.found {
            Found::Written => written,
            Found::Doubled => &self.undoubled,
            Found::Odd => self.odd.record.as_slice(),
        }
    }
}

/// Finds the cells of a record without quotes.
fn plain(written: &[u8], delimiter: u8, spans: &mut Vec<Span>) {
    let mut start = 0;
    for at in memchr_iter(delimiter, written) {
        spans.push(Span::of(start..at));
        start = at + 1;
    }
    spans.push(Span::of(start..written.len()));
}

/// Finds the cells of a record in which some are in quotes, as long as nothing but a delimiter comes after those that end
/// one; and in which text they are.
fn quoted(written: &[u8], delimiter: u8, quote: u8, spans: &mut Vec<Span>) -> Found {
    let mut found = Found::Written;
    let mut start = 0;
    // Where the quotes around the cell end, once they have begun.
    let mut quotes = None;
    let mut open = false;
    // The second one of two quotes that stand for one.
    let mut second = None;
    for at in memchr2_iter(delimiter, quote, written) {
        match written[at] == quote {
            true if second == Some(at) => {}
            true if open => match written.get(at + 1) {
                Some(next) if *next == quote => {
                    second = Some(at + 1);
                    found = Found::Doubled;
                }
                Some(next) if *next != delimiter => return Found::Odd,
                _ => {
                    open = false;
                    quotes = Some(at);
                }
            },
            true if at == start => open = true,
            // In the middle of a cell a quote is text.
            true => {}
            false if open => {}
            false => {
                spans.push(cell(start..at, quotes.take()));
                start = at + 1;
            }
        }
    }
    spans.push(cell(start..written.len(), quotes));
    match open {
        true => Found::Odd,
        false => found,
    }
}

/// Puts the cells of a record one after the other, with one quote for two in those that are in quotes.
fn undouble(written: &[u8], quote: u8, spans: &mut [Span], text: &mut Vec<u8>) {
    text.clear();
    for span in spans {
        let range = span.range();
        let before = range.start.checked_sub(1);
        let in_quotes = before.is_some_and(|before| written[before] == quote);
        let start = text.len();
        let mut rest = &written[range];
        while let Some(at) = memchr(quote, rest).filter(|_| in_quotes) {
            let (first, after) = rest.split_at(at + 1);
            text.extend_from_slice(first);
            rest = after.get(1..).unwrap_or_default();
        }
        text.extend_from_slice(rest);
        *span = Span::of(start..text.len());
    }
}

/// What of a cell stands inside its quotes, where it has them and they end there.
fn cell(written: Range<usize>, quotes: Option<usize>) -> Span {
    match quotes {
        None => Span::of(written),
        Some(end) => Span::of(written.start + 1..end),
    }
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
            .quote(marks.quote.unwrap_or(b'"'))
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

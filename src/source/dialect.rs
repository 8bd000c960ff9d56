//! How a file separates its cells: told, said by a `sep=` line, or found by counting; and where its header stands.
//!
//! It looks only at the first stretch of text, and never at what a cell means. A report of ours that is fed back is
//! known by its columns, and is read the way we write it, whatever was told about the first input.

use memchr::memmem;

use super::Unreadable;
use super::columns::is_report;
use super::text::boms;
use super::told::{Header, Quote, Told};
use super::watch::Watch;

/// In the order in which they win a tie.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How much of the text is counted: enough for hundreds of records, little enough to cost nothing.
const SAMPLE: usize = 64 * 1024;

/// How it was found what separates cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The user says so.
    Told,
    /// A first line `sep=X` says so.
    Said,
    /// It stands in the header, and the rows agree.
    Counted,
    /// No known delimiter stands in the header: a file with one column, read as if by commas.
    Assumed,
    /// The file is a report of ours that is fed back.
    Report,
    /// The file is a spreadsheet, whose cells need no delimiter.
    Cells,
}

/// The bytes that mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    /// What a line starts with that is no data.
    pub(super) comment: Option<u8>,
}

impl Marks {
    /// A plain file with this delimiter.
    pub(super) fn by(delimiter: u8) -> Self {
        Self {
            delimiter,
            quote: Some(b'"'),
            comment: None,
        }
    }

    /// Whether a byte quotes cells or starts a comment, so that it cannot separate cells.
    fn means(self, byte: u8) -> bool {
        self.quote == Some(byte) || self.comment == Some(byte)
    }
}

/// How to read a file, and what to leave out before its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) marks: Marks,
    pub(super) found: Found,
    pub(super) header: Header,
    /// Bytes of text before the first line that counts.
    pub(super) preamble: usize,
    /// The number of that line, from 1, empty lines aside.
    pub(super) first_line: u64,
}

impl Dialect {
    /// The dialect of a text that starts like this.
    pub(super) fn of(head: &[u8], told: &Told) -> Result<Self, Unreadable> {
        if let Some(delimiter) = report(head, told) {
            return Ok(Self {
                marks: Marks::by(delimiter),
                found: Found::Report,
                header: Header::First,
                preamble: 0,
                first_line: 1,
            });
        }
        let mut marks = Marks {
            quote: match told.quote {
                None => Some(b'"'),
                Some(Quote::By(quote)) => Some(quote),
                Some(Quote::Never) => None,
            },
            comment: told.comment,
            ..Marks::by(CANDIDATES[0])
        };
        let (mut preamble, mut first_line, mut said) = (0, 1, None);
        if let Some((separator, length)) = sep_line(head) {
            said = match u8::try_from(separator) {
                Ok(byte) if byte.is_ascii() && byte != 0 && !marks.means(byte) => Some(byte),
                _ if told.delimiter.is_some() => None,
                _ => return Err(Unreadable::Separator { found: separator }),
            };
            preamble = length + boms(&head[length..]);
            first_line = 2;
        }
        if let Header::Line(line) = told.header {
            while first_line < line {
                match end_of_line(&head[preamble..]) {
                    Some(length) => preamble += length,
                    None => return Err(Unreadable::HeaderLine { line }),
                }
                first_line += 1;
            }
        }
        let found = match (told.delimiter, said) {
            (Some(delimiter), _) => (delimiter, Found::Told),
            (None, Some(delimiter)) => (delimiter, Found::Said),
            (None, None) => {
                let sample = &head[preamble..head.len().min(preamble + SAMPLE)];
                match count(sample, marks) {
                    Some(delimiter) => (delimiter, Found::Counted),
                    None => (free(marks), Found::Assumed),
                }
            }
        };
        marks.delimiter = found.0;
        Ok(Self {
            marks,
            found: found.1,
            header: told.header,
            preamble,
            first_line,
        })
    }
}

/// The first candidate that means nothing else.
fn free(marks: Marks) -> u8 {
    let mut free = CANDIDATES.into_iter().filter(|one| !marks.means(*one));
    free.next().unwrap_or(CANDIDATES[0])
}

/// What separates the cells of a report of ours; nothing for any other text.
fn report(head: &[u8], told: &Told) -> Option<u8> {
    const FIRST: &[u8] = b"sync_row";
    let head = &head[..head.len().min(SAMPLE)];
    let after = memmem::find(head, FIRST)? + FIRST.len();
    let after = head[after..].iter().copied().find(|byte| *byte != b'"');
    let likely = after.filter(|byte| byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0));
    likely
        .into_iter()
        .chain(told.delimiter)
        .chain(CANDIDATES)
        .find(|delimiter| {
            let mut record = csv::ByteRecord::new();
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(*delimiter)
                .has_headers(false)
                .flexible(true)
                .from_reader(head);
            matches!(reader.read_byte_record(&mut record), Ok(true)) && is_report(record.iter())
        })
}

/// The length of the first line with its end; nothing where it has none.
fn end_of_line(text: &[u8]) -> Option<usize> {
    let at = memchr::memchr2(b'\r', b'\n', text)?;
    Some(match &text[at..] {
        [b'\r', b'\r', b'\n', ..] => at + 3,
        [b'\r', b'\n', ..] => at + 2,
        _ => at + 1,
    })
}

/// The character after `sep=` on the first line, quoted or not, and the line's length with its end.
fn sep_line(head: &[u8]) -> Option<(char, usize)> {
    let length = head
        .iter()
        .take(16)
        .position(|b| matches!(b, b'\r' | b'\n'))?;
    let line = std::str::from_utf8(&head[..length]).ok()?;
    let line = line
        .strip_prefix('"')
        .and_then(|line| line.strip_suffix('"'))
        .unwrap_or(line);
    let (word, rest) = line.split_at_checked(4)?;
    let mut rest = rest.chars();
    let separator = rest.next()?;
    if !word.eq_ignore_ascii_case("sep=") || rest.next().is_some() {
        return None;
    }
    Some((separator, end_of_line(head)?))
}

/// The candidate that splits most: columns it makes in the header, times records that agree with the header. A
/// delimiter that only happens to stand in a few cells makes few columns or finds few records that agree.
fn count(sample: &[u8], marks: Marks) -> Option<u8> {
    let mut best = (0, None);
    for candidate in CANDIDATES {
        if marks.means(candidate) {
            continue;
        }
        let marks = Marks {
            delimiter: candidate,
            ..marks
        };
        let splits = splits(sample, marks);
        if splits > best.0 {
            best = (splits, Some(candidate));
        }
    }
    best.1
}

fn splits(sample: &[u8], marks: Marks) -> usize {
    let mut watch = Watch::new(marks, 1);
    // What is wrong with the file is found later, with its line; here only what was seen until then counts.
    let _ = watch.feed(sample);
    let header = match watch.next_mark() {
        Some(mark) => mark.cells.len(),
        None => watch.open_cells(),
    };
    let mut agreeing = 1;
    while let Some(mark) = watch.next_mark() {
        agreeing += usize::from(mark.cells.len() == header && mark.damage.is_none());
    }
    header.saturating_sub(1) * agreeing
}

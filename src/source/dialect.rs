//! How a file separates its cells: said by a `sep=` line, or found by counting.
//!
//! It looks only at the first stretch of text, and never at what a cell means.

use super::Unreadable;
use super::text::boms;
use super::watch::Watch;

/// In the order in which they win a tie.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How much of the text is counted: enough for hundreds of records, little enough to cost nothing.
const SAMPLE: usize = 64 * 1024;

/// How the delimiter was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A first line `sep=X` says so.
    Said,
    /// It stands in the header, and the rows agree.
    Counted,
    /// No known delimiter stands in the header: a file with one column, read as if by commas.
    Assumed,
}

/// How to read a file, and what to leave out before its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) found: Found,
    /// Bytes of text before the header's first line.
    pub(super) preamble: usize,
    /// The number of the header's first line, from 1, empty lines aside.
    pub(super) first_line: u64,
}

impl Dialect {
    /// The dialect of a text that starts like this.
    pub(super) fn of(head: &[u8]) -> Result<Self, Unreadable> {
        if let Some((separator, length)) = sep_line(head) {
            let delimiter = match u8::try_from(separator) {
                Ok(byte) if byte.is_ascii() && byte != b'"' && byte != 0 => byte,
                _ => return Err(Unreadable::Separator { found: separator }),
            };
            return Ok(Self {
                delimiter,
                found: Found::Said,
                preamble: length + boms(&head[length..]),
                first_line: 2,
            });
        }
        let counted = count(&head[..head.len().min(SAMPLE)]);
        Ok(Self {
            delimiter: counted.unwrap_or(CANDIDATES[0]),
            found: counted.map_or(Found::Assumed, |_| Found::Counted),
            preamble: 0,
            first_line: 1,
        })
    }
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
    let end = match &head[length..] {
        [b'\r', b'\r', b'\n', ..] => 3,
        [b'\r', b'\n', ..] => 2,
        _ => 1,
    };
    Some((separator, length + end))
}

/// The candidate that splits most: columns it makes in the header, times records that agree with the header. A
/// delimiter that only happens to stand in a few cells makes few columns or finds few records that agree.
fn count(sample: &[u8]) -> Option<u8> {
    let mut best = (0, None);
    for candidate in CANDIDATES {
        let splits = splits(sample, candidate);
        if splits > best.0 {
            best = (splits, Some(candidate));
        }
    }
    best.1
}

fn splits(sample: &[u8], delimiter: u8) -> usize {
    let mut watch = Watch::new(delimiter, 1);
    // What is wrong with the file is found later, with its line; here only what was seen until then counts.
    let _ = watch.feed(sample);
    let header = match watch.next_mark() {
        Some(mark) => mark.cells,
        None => watch.open_cells(),
    };
    let mut agreeing = 1;
    while let Some(mark) = watch.next_mark() {
        agreeing += usize::from(mark.cells == header && mark.damage.is_none());
    }
    header.saturating_sub(1) * agreeing
}

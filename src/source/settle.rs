//! The first pass over a text: which encoding and dialect it has, and whether all of it is sound.
//!
//! It reads to the end, strictly, and keeps no row. What it settles is done the same way in every later pass; what it
//! refuses it refuses with the line, and where the encoding is to blame with the likely one, which is only a suggestion.

use std::io::{Cursor, Read};
use std::sync::Arc;

use encoding_rs::Encoding;

use super::decode::{Known, encoding};
use super::dialect::{Dialect, Found};
use super::recipe::{decoded, first, window};
use super::store::{Again, Store};
use super::strict::{Strict, begin};
use super::text::{CAPACITY, Text};
use super::told::{Header, Told};
use super::unpack::{Bytes, Packing};
use super::watch::Watch;
use super::{Unreadable, guess};

/// How many bytes are looked at before it is known what a file is.
pub(super) const FIRST: u64 = 16;

/// What the first pass over a text settles.
pub(super) struct Settled {
    pub(super) encoding: &'static Encoding,
    pub(super) known: Known,
    pub(super) checked: Checked,
}

/// Reads a text once, from the bytes as they are.
pub(super) fn settle(
    bytes: impl Read + Send,
    packing: Packing,
    told: &Told,
) -> Result<Settled, Unreadable> {
    let mut bytes = packing.unpack(bytes)?;
    let start = first(&mut bytes, FIRST)?;
    guess::refuse_foreign(&start, packing)?;
    let (encoding, known) = encoding(&start, told.encoding)?;
    let bytes = decoded(Bytes::new(Cursor::new(start).chain(bytes)), encoding);
    let checked = check(bytes, told, CAPACITY)?;
    Ok(Settled {
        encoding,
        known,
        checked,
    })
}

/// What one strict pass finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) dialect: Dialect,
    pub(super) bom: bool,
    pub(super) header_line: Option<u64>,
    pub(super) rows: u64,
}

fn check(bytes: impl Read, told: &Told, capacity: usize) -> Result<Checked, Unreadable> {
    let mut text = Text::new(bytes, capacity);
    let bom = begin(&mut text)?;
    let dialect = Dialect::of(text.stretch(), told)?;
    let watch = Watch::new(dialect.marks, dialect.first_line);
    let mut strict = Strict::new(text, &dialect, watch);
    let mut first_line = None;
    let mut records = 0;
    loop {
        let more = strict.advance()?;
        while let Some(mark) = strict.watch.next_mark() {
            first_line.get_or_insert(mark.line);
            records += 1;
        }
        if !more {
            break;
        }
    }
    let first_line = first_line.ok_or(Unreadable::Empty)?;
    let (header_line, rows) = match dialect.header {
        Header::Nowhere => (None, records),
        Header::Line(line) if first_line > line.max(dialect.first_line) => {
            return Err(Unreadable::HeaderBlank { line });
        }
        Header::First | Header::Line(_) => (Some(first_line), records - 1),
    };
    Ok(Checked {
        dialect,
        bom,
        header_line,
        rows,
    })
}

/// Text in UTF-8 for which another encoding was told: right for a report that is fed back without its mark, and for
/// nothing else.
pub(super) fn in_utf_8(
    store: &Arc<Store>,
    packing: Packing,
    told: &Told,
    encoding: &'static Encoding,
) -> Result<Settled, Unreadable> {
    let told = Told {
        encoding: None,
        ..told.clone()
    };
    let settled = settle(Again::new(Arc::clone(store)), packing, &told)?;
    match settled.checked.dialect.found {
        Found::Report => Ok(settled),
        _ => Err(Unreadable::IsUtf8 {
            told: encoding.name(),
        }),
    }
}

/// Adds the likely encoding to a refusal that is about one.
pub(super) fn suggest(mut why: Unreadable, store: &Arc<Store>, packing: Packing) -> Unreadable {
    let bad = match &why {
        Unreadable::NotUtf8 { offset, .. } | Unreadable::Undecodable { offset, .. } => *offset,
        Unreadable::Nul { .. } => 0,
        _ => return why,
    };
    // An even start, so that the halves of UTF-16 are told apart.
    let start = bad.saturating_sub(guess::WINDOW) & !1;
    let window = window(store, packing, start, 2 * guess::WINDOW);
    let bad = usize::try_from(bad - start).unwrap_or(usize::MAX);
    match &mut why {
        Unreadable::NotUtf8 { likely, .. } => *likely = guess::instead_of_utf_8(&window, bad),
        Unreadable::Undecodable {
            likely, encoding, ..
        } => *likely = guess::instead_of(encoding, &window),
        Unreadable::Nul { likely, .. } => *likely = guess::utf_16(&window),
        _ => {}
    }
    why
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// Gives its bytes and then fails.
    struct Failing<'a>(&'a [u8]);

    impl Read for Failing<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            match self.0.read(out)? {
                0 => Err(io::Error::other("input/output error")),
                count => Ok(count),
            }
        }
    }

    #[test]
    fn a_failing_disk_is_not_the_files_fault() {
        let why =
            check(Failing(b"a,b\n1,2\n3"), &Told::default(), 4).expect_err("the reader fails");
        assert!(why.is_local_fault());
        assert_eq!(
            why.to_string(),
            "reading stopped at byte offset 9; check the disk or the connection the file is on, then run again"
        );
    }

    #[test]
    fn endless_input_is_refused_after_one_record() {
        let why =
            check(io::repeat(b'x'), &Told::default(), CAPACITY).expect_err("a line without end");
        assert!(matches!(
            why,
            Unreadable::RecordTooLong {
                line: 1,
                quote: None
            }
        ));
        let quoted = b"a\nb\n\"".chain(io::repeat(b'\n'));
        let why = check(quoted, &Told::default(), CAPACITY).expect_err("a cell without end");
        assert_eq!(
            why.to_string(),
            "line 3: the record that starts here is longer than 1 MiB, and the quote opened on line 3 is still open; close that quote"
        );
    }
}

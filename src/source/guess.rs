//! What a file is that is not UTF-8 text: known by its first bytes, or guessed for a message.
//!
//! A guess only ever becomes a suggestion; nothing is read by it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::Unreadable;
use super::unpack::Packing;

/// How much text before and after the first bad byte the guess looks at.
pub(super) const WINDOW: u64 = 128 * 1024;

/// Formats that people send instead of a list, by their first bytes.
const FOREIGN: [(&[u8], &str, &str); 4] = [
    (
        b"%PDF-",
        "a PDF",
        "export the list it was made from as `CSV UTF-8`",
    ),
    (
        b"\xFD7zXZ\x00",
        "compressed with xz",
        "unpack it first, or pack it with gzip or zstd",
    ),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", "unpack it first"),
    (b"Rar!\x1A\x07", "a rar archive", "unpack it first"),
];

/// What a packed file must not hold: only text is read from one.
const TWICE: [&[u8]; 4] = [ZIP, OLE, b"\x1F\x8B", b"\x28\xB5\x2F\xFD"];

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Files of spreadsheet programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Workbook {
    /// A zip archive: xlsx, xlsb, ods.
    Zip,
    /// The older container: xls.
    Ole,
}

/// Whether these first bytes are those of a spreadsheet program's file.
pub(super) fn workbook(first: &[u8]) -> Option<Workbook> {
    match first {
        first if first.starts_with(ZIP) => Some(Workbook::Zip),
        first if first.starts_with(OLE) => Some(Workbook::Ole),
        _ => None,
    }
}

/// Refuses what its first bytes show to be no text.
pub(super) fn refuse_foreign(first: &[u8], packing: Packing) -> Result<(), Unreadable> {
    for (magic, what, way_out) in FOREIGN {
        if first.starts_with(magic) {
            return Err(Unreadable::Foreign { what, way_out });
        }
    }
    let packed_twice =
        packing != Packing::Not && TWICE.iter().any(|magic| first.starts_with(magic));
    match packed_twice {
        false => Ok(()),
        true => Err(Unreadable::Foreign {
            what: "a packed file in which another packed file or a workbook stands",
            way_out: "unpack it once",
        }),
    }
}

/// The encoding that text with a bad byte in it looks like. Nothing where the bytes before the bad one hold other
/// UTF-8 characters: then one character is damaged, and another encoding would spoil all the others.
pub(super) fn instead_of_utf_8(window: &[u8], bad: usize) -> Option<&'static str> {
    if let Some(wide) = utf_16(window) {
        return Some(wide);
    }
    if window.get(..bad).is_some_and(|before| !before.is_ascii()) {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(window, true);
    Some(detector.guess(None, Utf8Detection::Deny).name())
}

/// The encoding that text looks like which is not in the one that was named.
pub(super) fn instead_of(named: &str, window: &[u8]) -> Option<&'static str> {
    if named.starts_with("UTF-16") {
        return None;
    }
    if let Some(wide) = utf_16(window) {
        return Some(wide);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(window, true);
    let guess = detector.guess(None, Utf8Detection::Allow).name();
    Some(guess).filter(|name| *name != named)
}

/// UTF-16 without its mark, if that is what it looks like: where there is a NUL, it is nearly always the same half of
/// a pair.
pub(super) fn utf_16(window: &[u8]) -> Option<&'static str> {
    let nul = |odd: usize| {
        window
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (first, second) = (nul(0), nul(1));
    // Line ends and delimiters alone are more than one byte in fifty.
    let many = |count: usize| count > 2 && count * 50 > window.len();
    match (first, second) {
        _ if many(first) && second * 20 < first => Some("UTF-16BE"),
        _ if many(second) && first * 20 < second => Some("UTF-16LE"),
        _ => None,
    }
}

//! What a file is that is not UTF-8 text: known by its first bytes, or guessed for a message.
//!
//! A guess only ever becomes a suggestion; nothing is read by it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::Unreadable;

/// How much text before and after the first bad byte the guess looks at.
pub(super) const WINDOW: u64 = 128 * 1024;

const EXPORT: &str = "open it in a spreadsheet and export the sheet as `CSV UTF-8`";
const UNPACK: &str = "unpack it first";

/// Formats that people send instead of CSV, by their first bytes.
const FOREIGN: [(&[u8], &str, &str); 7] = [
    (
        b"PK\x03\x04",
        "an Excel workbook (xlsx) or another zip archive",
        EXPORT,
    ),
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "an old Excel workbook (xls)",
        EXPORT,
    ),
    (
        b"%PDF-",
        "a PDF",
        "export the list it was made from as `CSV UTF-8`",
    ),
    (b"\x1F\x8B", "compressed with gzip", UNPACK),
    (b"\x28\xB5\x2F\xFD", "compressed with zstd", UNPACK),
    (b"\xFD7zXZ\x00", "compressed with xz", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
];

/// Byte order marks of other encodings; the longer ones first, for UTF-32 LE starts as UTF-16 LE does.
const MARKS: [(&[u8], &str); 4] = [
    (b"\xFF\xFE\x00\x00", "UTF-32LE"),
    (b"\x00\x00\xFE\xFF", "UTF-32BE"),
    (b"\xFF\xFE", "UTF-16LE"),
    (b"\xFE\xFF", "UTF-16BE"),
];

/// Refuses what its first bytes show to be something else than UTF-8 text.
pub(super) fn refuse_foreign(first: &[u8]) -> Result<(), Unreadable> {
    for (magic, what, way_out) in FOREIGN {
        if first.starts_with(magic) {
            return Err(Unreadable::Foreign { what, way_out });
        }
    }
    for (mark, encoding) in MARKS {
        if first.starts_with(mark) {
            return Err(Unreadable::OtherUnicode { encoding });
        }
    }
    Ok(())
}

/// The encoding that text with a bad byte in it looks like. Nothing where the bytes before the bad one hold other
/// UTF-8 characters: then one character is damaged, and another encoding would spoil all the others.
pub(super) fn likely_encoding(window: &[u8], bad: usize) -> Option<&'static str> {
    if window.get(..bad).is_some_and(|before| !before.is_ascii()) {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(window, true);
    Some(detector.guess(None, Utf8Detection::Deny).name())
}

//! Cells as they stand in a table of ours: as they are, in quotes where they must be.

use crate::contact::plain::is_without;

/// A cell, quoted only where it must be.
pub(super) fn push(record: &mut Vec<u8>, cell: &str, delimiter: u8) {
    match cell.is_empty() || is_without(cell, 0, [delimiter, b'"', b'\n', b'\r']) {
        true => record.extend_from_slice(cell.as_bytes()),
        false => push_quoted(record, cell),
    }
}

/// A text of ours. Any byte that could pass for a delimiter is put in quotes, so that our sentences never mislead
/// whoever works out the file's delimiter.
pub(super) fn push_ours(record: &mut Vec<u8>, text: &str, delimiter: u8) {
    match is_without(text, 0, [delimiter, b'"', b',', b';', b'|']) {
        true => record.extend_from_slice(text.as_bytes()),
        false => push_quoted(record, text),
    }
}

/// A whole number.
pub(super) fn push_number(record: &mut Vec<u8>, number: impl itoa::Integer) {
    record.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn push_quoted(record: &mut Vec<u8>, text: &str) {
    record.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            record.push(b'"');
        }
        record.push(byte);
    }
    record.push(b'"');
}

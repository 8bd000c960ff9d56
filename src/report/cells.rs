//! Cells as they stand in a table of ours: as they are, in quotes where they must be.

/// A cell, quoted only where it must be.
pub(super) fn push(record: &mut Vec<u8>, cell: &str, delimiter: u8) {
    let special = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
    match cell.bytes().any(special) {
        true => push_quoted(record, cell),
        false => record.extend_from_slice(cell.as_bytes()),
    }
}

/// A text of ours. Any byte that could pass for a delimiter is put in quotes, so that our sentences never mislead
/// whoever works out the file's delimiter.
pub(super) fn push_ours(record: &mut Vec<u8>, text: &str, delimiter: u8) {
    let special = |byte: u8| byte == delimiter || matches!(byte, b'"' | b',' | b';' | b'|');
    match text.bytes().any(special) {
        true => push_quoted(record, text),
        false => record.extend_from_slice(text.as_bytes()),
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

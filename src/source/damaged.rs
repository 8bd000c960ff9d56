//! A record with text after a closing quote, taken apart as it was written: where its cells stand, and the same damage
//! in the quotes that `errors.csv` is written with.
//!
//! Only the rare damaged record comes here.

use std::ops::Range;

use super::dialect::Marks;

/// Where each cell of a record stands in it, quotes included.
pub(super) fn cell_spans(raw: &[u8], by: Marks) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut place = Place::Start;
    for (at, byte) in raw.iter().copied().enumerate() {
        place = match (place, by.quote == Some(byte)) {
            (Place::Start | Place::Closing, true) => Place::Quoted,
            (Place::Quoted, true) => Place::Closing,
            (Place::Quoted, false) => Place::Quoted,
            _ if byte == by.delimiter => {
                spans.push(start..at);
                start = at + 1;
                Place::Start
            }
            _ => Place::Plain,
        };
    }
    spans.push(start..raw.len());
    spans
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Start,
    Plain,
    Quoted,
    Closing,
}

/// The cells with these spans as they would have been written with `"`, each damaged one damaged in the same way, so
/// that a report in those quotes gives back a record that is refused again.
pub(super) fn in_double_quotes(raw: &[u8], spans: &[Range<usize>], by: Marks) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 8);
    for (at, span) in spans.iter().enumerate() {
        if at > 0 {
            out.push(by.delimiter);
        }
        let cell = &raw[span.clone()];
        match by.quote {
            Some(b'"') => out.extend_from_slice(cell),
            Some(quote) if cell.first() == Some(&quote) => {
                let rest = push_inner(&mut out, &cell[1..], quote);
                if rest.first() == Some(&b'"') {
                    // Or it would be a quote inside the cell, which would be sound or go on beyond the record.
                    out.push(b' ');
                }
                out.extend_from_slice(rest);
            }
            _ => {
                push_quoted(&mut out, cell);
            }
        }
    }
    out
}

/// Writes what stands inside quotes; gives back what comes after the closing one.
fn push_inner<'a>(out: &mut Vec<u8>, cell: &'a [u8], quote: u8) -> &'a [u8] {
    let mut inner = Vec::new();
    let mut at = 0;
    while let Some(byte) = cell.get(at) {
        at += 1;
        if *byte == quote {
            if cell.get(at) != Some(&quote) {
                break;
            }
            at += 1;
        }
        inner.push(*byte);
    }
    push_quoted(out, &inner);
    &cell[at..]
}

fn push_quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

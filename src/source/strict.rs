//! Text under strict watch: whatever is taken out of it was checked a moment before.

use std::io::Read;

use super::Unreadable;
use super::decode::Undecodable;
use super::dialect::Dialect;
use super::text::{Fault, Text};
use super::watch::Watch;

/// Text with its watch.
#[derive(Debug)]
pub(super) struct Strict<R> {
    text: Text<R>,
    pub(super) watch: Watch,
    /// The text was begun to find its dialect, and that stretch was not watched yet.
    begun: bool,
}

/// Reads the first stretch of a text and takes its byte order mark. Whether there was one.
pub(super) fn begin<R: Read>(text: &mut Text<R>) -> Result<bool, Unreadable> {
    text.advance().map_err(|fault| at_line(fault, 1))?;
    Ok(text.take_bom())
}

impl<R: Read> Strict<R> {
    /// A text that was begun, from its header on.
    pub(super) fn new(mut text: Text<R>, dialect: &Dialect, watch: Watch) -> Self {
        text.take(dialect.preamble);
        // Some programs write it where the table begins.
        text.take_bom();
        Self {
            text,
            watch,
            begun: true,
        }
    }

    /// Passes over the stretch that was watched last, reads and watches the next one; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, Unreadable> {
        let begun = std::mem::take(&mut self.begun) && !self.text.stretch().is_empty();
        if !begun {
            self.text.take(self.text.stretch().len());
            let more = self.text.advance();
            if !more.map_err(|fault| at_line(fault, self.watch.line()))? {
                self.watch.finish()?;
                return Ok(false);
            }
        }
        self.watch.feed(self.text.stretch())?;
        Ok(true)
    }

    /// The stretch that was watched last.
    pub(super) fn stretch(&self) -> &[u8] {
        self.text.stretch()
    }
}

fn at_line(fault: Fault, line: u64) -> Unreadable {
    match fault {
        Fault::NotUtf8(offset) => Unreadable::NotUtf8 {
            line,
            offset,
            likely: None,
        },
        Fault::Read(offset, error) => match error.downcast::<Undecodable>() {
            Ok(Undecodable { offset, encoding }) => Unreadable::Undecodable {
                line,
                offset,
                encoding,
                likely: None,
            },
            Err(error) => Unreadable::carried_by(error, offset),
        },
    }
}

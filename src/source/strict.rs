//! Text under strict watch, as a reader: whatever goes through it was checked a moment before.
//!
//! The CSV reader sits on top of it, so that both see the same bytes; a fault travels through the CSV reader as an
//! I/O error and is taken out again on the other side.

use std::io::{self, Read};

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
    /// Bytes given out or taken out of those that are watched.
    passed: u64,
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
        Self {
            text,
            watch,
            begun: true,
            passed: 0,
        }
    }

    /// Reads and watches the next stretch; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, Unreadable> {
        let begun = std::mem::take(&mut self.begun) && !self.text.stretch().is_empty();
        if !begun {
            let more = self.text.advance();
            if !more.map_err(|fault| at_line(fault, self.watch.line()))? {
                self.watch.finish()?;
                return Ok(false);
            }
        }
        self.watch.feed(self.text.stretch())?;
        Ok(true)
    }

    /// Passes over the stretch that was just watched.
    pub(super) fn pass(&mut self) {
        self.text.take(self.text.stretch().len());
        self.watch.comments().clear();
    }

    /// Takes out what is no data at this place; how many bytes of data follow at most.
    fn take_comments(&mut self) -> u64 {
        while let Some(comment) = self.watch.comments().front().cloned() {
            if comment.start > self.passed {
                return comment.start - self.passed;
            }
            self.text
                .take(usize::try_from(comment.end - self.passed).unwrap_or(usize::MAX));
            self.passed = comment.end;
            self.watch.comments().pop_front();
        }
        u64::MAX
    }

    /// Where the first byte stands that was not given out yet.
    pub(super) fn offset(&self) -> u64 {
        self.text.offset()
    }
}

impl<R: Read> Read for Strict<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut most = self.take_comments();
        while self.begun || self.text.stretch().is_empty() {
            if !self.advance()? {
                return Ok(0);
            }
            most = self.take_comments();
        }
        let stretch = self.text.stretch();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let count = stretch.len().min(out.len()).min(most);
        out[..count].copy_from_slice(&stretch[..count]);
        self.text.take(count);
        self.passed += count as u64;
        Ok(count)
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

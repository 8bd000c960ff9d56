//! Bytes to text: stretches of whole UTF-8 characters, without the byte order mark.
//!
//! Compression and other encodings were taken off before; here everything is UTF-8, or not text. It never replaces or
//! drops a byte that it cannot read: that byte is a fault, reported after all the text before it was handed out.

use std::io::{self, Read};

/// How much is read at a time.
pub(super) const CAPACITY: usize = 128 * 1024;

/// The place in the buffer that is read into. What is left of the stretch before, mostly some bytes of a character that was cut
/// off, goes before it, so that every read fills the same part of the buffer with the same part of the file. A few bytes off,
/// the system copies several times slower on some processors.
const ROUND: usize = 64;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Why there is no more text.
#[derive(Debug)]
pub(super) enum Fault {
    /// The byte at this offset is not UTF-8.
    NotUtf8(u64),
    /// Reading failed at this offset.
    Read(u64, io::Error),
}

/// Text read a stretch at a time into one buffer.
#[derive(Debug)]
pub(super) struct Text<R> {
    bytes: R,
    buffer: Box<[u8]>,
    /// Where the stretch starts in the buffer, and where that stands in the input.
    start: usize,
    offset: u64,
    /// `buffer[given..good]` is text not yet taken, `buffer[good..filled]` is not yet known to be text.
    given: usize,
    good: usize,
    filled: usize,
    ended: bool,
    /// Why nothing more can be read, once the bytes before are gone.
    failed: Option<io::Error>,
}

impl<R: Read> Text<R> {
    /// Text of these bytes, read `capacity` bytes at a time.
    pub(super) fn new(bytes: R, capacity: usize) -> Self {
        Self {
            bytes,
            // A character has up to four bytes: with less room there would be stretches without one.
            buffer: vec![0; ROUND + capacity.max(4)].into_boxed_slice(),
            start: ROUND,
            offset: 0,
            given: ROUND,
            good: ROUND,
            filled: ROUND,
            ended: false,
            failed: None,
        }
    }

    /// Reads the next stretch once the one before was taken; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, Fault> {
        debug_assert_eq!(
            self.given, self.good,
            "text must be taken before more is read"
        );
        let left = self.good..self.filled;
        self.offset += (self.good - self.start) as u64;
        // More than a cut character is left only from a byte on that is no text; that is told now.
        self.start = ROUND.saturating_sub(left.len());
        self.filled = self.start + left.len();
        (self.given, self.good) = (self.start, self.start);
        self.buffer.copy_within(left, self.start);
        self.fill();
        let read = &self.buffer[self.start..self.filled];
        let whole = match self.ended {
            true => read,
            false => &read[..whole_characters(read)],
        };
        if whole.is_empty()
            && let Some(error) = self.failed.take()
        {
            return Err(Fault::Read(self.offset + read.len() as u64, error));
        }
        let good = match simdutf8::basic::from_utf8(whole) {
            Ok(text) => text.len(),
            Err(_) => simdutf8::compat::from_utf8(whole)
                .map_or_else(|error| error.valid_up_to(), str::len),
        };
        self.good = self.start + good;
        match good {
            0 if !read.is_empty() => Err(Fault::NotUtf8(self.offset)),
            good => Ok(good > 0),
        }
    }

    /// Takes the byte order mark, and the second one that some programs write; false where there is none.
    pub(super) fn take_bom(&mut self) -> bool {
        let marks = boms(self.stretch());
        self.take(marks);
        marks > 0
    }

    /// The text read and not yet taken.
    pub(super) fn stretch(&self) -> &[u8] {
        &self.buffer[self.given..self.good]
    }

    /// Takes that many bytes of the stretch.
    pub(super) fn take(&mut self, count: usize) {
        self.given = (self.given + count).min(self.good);
    }

    fn fill(&mut self) {
        while !self.ended && self.failed.is_none() && self.filled < self.buffer.len() {
            match self.bytes.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.failed = Some(error),
            }
        }
    }
}

/// How many bytes of byte order marks the text starts with.
pub(super) fn boms(text: &[u8]) -> usize {
    text.chunks_exact(BOM.len())
        .take_while(|chunk| *chunk == BOM)
        .count()
        * BOM.len()
}

/// How much is left when a character that may go on in the next stretch is cut off.
fn whole_characters(bytes: &[u8]) -> usize {
    for (back, byte) in (1..=3).zip(bytes.iter().rev()) {
        let size = match byte {
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xFF => 4,
            _ => 1,
        };
        return match size > back {
            true => bytes.len() - back,
            false => bytes.len(),
        };
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], capacity: usize) -> (Vec<u8>, Option<u64>) {
        let mut text = Text::new(bytes, capacity);
        let mut read = Vec::new();
        loop {
            match text.advance() {
                Ok(false) => return (read, None),
                Ok(true) => {
                    read.extend_from_slice(text.stretch());
                    text.take(usize::MAX / 2);
                }
                Err(Fault::NotUtf8(offset)) => return (read, Some(offset)),
                Err(Fault::Read(..)) => unreachable!("a slice can always be read"),
            }
        }
    }

    #[test]
    fn characters_cut_by_a_stretch_come_whole() {
        let written = "aé漢🙂בzß".repeat(5);
        for capacity in 1..40 {
            assert_eq!(
                all(written.as_bytes(), capacity),
                (written.clone().into_bytes(), None)
            );
        }
    }

    /// Gives its bytes and notes where each read begins.
    struct Noted<'a>(&'a [u8], Vec<usize>);

    impl Read for Noted<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let before = self.1.last().copied().unwrap_or_default();
            let count = self.0.read(out)?;
            self.1.push(before + count);
            Ok(count)
        }
    }

    #[test]
    fn every_read_begins_at_a_round_place_wherever_characters_are_cut() {
        let written = format!("a{}", "é漢🙂".repeat(100));
        let mut bytes = Noted(written.as_bytes(), Vec::new());
        let mut text = Text::new(&mut bytes, 64);
        while text.advance().expect("text") {
            text.take(usize::MAX / 2);
        }
        let (end, round) = bytes.1.split_last().expect("reads");
        assert_eq!(*end, written.len());
        let round: Vec<usize> = round.iter().copied().filter(|at| at != end).collect();
        let expected: Vec<usize> = (1..=written.len() / 64).map(|at| at * 64).collect();
        assert_eq!(round, expected);
    }

    #[test]
    fn the_first_byte_that_is_no_text_is_named_after_all_text_before_it() {
        for (bytes, offset) in [
            (&b"ab\xE9c"[..], 2),
            (b"\xFF", 0),
            (b"abc\xF0\x9F\x99", 3),
            (b"a\xE2\x82,b", 1),
            (b"abcdefgh\xC0\x80", 8),
            (b"abcdefg\xED\xA0\x80", 7),
        ] {
            for capacity in 1..12 {
                let (read, fault) = all(bytes, capacity);
                assert_eq!(fault, Some(offset), "{bytes:?} by {capacity}");
                assert_eq!(read, bytes[..offset as usize]);
            }
        }
    }
}

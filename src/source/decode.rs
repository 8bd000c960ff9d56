//! Bytes of another encoding to UTF-8, strictly: a byte that does not decode is an error at its place.
//!
//! Nothing is replaced, and no byte order mark is obeyed here: which encoding it is was settled before. All text
//! before a bad byte is handed out before the error.

use std::fmt;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use thiserror::Error;

use super::Unreadable;
use super::text::CAPACITY;

/// A byte that does not decode; goes through readers as the content of an I/O error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the byte at offset {offset} is not `{encoding}`")]
pub(super) struct Undecodable {
    pub(super) offset: u64,
    pub(super) encoding: &'static str,
}

/// How the encoding became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The file starts with a byte order mark.
    Marked,
    /// The user says so.
    Told,
    /// Nobody says anything: then it is UTF-8.
    Assumed,
}

/// The encoding of a text that starts with these bytes. A byte order mark wins over what the user says: a report that
/// is fed back has one, while the same command names the encoding of the first input.
pub(super) fn encoding(
    first: &[u8],
    told: Option<&'static Encoding>,
) -> Result<(&'static Encoding, Known), Unreadable> {
    // The longer marks first, for UTF-32LE starts as UTF-16LE does.
    for (mark, encoding) in [
        (b"\xFF\xFE\x00\x00", "UTF-32LE"),
        (b"\x00\x00\xFE\xFF", "UTF-32BE"),
    ] {
        if first.starts_with(mark) {
            return Err(Unreadable::OtherUnicode { encoding });
        }
    }
    Ok(match (first, told) {
        ([0xEF, 0xBB, 0xBF, ..], _) => (UTF_8, Known::Marked),
        ([0xFF, 0xFE, ..], _) => (UTF_16LE, Known::Marked),
        ([0xFE, 0xFF, ..], _) => (UTF_16BE, Known::Marked),
        (_, Some(told)) => (told, Known::Told),
        (_, None) => (UTF_8, Known::Assumed),
    })
}

/// UTF-8 of bytes in another encoding.
pub(super) struct Decoding<R> {
    bytes: R,
    encoding: &'static Encoding,
    decoder: Decoder,
    /// Bytes that mean nothing, in an encoding of one byte a character.
    bad: Option<Box<[bool; 256]>>,
    /// `input[taken..filled]` is not yet decoded.
    input: Box<[u8]>,
    taken: usize,
    filled: usize,
    /// Where `input[taken]` stands in all bytes.
    offset: u64,
    ended: bool,
    /// `output[given..decoded]` is not yet handed out.
    output: Box<[u8]>,
    given: usize,
    decoded: usize,
    /// What comes once all text before it was handed out.
    end: Option<Result<(), Undecodable>>,
}

impl<R: Read> Decoding<R> {
    pub(super) fn new(bytes: R, encoding: &'static Encoding) -> Self {
        Self {
            bytes,
            encoding,
            decoder: encoding.new_decoder_without_bom_handling(),
            bad: encoding.is_single_byte().then(|| Box::new(bad(encoding))),
            input: vec![0; CAPACITY / 2].into_boxed_slice(),
            taken: 0,
            filled: 0,
            offset: 0,
            ended: false,
            output: vec![0; CAPACITY].into_boxed_slice(),
            given: 0,
            decoded: 0,
            end: None,
        }
    }

    fn decode(&mut self) -> io::Result<()> {
        if self.taken == self.filled && !self.ended {
            (self.taken, self.filled) = (0, 0);
            self.filled = self.bytes.read(&mut self.input)?;
            self.ended = self.filled == 0;
        }
        let input = &self.input[self.taken..self.filled];
        let good = match &self.bad {
            Some(bad) => input.iter().position(|byte| bad[usize::from(*byte)]),
            None => None,
        };
        let input = &input[..good.unwrap_or(input.len())];
        let (result, read, written) =
            self.decoder
                .decode_to_utf8_without_replacement(input, &mut self.output, self.ended);
        self.taken += read;
        self.offset += read as u64;
        self.decoded = written;
        let all = result == DecoderResult::InputEmpty;
        if let DecoderResult::Malformed(length, after) = result {
            self.fail(u64::from(length) + u64::from(after));
        } else if all && good.is_some() {
            self.fail(0);
        } else if all && self.ended {
            self.end = Some(Ok(()));
        }
        Ok(())
    }

    fn fail(&mut self, back: u64) {
        self.end = Some(Err(Undecodable {
            offset: self.offset.saturating_sub(back),
            encoding: self.encoding.name(),
        }));
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded {
            match self.end {
                None => {
                    (self.given, self.decoded) = (0, 0);
                    self.decode()?;
                }
                Some(Ok(())) => return Ok(0),
                Some(Err(undecodable)) => return Err(io::Error::other(undecodable)),
            }
        }
        let ready = &self.output[self.given..self.decoded];
        let count = ready.len().min(out.len());
        out[..count].copy_from_slice(&ready[..count]);
        self.given += count;
        Ok(count)
    }
}

impl<R> fmt::Debug for Decoding<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decoding({})", self.encoding.name())
    }
}

/// Bytes that stand for no character, or for one of the controls from U+0080 on. The standard gives the holes of
/// `windows-1252` and the like to those controls; nobody writes them, so that one of them means another encoding.
fn bad(encoding: &'static Encoding) -> [bool; 256] {
    let mut bad = [false; 256];
    for byte in 0x80..=0xFF_u8 {
        let one = [byte];
        bad[usize::from(byte)] = encoding
            .decode_without_bom_handling_and_without_replacement(&one)
            .is_none_or(|text| text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c)));
    }
    bad
}

#[cfg(test)]
mod tests {
    use encoding_rs::{ISO_2022_JP, SHIFT_JIS, WINDOWS_1252, WINDOWS_1255};

    use super::*;

    fn all(bytes: &[u8], encoding: &'static Encoding) -> (String, Option<u64>) {
        let mut decoding = Decoding::new(bytes, encoding);
        let mut out = Vec::new();
        let mut piece = [0; 5];
        loop {
            match decoding.read(&mut piece) {
                Ok(0) => return (String::from_utf8(out).expect("UTF-8"), None),
                Ok(count) => out.extend_from_slice(&piece[..count]),
                Err(error) => {
                    let undecodable = error.downcast::<Undecodable>().expect("a bad byte");
                    let text = String::from_utf8(out).expect("UTF-8");
                    return (text, Some(undecodable.offset));
                }
            }
        }
    }

    #[test]
    fn a_byte_that_does_not_decode_is_named_after_all_text_before_it() {
        let cases: &[(&[u8], &'static Encoding, &str, Option<u64>)] = &[
            (b"M\xFCnchen \x80", WINDOWS_1252, "München €", None),
            (b"ab\x81c", WINDOWS_1252, "ab", Some(2)),
            (b"\xF9\xEC\xE5\xED", WINDOWS_1255, "שלום", None),
            (b"\xF9\xEC\xD9\xED", WINDOWS_1255, "של", Some(2)),
            (b"\x93\x8C\x8B\x9E!", SHIFT_JIS, "東京!", None),
            (b"ab\x93", SHIFT_JIS, "ab", Some(2)),
            (b"\x93\x8C\x8B\x20z", SHIFT_JIS, "東", Some(2)),
            (b"a\0b\0\xD0\x05", UTF_16LE, "abא", None),
            (b"a\0b\0\xD0", UTF_16LE, "ab", Some(4)),
            (b"a\0\x00\xD8b\0", UTF_16LE, "a", Some(2)),
            (b"\0a\0b\xDC\x00", UTF_16BE, "ab", Some(4)),
            (b"\x1b$B\x25\x25\x1b(Bx", ISO_2022_JP, "ゥx", None),
        ];
        for (bytes, encoding, text, bad) in cases {
            assert_eq!(
                all(bytes, encoding),
                ((*text).to_owned(), *bad),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn long_text_comes_whole_and_the_offset_is_right_far_into_it() {
        let line = "שלום, Zoë?".replace('ë', "e");
        let text = line.repeat(30_000);
        let (bytes, _, _) = WINDOWS_1255.encode(&text);
        assert_eq!(all(&bytes, WINDOWS_1255), (text.clone(), None));
        let mut broken = bytes.to_vec();
        broken[250_001] = 0xDA;
        assert_eq!(all(&broken, WINDOWS_1255).1, Some(250_001));
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(all(&wide, UTF_16BE), (text, None));
    }
}

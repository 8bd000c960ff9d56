//! Compressed bytes to bytes, as a stream: whatever they unpack to, no more than a window of it is held.
//!
//! A packed file that is cut off or damaged is refused; what was unpacked before is never taken for the whole.

use std::fmt;
use std::io::{self, BufReader, Read};

use super::Unreadable;

/// The most memory that unpacking may take, as a power of two: 32 MiB. `zstd` needs more only when told so
/// (`--ultra -20` and above, `--long`).
const WINDOW_LOG: u32 = 25;

/// Bytes from anywhere.
pub(super) struct Bytes<'a>(Box<dyn Read + Send + 'a>);

impl<'a> Bytes<'a> {
    pub(super) fn new(bytes: impl Read + Send + 'a) -> Self {
        Self(Box::new(bytes))
    }
}

impl Read for Bytes<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out)
    }
}

impl fmt::Debug for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bytes")
    }
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Not,
    Gzip,
    Zstd,
}

impl Packing {
    /// Known by the first bytes.
    pub(super) fn of(first: &[u8]) -> Self {
        match first {
            [0x1F, 0x8B, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Self::Zstd,
            _ => Self::Not,
        }
    }

    /// What people call it; nothing for a plain file.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Not => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
        }
    }

    /// The bytes that are packed in these.
    pub(super) fn unpack<'a>(self, bytes: impl Read + Send + 'a) -> Result<Bytes<'a>, Unreadable> {
        let how = match self {
            Self::Not => return Ok(Bytes::new(bytes)),
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        };
        if self == Self::Gzip {
            let bytes = flate2::bufread::MultiGzDecoder::new(BufReader::new(bytes));
            return Ok(Bytes::new(Unpacking { bytes, how }));
        }
        let decoder = zstd::Decoder::with_buffer(BufReader::new(bytes)).and_then(|mut decoder| {
            decoder.window_log_max(WINDOW_LOG)?;
            Ok(decoder)
        });
        match decoder {
            Ok(bytes) => Ok(Bytes::new(Unpacking { bytes, how })),
            Err(source) => Err(Unreadable::Read { offset: 0, source }),
        }
    }
}

/// Tells a damaged file from a machine that fails.
struct Unpacking<R> {
    bytes: R,
    how: &'static str,
}

impl<R: Read> Read for Unpacking<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(out).map_err(|error| {
            let how = self.how;
            match error.kind() {
                // What a layer below says is passed on as it is, and so is what the system says.
                _ if error.raw_os_error().is_some() || carries_unreadable(&error) => error,
                io::ErrorKind::Interrupted => error,
                io::ErrorKind::UnexpectedEof => Unreadable::CutOff { how }.into(),
                _ => Unreadable::Unpackable {
                    how,
                    why: error.to_string(),
                }
                .into(),
            }
        })
    }
}

fn carries_unreadable(error: &io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(|inner| inner.is::<Unreadable>())
}

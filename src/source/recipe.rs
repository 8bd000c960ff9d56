//! How the text of an input is had again, the same in every pass: its bytes, unpacked, decoded, read by its dialect.

use std::io::{self, Read};
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};

use super::Unreadable;
use super::decode::Decoding;
use super::dialect::Dialect;
use super::store::{Again, Store};
use super::text::{CAPACITY, Fault, Text};
use super::unpack::{Bytes, Packing};

/// Everything that was settled about an input when it was read for the first time.
#[derive(Debug)]
pub(super) struct Recipe {
    pub(super) store: Arc<Store>,
    pub(super) packing: Packing,
    pub(super) encoding: &'static Encoding,
    pub(super) dialect: Dialect,
    /// For a sheet, the row before its first row of data; its text has no header.
    pub(super) sheet: Option<u64>,
}

impl Recipe {
    /// The text from its first byte on.
    pub(super) fn bytes(&self) -> Result<Bytes<'static>, Unreadable> {
        let again = Again::new(Arc::clone(&self.store));
        let bytes = self.packing.unpack(again)?;
        Ok(decoded(bytes, self.encoding))
    }
}

/// Bytes in an encoding as UTF-8; bytes that are said to be UTF-8 pass as they are and are checked later.
pub(super) fn decoded<'a>(bytes: Bytes<'a>, encoding: &'static Encoding) -> Bytes<'a> {
    match encoding == UTF_8 {
        true => bytes,
        false => Bytes::new(Decoding::new(bytes, encoding)),
    }
}

/// The first bytes, up to `most`, taken out of a reader.
pub(super) fn first(bytes: &mut impl Read, most: u64) -> Result<Vec<u8>, Unreadable> {
    let mut first = Vec::new();
    let read = bytes.by_ref().take(most).read_to_end(&mut first);
    match read {
        Ok(_) => Ok(first),
        Err(error) => Err(Unreadable::carried_by(error, first.len() as u64)),
    }
}

/// Up to `length` bytes from an offset on, before decoding; for a message, so without complaint where it fails.
pub(super) fn window(store: &Arc<Store>, packing: Packing, offset: u64, length: u64) -> Vec<u8> {
    let mut window = Vec::new();
    if let Ok(mut bytes) = packing.unpack(Again::new(Arc::clone(store)))
        && io::copy(&mut bytes.by_ref().take(offset), &mut io::sink()).is_ok()
    {
        let _ = bytes.take(length).read_to_end(&mut window);
    }
    window
}

/// Whether packed bytes are UTF-8 with more than ASCII in it, which other text is only by a freak of chance.
pub(super) fn is_utf_8(store: &Arc<Store>, packing: Packing) -> Result<bool, Unreadable> {
    let mut text = Text::new(packing.unpack(Again::new(Arc::clone(store)))?, CAPACITY);
    let mut more_than_ascii = false;
    loop {
        match text.advance() {
            Ok(true) => {
                more_than_ascii |= !text.stretch().is_ascii();
                text.take(text.stretch().len());
            }
            Ok(false) => return Ok(more_than_ascii),
            Err(Fault::NotUtf8(_)) => return Ok(false),
            Err(Fault::Read(offset, error)) => return Err(Unreadable::carried_by(error, offset)),
        }
    }
}

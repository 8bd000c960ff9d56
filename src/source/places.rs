//! Where some bytes stand in a text: all of them are sought at once, and sixty-four bytes are looked at together.
//!
//! A search for the next one would begin anew behind each, and in a record of a spreadsheet every tenth byte is one.

use wide::u8x16;

/// The bytes that are sought.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sought<const N: usize>([u8x16; N]);

impl<const N: usize> Sought<N> {
    /// These; one that stands among them twice is found once.
    pub(super) fn new(bytes: [u8; N]) -> Self {
        Self(bytes.map(u8x16::splat))
    }

    /// Their places in a text, the first one first.
    pub(super) fn places(self, text: &[u8]) -> Places<'_, N> {
        Places {
            sought: self,
            rest: text,
            block: 0,
            next: 0,
            found: 0,
        }
    }

    /// A bit for each of sixty-four bytes: whether it is one of them.
    #[inline]
    fn found_in(self, block: &[u8; BLOCK]) -> u64 {
        let (parts, _) = block.as_chunks();
        parts.iter().rev().fold(0, |found, part| {
            let part = u8x16::new(*part);
            let is_one = self.0.map(|byte| part.simd_eq(byte));
            let is_any = is_one.into_iter().fold(u8x16::ZERO, |any, one| any | one);
            (found << 16) | u64::from(is_any.to_bitmask())
        })
    }
}

const BLOCK: usize = 64;

/// The places in one text.
#[derive(Debug)]
pub(super) struct Places<'a, const N: usize> {
    sought: Sought<N>,
    /// What was not looked at yet.
    rest: &'a [u8],
    /// Where the block begins that was looked at last, and where the next one does.
    block: usize,
    next: usize,
    /// Those in that block that were not given out yet.
    found: u64,
}

impl<const N: usize> Iterator for Places<'_, N> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            if self.rest.is_empty() {
                return None;
            }
            self.block = self.next;
            self.next += BLOCK;
            match self.rest.split_first_chunk() {
                Some((block, rest)) => {
                    self.found = self.sought.found_in(block);
                    self.rest = rest;
                }
                None => {
                    let mut block = [0; BLOCK];
                    block[..self.rest.len()].copy_from_slice(self.rest);
                    // What fills the block up is not of the text.
                    self.found = self.sought.found_in(&block) & !(u64::MAX << self.rest.len());
                    self.rest = &[];
                }
            }
        }
        let first = self.found.trailing_zeros();
        self.found &= self.found - 1;
        Some(self.block + first as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_in_texts_of_every_length() {
        let mut random = fastrand::Rng::with_seed(17);
        let letters = [b',', b'"', b'\n', b'\r', 0, b'a', 0xff];
        for length in 0..300 {
            for _ in 0..20 {
                let text: Vec<u8> = (0..length)
                    .map(|_| match random.u8(..3) {
                        0 => letters[random.usize(..letters.len())],
                        _ => random.u8(..),
                    })
                    .collect();
                let bytes = [0; 3].map(|_| letters[random.usize(..letters.len())]);
                let walked = (0..length).filter(|at| bytes.contains(&text[*at]));
                let found = Sought::new(bytes).places(&text);
                assert!(found.eq(walked), "{bytes:?} in {text:?}");
            }
        }
    }
}

//! A quick look at a text, sixteen bytes at a time: nearly every cell is plain, and then no closer look is needed.
//!
//! What is not found plain here is not wrong: it only has to be walked through letter by letter, by whoever asks.

use wide::u8x16;

/// Whether a text has nothing but what is printed in ASCII, from the blank to the tilde.
#[inline]
#[must_use]
pub fn is_plain(text: &str) -> bool {
    none_is(text.as_bytes(), |bytes| {
        below(bytes, b' ') | bytes.saturating_sub(u8x16::splat(b'~'))
    })
}

/// Whether a look at its bytes shows that nothing is odd about a text: it begins soundly, and everything in it is printed in
/// ASCII. Nearly every cell is like this.
#[inline]
#[must_use]
pub fn is_sound(text: &str) -> bool {
    begins_soundly(text) && is_plain(text)
}

/// Whether a text does not begin with a blank or as a spreadsheet's errors and marks do.
#[inline]
#[must_use]
pub fn begins_soundly(text: impl AsRef<[u8]>) -> bool {
    !matches!(
        text.as_ref(),
        [b' ' | b'#' | b'\'' | b'=', ..] | [b'E', b'r', b'r', ..]
    )
}

/// Whether no byte of a text is below `least` or one of `marks`.
#[inline]
#[must_use]
pub fn is_without<const N: usize>(text: &str, least: u8, marks: [u8; N]) -> bool {
    none_is(text.as_bytes(), |bytes| {
        let met = marks.map(|mark| bytes.simd_eq(u8x16::splat(mark)));
        met.into_iter()
            .fold(below(bytes, least), |all, one| all | one)
    })
}

/// More than 0 for each byte that is below `least`.
#[inline]
fn below(bytes: u8x16, least: u8) -> u8x16 {
    u8x16::splat(least).saturating_sub(bytes)
}

/// Whether a look finds 0 for every byte. Some bytes are looked at twice, which does no harm.
#[inline]
fn none_is(bytes: &[u8], look: impl Fn(u8x16) -> u8x16) -> bool {
    let last = match bytes.last_chunk() {
        Some(last) => u8x16::new(*last),
        None if bytes.is_empty() => return true,
        None => u8x16::new(repeated(bytes).to_le_bytes()),
    };
    let (parts, _) = bytes.as_chunks();
    let met = parts.iter().map(|part| look(u8x16::new(*part)));
    met.fold(look(last), |all, one| all | one) == u8x16::ZERO
}

/// Sixteen bytes that are those of a shorter text, in any order and as often as it takes.
#[inline]
fn repeated(bytes: &[u8]) -> u128 {
    if let Some((first, last)) = ends(bytes) {
        let (first, last) = (u64::from_le_bytes(first), u64::from_le_bytes(last));
        return (u128::from(first) << 64) | u128::from(last);
    }
    let half = match ends(bytes) {
        Some((first, last)) => {
            let (first, last) = (u32::from_le_bytes(first), u32::from_le_bytes(last));
            (u64::from(first) << 32) | u64::from(last)
        }
        None => {
            let each =
                0x0101_0101_0101_0101 * u64::from(bytes.first().copied().unwrap_or_default());
            let put = |half: u64, byte: &u8| (half << 8) | u64::from(*byte);
            bytes.iter().fold(each, put)
        }
    };
    (u128::from(half) << 64) | u128::from(half)
}

/// Its first and last bytes, where it has so many; they may be the same ones.
#[inline]
fn ends<const N: usize>(bytes: &[u8]) -> Option<([u8; N], [u8; N])> {
    Some((*bytes.first_chunk()?, *bytes.last_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of every length up to some words, plain but for a few letters in any place.
    fn texts() -> impl Iterator<Item = String> {
        let mut random = fastrand::Rng::with_seed(11);
        let odd = [
            '\0', '\t', '\n', '\u{1f}', ' ', '!', '"', '#', '\\', '~', '\u{7f}', '\u{80}',
            '\u{a0}', 'é', 'ב', '漢', '🙂',
        ];
        (0..20_000).map(move |at| {
            let mut letter = |_| match random.u8(..12) {
                0 => odd[random.usize(..odd.len())],
                _ => char::from(random.u8(b' '..=b'~')),
            };
            (0..at % 41).map(&mut letter).collect()
        })
    }

    #[test]
    fn a_quick_look_sees_what_a_walk_from_letter_to_letter_sees() {
        let mut plain = 0;
        for text in texts() {
            let printed = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            assert_eq!(is_plain(&text), printed, "{text:?}");
            let none = |least: u8, marks: &[u8]| {
                text.bytes()
                    .all(|byte| byte >= least && !marks.contains(&byte))
            };
            assert_eq!(
                is_without(&text, b' ', [b'"', b'\\']),
                none(b' ', b"\"\\"),
                "{text:?}"
            );
            assert_eq!(is_without(&text, 0, [b'~']), none(0, b"~"), "{text:?}");
            plain += usize::from(printed);
        }
        assert!((2000..18_000).contains(&plain), "{plain}");
    }

    #[test]
    fn every_byte_in_every_place_is_seen() {
        for at in 0..20 {
            for byte in 0..0x80_u8 {
                let mut bytes = [b'a'; 20];
                bytes[at] = byte;
                let text = std::str::from_utf8(&bytes).expect("ASCII");
                assert_eq!(is_plain(text), (b' '..=b'~').contains(&byte), "{text:?}");
                let fine = byte >= b' ' && byte != b'"';
                assert_eq!(is_without(text, b' ', [b'"']), fine, "{text:?}");
            }
        }
    }
}

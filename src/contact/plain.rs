//! A quick look at a text, eight bytes at a time: nearly every cell is plain, and then no closer look is needed.
//!
//! What is not found plain here is not wrong: it only has to be walked through letter by letter, by whoever asks.

/// The same in each of eight bytes.
const EACH: u64 = 0x0101_0101_0101_0101;
/// The highest bit of each byte.
const HIGH: u64 = 0x80 * EACH;

/// Whether a text has nothing but what is printed in ASCII, from the blank to the tilde.
#[inline]
#[must_use]
pub fn is_plain(text: &str) -> bool {
    all_words(text.as_bytes(), |word| {
        // A byte beyond ASCII has the highest bit; the last one of ASCII, a control, gets it.
        let beyond = word | word.wrapping_add(EACH);
        (beyond | below(word, b' ')) & HIGH == 0
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

/// Whether no byte of a text is below `least` or one of `marks`; neither is to say anything about digits.
#[inline]
#[must_use]
pub fn is_without<const N: usize>(text: &str, least: u8, marks: [u8; N]) -> bool {
    all_words(text.as_bytes(), |word| {
        let met = marks.map(|mark| below(word ^ (EACH * u64::from(mark)), 1));
        met.into_iter()
            .fold(below(word, least), |all, one| all | one)
            & HIGH
            == 0
    })
}

/// A word in which a highest bit is set if, and only if, a byte of this word is below `least`.
#[inline]
fn below(word: u64, least: u8) -> u64 {
    word.wrapping_sub(EACH * u64::from(least)) & !word & HIGH
}

/// Whether a look finds every eight bytes fine; what is shorter is filled up with zeros as people write them.
#[inline]
fn all_words(bytes: &[u8], is_fine: impl Fn(u64) -> bool) -> bool {
    match bytes.last_chunk() {
        // The last eight may have been seen in part before, which does no harm.
        Some(last) => {
            let (words, _) = bytes.as_chunks();
            is_fine(u64::from_le_bytes(*last))
                && words.iter().all(|word| is_fine(u64::from_le_bytes(*word)))
        }
        None => {
            let fold = |word: u64, byte: &u8| (word << 8) | u64::from(*byte);
            is_fine(bytes.iter().fold(EACH * u64::from(b'0'), fold))
        }
    }
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

//! Letters written in other ways than as themselves, as JSON, URLs and web pages do where they need not.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// So often one way may be written in another one: `%252F` is `%2F`, and that is `/`.
const LAYERS: usize = 4;

/// A word with all its letters written as themselves; nothing where they are already.
pub(super) fn plainly(word: &str) -> Option<String> {
    let mut plain = Cow::Borrowed(word);
    for _ in 0..LAYERS {
        let next = without_marks(&plain);
        if next == plain {
            break;
        }
        plain = Cow::Owned(next);
    }
    match plain {
        Cow::Owned(plain) => Some(plain),
        Cow::Borrowed(_) => None,
    }
}

/// One layer less: `\/` and `\u002f` of JSON, `%2f` of URLs, `&#x2f;`, `&#47;` and `&amp;` of web pages.
fn without_marks(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(at) = rest.find(['\\', '&']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (letter, length) = match rest.starts_with('\\') {
            true => escape(rest),
            false => entity(rest),
        }
        .unwrap_or_else(|| (rest.chars().next().unwrap_or_default(), 1));
        plain.push(letter);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    percent_decode_str(&plain).decode_utf8_lossy().into_owned()
}

/// What an escape at the beginning of a text stands for, and how long it is.
fn escape(text: &str) -> Option<(char, usize)> {
    let second = text[1..].chars().next()?;
    if second != 'u' {
        return Some((second, 1 + second.len_utf8()));
    }
    let code = u32::from_str_radix(text.get(2..6)?, 16).ok()?;
    Some((char::from_u32(code)?, 6))
}

/// The same for an entity.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.find(';')?;
    let name = &text[1..end];
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((letter, end + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_way_and_one_within_another_is_read() {
        for (word, plain) in [
            ("a\\/b", "a/b"),
            ("a\\u002Fb", "a/b"),
            ("a%2fb", "a/b"),
            ("a%252Fb", "a/b"),
            ("a&#x2F;b", "a/b"),
            ("a&#47;b", "a/b"),
            ("a&amp;#47;b", "a/b"),
            ("a%26amp%3Bb", "a&b"),
            ("\\\\u002b", "+"),
        ] {
            assert_eq!(plainly(word).as_deref(), Some(plain), "{word}");
        }
        for word in ["a/b", "100%", "a&b", "x&;", "&#;", "&#xzz;", "%"] {
            assert_eq!(plainly(word), None, "{word}");
        }
        for word in ["\\", "\\u00", "\\ud800", "\\u00ä"] {
            assert_eq!(plainly(word), None, "{word}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_stumble(word in "[\\\\u&#x;%0-9a-fA-Fäß\u{1F600} ]{0,40}") {
            let _ = plainly(&word);
        }
    }
}

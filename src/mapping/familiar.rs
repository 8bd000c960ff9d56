//! Phone numbers that are known at sight: the usual shapes in the countries that most lists are about.
//!
//! The library's metadata takes longer to load than a row takes to send, and a look into it costs more than all other
//! cells of a row. Most numbers do not need it. What stands here is only ever a part of what the library takes for a
//! number's shape (a test holds the two against each other), so that a number gets the same answer with or without it;
//! what is not known at sight is looked up as before.

/// So many digits, the first of which is one of these.
type Shape = (usize, &'static [u8]);

/// Whether international digits, the country's code first, are a number of a usual shape.
pub(super) fn is_familiar(digits: &[u8]) -> bool {
    let Some((national, shapes)) = shapes(digits) else {
        return false;
    };
    let Some(first) = national.first() else {
        return false;
    };
    let fits = |(length, firsts): &Shape| national.len() == *length && firsts.contains(first);
    digits.iter().all(u8::is_ascii_digit) && shapes.iter().any(fits)
}

/// The digits behind the country's code, and the usual shapes there.
fn shapes(digits: &[u8]) -> Option<(&[u8], &'static [Shape])> {
    Some(match digits {
        // North America and its neighbours.
        [b'1', rest @ ..] => (rest, &[(10, b"23456789")]),
        // Russia and Kazakhstan.
        [b'7', rest @ ..] => (rest, &[(10, b"34789")]),
        // Egypt and South Africa.
        [b'2', b'0', rest @ ..] => (rest, &[(9, b"245689"), (10, b"1")]),
        [b'2', b'7', rest @ ..] => (rest, &[(9, b"123456789")]),
        // Greece, the Netherlands, Belgium, France, Spain, Hungary, Italy.
        [b'3', b'0', rest @ ..] => (rest, &[(10, b"26")]),
        [b'3', b'1', rest @ ..] => (rest, &[(9, b"12456789")]),
        [b'3', b'2', rest @ ..] => (rest, &[(8, b"123456789"), (9, b"4")]),
        [b'3', b'3', rest @ ..] => (rest, &[(9, b"123456789")]),
        [b'3', b'4', rest @ ..] => (rest, &[(9, b"6789")]),
        [b'3', b'6', rest @ ..] => (rest, &[(8, b"123456789"), (9, b"23567")]),
        [b'3', b'9', rest @ ..] => (rest, &[(9, b"03"), (10, b"03")]),
        // Portugal, Ireland, Finland, Ukraine.
        [b'3', b'5', b'1', rest @ ..] => (rest, &[(9, b"269")]),
        [b'3', b'5', b'3', rest @ ..] => (rest, &[(8, b"12569"), (9, b"1256789")]),
        [b'3', b'5', b'8', rest @ ..] => (rest, &[(9, b"123456789"), (10, b"45")]),
        [b'3', b'8', b'0', rest @ ..] => (rest, &[(9, b"3456789")]),
        // Romania, Switzerland, Czechia, Slovakia, Austria.
        [b'4', b'0', rest @ ..] => (rest, &[(9, b"237")]),
        [b'4', b'1', rest @ ..] => (rest, &[(9, b"23456789")]),
        [b'4', b'2', b'0', rest @ ..] => (rest, &[(9, b"234579")]),
        [b'4', b'2', b'1', rest @ ..] => (rest, &[(9, b"234569")]),
        [b'4', b'3', rest @ ..] => (rest, &[(10, b"12356"), (11, b"6"), (12, b"6")]),
        // Great Britain, Denmark, Sweden, Norway, Poland, Germany.
        [b'4', b'4', rest @ ..] => (rest, &[(10, b"1237")]),
        [b'4', b'5', rest @ ..] => (rest, &[(8, b"23456789")]),
        [b'4', b'6', rest @ ..] => (rest, &[(8, b"1234568"), (9, b"123456789")]),
        [b'4', b'7', rest @ ..] => (rest, &[(8, b"23456789")]),
        [b'4', b'8', rest @ ..] => (rest, &[(9, b"123456789")]),
        [b'4', b'9', rest @ ..] => (
            rest,
            &[(9, b"2356789"), (10, b"12356789"), (11, b"12356789")],
        ),
        // Mexico, Argentina, Brazil, Chile, Colombia.
        [b'5', b'2', rest @ ..] => (rest, &[(10, b"23456789")]),
        [b'5', b'4', rest @ ..] => (rest, &[(10, b"23"), (11, b"9")]),
        [b'5', b'5', rest @ ..] => (rest, &[(10, b"123456789"), (11, b"12346789")]),
        [b'5', b'6', rest @ ..] => (rest, &[(9, b"2345679")]),
        [b'5', b'7', rest @ ..] => (rest, &[(10, b"3")]),
        // Australia, Indonesia, the Philippines, New Zealand, Singapore, Thailand.
        [b'6', b'1', rest @ ..] => (rest, &[(9, b"23478")]),
        [b'6', b'2', rest @ ..] => (rest, &[(10, b"8"), (11, b"8")]),
        [b'6', b'3', rest @ ..] => (rest, &[(10, b"9")]),
        [b'6', b'4', rest @ ..] => (rest, &[(8, b"34789"), (9, b"2"), (10, b"2")]),
        [b'6', b'5', rest @ ..] => (rest, &[(8, b"3689")]),
        [b'6', b'6', rest @ ..] => (rest, &[(8, b"23457"), (9, b"689")]),
        // Japan, Korea, Vietnam, China, Hong Kong.
        [b'8', b'1', rest @ ..] => (rest, &[(9, b"123456789"), (10, b"5789")]),
        [b'8', b'2', rest @ ..] => (rest, &[(9, b"23456"), (10, b"1")]),
        [b'8', b'4', rest @ ..] => (rest, &[(9, b"35789")]),
        [b'8', b'6', rest @ ..] => (rest, &[(11, b"1")]),
        [b'8', b'5', b'2', rest @ ..] => (rest, &[(8, b"235679")]),
        // Turkey, India, Saudi Arabia, the Emirates, Israel.
        [b'9', b'0', rest @ ..] => (rest, &[(10, b"2345")]),
        [b'9', b'1', rest @ ..] => (rest, &[(10, b"123456789")]),
        [b'9', b'6', b'6', rest @ ..] => (rest, &[(9, b"15")]),
        [b'9', b'7', b'1', rest @ ..] => (rest, &[(8, b"234679"), (9, b"5")]),
        [b'9', b'7', b'2', rest @ ..] => (rest, &[(8, b"23489"), (9, b"57")]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::numbering::Country;

    #[test]
    fn what_is_known_at_sight_has_the_shape_that_the_library_knows() {
        let mut random = fastrand::Rng::with_seed(6);
        let mut shapes_met = 0;
        for code in 1..=999 {
            let code = code.to_string();
            let Some((rest, own)) = shapes(code.as_bytes()) else {
                continue;
            };
            if !rest.is_empty() {
                continue;
            }
            for (length, firsts) in own {
                shapes_met += 1;
                // Plans differ by the digits in front; all beginnings are tried, each with an ending by chance.
                for front in 0..100 * firsts.len() {
                    let first = char::from(firsts[front / 100]);
                    let ending: String = (3..*length).map(|_| random.digit(10)).collect();
                    let national = format!("{first}{:02}{ending}", front % 100);
                    let digits = format!("{code}{national}");
                    assert!(is_familiar(digits.as_bytes()), "{digits}");
                    let (country, rest) = Country::split(&digits).expect("a country's code");
                    assert_eq!((country.code.to_string(), rest), (code.clone(), &*national));
                    assert!(country.has_shape(rest), "+{code} {national}");
                }
            }
        }
        assert!(shapes_met > 60, "{shapes_met}");
    }

    #[test]
    fn what_only_looks_like_it_is_not_known() {
        for digits in [
            "",
            "1",
            "972",
            "97250123456",
            "9725012345678",
            "1202555014",
            "1102555014x",
            "999123456789",
        ] {
            assert!(!is_familiar(digits.as_bytes()), "{digits}");
        }
    }
}

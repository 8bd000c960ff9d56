//! The world's numbering plans: which digits are a phone number, from the `phonenumber` library's metadata.
//!
//! The library's own check looks for a valid number at the *start* of the digits (`+972 3 314 2764 978` passes),
//! so the patterns are matched here, over the whole number. They are written in a small part of the regular
//! expressions: digits, `\d`, classes, groups, `|`, `?`, `{m,n}`. This file must never change a digit.

use phonenumber::metadata::{DATABASE, Descriptor, Descriptors};

/// Splits international digits into a country's code and the rest; no code is the beginning of another.
pub(super) fn split_code(digits: &str) -> Option<(u16, &str)> {
    (1..=3).find_map(|len| {
        let code = digits.get(..len)?.parse().ok()?;
        DATABASE.by_code(&code)?;
        Some((code, &digits[len..]))
    })
}

/// Whether digits without code and trunk prefix have the shape of that country's numbers.
///
/// Ranges are handed out every week, so a number of the right shape may exist although no list knows it yet.
pub(super) fn has_shape(code: u16, national: &str) -> bool {
    is_among_plans(code, national, |plan| has(plan.general(), national))
}

/// Whether digits without code and trunk prefix lie in a range that is known to be in use.
pub(super) fn is_assigned(code: u16, national: &str) -> bool {
    is_among_plans(code, national, |plan| is_in_plan(plan, national))
}

/// Whether digits without code have a length that people's numbers in that country can have.
///
/// Plans change and lists lag behind: a number written out with its `+` is believed when no length speaks against it.
pub(super) fn has_length(code: u16, national: &str) -> bool {
    is_among_plans(code, national, |plan| {
        let mut lengths = [plan.mobile(), plan.fixed_line()]
            .into_iter()
            .flatten()
            .flat_map(Descriptor::possible_length);
        lengths.any(|length| usize::from(*length) == national.len())
    })
}

fn is_among_plans(code: u16, national: &str, fits: impl Fn(&Descriptors) -> bool) -> bool {
    // E.164 allows 15 digits with the code, which has one at least.
    national.len() <= 14
        && DATABASE
            .by_code(&code)
            .is_some_and(|plans| plans.iter().any(|plan| fits(plan.descriptors())))
}

fn is_in_plan(plan: &Descriptors, national: &str) -> bool {
    let kinds = [
        plan.mobile(),
        plan.fixed_line(),
        plan.toll_free(),
        plan.voip(),
        plan.premium_rate(),
        plan.shared_cost(),
        plan.personal_number(),
        plan.pager(),
        plan.uan(),
        plan.voicemail(),
    ];
    has(plan.general(), national) && kinds.into_iter().flatten().any(|kind| has(kind, national))
}

fn has(kind: &Descriptor, national: &str) -> bool {
    let lengths = kind.possible_length();
    let fits_length = lengths.is_empty()
        || lengths
            .iter()
            .any(|length| usize::from(*length) == national.len());
    fits_length
        && ends(kind.national_number().as_str(), national).map_or_else(
            || kind.is_match(national),
            |ends| ends >> national.len() & 1 == 1,
        )
}

/// Every place at which a match of `pattern` from the start of `digits` can end, as bits; nothing where the
/// pattern or the digits are of an unknown kind.
pub(super) fn ends(pattern: &str, digits: &str) -> Option<u32> {
    if digits.len() > 30 {
        return None;
    }
    let mut places = [0; 10];
    for (at, byte) in digits.bytes().enumerate() {
        *places.get_mut(usize::from(byte.wrapping_sub(b'0')))? |= 1 << at;
    }
    let mut walk = Walk {
        pattern: pattern.as_bytes(),
        at: 0,
        places,
    };
    let ends = walk.any_of(1)?;
    (walk.at == walk.pattern.len()).then_some(ends)
}

/// A walk over a pattern that keeps all places the match may have reached at once, so nothing is tried twice.
struct Walk<'p> {
    pattern: &'p [u8],
    at: usize,
    /// Where in the digits each digit stands.
    places: [u32; 10],
}

impl Walk<'_> {
    fn next(&mut self) -> Option<u8> {
        // The patterns are laid out over several lines.
        while self.pattern.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.pattern.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    /// `one|other`
    fn any_of(&mut self, from: u32) -> Option<u32> {
        let mut reached = 0;
        loop {
            let mut here = from;
            while !matches!(self.next(), None | Some(b'|' | b')')) {
                here = self.repeated(here)?;
            }
            reached |= here;
            if self.eat(b'|').is_none() {
                return Some(reached);
            }
        }
    }

    /// One thing and how often it stands.
    fn repeated(&mut self, from: u32) -> Option<u32> {
        let start = self.at;
        let mut here = self.one(from)?;
        let (least, most) = self.times()?;
        let end = self.at;
        let mut reached = if least == 0 { from } else { 0 };
        for turn in 1..=most {
            if turn > 1 {
                self.at = start;
                here = self.one(here)?;
            }
            if turn >= least {
                reached |= here;
            }
            if here == 0 {
                break;
            }
        }
        self.at = end;
        Some(reached)
    }

    fn times(&mut self) -> Option<(u32, u32)> {
        if self.eat(b'?').is_some() {
            return Some((0, 1));
        }
        if self.eat(b'{').is_none() {
            // `*` and `+` are not expected in a numbering plan.
            return (!matches!(self.next(), Some(b'*' | b'+'))).then_some((1, 1));
        }
        let least = self.count()?;
        let most = match self.eat(b',') {
            Some(()) => self.count()?,
            None => least,
        };
        self.eat(b'}')?;
        Some((least, most))
    }

    fn count(&mut self) -> Option<u32> {
        let mut count = None;
        while let Some(digit @ b'0'..=b'9') = self.next() {
            count = Some((count.unwrap_or(0) * 10 + u32::from(digit - b'0')).min(99));
            self.at += 1;
        }
        count
    }

    /// A digit, `\d`, a class or a group.
    fn one(&mut self, from: u32) -> Option<u32> {
        let byte = self.next()?;
        self.at += 1;
        let places = match byte {
            b'0'..=b'9' => self.places[usize::from(byte - b'0')],
            b'\\' => {
                self.eat(b'd')?;
                self.places.iter().fold(0, |all, places| all | places)
            }
            b'[' => self.class()?,
            b'(' => {
                if self.eat(b'?').is_some() {
                    self.eat(b':')?;
                }
                let reached = self.any_of(from)?;
                self.eat(b')')?;
                return Some(reached);
            }
            _ => return None,
        };
        Some((from & places) << 1)
    }

    fn class(&mut self) -> Option<u32> {
        let mut places = 0;
        loop {
            let first = self.next()?;
            self.at += 1;
            if first == b']' {
                return Some(places);
            }
            let last = if self.eat(b'-').is_some() {
                let last = self.next()?;
                self.at += 1;
                last
            } else {
                first
            };
            for byte in first..=last {
                places |= self.places.get(usize::from(byte.checked_sub(b'0')?))?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, digits: &str) -> bool {
        ends(pattern, digits).is_some_and(|ends| ends >> digits.len() & 1 == 1)
    }

    #[test]
    fn a_pattern_is_matched_over_the_whole_number() {
        assert!(fits(r"5\d{3}", "5123"));
        assert!(!fits(r"5\d{3}", "51234"));
        assert!(fits(r"5|5\d{2,3}", "5123"));
        assert!(fits("(?:1[2-4]|9)?  7", "137"));
        assert!(fits("(?:1[2-4]|9)?7", "7"));
        assert!(!fits("(?:1[2-4]|9)?7", "157"));
        assert!(fits("(?:12){2}", "1212"));
        assert!(!fits("(?:12){2}", "12"));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for pattern in [
            "a", "1+", "1*", "[a]", "(?=1)", "(1", "[1", "1)", r"\w", "1{", "[9-",
        ] {
            assert_eq!(ends(pattern, "1"), None, "{pattern}");
        }
        assert_eq!(ends("1", "x"), None);
    }

    #[test]
    fn every_plan_in_the_library_is_understood() {
        for plan in DATABASE.iter() {
            let all = plan.descriptors();
            for kind in [
                Some(all.general()),
                all.mobile(),
                all.fixed_line(),
                all.uan(),
            ] {
                let pattern = kind.map_or("1", |kind| kind.national_number().as_str());
                assert!(ends(pattern, "123").is_some(), "{} {pattern}", plan.id());
            }
            if let Some(prefix) = plan.international_prefix() {
                assert!(ends(prefix.as_str(), "00123").is_some(), "{}", plan.id());
            }
        }
    }
}

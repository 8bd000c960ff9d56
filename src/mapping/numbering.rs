//! The world's numbering plans: which digits are a phone number, from the `phonenumber` library's metadata.
//!
//! The library's own check looks for a valid number at the *start* of the digits (`+972 3 314 2764 978` passes),
//! so the patterns are matched here, over the whole number. They are written in a small part of the regular
//! expressions: digits, `\d`, classes, groups, `|`, `?`, `{m,n}`, `$`. This file must never change a digit.

use phonenumber::metadata::{DATABASE, Descriptor, Descriptors, Metadata};

/// The plans of the countries that share a code.
pub(super) struct Country {
    pub(super) code: u16,
    plans: Vec<&'static Metadata>,
}

impl Country {
    /// The countries with this code, if there are any.
    pub(super) fn of(code: u16) -> Option<Self> {
        let plans = DATABASE.by_code(&code)?;
        Some(Self { code, plans })
    }

    /// The country of international digits, and the digits behind its code; no code is the beginning of another.
    pub(super) fn split(digits: &str) -> Option<(Self, &str)> {
        (1..=3).find_map(|len| {
            let country = Self::of(digits.get(..len)?.parse().ok()?)?;
            Some((country, &digits[len..]))
        })
    }

    /// What people dial in front of a number inside the country, plan by plan.
    pub(super) fn trunk_prefixes(&self) -> impl Iterator<Item = &'static str> {
        self.plans.iter().filter_map(|plan| plan.national_prefix())
    }

    /// Whether digits without code and trunk prefix have the shape of that country's numbers.
    ///
    /// Ranges are handed out every week, so a number of the right shape may exist although no list knows it yet.
    pub(super) fn has_shape(&self, national: &str) -> bool {
        self.is_among_plans(national, |plan| has(plan.general(), national))
    }

    /// Whether digits without code and trunk prefix lie in a range that is known to be in use.
    pub(super) fn is_assigned(&self, national: &str) -> bool {
        self.is_among_plans(national, |plan| is_in_plan(plan, national))
    }

    /// Whether digits without code and trunk prefix are a mobile's.
    pub(super) fn is_mobile(&self, national: &str) -> bool {
        self.is_among_plans(national, |plan| {
            plan.mobile().is_some_and(|kind| has(kind, national))
        })
    }

    /// Whether digits without code and trunk prefix are a mobile's or a landline's, as people have them.
    pub(super) fn is_a_persons(&self, national: &str) -> bool {
        self.is_among_plans(national, |plan| {
            let mut kinds = [plan.mobile(), plan.fixed_line()].into_iter().flatten();
            has(plan.general(), national) && kinds.any(|kind| has(kind, national))
        })
    }

    /// Whether digits without code have a length that people's numbers in that country can have.
    ///
    /// Plans change and lists lag behind: a number written out with its `+` is believed when no length speaks against it.
    pub(super) fn has_length(&self, national: &str) -> bool {
        self.is_among_plans(national, |plan| {
            let mut lengths = [plan.mobile(), plan.fixed_line()]
                .into_iter()
                .flatten()
                .flat_map(Descriptor::possible_length);
            lengths.any(|length| usize::from(*length) == national.len())
        })
    }

    /// Whether no plan takes anything away in front of these digits, or puts anything there: then the library, too, can
    /// only read them as they are.
    pub(super) fn never_rewrites(&self, national: &str) -> bool {
        let mut plans = self.plans.iter();
        plans.all(|plan| {
            let prefix = plan.national_prefix();
            let parsed = plan.national_prefix_for_parsing();
            !prefix.is_some_and(|own| national.starts_with(own))
                && parsed.is_none_or(|own| ends(own.as_str(), national) == Some(0))
        })
    }

    fn is_among_plans(&self, national: &str, fits: impl Fn(&Descriptors) -> bool) -> bool {
        // E.164 allows 15 digits with the code, which has one at least.
        national.len() <= 14 && self.plans.iter().any(|plan| fits(plan.descriptors()))
    }
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
        end: 1 << digits.len(),
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
    /// The place behind the last digit.
    end: u32,
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

    /// A digit, `\d`, a class, a group, or the end.
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
            b'$' => return Some(from & self.end),
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
        assert!(fits(r"(?:5\d$|5)1?", "51"));
        assert!(fits(r"5\d$", "51"));
        assert_eq!(ends(r"(5\d)$|0", "512"), Some(0));
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
    fn the_library_leaves_digits_alone_that_no_plan_rewrites() {
        let mut random = fastrand::Rng::with_seed(9);
        let (mut kept, mut other) = (0, 0);
        for plan in DATABASE.iter() {
            let code = plan.country_code();
            let country = Country::of(code).expect("a country's code");
            for length in 5..12 {
                let digits: String = (0..length).map(|_| random.digit(10)).collect();
                if !country.never_rewrites(&digits) {
                    other += 1;
                    continue;
                }
                kept += 1;
                if let Ok(number) = phonenumber::parse(None, format!("+{code}{digits}")) {
                    assert_eq!(number.national().to_string(), digits, "+{code} {digits}");
                }
            }
        }
        assert!(kept > 500 && other > 100, "{kept} {other}");
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

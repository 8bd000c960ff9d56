//! Dates, moments and times of day: read by a declared format, written in one form.
//!
//! `03/04/2021` means two days, so nothing but ISO is read without a declaration. ISO is read beside a declaration
//! too, for a spreadsheet's real dates arrive as ISO, whatever their cells look like there. A year of two digits is read
//! where spreadsheets and C libraries agree (00–29 and 69–99) and refused between. No clock is read here.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::Offset;

use crate::mapping::date_format::{DateFormat, DateTimeFormat, Pattern, TimeFormat};
use crate::mapping::refusal::{Refusal, check_number_damage, shown};

/// How a date or a moment is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOut {
    /// `2024-11-25`, or RFC 3339 for a moment.
    #[default]
    Iso,
    /// Seconds since 1970-01-01 in UTC, in decimal digits; a date is its midnight in UTC.
    EpochSeconds,
}

/// A date.
///
/// # Errors
///
/// `bad-date`.
pub fn date<'a>(
    text: &'a str,
    format: Option<&DateFormat>,
    out: DateOut,
) -> Result<Cow<'a, str>, Refusal> {
    let refuse = |flaw: &str| Err(Refusal::new("bad-date", format!("{} {flaw}", shown(text))));
    let date = match format {
        None if !is_iso_date(text) => {
            return refuse(&serial_flaw(text).unwrap_or_else(|| {
                "is not a date as in `2024-11-25`; declare how the column is written, as in `format = \"%d/%m/%Y\"`"
                    .to_owned()
            }));
        }
        None => match text.parse::<Date>() {
            Ok(date) => date,
            Err(_) => return refuse("is a day that does not exist"),
        },
        Some(DateFormat(pattern)) => {
            let in_places = pattern.places.as_ref().and_then(|own| own.read(text));
            let date = in_places.or_else(|| {
                let parts = BrokenDownTime::parse(&pattern.text, text);
                parts.and_then(|parts| parts.to_date()).ok()
            });
            match date.or_else(|| iso_day(text, pattern)) {
                Some(date) => date,
                None => return refuse(&misfit(text, pattern)),
            }
        }
    };
    // Only a year of two digits can be two years.
    let pattern = format
        .map(|format| &format.0)
        .filter(|pattern| pattern.short_year && !is_iso_date(text));
    if let Some(flaw) = year_flaw(date, pattern) {
        return refuse(&flaw);
    }
    match out {
        DateOut::Iso if format.is_none_or(|format| is_as_sent(text, &format.0)) => {
            Ok(Cow::Borrowed(text))
        }
        DateOut::Iso => Ok(Cow::Owned(date.to_string())),
        DateOut::EpochSeconds => match Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)) {
            Ok(moment) => Ok(Cow::Owned(moment.as_second().to_string())),
            Err(_) => refuse("is too far away"),
        },
    }
}

/// A moment: RFC 3339 as it is, anything else by the declared format.
///
/// # Errors
///
/// `bad-datetime`.
pub fn datetime<'a>(
    text: &'a str,
    format: Option<&DateTimeFormat>,
    out: DateOut,
) -> Result<Cow<'a, str>, Refusal> {
    let refuse = |flaw: &str| {
        Err(Refusal::new(
            "bad-datetime",
            format!("{} {flaw}", shown(text)),
        ))
    };
    if let Some(standard) = rfc3339(text) {
        return match (standard.parse::<Timestamp>(), out) {
            (Err(_), _) => refuse("is a moment that does not exist"),
            (Ok(_), DateOut::Iso) => Ok(standard),
            (Ok(moment), DateOut::EpochSeconds) => Ok(Cow::Owned(epoch_seconds(moment))),
        };
    }
    let Some(DateTimeFormat { pattern, zone }) = format else {
        return refuse(&serial_flaw(text).unwrap_or_else(|| {
            "is not a moment as in `2024-11-25T13:45:00+02:00`; declare how the column is written, as in \
             `format = \"%d/%m/%Y %H:%M\"` with its `zone`"
                .to_owned()
        }));
    };
    let parts = BrokenDownTime::parse(&pattern.text, text);
    let (moment, offset) = if pattern.moment {
        let Ok((moment, parts)) = parts.and_then(|parts| Ok((parts.to_timestamp()?, parts))) else {
            return refuse(&misfit(text, pattern));
        };
        (moment, parts.offset())
    } else {
        let civil = parts.and_then(|parts| parts.to_datetime()).ok();
        let Some(civil) = civil.or_else(|| iso_moment(text, pattern)) else {
            return refuse(&misfit(text, pattern));
        };
        let Some(zone) = zone else {
            return refuse("has no offset from UTC; declare `zone` in the mapping");
        };
        match zone.to_ambiguous_timestamp(civil).unambiguous() {
            Ok(moment) => (moment, Some(zone.to_offset(moment))),
            Err(_) => {
                return refuse(
                    "stands in the hour in which the clocks are changed, so it is no moment or two; write it with \
                     its offset, as in `2024-10-27T01:30:00+02:00`",
                );
            }
        }
    };
    let day = offset.unwrap_or(Offset::UTC).to_datetime(moment).date();
    if let Some(flaw) = year_flaw(day, Some(pattern)) {
        return refuse(&flaw);
    }
    Ok(Cow::Owned(match (out, offset) {
        (DateOut::EpochSeconds, _) => epoch_seconds(moment),
        (DateOut::Iso, None) => moment.to_string(),
        (DateOut::Iso, Some(offset)) => moment.display_with_offset(offset).to_string(),
    }))
}

/// A day, or a day with a time, that a spreadsheet holds: of what is declared for the column only the zone is about it.
///
/// # Errors
///
/// `bad-datetime`.
pub(super) fn held_moment(
    text: &str,
    format: Option<&DateTimeFormat>,
    out: DateOut,
) -> Result<Cow<'static, str>, Refusal> {
    let own = format.map(|format| DateTimeFormat {
        pattern: Pattern {
            text: "%Y-%m-%dT%H:%M:%S".to_owned(),
            short_year: false,
            moment: false,
            places: None,
        },
        zone: format.zone.clone(),
    });
    datetime(text, own.as_ref(), out).map(|moment| Cow::Owned(moment.into_owned()))
}

/// A time of day as `HH:mm` on a 24-hour clock.
///
/// # Errors
///
/// `bad-time`.
pub fn time<'a>(text: &'a str, format: Option<&TimeFormat>) -> Result<Cow<'a, str>, Refusal> {
    let refuse = |flaw: &str| Err(Refusal::new("bad-time", format!("{} {flaw}", shown(text))));
    let shape = text.len() == 5
        && text.bytes().enumerate().all(|(at, byte)| match at {
            2 => byte == b':',
            _ => byte.is_ascii_digit(),
        });
    let own = shape && text < "24:00" && &text[3..] < "60";
    let Some(TimeFormat(pattern)) = format else {
        return if own {
            Ok(Cow::Borrowed(text))
        } else {
            refuse(
                "is not a time of day as in `09:30`; declare how the column is written, as in `format = \"%I:%M %p\"`",
            )
        };
    };
    let time = BrokenDownTime::parse(&pattern.text, text).and_then(|parts| parts.to_time());
    match time {
        Ok(time) if time.second() != 0 || time.subsec_nanosecond() != 0 => {
            refuse("has seconds, which this field does not take")
        }
        Ok(time) => Ok(Cow::Owned(format!(
            "{:02}:{:02}",
            time.hour(),
            time.minute()
        ))),
        // A time of a spreadsheet, which arrives like this whatever its cell looks like there.
        Err(_) if own && !pattern.text.starts_with("%M") => Ok(Cow::Borrowed(text)),
        Err(_) => refuse(&misfit(text, pattern)),
    }
}

/// Whether a day that was read by a format is written as it is sent.
fn is_as_sent(text: &str, pattern: &Pattern) -> bool {
    pattern.text == "%Y-%m-%d" && is_iso_date(text)
}

/// A day in ISO beside a declared format. A format of the same shape says all there is to say.
fn iso_day(text: &str, pattern: &Pattern) -> Option<Date> {
    match is_iso_date(text) && !is_iso_like(pattern) {
        true => text.parse().ok(),
        false => None,
    }
}

/// A day or a moment without an offset, as spreadsheets have them, beside a declared format.
fn iso_moment(text: &str, pattern: &Pattern) -> Option<DateTime> {
    let day = text.get(..10)?;
    let plain = match text.get(10..)?.as_bytes() {
        [] => true,
        [b'T', clock @ ..] => {
            clock.len() == 8
                && clock.iter().enumerate().all(|(at, byte)| match at {
                    2 | 5 => *byte == b':',
                    _ => byte.is_ascii_digit(),
                })
        }
        _ => false,
    };
    match plain && is_iso_date(day) && !is_iso_like(pattern) {
        true => text.parse().ok(),
        false => None,
    }
}

/// Whether a format starts as ISO does and goes on in its own way, such as `%Y-%d-%m`.
fn is_iso_like(pattern: &Pattern) -> bool {
    pattern.text.starts_with("%Y-") && !pattern.text.starts_with("%Y-%m-%d")
}

fn misfit(text: &str, Pattern { text: format, .. }: &Pattern) -> String {
    serial_flaw(text).unwrap_or_else(|| {
        format!(
            "does not fit the declared `format = \"{format}\"`, or is a day that does not exist"
        )
    })
}

/// What a spreadsheet leaves of a date whose format it lost.
fn serial_flaw(text: &str) -> Option<String> {
    let (days, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if days.len() == 5 && digits(days) && digits(part) {
        return Some(
            "is a spreadsheet's own number for a date; format the column as a date there and export again"
                .to_owned(),
        );
    }
    check_number_damage(text)
        .is_err()
        .then(|| "is a number that a spreadsheet shortened, not a date; export again".to_owned())
}

fn year_flaw(date: Date, pattern: Option<&Pattern>) -> Option<String> {
    let year = date.year();
    if year < 1000 {
        return Some(format!(
            "would be in the year {year}; write the year with four digits, or declare `%y` where it has two"
        ));
    }
    // 1930–1999 in spreadsheets, 2030–2068 in C libraries: a birthday would be a hundred years off.
    if pattern.is_some_and(|pattern| pattern.short_year) && (2030..=2068).contains(&year) {
        return Some(format!(
            "can be in the year {} or {year}; write the year with four digits",
            year - 100
        ));
    }
    None
}

fn epoch_seconds(moment: Timestamp) -> String {
    moment.as_nanosecond().div_euclid(1_000_000_000).to_string()
}

fn is_iso_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// RFC 3339, section 5.6, with its capital letters; nothing for anything else.
fn rfc3339(text: &str) -> Option<Cow<'_, str>> {
    let bytes = text.as_bytes();
    let (day, rest) = (text.get(..10)?, bytes.get(10..)?);
    let clock = rest
        .get(1..9)?
        .iter()
        .enumerate()
        .all(|(at, byte)| match at {
            2 | 5 => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
    let mut end = rest.get(9..)?;
    if let [b'.', fraction @ ..] = end {
        let digits = fraction
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        // A nanosecond is as fine as any clock here.
        if !(1..=9).contains(&digits) {
            return None;
        }
        end = &fraction[digits..];
    }
    let offset = match end {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            [h1, h2, m1, m2].iter().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    };
    let seconds = rest.get(7..9)?;
    if !is_iso_date(day)
        || !clock
        || !offset
        || !matches!(rest[0], b'T' | b't' | b' ')
        || *seconds > b"59"[..]
    {
        return None;
    }
    if rest[0] == b'T' && end != b"z" {
        return Some(Cow::Borrowed(text));
    }
    let (_, after) = text.split_at(11);
    Some(Cow::Owned(format!("{day}T{}", after.to_ascii_uppercase())))
}

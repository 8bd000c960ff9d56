//! A cell of a spreadsheet as the person in front of it sees it, as text; and what it holds.
//!
//! A number is written as its format writes it ([`numeral`](super::numeral)), never `9.7E+11`; a date is a date in ISO,
//! never `44259`, whatever its format makes of it: how days are written differs between countries, and a list read twice
//! must give the same day. A stretch of time is hours and minutes, `36:00`. A truth is `TRUE` or `FALSE`. Both systems of
//! counting days, from 1900 and from 1904, are known. What a spreadsheet program keeps of a number are 15 digits: where
//! there were more, the zeros at the end show the damage. Other programs write whole numbers with all of their digits, and
//! those that the file's kind of number holds exactly are given out as they are.

use calamine::{Data, DataRef, ExcelDateTime};
use jiff::civil::DateTime;
use jiff::{SpanRound, ToSpan, Unit};

use super::numeral::{Numeral, digits};
use crate::contact::Held;

/// How a formula without a result is written, as spreadsheets write it.
pub(super) const UNCOUNTED: &str = "#CALC!";

/// What a spreadsheet shows where a date is before its calendar, or too wide for its cell.
const HIDDEN: &str = "#####";

/// The last day that a spreadsheet knows, 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

/// A cell as it is handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// Its text.
    pub(super) text: String,
    /// What it holds, where that is more than text.
    pub(super) held: Option<Held>,
}

impl Shown {
    /// Text.
    pub(super) fn text(text: String) -> Self {
        Self { text, held: None }
    }

    /// The text of something else.
    pub(super) fn held(text: String, held: Held) -> Self {
        Self {
            text,
            held: Some(held),
        }
    }

    /// A number in its digits.
    pub(super) fn number(digits: String) -> Self {
        Self::held(digits, Held::Number)
    }

    /// A formula whose result nobody worked out; the word is a spreadsheet's own for that.
    pub(super) fn uncounted() -> Self {
        Self::held(UNCOUNTED.to_owned(), Held::Uncounted)
    }
}

/// A cell's text and what it holds, by the number format of its cell where that is known.
pub(super) fn shown(cell: &DataRef<'_>, numeral: Option<&Numeral>) -> Shown {
    match cell {
        DataRef::Empty => Shown::text(String::new()),
        DataRef::String(text) => Shown::text(text.clone()),
        DataRef::SharedString(text) => Shown::text((*text).to_owned()),
        DataRef::Int(number) => Shown::number(number.to_string()),
        DataRef::Float(value) => match numeral {
            Some(numeral) => numeral.write(*value),
            None => Shown::number(digits(*value)),
        },
        DataRef::Bool(true) => Shown::held("TRUE".to_owned(), Held::Truth),
        DataRef::Bool(false) => Shown::held("FALSE".to_owned(), Held::Truth),
        DataRef::DateTime(moment) => timely(moment_text(*moment)),
        DataRef::DateTimeIso(text) => timely(iso(text)),
        DataRef::DurationIso(text) => timely(duration_iso(text).unwrap_or_else(|| text.clone())),
        DataRef::Error(error) => Shown::held(error.to_string(), Held::Error),
    }
}

/// A text that was made of a day, a moment or a time.
fn timely(text: String) -> Shown {
    let held = match text.as_bytes() {
        [] | [b'#', ..] => None,
        [_, _, _, _, b'-', _, _, b'-', _, _] => Some(Held::Day),
        [_, _, _, _, b'-', _, _, b'-', _, _, b'T', ..] => Some(Held::Moment),
        _ => Some(Held::Time),
    };
    Shown { text, held }
}

/// A cell of the formats that are read whole, borrowed as the others are.
pub(super) fn borrowed(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

fn moment_text(moment: ExcelDateTime) -> String {
    let value = moment.as_f64();
    if !(0.0..LAST_DAY).contains(&value) {
        return HIDDEN.to_owned();
    }
    if moment.is_duration() || value < 1.0 {
        let seconds = (value * 86_400.0).round();
        return clock(seconds as u64);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let civil = i16::try_from(year).ok().and_then(|year| {
        let parts = [month, day, hour, minute, second].map(|part| i8::try_from(part).unwrap_or(-1));
        let [month, day, hour, minute, second] = parts;
        let nanos = i32::from(milli) * 1_000_000;
        DateTime::new(year, month, day, hour, minute, second, nanos).ok()
    });
    match civil.and_then(|civil| civil.round(Unit::Second).ok()) {
        Some(civil) if civil.time() == jiff::civil::Time::midnight() => civil.date().to_string(),
        Some(civil) => civil.to_string(),
        // 1900-02-29, a day that only spreadsheets know.
        None => format!("{year:04}-{month:02}-{day:02}"),
    }
}

/// A time of day as `09:30`, with seconds only where there are some; a stretch of time may have more hours.
fn clock(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match rest {
        0 => format!("{hours:02}:{minutes:02}"),
        rest => format!("{hours:02}:{minutes:02}:{rest:02}"),
    }
}

/// A moment that the file has in ISO already: midnight is left out, and what is finer than a second.
fn iso(text: &str) -> String {
    match text.parse::<DateTime>() {
        Ok(civil) if text.len() > 10 && !text.ends_with(['Z', 'z']) => {
            match civil.round(Unit::Second).unwrap_or(civil) {
                civil if civil.time() == jiff::civil::Time::midnight() => civil.date().to_string(),
                civil => civil.to_string(),
            }
        }
        _ => text.to_owned(),
    }
}

/// `PT09H30M00S` as `09:30`.
fn duration_iso(text: &str) -> Option<String> {
    let span: jiff::Span = text.parse().ok()?;
    let rounding = SpanRound::new()
        .smallest(Unit::Second)
        .largest(Unit::Second);
    let seconds = 0.seconds().checked_add(span).ok()?.round(rounding).ok()?;
    u64::try_from(seconds.get_seconds()).ok().map(clock)
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn a_date_is_a_date() {
        let moment = |value, kind, epoch| moment_text(ExcelDateTime::new(value, kind, epoch));
        let date = ExcelDateTimeType::DateTime;
        for (value, epoch, text) in [
            (44259.0, false, "2021-03-04"),
            (44_259.573, false, "2021-03-04T13:45:07"),
            (44_259.999_999_99, false, "2021-03-05"),
            (42797.0, true, "2021-03-04"),
            (1.0, false, "1900-01-01"),
            (60.0, false, "1900-02-29"),
            (61.0, false, "1900-03-01"),
            (0.395_833_333_333, false, "09:30"),
            (0.5 + 1.0 / 86400.0, false, "12:00:01"),
            (-1.0, false, "#####"),
            (3e6, false, "#####"),
        ] {
            assert_eq!(moment(value, date, epoch), text, "{value}");
        }
        assert_eq!(moment(1.5, ExcelDateTimeType::TimeDelta, false), "36:00");
        assert_eq!(duration_iso("PT09H30M00S").as_deref(), Some("09:30"));
        assert_eq!(duration_iso("PT36H00M05S").as_deref(), Some("36:00:05"));
        assert_eq!(iso("2024-11-25"), "2024-11-25");
        assert_eq!(iso("2024-11-25T00:00:00"), "2024-11-25");
        assert_eq!(iso("2024-11-25T13:45:07.000"), "2024-11-25T13:45:07");
        assert_eq!(iso("2024-11-25T13:45:00Z"), "2024-11-25T13:45:00Z");
    }
}

//! A cell of a spreadsheet as the person in front of it sees it, as text.
//!
//! A number is its digits, never `9.7E+11`; a date is a date in ISO, never `44259`. What a spreadsheet program keeps
//! of a number are 15 digits, so that no more than those are ever written: where there were more, the zeros at the end
//! show the damage.

use calamine::{Data, DataRef, ExcelDateTime};
use jiff::civil::DateTime;
use jiff::{SpanRound, ToSpan, Unit};

/// What a spreadsheet shows where a date is before its calendar, or too wide for its cell.
const HIDDEN: &str = "#####";

/// The last day that a spreadsheet knows, 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

/// A cell's text. `format` is the number format of its cell, where it is known.
pub(super) fn shown(cell: &DataRef<'_>, format: Option<&str>) -> String {
    match cell {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(value) => format
            .and_then(|format| masked(*value, format))
            .unwrap_or_else(|| number(*value)),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(moment) => moment_text(*moment),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::DurationIso(text) => duration_iso(text).unwrap_or_else(|| text.clone()),
        DataRef::Error(error) => error.to_string(),
    }
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

/// A number in plain digits, at most 15 of them that mean something.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "#NUM!".to_owned();
    }
    let written = format!("{:.14e}", value.abs());
    let Some((mantissa, exponent)) = written.split_once('e') else {
        return written;
    };
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let mut out = String::new();
    if value < 0.0 {
        out.push('-');
    }
    match usize::try_from(point) {
        Ok(point) if point >= digits.len() => {
            out.push_str(digits);
            out.extend(std::iter::repeat_n('0', point - digits.len()));
        }
        Ok(point) if point > 0 => {
            out.push_str(&digits[..point]);
            out.push('.');
            out.push_str(&digits[point..]);
        }
        _ => {
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
            out.push_str(digits);
        }
    }
    out
}

/// A whole number under a format of zeros, such as `00000` for postal codes or `000-0000000`: those zeros are on the
/// screen, and a phone or a code without them is another one. Nothing for any other format.
fn masked(value: f64, format: &str) -> Option<String> {
    if value < 0.0 || value.fract() != 0.0 || value >= 1e15 {
        return None;
    }
    let mask = mask(format)?;
    let zeros = mask.iter().filter(|piece| **piece == Piece::Zero).count();
    let digits = number(value);
    if zeros < 2 {
        return None;
    }
    let mut left = digits.bytes().rev();
    let mut reversed = Vec::new();
    let first = mask
        .iter()
        .position(|piece| !matches!(piece, Piece::Literal(_)));
    for (at, piece) in mask.iter().enumerate().rev() {
        match piece {
            Piece::Literal(c) => reversed.push(*c),
            Piece::Zero => reversed.push(left.next().map_or('0', char::from)),
            Piece::Digit => reversed.extend(left.next().map(char::from)),
        }
        if Some(at) == first {
            reversed.extend(left.by_ref().map(char::from));
        }
    }
    Some(reversed.into_iter().rev().collect())
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// `0`: a digit, or a zero.
    Zero,
    /// `#`: a digit where there is one.
    Digit,
    Literal(char),
}

/// The pieces of a format that is made of digits and what stands between them.
fn mask(format: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        pieces.push(match c {
            '0' => Piece::Zero,
            '#' => Piece::Digit,
            '-' | '(' | ')' | ' ' | '+' => Piece::Literal(c),
            '\\' => Piece::Literal(rest.next()?),
            '"' => {
                loop {
                    match rest.next()? {
                        '"' => break,
                        c => pieces.push(Piece::Literal(c)),
                    }
                }
                continue;
            }
            // What follows is for negative numbers and for text.
            ';' => break,
            _ => return None,
        });
    }
    Some(pieces)
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
    fn a_number_is_its_digits() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (972_501_234_567.0, "972501234567"),
            (1.0, "1"),
            (100.0, "100"),
            (-42.0, "-42"),
            (0.1 + 0.2, "0.3"),
            (12.5, "12.5"),
            (1e-7, "0.0000001"),
            (0.000_123_4, "0.0001234"),
            (123_456_789_012_345.0, "123456789012345"),
            (12_345_678_901_234_567.0, "12345678901234600"),
            (4_111_111_111_111_111.0, "4111111111111110"),
            (1e21, "1000000000000000000000"),
            (f64::NAN, "#NUM!"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn zeros_that_a_format_shows_are_kept() {
        for (value, format, text) in [
            (1234.0, "00000", Some("01234")),
            (123_456.0, "00000", Some("123456")),
            (501_234_567.0, "000-0000000", Some("050-1234567")),
            (501_234_567.0, "0##\\-#######", None),
            (501_234_567.0, "\"+\"00 000;@", Some("+501234 567")),
            (12.0, "0", None),
            (12.0, "0.00", None),
            (12.0, "General", None),
            (12.5, "000", None),
            (-12.0, "000", None),
            (12.0, "[Red]000", None),
        ] {
            assert_eq!(masked(value, format).as_deref(), text, "{format}");
        }
    }

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

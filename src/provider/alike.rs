//! Whether two values are the same to a person: what was sent and what the account shows, which providers write in their own
//! way.
//!
//! Capitals, blanks, phones, moments and numbers may be written otherwise; a digit, a letter or a leading zero that is gone is
//! not the same any more.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::Value;

use super::reply::plain;

/// A day may be shown as a moment in the account's own time zone, which is at most this many seconds away.
const ZONES: i64 = 14 * 3600;
/// Numbers with more digits than this are compared as text, because they are only near each other as numbers.
const EXACT_DIGITS: usize = 15;

/// Whether two values are the same to a person.
pub(super) fn same(sent: &Value, shown: &Value) -> bool {
    match (sent, shown) {
        (Value::Null, shown) => is_blank(shown),
        (Value::Array(sent), Value::Array(shown)) => folded(sent) == folded(shown),
        (Value::Array(sent), Value::String(shown)) => {
            let parts = shown.split([',', ';']);
            let parts: Vec<Value> = parts.map(|part| Value::from(part.trim())).collect();
            folded(sent) == folded(&parts)
        }
        (Value::Object(sent), Value::Object(shown)) => sent
            .iter()
            .all(|(key, value)| shown.get(key).is_none_or(|own| same(value, own))),
        (Value::Array(_) | Value::Object(_), shown) => is_blank(sent) && is_blank(shown),
        // One choice may be shown as a list of one.
        (sent, Value::Array(shown)) => match shown.as_slice() {
            [own] => same(sent, own),
            _ => false,
        },
        // A thing may be shown with everything that describes it.
        (sent, Value::Object(shown)) => shown.values().any(|own| same(sent, own)),
        (Value::Bool(flag), shown) if shown.is_number() => {
            shown.as_f64() == Some(f64::from(u8::from(*flag)))
        }
        (sent, shown) => {
            same_text(&plain(sent), &plain(shown)) || (is_blank(sent) && is_blank(shown))
        }
    }
}

/// The items of a list in any order, each once, without capitals.
fn folded(list: &[Value]) -> Vec<String> {
    let mut all: Vec<String> = list.iter().map(|item| fold(&plain(item))).collect();
    all.retain(|item| !item.is_empty());
    all.sort();
    all.dedup();
    all
}

fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn same_text(sent: &str, shown: &str) -> bool {
    if fold(sent) == fold(shown) {
        return true;
    }
    if sent.starts_with('+') && sent.len() > 7 {
        return same_phone(&digits(sent), &digits(shown));
    }
    if let (Some(one), Some(other)) = (number(sent), number(shown)) {
        return one.total_cmp(&other).is_eq() || is_in_millis(sent, shown);
    }
    if sent.contains("://") {
        let bare = |text: &str| fold(text).trim_end_matches('/').to_owned();
        return bare(sent) == bare(shown);
    }
    same_moment(sent, shown)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A phone may be shown without its country code.
fn same_phone(sent: &str, shown: &str) -> bool {
    let national = shown.trim_start_matches('0');
    sent == shown
        || sent == national
        || (sent.ends_with(national) && sent.len() - national.len() <= 3 && national.len() >= 6)
}

/// A number, unless its zeros in front or its many digits make it a text.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let bare = text.trim_start_matches('-');
    let padded = bare.len() > 1 && bare.starts_with('0') && !bare.starts_with("0.");
    let long = digits(bare).len() > EXACT_DIGITS;
    let plain = bare.starts_with(|c: char| c.is_ascii_digit());
    text.parse::<f64>()
        .ok()
        .filter(|_| plain && !padded && !long)
}

/// Seconds since 1970 that are shown as milliseconds.
fn is_in_millis(sent: &str, shown: &str) -> bool {
    let seconds: Option<i64> = sent.parse().ok();
    let millis = seconds.and_then(|seconds| seconds.checked_mul(1000));
    millis.is_some() && millis == shown.parse().ok() && sent.len() >= 8
}

fn same_moment(sent: &str, shown: &str) -> bool {
    let counts = |text: &str| text.parse::<i64>().is_ok();
    match (second(sent), second(shown)) {
        _ if counts(sent) && counts(shown) => false,
        (Some(one), Some(other)) if sent.parse::<Date>().is_ok() && is_day(sent) => {
            (one - other).abs() <= ZONES
        }
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

fn is_day(text: &str) -> bool {
    text.len() == "2026-01-31".len()
}

/// A point in time as providers write them: with an offset, without one (UTC), a day alone, or seconds or milliseconds since
/// 1970.
fn second(text: &str) -> Option<i64> {
    let civil = |text: &str| {
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    };
    if let Ok(count) = text.parse::<i64>() {
        // Milliseconds of today have thirteen digits, seconds ten.
        return Some(if count.abs() >= 100_000_000_000 {
            count / 1000
        } else {
            count
        });
    }
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| civil(text))
        .map(Timestamp::as_second)
}

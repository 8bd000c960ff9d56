//! Holds the body of a change against the provider's fields: unknown keys, and values of the wrong type.
//!
//! As strict as the provider's file lets it be and no stricter: what stands inside an open object is the account's own.
//! Values are only looked at lightly; whether an address exists is nobody's business here.

use serde_json::{Map, Value};

use super::shape::{Key, Shape};
use crate::provider::api::Looks;
use crate::provider::fields::{Clear, Field, FieldKind, PairValues, Pairs};
use crate::provider::stand_in::{UnknownKey, When};

/// What is wrong with a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The answer that is given for it.
    pub(super) when: When,
    /// The keys that lead there, with dots between them.
    pub(super) field: String,
    /// What was wanted there.
    pub(super) wanted: String,
}

impl Fault {
    pub(super) fn unknown(field: String) -> Self {
        Self {
            when: When::UnknownKey,
            field,
            wanted: String::new(),
        }
    }

    pub(super) fn wanted(field: String, wanted: impl Into<String>) -> Self {
        Self {
            when: When::WrongType,
            field,
            wanted: wanted.into(),
        }
    }
}

/// Checks an object and takes out the keys that the provider drops; `path` leads to the object.
///
/// The first fault in the order of the body is the one that is told.
pub(super) fn check(
    shape: &Shape,
    body: &mut Map<String, Value>,
    path: &str,
    rule: UnknownKey,
) -> Result<(), Fault> {
    let mut fault = None;
    body.retain(|name, value| {
        if fault.is_some() {
            return true;
        }
        let place = join(path, name);
        let checked = match shape.key(name) {
            Some(key) if !key.refused => check_key(key, value, &place, rule).map(|()| true),
            None if shape.open => Ok(true),
            _ => unknown(rule, place),
        };
        checked.unwrap_or_else(|found| {
            fault = Some(found);
            true
        })
    });
    fault.map_or(Ok(()), Err)
}

/// Whether an unknown key stays in the body.
pub(super) fn unknown(rule: UnknownKey, place: String) -> Result<bool, Fault> {
    match rule {
        UnknownKey::Refuse => Err(Fault::unknown(place)),
        UnknownKey::Drop => Ok(false),
        UnknownKey::Keep => Ok(true),
    }
}

fn check_key(key: &Key, value: &mut Value, place: &str, rule: UnknownKey) -> Result<(), Fault> {
    // What erases something inside an object or a list of entries does not erase the whole.
    if let Some(field) = &key.field
        && !matches!(field.kind, FieldKind::Object | FieldKind::Pairs)
        && erases(field, value)
    {
        return Ok(());
    }
    let wrong = |wanted: &str| Err(Fault::wanted(place.to_owned(), wanted));
    match (value, key.pairs(), &key.field) {
        (Value::Object(inner), _, _) if key.is_object() => check(&key.inner, inner, place, rule),
        (_, _, _) if key.is_object() => wrong("an object"),
        (Value::Array(entries), Some(pairs), Some(field)) => {
            for (at, entry) in entries.iter_mut().enumerate() {
                check_entry(pairs, field, entry, &format!("{place}.{at}"), rule)?;
            }
            Ok(())
        }
        (_, Some(_), _) => wrong("an array of objects"),
        (value, None, Some(field)) => match misfit(field, value) {
            Some(wanted) => wrong(&wanted),
            None => Ok(()),
        },
        (_, None, None) => Ok(()),
    }
}

fn erases(field: &Field, value: &Value) -> bool {
    match (field.clear, value) {
        (Some(Clear::Null), Value::Null) => true,
        (Some(Clear::EmptyText), Value::String(text)) => text.is_empty(),
        (Some(Clear::EmptyList), Value::Array(list)) => list.is_empty(),
        _ => false,
    }
}

fn check_entry(
    pairs: &Pairs,
    field: &Field,
    entry: &mut Value,
    place: &str,
    rule: UnknownKey,
) -> Result<(), Fault> {
    let ways = || {
        let keys: Vec<String> = pairs.names.iter().map(|way| way.key.clone()).collect();
        keys.join(" or ")
    };
    let Value::Object(entry) = entry else {
        let wanted = format!("an object with {} and {}", ways(), pairs.value);
        return Err(Fault::wanted(place.to_owned(), wanted));
    };
    let mut named = false;
    for way in &pairs.names {
        let Some(name) = entry.get(&way.key) else {
            continue;
        };
        let fits = match name {
            Value::String(name) => way.looks.fits(name),
            Value::Number(name) => way.looks.fits(&name.to_string()),
            _ => false,
        };
        if !fits {
            return Err(Fault::wanted(join(place, &way.key), way.looks.words()));
        }
        named = true;
    }
    if !named {
        let wanted = format!("an object with {}", ways());
        return Err(Fault::wanted(place.to_owned(), wanted));
    }
    let at = join(place, &pairs.value);
    let chosen = pairs.option.as_deref().and_then(|key| entry.get(key));
    match entry.get(&pairs.value) {
        None if chosen.is_some_and(Value::is_string) => {}
        None => {
            let wanted = format!("an object with {}", pairs.value);
            return Err(Fault::wanted(place.to_owned(), wanted));
        }
        Some(value) if erases(field, value) => {}
        Some(Value::Null) => return Err(Fault::wanted(at, "a value that is not null")),
        Some(Value::String(_)) => {}
        Some(_) if pairs.values == PairValues::EpochStrings => {
            return Err(Fault::wanted(at, "a string"));
        }
        Some(_) => {}
    }
    let known = |key: &str| {
        key == pairs.value
            || pairs.option.as_deref() == Some(key)
            || pairs.names.iter().any(|way| way.key == key)
    };
    let strange: Vec<String> = entry.keys().filter(|key| !known(key)).cloned().collect();
    for key in strange {
        if !unknown(rule, join(place, &key))? {
            entry.shift_remove(&key);
        }
    }
    Ok(())
}

fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        _ => format!("{path}.{key}"),
    }
}

/// What was wanted, where a value is something else.
fn misfit(field: &Field, value: &Value) -> Option<String> {
    let text = value.as_str();
    let (fits, wanted) = match field.kind {
        FieldKind::Text | FieldKind::Timezone => (text.is_some(), "a string"),
        FieldKind::Integer => (value.is_i64() || value.is_u64(), "a whole number"),
        FieldKind::Number => (value.is_number(), "a number"),
        FieldKind::Boolean => (value.is_boolean(), "a boolean"),
        FieldKind::Date => (text.is_some_and(is_date), "a date"),
        FieldKind::Datetime => (text.is_some_and(is_moment), "a date and time in ISO 8601"),
        FieldKind::Time => (text.is_some_and(is_time), "a time of day"),
        FieldKind::Email => (text.is_some_and(is_email), "an email"),
        FieldKind::Phone => (text.is_some_and(is_phone), "a phone number"),
        FieldKind::Url => (text.is_some_and(is_url), "a URL"),
        FieldKind::Uuid => (text.is_some_and(|text| Looks::Uuid.fits(text)), "a UUID"),
        FieldKind::Country => (
            text.is_some_and(|text| is_country(field, text)),
            "a two-letter country code",
        ),
        FieldKind::Enum => {
            let known = text.is_some_and(|text| field.values.iter().any(|own| own == text));
            let wanted = || format!("one of {}", field.values.join(", "));
            return (!known).then(wanted);
        }
        FieldKind::List => {
            let texts = value
                .as_array()
                .is_some_and(|list| list.iter().all(Value::is_string));
            (texts, "an array of strings")
        }
        // Both were looked at key by key before.
        FieldKind::Object | FieldKind::Pairs => (true, ""),
    };
    let long = |max: &usize| text.is_some_and(|text| text.chars().count() > *max);
    match (fits, field.max.filter(long)) {
        (false, _) => Some(wanted.to_owned()),
        (true, Some(max)) => Some(format!("at most {max} characters long")),
        (true, None) => None,
    }
}

/// Providers take days in several orders and with several signs between the numbers.
fn is_date(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let parts = text.split(['-', '/', '.', '_']).count();
    (6..=8).contains(&digits) && parts == 3 && text.len() == digits + 2
}

fn is_moment(text: &str) -> bool {
    text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok()
}

fn is_time(text: &str) -> bool {
    text.parse::<jiff::civil::Time>().is_ok()
}

fn is_email(text: &str) -> bool {
    let sides = text.rsplit_once('@');
    sides.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        && !text.contains(char::is_whitespace)
}

fn is_phone(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || b"+-(). ".contains(&b))
}

fn is_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| url.has_host())
}

fn is_country(field: &Field, text: &str) -> bool {
    match field.values.is_empty() {
        true => text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
        false => field.values.iter().any(|own| own == text),
    }
}

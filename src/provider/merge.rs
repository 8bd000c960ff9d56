//! Lays what is sent over what is there, so that what a row does not mention survives where a provider replaces an object
//! whole.

use serde_json::{Map, Value};

/// Whether a body says something inside one of the kept objects.
pub(super) fn touches(body: &mut Value, kept: &[Vec<String>]) -> bool {
    kept.iter().any(|path| inside(body, path).is_some())
}

/// Completes the kept objects of a body with what the contact has there.
///
/// # Errors
///
/// The object that cannot be given back as it is, because it holds a number that was not read to its last digit.
pub(super) fn keep(
    body: &mut Value,
    there: &Map<String, Value>,
    kept: &[Vec<String>],
) -> Result<(), String> {
    for path in kept {
        let Some(sent) = inside(body, path) else {
            continue;
        };
        let own = path.split_first().and_then(|(first, rest)| {
            rest.iter()
                .try_fold(there.get(first)?, |value, key| value.get(key))
        });
        let mut whole = own.cloned().unwrap_or_default();
        if !is_exact(&whole) {
            return Err(path.join("."));
        }
        lay_over(&mut whole, sent);
        *sent = whole;
    }
    Ok(())
}

/// Whether all numbers in a value are what was read: a whole one beyond 64 bits has lost its last digits.
fn is_exact(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let rounded = number.as_f64().filter(|_| number.is_f64());
            rounded.is_none_or(|number| number.abs() < 2_f64.powi(63))
        }
        Value::Array(list) => list.iter().all(is_exact),
        Value::Object(map) => map.values().all(is_exact),
        _ => true,
    }
}

fn inside<'v>(body: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(body, |value, key| value.get_mut(key))
}

/// Lays the keys of one object over another, as deep as both have objects; everything else is replaced.
fn lay_over(there: &mut Value, sent: &Value) {
    match (there, sent) {
        (Value::Object(there), Value::Object(sent)) => {
            for (key, value) in sent {
                lay_over(there.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (there, sent) => {
            *there = match (&there, sent) {
                (Value::Null, Value::Object(sent)) => Value::Object(Map::clone(sent)),
                _ => sent.clone(),
            }
        }
    }
}

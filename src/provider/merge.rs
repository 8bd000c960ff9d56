//! Lays what is sent over what is there, so that what a row does not mention survives where a provider replaces an object
//! whole.

use serde_json::{Map, Value};

/// Whether a body says something inside one of the kept objects.
pub(super) fn touches(body: &mut Value, kept: &[Vec<String>]) -> bool {
    kept.iter().any(|path| inside(body, path).is_some())
}

/// Completes the kept objects of a body with what the contact has there.
pub(super) fn keep(body: &mut Value, there: &Map<String, Value>, kept: &[Vec<String>]) {
    for path in kept {
        let Some(sent) = inside(body, path) else {
            continue;
        };
        let own = path.split_first().and_then(|(first, rest)| {
            rest.iter()
                .try_fold(there.get(first)?, |value, key| value.get(key))
        });
        let mut whole = own.cloned().unwrap_or_default();
        lay_over(&mut whole, sent);
        *sent = whole;
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

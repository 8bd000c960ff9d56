//! What stands at a path of keys, with dots between them, in what an account answers.

use serde_json::Value;

/// The keys of a path, outermost first.
pub(super) fn keys(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').filter(|key| !key.is_empty())
}

/// What stands at a path.
#[must_use]
pub fn at<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(json, child)
}

/// What stands at the first of these paths at which there is something.
pub(super) fn first<'a>(json: &'a Value, paths: &[String]) -> Option<&'a Value> {
    paths
        .iter()
        .find_map(|path| at(json, path).filter(|value| !is_empty(value)))
}

/// So many keys are looked at one by one: to work out where a key would be takes longer.
const FEW: usize = 8;

fn child<'a>(json: &'a Value, key: &str) -> Option<&'a Value> {
    let map = json.as_object()?;
    match map.len() <= FEW {
        true => map
            .iter()
            .find_map(|(own, value)| (own == key).then_some(value)),
        false => map.get(key),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

//! Dotted paths into JSON: what stands there, and putting something there.
//!
//! Must never fail: a path that leads nowhere holds nothing.

use serde_json::{Map, Value};

/// Puts a value at a path and makes the objects on the way; with no path nothing happens.
pub(super) fn put(into: &mut Value, path: &str, value: Value) {
    if path.is_empty() {
        return;
    }
    let mut place = into;
    for key in path.split('.') {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(map) = place else { return };
        place = map.entry(key.to_owned()).or_insert(Value::Null);
    }
    *place = value;
}

/// All texts at a path, numbers too; a list on the way means all of its entries, and no path the value itself.
pub(super) fn texts<'a>(json: &'a Value, path: &str) -> Vec<String> {
    let mut found = vec![json];
    for key in path.split('.').filter(|key| !key.is_empty()) {
        let inside = |value: &'a Value| match value {
            Value::Array(list) => list.iter().filter_map(|item| item.get(key)).collect(),
            other => Vec::from_iter(other.get(key)),
        };
        found = found.into_iter().flat_map(inside).collect();
    }
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    found
        .into_iter()
        .filter_map(text)
        .filter(|text| !text.is_empty())
        .collect()
}

/// The path that leads to what a path stands in; empty where it stands at the root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

//! Whom an answer shows when a contact was looked for: only those whose value is exactly the one that was asked for.
//!
//! Providers find by substring, by wildcard, by other fields; what they found is a proposal, compared here.

use serde_json::Value;

use super::finding::{Find, MatchKey, Sends};
use super::path::at;
use super::reply::plain;

/// The value as the call wants it.
#[must_use]
pub fn sent(find: &Find, value: &str) -> String {
    match find.sends {
        Sends::AsIs => value.to_owned(),
        Sends::PhoneDigits => value.trim_start_matches('+').to_owned(),
    }
}

/// The ids of those who have exactly this value, each once.
#[must_use]
pub fn ids(find: &Find, key: MatchKey, value: &str, answer: &Value) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for hit in all(find, answer) {
        let same = find.same.is_empty()
            || find
                .same
                .iter()
                .flat_map(|path| values(hit, path))
                .any(|own| folded(key, &own) == folded(key, value));
        if let (true, Some(id)) = (same, id(find, hit))
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    ids
}

/// Every contact on a page with what it is known by, for a list that has to be read whole.
pub fn everybody<'a>(
    find: &'a Find,
    answer: &'a Value,
) -> impl Iterator<Item = (String, Vec<String>)> + 'a {
    all(find, answer).filter_map(|hit| {
        let known = find
            .same
            .iter()
            .flat_map(|path| values(hit, path))
            .collect();
        Some((id(find, hit)?, known))
    })
}

/// What the contact that was found shows for another key: nothing where it does not show that key at all.
#[must_use]
pub fn shows(other: &Find, hits: &Find, answer: &Value, id_wanted: &str) -> Option<Vec<String>> {
    let hit = all(hits, answer).find(|hit| id(hits, hit).as_deref() == Some(id_wanted))?;
    let known: Vec<String> = other
        .same
        .iter()
        .flat_map(|path| values(hit, path))
        .collect();
    (!known.is_empty()).then_some(known)
}

/// The form in which two values of a key are the same.
#[must_use]
pub fn folded(key: MatchKey, value: &str) -> String {
    match key {
        MatchKey::Email => value.trim().to_lowercase(),
        MatchKey::Phone => value.chars().filter(char::is_ascii_digit).collect(),
        MatchKey::ExternalId => value.trim().to_owned(),
    }
}

fn all<'a>(find: &Find, answer: &'a Value) -> impl Iterator<Item = &'a Value> + use<'a> {
    let found = match find.hits.as_str() {
        "" => Some(answer),
        path => at(answer, path),
    };
    let many: &[Value] = match found {
        Some(Value::Array(list)) => list,
        _ => &[],
    };
    let one = found.filter(|found| found.as_object().is_some_and(|map| !map.is_empty()));
    many.iter().chain(one)
}

fn id(find: &Find, hit: &Value) -> Option<String> {
    let id = find
        .id
        .iter()
        .find_map(|path| at(hit, path).filter(|id| !id.is_null()))?;
    Some(plain(id)).filter(|id| !id.is_empty())
}

/// All texts at a path; a list on the way means all of its entries.
fn values(json: &Value, path: &str) -> Vec<String> {
    let mut found = vec![json];
    for key in path.split('.') {
        found = found
            .into_iter()
            .flat_map(|value| match value {
                Value::Array(list) => list.iter().filter_map(|item| item.get(key)).collect(),
                other => other.get(key).into_iter().collect::<Vec<_>>(),
            })
            .collect();
    }
    let each = found.into_iter().flat_map(|value| match value {
        Value::Array(list) => list.iter().collect(),
        other => vec![other],
    });
    let texts = each.filter_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    texts.filter(|text| !text.is_empty()).collect()
}

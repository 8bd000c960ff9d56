//! Whether the account kept what it was sent: what an answer shows, held against the request, knowing that providers write
//! phones, dates, capitals and numbers in their own way.
//!
//! A field that an answer does not show says nothing; only one that is shown otherwise was not kept.

use serde_json::{Map, Value};

use super::alike::same;
use super::api::Api;
use super::fields::Pairs;
use super::path::at;
use super::reply::plain;

/// What the comparison found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Everything that was sent is shown as it was sent.
    All,
    /// Nothing speaks against it, and not everything is shown.
    Unseen,
    /// This field is shown otherwise.
    Not {
        /// The field's name.
        field: String,
        /// What the account shows instead.
        shown: String,
    },
}

/// The contact that an answer shows, if it shows one, and which of the places for it that is, from 0.
#[must_use]
pub fn contact<'a>(api: &Api, answer: &'a Value) -> Option<(usize, &'a Map<String, Value>)> {
    let mut places = api.answers.contact.iter().enumerate();
    places.find_map(|(place, path)| {
        let shown = match path.as_str() {
            "" => answer,
            path => at(answer, path)?,
        };
        Some((place, shown.as_object()?))
    })
}

/// The same, if it shows this contact: one about somebody else says nothing about it.
pub(super) fn shown<'a>(
    api: &Api,
    contact_id: &str,
    answer: &'a Value,
) -> Option<(usize, &'a Map<String, Value>)> {
    let named = api
        .answers
        .id
        .iter()
        .find_map(|path| at(answer, path))
        .map(plain);
    match named.is_some_and(|id| id != contact_id) {
        true => None,
        false => contact(api, answer),
    }
}

/// Holds a body that was sent against an answer; one about somebody else says nothing about this contact.
#[must_use]
pub fn judge(api: &Api, contact_id: &str, sent: &Value, answer: &Value) -> Kept {
    let sent = match &api.calls.update.wrap {
        Some(key) => sent.get(key).unwrap_or(sent),
        None => sent,
    };
    match (sent.as_object(), shown(api, contact_id, answer)) {
        (Some(sent), Some((_, shown))) => compare(api, sent, shown),
        _ => Kept::Unseen,
    }
}

/// Holds what was sent, without its wrapper, against the contact that is shown.
#[must_use]
pub fn compare(api: &Api, sent: &Map<String, Value>, shown: &Map<String, Value>) -> Kept {
    let mut comparison = Comparison { api, unseen: false };
    match comparison.object(sent, shown, "") {
        Some((field, shown)) => Kept::Not { field, shown },
        None if comparison.unseen => Kept::Unseen,
        None => Kept::All,
    }
}

struct Comparison<'a> {
    api: &'a Api,
    unseen: bool,
}

impl Comparison<'_> {
    fn object(
        &mut self,
        sent: &Map<String, Value>,
        shown: &Map<String, Value>,
        above: &str,
    ) -> Option<(String, String)> {
        for (key, value) in sent {
            let name = match above {
                "" => key.clone(),
                above => format!("{above}.{key}"),
            };
            let Some(own) = shown.get(key) else {
                self.unseen = true;
                continue;
            };
            let pairs = self
                .api
                .fields
                .get(&name)
                .and_then(|field| field.pairs.as_ref());
            let wrong = match (value, own, pairs) {
                (Value::Array(entries), Value::Array(shown), Some(pairs)) => {
                    self.pairs(entries, shown, pairs, &name)
                }
                (Value::Object(sent), Value::Object(shown), None) => {
                    self.object(sent, shown, &name)
                }
                _ => (!same(value, own)).then(|| (name, plain(own))),
            };
            if wrong.is_some() {
                return wrong;
            }
        }
        None
    }

    fn pairs(
        &mut self,
        sent: &[Value],
        shown: &[Value],
        pairs: &Pairs,
        name: &str,
    ) -> Option<(String, String)> {
        for entry in sent {
            let Some((named, id)) = pairs
                .names
                .iter()
                .find_map(|way| Some((way, entry.get(&way.key)?.as_str()?)))
            else {
                continue;
            };
            let describes = |own: &&Value| is_about(own, &named.key, id);
            let (key, value) = match (&pairs.option, entry.get(&pairs.value)) {
                (_, Some(value)) => (pairs.value.as_str(), value),
                (Some(option), None) if entry.get(option).is_some() => {
                    (option.as_str(), &entry[option])
                }
                _ => {
                    self.unseen = true;
                    continue;
                }
            };
            let keys = [pairs.shown_as.as_deref(), Some(key)];
            let value_of = |own: &'_ Value| {
                let mut keys = keys.into_iter().flatten();
                keys.find_map(|key| own.get(key)).cloned()
            };
            let values: Vec<Value> = shown
                .iter()
                .filter(describes)
                .filter_map(value_of)
                .collect();
            // An option may be shown by its id or by its name, and only the id can be compared.
            let option = key != pairs.value;
            match values.first() {
                None => self.unseen = true,
                Some(Value::Null) if option => self.unseen = true,
                Some(_) if values.iter().any(|own| same(value, own)) => {}
                Some(own) => return Some((format!("{name}.{id}"), plain(own))),
            }
        }
        None
    }
}

/// Whether an entry has this id: the account may show it beside the value, or inside an object that describes the entry.
fn is_about(own: &Value, key: &str, id: &str) -> bool {
    let has = |own: &Value, key: &str| own.get(key).and_then(Value::as_str) == Some(id);
    let inner = own
        .as_object()
        .into_iter()
        .flat_map(|map| map.values())
        .filter(|value| value.is_object());
    has(own, key) || has(own, "id") || inner.into_iter().any(|own| has(own, "id"))
}

//! Whether the account kept what it was sent: what an answer shows, held against the request, knowing that providers write
//! phones, dates, capitals and numbers in their own way.
//!
//! A field that an answer does not show says nothing; only one that is shown otherwise was not kept.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Map, Value};

use super::api::Api;
use super::fields::Pairs;
use super::reply::{at, plain};

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

/// The contact that an answer shows, if it shows one.
#[must_use]
pub fn contact<'a>(api: &Api, answer: &'a Value) -> Option<&'a Map<String, Value>> {
    let paths = api.answers.contact.iter();
    let mut shown = paths.filter_map(|path| match path.as_str() {
        "" => Some(answer),
        path => at(answer, path),
    });
    shown.find_map(Value::as_object)
}

/// Holds a body that was sent against an answer; one about somebody else says nothing about this contact.
#[must_use]
pub fn judge(api: &Api, contact_id: &str, sent: &Value, answer: &Value) -> Kept {
    let named = api
        .answers
        .id
        .iter()
        .find_map(|path| at(answer, path))
        .map(plain);
    if named.is_some_and(|id| id != contact_id) {
        return Kept::Unseen;
    }
    let sent = match &api.calls.update.wrap {
        Some(key) => sent.get(key).unwrap_or(sent),
        None => sent,
    };
    match (sent.as_object(), contact(api, answer)) {
        (Some(sent), Some(shown)) => compare(api, sent, shown),
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
            // The account may show an entry's id beside its value, or inside an object that describes it.
            let describes = |own: &Value| {
                let inner = own
                    .as_object()
                    .into_iter()
                    .flat_map(|map| map.values())
                    .filter(|value| value.is_object());
                own.get(&named.key).and_then(Value::as_str) == Some(id)
                    || std::iter::once(own)
                        .chain(inner)
                        .any(|own| own.get("id").and_then(Value::as_str) == Some(id))
            };
            let keys = [pairs.shown_as.as_deref(), Some(pairs.value.as_str())];
            let own = shown.iter().find(|own| describes(own));
            let own = own.and_then(|own| keys.into_iter().flatten().find_map(|key| own.get(key)));
            match (entry.get(&pairs.value), own) {
                (Some(value), Some(own)) if !same(value, own) => {
                    return Some((format!("{name}.{id}"), plain(own)));
                }
                (Some(_), Some(_)) => {}
                _ => self.unseen = true,
            }
        }
        None
    }
}

/// Whether two values are the same to a person.
fn same(sent: &Value, shown: &Value) -> bool {
    match (sent, shown) {
        (Value::Null, shown) => is_blank(shown),
        (Value::Array(sent), Value::Array(shown)) => {
            let fold = |list: &[Value]| {
                let mut all: Vec<String> = list
                    .iter()
                    .map(|item| plain(item).trim().to_lowercase())
                    .collect();
                all.sort();
                all.dedup();
                all
            };
            fold(sent) == fold(shown)
        }
        (Value::Object(sent), Value::Object(shown)) => sent
            .iter()
            .all(|(key, value)| shown.get(key).is_none_or(|own| same(value, own))),
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => false,
        (sent, shown) => {
            same_text(&plain(sent), &plain(shown)) || (is_blank(sent) && is_blank(shown))
        }
    }
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
    let fold = |text: &str| {
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase()
    };
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let number = |text: &str| text.trim().parse::<f64>().ok();
    if fold(sent) == fold(shown) {
        return true;
    }
    if sent.starts_with('+') && sent.len() > 7 {
        return digits(sent) == digits(shown);
    }
    if let (Some(one), Some(other)) = (number(sent), number(shown)) {
        return one.total_cmp(&other).is_eq();
    }
    match (moment(sent), moment(shown)) {
        (Some(one), Some(other)) => one == other,
        (None, Some(other)) => sent.parse() == Ok(other.as_second()),
        _ => false,
    }
}

/// A point in time as providers write them: with an offset, without one (UTC), or a day alone.
fn moment(text: &str) -> Option<Timestamp> {
    let civil = |text: &str| {
        text.parse::<DateTime>()
            .ok()?
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
    };
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| civil(text).map(|zoned| zoned.timestamp()))
}

//! What of an answer to a change is looked at. The rest is read over: a tree of the whole answer costs more than the
//! request did, and most answers only say that all is well.
//!
//! What is read over has to be JSON all the same; only a number or a letter that nobody could hold does no harm there.

use std::fmt;

use memchr::memchr2_iter;
use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::answers::SoftSign;
use super::api::Api;
use super::body::BodyPlan;
use super::plan::Plan;

/// A part of an answer.
#[derive(Debug)]
pub(super) enum Glance {
    /// All of it.
    Whole,
    /// Of an object, what stands under these keys; of anything else nothing.
    Keys(Vec<(String, Glance)>),
}

/// An answer with more objects and lists than this may be nested deeper than any API's.
const DEEP: usize = 120;

/// No part.
const NOTHING: Glance = Glance::Keys(Vec::new());

impl Glance {
    /// What is looked at in the answer to a change of the fields of a plan, where it says that all is well.
    pub(super) fn at_changes(api: &Api, plan: &Plan) -> Self {
        let answers = &api.answers;
        let anywhere = |sign: SoftSign| sign == SoftSign::Token;
        if !answers.code_starts.is_empty() || answers.soft.iter().any(|soft| anywhere(soft.is)) {
            return Self::Whole;
        }
        let mut glance = NOTHING;
        let paths = [
            &answers.id,
            &answers.message,
            &answers.code,
            &answers.field,
            &answers.request_id,
        ];
        let signs = answers.soft.iter().map(|soft| &soft.at);
        let paths = paths.into_iter().flatten().chain(signs);
        for path in paths.chain(&api.tags.shown) {
            glance.add(keys(path));
        }
        let plans = [&plan.update, &plan.create, &plan.complete];
        let sent = plans.into_iter().flat_map(BodyPlan::keys);
        let sent = sent.chain(api.calls.update.adds.keys().map(String::as_str));
        for key in sent {
            for path in &answers.contact {
                glance.add(keys(path).chain([key]));
            }
        }
        glance
    }

    /// Adds what stands under these keys, outermost first; under no key it is all.
    fn add<'k>(&mut self, mut keys: impl Iterator<Item = &'k str>) {
        match (keys.next(), self) {
            (None, own) => *own = Self::Whole,
            (Some(_), Self::Whole) => {}
            (Some(key), Self::Keys(own)) => {
                let at = own.iter().position(|(own, _)| own == key);
                let at = at.unwrap_or_else(|| {
                    own.push((key.to_owned(), NOTHING));
                    own.len() - 1
                });
                own[at].1.add(keys);
            }
        }
    }

    /// Reads that part of an answer; nothing where the answer is no JSON.
    pub(super) fn read(&self, text: &[u8]) -> Option<Value> {
        // Looked at once here, not text by text.
        let text = simdutf8::basic::from_utf8(text).ok()?;
        // What is read over may be as deep as it likes, so that one that could be too deep is read whole.
        if memchr2_iter(b'{', b'[', text.as_bytes())
            .nth(DEEP)
            .is_some()
        {
            return serde_json::from_str(text).ok();
        }
        let mut json = serde_json::Deserializer::from_str(text);
        let value = self.deserialize(&mut json).ok()?;
        json.end().ok()?;
        Some(value)
    }
}

/// The keys of a path with dots between them.
fn keys(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').filter(|key| !key.is_empty())
}

impl<'de> DeserializeSeed<'de> for &Glance {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        match self {
            Glance::Whole => Value::deserialize(json),
            Glance::Keys(_) => json.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for &Glance {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut kept = match self {
            Glance::Keys(keys) => Map::with_capacity(keys.len()),
            Glance::Whole => Map::new(),
        };
        while let Some(found) = map.next_key_seed(Key(self))? {
            match found {
                Some((key, part)) => {
                    kept.insert(key.to_owned(), map.next_value_seed(part)?);
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Value::Object(kept))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Null)
    }

    fn visit_str<E>(self, _: &str) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

/// A key of an object: the part that stands under it, where it is looked at.
struct Key<'g>(&'g Glance);

impl<'de, 'g> DeserializeSeed<'de> for Key<'g> {
    type Value = Option<(&'g str, &'g Glance)>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'g> Visitor<'_> for Key<'g> {
    type Value = Option<(&'g str, &'g Glance)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let Glance::Keys(keys) = self.0 else {
            return Ok(None);
        };
        let found = keys.iter().find(|(own, _)| own == key);
        Ok(found.map(|(own, part)| (own.as_str(), part)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(paths: &[&str]) -> Glance {
        let mut glance = NOTHING;
        paths.iter().for_each(|path| glance.add(keys(path)));
        glance
    }

    #[test]
    fn only_what_is_looked_at_is_kept() {
        let answer = br#"{"ok":true,"contact":{"id":"7","tags":["a",{"b":1}],"name":"N"},"contact2":[1,2],"trace":null}"#;
        let seen = at(&["ok", "contact.id", "contact.tags", "trace", "contact2.id"]).read(answer);
        let kept = serde_json::json!({
            "ok": true, "contact": {"id": "7", "tags": ["a", {"b": 1}]}, "contact2": null, "trace": null
        });
        assert_eq!(seen, Some(kept));
        assert_eq!(
            at(&["contact", "contact.id"]).read(answer),
            at(&["contact"]).read(answer)
        );
        assert_eq!(at(&[""]).read(answer), serde_json::from_slice(answer).ok());
    }

    #[test]
    fn what_is_read_over_has_to_be_json_all_the_same() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        for wrong in [
            "{\"a\":tru}",
            "{\"a\":[1,]}",
            "{\"a\":\"\\x\"}",
            "{\"a\":01}",
            "{\"a\":1}}",
            "{\"a\":1",
            "{\"a\":\"\n\"}",
            deep.as_str(),
        ] {
            assert!(serde_json::from_str::<Value>(wrong).is_err(), "{wrong}");
            assert_eq!(at(&["b"]).read(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(at(&["b"]).read(b"{\"a\":\"\xff\"}"), None);
        assert_eq!(at(&["b"]).read(b" [1] "), Some(Value::Null));
    }

    #[test]
    fn what_nobody_could_hold_does_no_harm_where_nobody_looks() {
        for odd in ["\"\\ud800\"", "1e999"] {
            let answer = format!("{{\"a\":{odd},\"b\":1}}");
            assert!(serde_json::from_str::<Value>(&answer).is_err());
            let seen = at(&["b"]).read(answer.as_bytes());
            assert_eq!(seen, Some(serde_json::json!({"b": 1})));
            assert_eq!(at(&["a"]).read(answer.as_bytes()), None);
        }
    }
}

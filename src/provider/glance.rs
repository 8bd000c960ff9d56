//! What of an answer to a change is looked at. The rest is read over: a tree of the whole answer costs more than the
//! request did, and most answers only say that all is well.
//!
//! What the contact is shown with is not taken apart either: its text is noted, to be held against the text that was sent,
//! and read where the two differ. What is read over has to be JSON all the same; only a number or a letter that nobody could
//! hold does no harm there.

use std::fmt;

use memchr::memchr2_iter;
use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::answers::{Meaning, SoftSign};
use super::api::Api;
use super::body::BodyPlan;
use super::path::keys;
use super::plan::Plan;
use super::reply::{self, Answer, BODY_LIMIT, Reply};
use super::seen::Seen;

/// What is looked at.
#[derive(Debug)]
pub(super) struct Glance {
    root: Part,
    /// The fields that may be sent, outermost keys only.
    fields: Vec<String>,
}

/// A part of an answer.
#[derive(Debug)]
enum Part {
    /// All of it.
    Whole,
    /// Its text, noted under this number.
    Text(usize),
    /// Of an object, what stands under these keys; of anything else nothing.
    Keys(Vec<(String, Part)>),
}

/// An answer with more objects and lists than this may be nested deeper than any API's.
const DEEP: usize = 120;

/// No part.
const NOTHING: Part = Part::Keys(Vec::new());

impl Glance {
    /// What is looked at in the answer to a change of the fields of a plan, where it says that all is well.
    pub(super) fn at_changes(api: &Api, plan: &Plan) -> Self {
        let plans = [&plan.update, &plan.create, &plan.complete];
        let sent = plans.into_iter().flat_map(BodyPlan::keys);
        let mut fields: Vec<String> = Vec::new();
        for key in sent.chain(api.calls.update.adds.keys().map(String::as_str)) {
            if !fields.iter().any(|own| own == key) {
                fields.push(key.to_owned());
            }
        }
        let answers = &api.answers;
        let anywhere = |sign: SoftSign| sign == SoftSign::Token;
        if !answers.code_starts.is_empty() || answers.soft.iter().any(|soft| anywhere(soft.is)) {
            let root = Part::Whole;
            return Self { root, fields };
        }
        let mut root = NOTHING;
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
            root.add(keys(path), Part::Whole);
        }
        for (contact, path) in answers.contact.iter().enumerate() {
            for (field, key) in fields.iter().enumerate() {
                let number = contact * fields.len() + field;
                root.add(keys(path).chain([key.as_str()]), Part::Text(number));
            }
        }
        Self { root, fields }
    }

    /// Reads the answer to a body about a contact: a part of it, which is all that matters where it says that all is well,
    /// or else the whole.
    pub(super) fn answer(&self, api: &Api, reply: &Reply, contact_id: &str, sent: &[u8]) -> Answer {
        let text = match reply.body.len() <= BODY_LIMIT {
            // Looked at once here, not text by text.
            true => simdutf8::basic::from_utf8(&reply.body).unwrap_or_default(),
            false => "",
        };
        let seen = self.read(text, api.answers.contact.len());
        let agrees = |seen: &Seen<'_, '_>| seen.agrees(api, contact_id, sent);
        let agrees = seen.as_ref().is_none_or(agrees);
        let value = match agrees {
            true => seen.map(|seen| seen.value),
            // Something may not have been kept: the fields themselves are looked at.
            false => self.look(text, None),
        };
        let answer = reply::understood(api, reply, value);
        match answer.meaning == Meaning::Accepted {
            true => Answer { agrees, ..answer },
            false => reply::read(api, reply),
        }
    }

    /// Reads that part of an answer, which may show a contact at so many places; nothing where the answer is no JSON.
    fn read<'t>(&self, text: &'t str, places: usize) -> Option<Seen<'_, 't>> {
        let mut texts = vec![None; places * self.fields.len()];
        let value = self.look(text, Some(&mut texts))?;
        Some(Seen {
            fields: &self.fields,
            value,
            texts,
        })
    }

    /// The same, with texts noted by their numbers or, where they are not, with what they say.
    fn look<'t>(&self, text: &'t str, texts: Option<&mut Texts<'t>>) -> Option<Value> {
        // What is read over may be as deep as it likes, so that one that could be too deep is read whole.
        let deep = memchr2_iter(b'{', b'[', text.as_bytes()).nth(DEEP);
        let part = match deep {
            Some(_) => &Part::Whole,
            None => &self.root,
        };
        let mut json = serde_json::Deserializer::from_str(text);
        let value = Look { part, texts }.deserialize(&mut json).ok()?;
        json.end().ok()?;
        Some(value)
    }
}

impl Part {
    /// Adds what stands under these keys, outermost first; under no key it is the part itself.
    fn add<'k>(&mut self, mut keys: impl Iterator<Item = &'k str>, part: Part) {
        match (keys.next(), self) {
            (None, own) => {
                *own = match own {
                    Self::Keys(own) if own.is_empty() => part,
                    // Looked at for two reasons.
                    Self::Text(_) | Self::Keys(_) | Self::Whole => Self::Whole,
                }
            }
            (Some(_), Self::Whole) => {}
            (Some(_), own @ Self::Text(_)) => *own = Self::Whole,
            (Some(key), Self::Keys(own)) => {
                let at = own.iter().position(|(own, _)| own == key);
                let at = at.unwrap_or_else(|| {
                    own.push((key.to_owned(), NOTHING));
                    own.len() - 1
                });
                own[at].1.add(keys, part);
            }
        }
    }
}

/// Texts by their numbers.
type Texts<'t> = [Option<&'t RawValue>];

/// A look at a part.
struct Look<'g, 'n, 't> {
    part: &'g Part,
    /// Where texts are noted, if they are.
    texts: Option<&'n mut Texts<'t>>,
}

impl<'t> DeserializeSeed<'t> for Look<'_, '_, 't> {
    type Value = Value;

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<Value, D::Error> {
        match (self.part, self.texts) {
            (Part::Text(number), Some(texts)) => {
                texts[*number] = Some(<&RawValue>::deserialize(json)?);
                Ok(Value::Null)
            }
            (Part::Whole | Part::Text(_), _) => Value::deserialize(json),
            (Part::Keys(keys), texts) => json.deserialize_any(Within { keys, texts }),
        }
    }
}

/// A look at what stands under some keys.
struct Within<'g, 'n, 't> {
    keys: &'g [(String, Part)],
    texts: Option<&'n mut Texts<'t>>,
}

impl<'t> Visitor<'t> for Within<'_, '_, 't> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'t>>(mut self, mut map: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        let (keys, mut next) = (self.keys, 0);
        while let Some(found) = map.next_key_seed(Key {
            keys,
            next: &mut next,
        })? {
            let Some((key, part)) = found else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let texts = self.texts.as_deref_mut();
            let noted = texts.is_some() && matches!(part, Part::Text(_));
            let value = map.next_value_seed(Look { part, texts })?;
            if !noted {
                kept.insert(key.to_owned(), value);
            }
        }
        Ok(Value::Object(kept))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<Value, A::Error> {
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
struct Key<'g, 'n> {
    keys: &'g [(String, Part)],
    /// The key that comes next where an object has them in this order, as most have.
    next: &'n mut usize,
}

impl<'t, 'g> DeserializeSeed<'t> for Key<'g, '_> {
    type Value = Option<(&'g str, &'g Part)>;

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'g> Visitor<'_> for Key<'g, '_> {
    type Value = Option<(&'g str, &'g Part)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let (before, from_next) = self.keys.split_at(*self.next);
        let mut keys = from_next.iter().chain(before);
        let Some(passed) = keys.position(|(own, _)| own == key) else {
            return Ok(None);
        };
        let found = (*self.next + passed) % self.keys.len();
        *self.next = found + 1;
        let (own, part) = &self.keys[found];
        Ok(Some((own, part)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(paths: &[&str]) -> Glance {
        let mut root = NOTHING;
        for path in paths {
            root.add(keys(path), Part::Whole);
        }
        let fields = Vec::new();
        Glance { root, fields }
    }

    fn seen(glance: &Glance, answer: &[u8]) -> Option<Value> {
        glance.look(std::str::from_utf8(answer).ok()?, None)
    }

    #[test]
    fn only_what_is_looked_at_is_kept() {
        let answer = br#"{"ok":true,"contact":{"id":"7","tags":["a",{"b":1}],"name":"N"},"contact2":[1,2],"trace":null}"#;
        let glance = at(&["ok", "contact.id", "contact.tags", "trace", "contact2.id"]);
        let kept = serde_json::json!({
            "ok": true, "contact": {"id": "7", "tags": ["a", {"b": 1}]}, "contact2": null, "trace": null
        });
        assert_eq!(seen(&glance, answer), Some(kept));
        assert_eq!(
            seen(&at(&["contact", "contact.id"]), answer),
            seen(&at(&["contact"]), answer)
        );
        assert_eq!(
            seen(&at(&[""]), answer),
            serde_json::from_slice(answer).ok()
        );
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
            assert_eq!(seen(&at(&["b"]), wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(seen(&at(&["b"]), b" [1] "), Some(Value::Null));
    }

    #[test]
    fn what_nobody_could_hold_does_no_harm_where_nobody_looks() {
        for odd in ["\"\\ud800\"", "1e999"] {
            let answer = format!("{{\"a\":{odd},\"b\":1}}");
            assert!(serde_json::from_str::<Value>(&answer).is_err());
            let answer = answer.as_bytes();
            assert_eq!(seen(&at(&["b"]), answer), Some(serde_json::json!({"b": 1})));
            assert_eq!(seen(&at(&["a"]), answer), None);
        }
    }
}
